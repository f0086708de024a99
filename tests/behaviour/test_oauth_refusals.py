"""OAuth 2: what gives no token, and what is shown of that: never a secret."""

from __future__ import annotations

import time
import traceback
from typing import Any

import pytest

from behaviour.authserver import AuthServer
from behaviour.faultserver import closed_port, drop, raw, reply
from behaviour.granting import (
    POLICY,
    SECRET,
    Make,
    clients_made,
    credentials,
    errors,
    key,
    oauth,
    security,
)

make = clients_made()


def shown(error: BaseException) -> str:
    whole = traceback.TracebackException.from_exception(error, capture_locals=True)
    return f"{''.join(whole.format())} {vars(error)!r} {error!r}"


BASIC = security.basic("the%20id", "cl1ent%2Fs3cret%2Bx")
REFUSALS = [
    (reply(400, {"error": "invalid_client", "error_description": SECRET}), 400, "invalid_client"),
    (reply(401, f"{BASIC} {SECRET}".encode()), 401, ""),
    (reply(302, headers={"Location": f"https://evil.example/{SECRET}"}), 302, ""),
    (reply(200, {"error": SECRET, "error_description": f"no {SECRET}"}), 200, "***"),
    (reply(200, {"access_token": ""}), 200, ""),
    (reply(200, {"access_token": "s3cret\nX: y"}), 200, ""),
    (reply(200, {"access_token": ["s3cret"]}), 200, ""),
    (reply(200, {"access_token": "s3cret-mac", "token_type": "mac"}), 200, ""),
    (reply(200, b"<html>s3cret"), 200, ""),
    (reply(204, b""), 204, ""),
]


@pytest.mark.parametrize(("fault", "status", "word"), REFUSALS)
def test_what_gives_no_token_is_an_error_that_shows_nothing(
    make: Make, fault: Any, status: int, word: str
) -> None:
    with AuthServer() as server:
        server.faults = [fault]
        error = make(server.url, credentials()).call()
        assert isinstance(error, oauth.TokenError), error
        assert f"no token from {server.url}/token: " in str(error)
    assert (error.status, error.error) == (status, word)
    text = shown(error)
    assert "s3cret" not in text
    assert BASIC[6:] not in text
    assert server.calls == []
    if status == 302:
        assert len(server.asked) == 1


def test_no_answer_is_an_error_that_says_that_nothing_was_sent(make: Make) -> None:
    with AuthServer() as server:
        server.faults = [drop] * 4
        error = make(server.url, credentials()).call()
        assert isinstance(error, errors.ConnectionFailed)
        assert str(error).startswith(f"no token from {server.url}/token: ")
        assert (error.maybe_sent, error.attempts) == (False, 4)
        server.faults = [raw(b"ssh s3cret\r\n")]
        assert isinstance(make(server.url, credentials()).call(), errors.MalformedAnswer)
        url = f"http://127.0.0.1:{closed_port()}/token"
        error = make(server.url, credentials(token_url=url), retries=POLICY.none()).call()
    assert isinstance(error, errors.ConnectionFailed)
    assert "s3cret" not in shown(error)


def test_a_token_is_tried_for_again_as_the_policy_says(make: Make) -> None:
    with AuthServer() as server:
        server.faults = [reply(503), drop, reply(429)]
        assert make(server.url, credentials()).call() == 200
    assert len(server.asked) == 4


def test_whoever_asks_just_after_a_wish_for_rest_is_told_of_it(make: Make) -> None:
    """One that was about to ask at the same moment makes no request; a second later it may."""
    with AuthServer() as server:
        server.faults = [reply(429, {"error": "s3cret"}, headers={"Retry-After": "60"})] * 2
        client = make(server.url, credentials(), retries=POLICY.none())
        for _ in range(2):
            error = client.call()
            assert isinstance(error, oauth.TokenError), error
            assert (error.status, error.retry_after) == (429, 60.0)
        assert len(server.asked) == 1
        time.sleep(1.1)
        client.call()
        assert len(server.asked) == 2


def test_the_call_ends_in_time(make: Make) -> None:
    with AuthServer() as server:
        server.delay = 20
        started = time.monotonic()
        error = make(server.url, credentials()).call(timeout=0.3)
    assert time.monotonic() - started < 10
    assert isinstance(error, errors.TimedOut)


def test_no_error_shows_a_token(make: Make) -> None:
    with AuthServer() as server:
        client = make(server.url, credentials())
        server.given = {"access_token": "s3cret-token"}
        first = client.call()
        again = client.call()
    for error in (first, again):
        assert isinstance(error, errors.Unauthorized)
        assert "s3cret" not in shown(error)
        assert "***" in error.text


def test_no_repr_shows_anything() -> None:
    grants = [
        credentials(extra={"audience": "s3cret"}),
        oauth.PasswordCredentials("me", "s3cret"),
        oauth.RefreshToken("s3cret", client_id="id"),
    ]
    for grant in grants:
        assert "s3cret" not in f"{grant!r} {grant!s} {key(grant)!r} {key(grant).source!r}"


GIVEN = [
    (lambda: oauth.ClientCredentials("", "s3cret"), ValueError),
    (lambda: oauth.ClientCredentials("id", ""), ValueError),
    (lambda: oauth.ClientCredentials("id", "s3cret\n"), ValueError),
    (lambda: oauth.ClientCredentials("id", b"s3cret"), TypeError),
    (lambda: oauth.ClientCredentials("id", "s3cret", scopes="read"), TypeError),
    (lambda: oauth.RefreshToken("", client_id="s3cret"), ValueError),
    (lambda: oauth.PasswordCredentials("s3cret", ""), ValueError),
]


@pytest.mark.parametrize(("maker", "kind"), GIVEN)
def test_what_cannot_be_right_is_refused_unseen(maker: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind) as caught:
        maker()
    assert "s3cret" not in str(caught.value)
