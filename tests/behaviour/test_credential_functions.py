"""A function in the place of a credential: asked once for a call, once more after a 401."""

from __future__ import annotations

import asyncio
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from behaviour.clients import run
from behaviour.faultserver import FaultServer, drop, reply
from behaviour.runtime import load
from support import generate_package, load_module

security = load("_runtime.http.security")
errors = load("_runtime.http.messages")
requests = load("_runtime.calls.requests")
POLICY = load("_runtime.client.retries").RetryPolicy(base=0)
ASKING = requests.Endpoint(
    name="t", method="POST", path="/t?a=b", statuses=("200",), security=(("one", "two"), ("one",))
)
OPEN = requests.Endpoint(name="o", method="POST", path="/o", statuses=("200",))
SECRETS = [f"s3cret-t0ken-{number}" for number in range(9)]


class Given:
    """Gives one secret after the other, and counts."""

    def __init__(self, *secrets: str) -> None:
        self.secrets, self.count = list(secrets or SECRETS), 0

    def __call__(self) -> str:
        self.count += 1
        return self.secrets.pop(0) if len(self.secrets) > 1 else self.secrets[0]

    async def awaited(self) -> str:
        await asyncio.sleep(0)
        return self()


def bearer(function: Callable[[], object], scheme: str = "one") -> Any:
    return security.ApiKey("header", "Authorization", function, scheme, security.bearer)


Calls = Callable[..., list[Any]]


def sync_calls(url: str, keys: list[Any], *endpoints: Any, **options: Any) -> list[Any]:
    """What came of each call, all by one client."""
    outcomes: list[Any] = []
    body = options.pop("body", b"{}")
    kind = load("_runtime.client.client").BaseClient
    given = {"retries": POLICY, "trust_env": False, "timeout": 5.0, **options}
    with kind(url, credentials=keys, **given) as client:
        for endpoint in endpoints or (ASKING,):
            try:
                outcomes.append(client._call(endpoint, body=body).status)
            except Exception as error:
                outcomes.append(error)
    return outcomes


def async_calls(url: str, keys: list[Any], *endpoints: Any, **options: Any) -> list[Any]:
    outcomes: list[Any] = []
    body = options.pop("body", b"{}")

    async def main() -> None:
        kind = load("_runtime.client.async_client").AsyncBaseClient
        given = {"retries": POLICY, "trust_env": False, "timeout": 5.0, **options}
        async with kind(url, credentials=keys, **given) as client:
            for endpoint in endpoints or (ASKING,):
                try:
                    outcomes.append((await client._call(endpoint, body=body)).status)
                except Exception as error:
                    outcomes.append(error)

    run(main)
    return outcomes


EITHER = pytest.mark.parametrize("calls", [sync_calls, async_calls], ids=["sync", "async"])
WITH_AWAITABLE = pytest.mark.parametrize(
    ("calls", "awaited"),
    [(sync_calls, False), (async_calls, False), (async_calls, True)],
    ids=["sync", "async", "awaitable"],
)


@WITH_AWAITABLE
def test_it_is_asked_once_for_a_call_and_for_those_alone_that_send_it(
    calls: Calls, awaited: bool
) -> None:
    given = Given()
    key = bearer(given.awaited if awaited else given)
    with FaultServer() as server:
        assert calls(server.url, [key], ASKING, OPEN, ASKING) == [200, 200, 200]
    assert given.count == 2
    sent = [seen.headers.get("authorization") for seen in server.seen]
    assert sent == [f"Bearer {SECRETS[0]}", None, f"Bearer {SECRETS[1]}"]


@EITHER
def test_attempts_of_one_call_share_it(calls: Calls) -> None:
    given = Given()
    with FaultServer(drop, reply(503), reply(429), reply()) as server:
        assert calls(server.url, [bearer(given)]) == [200]
    assert given.count == 1
    assert {seen.headers["authorization"] for seen in server.seen} == {f"Bearer {SECRETS[0]}"}


@WITH_AWAITABLE
def test_after_a_401_it_is_asked_again_and_the_call_made_again(calls: Calls, awaited: bool) -> None:
    given = Given()
    key = bearer(given.awaited if awaited else given)
    with FaultServer(reply(503), reply(401), reply(503), reply()) as server:
        assert calls(server.url, [key]) == [200]
    sent = [seen.headers["authorization"][-1] for seen in server.seen]
    assert (given.count, sent) == (2, ["0", "0", "1", "1"])
    assert {(seen.target, seen.body) for seen in server.seen} == {("/t?a=b", b"{}")}


@EITHER
def test_a_second_401_is_the_answer(calls: Calls) -> None:
    given = Given()
    with FaultServer(reply(401)) as server:
        (error,) = calls(server.url, [bearer(given)])
    assert isinstance(error, errors.Unauthorized)
    assert (given.count, len(server.seen), error.attempts) == (2, 2, 2)


@EITHER
def test_the_same_token_is_not_tried_again(calls: Calls) -> None:
    given = Given("always-the-same")
    with FaultServer(reply(401)) as server:
        (error,) = calls(server.url, [bearer(given)])
    assert isinstance(error, errors.Unauthorized)
    assert (given.count, len(server.seen)) == (2, 1)
    with FaultServer(reply(401)) as server:
        calls(server.url, [bearer(given), security.ApiKey("header", "X", "k3y-given", "two")])
    assert len(server.seen) == 1


@EITHER
def test_a_body_that_can_be_read_once_is_sent_once(calls: Calls) -> None:
    payload = load("_runtime.bodies.raw_bodies").raw_body
    given, text = Given(), replace(ASKING, content_type="text/plain")
    with FaultServer(reply(401), reply()) as server:
        (error,) = calls(server.url, [bearer(given)], text, body=payload(iter([b"a", b"b"])))
        assert error.given_up == "its body can be read only once"
    with FaultServer(reply(401), reply()) as server:
        assert calls(server.url, [bearer(given)], text, body=payload([b"a", b"b"])) == [200]
    assert [seen.headers["content-type"] for seen in server.seen] == ["text/plain"] * 2


@EITHER
def test_schemes_that_are_asked_for_together_travel_together(calls: Calls) -> None:
    first, second = Given("secret-one"), Given("secret two&", "secret three")
    for place, name in (("query", "q"), ("header", "X-Key"), ("cookie", "c")):
        second = Given("secret-two", "secret-three")
        key = security.ApiKey(place, name, second, "two")
        with FaultServer(reply(401), reply()) as server:
            assert calls(server.url, [bearer(first), key]) == [200]
        for seen, value in zip(server.seen, ("secret-two", "secret-three"), strict=True):
            assert seen.headers["authorization"] == "Bearer secret-one"
            there = {"header": seen.headers.get("x-key"), "cookie": seen.headers.get("cookie")}
            shown = there.get(place) or seen.target.partition("&")[2]
            assert shown == (value if place == "header" else f"{name}={value}")


def test_a_key_of_no_scheme_is_asked_for_each_call() -> None:
    given = Given()
    with FaultServer() as server:
        key = security.ApiKey("query", "k", given)
        sync_calls(server.url, [key], ASKING.__class__(name="a", method="GET", path="/a"), OPEN)
    assert [seen.target for seen in server.seen] == [f"/a?k={SECRETS[0]}", f"/o?k={SECRETS[1]}"]


@WITH_AWAITABLE
def test_what_it_raises_is_what_the_call_raises(calls: Calls, awaited: bool) -> None:
    def fails() -> str:
        raise LookupError("the vault is shut")

    async def fails_later() -> str:
        raise TimeoutError("the vault is slow")

    with FaultServer() as server:
        (error,) = calls(server.url, [bearer(fails_later if awaited else fails)])
    assert isinstance(error, TimeoutError if awaited else LookupError)
    assert "the vault" in str(error)
    assert server.seen == []


def shown(error: BaseException) -> str:
    whole = traceback.TracebackException.from_exception(error, capture_locals=True)
    return f"{''.join(whole.format())} {vars(error)!r}"


@EITHER
@pytest.mark.parametrize(
    ("value", "kind", "match"),
    [
        ("s3cret\r\nX: y", ValueError, "control character"),
        ("s3cret with space", ValueError, "a space"),
        ("", ValueError, "empty"),
        (b"s3cret", TypeError, "returned bytes"),
        (None, TypeError, "returned NoneType"),
    ],
)
def test_what_is_no_token_is_refused_unseen(
    calls: Calls, value: Any, kind: type[Exception], match: str
) -> None:
    with FaultServer() as server:
        (error,) = calls(server.url, [bearer(lambda: value)])
    assert isinstance(error, kind)
    assert match in str(error)
    assert "s3cret" not in shown(error)
    assert server.seen == []


@EITHER
def test_a_header_that_http_forbids_is_refused_unseen(calls: Calls) -> None:
    with FaultServer() as server:
        key = security.ApiKey("header", "X-Key", lambda: "s3cret\u20ac", "one")
        (error,) = calls(server.url, [key])
    assert isinstance(error, ValueError)
    assert "s3cret" not in shown(error)


@EITHER
@pytest.mark.parametrize("status", [400, 401, 500, 302])
def test_no_error_shows_what_it_gave(calls: Calls, status: int) -> None:
    """Not what was sent first either, where the server echoes it to the second attempt."""
    echo = {"meta": {"errors": SECRETS[:2]}, "first": f"Bearer {SECRETS[0]}"}
    location = {"Location": f"https://x.invalid/?{SECRETS[0]}", "X-Echo": " ".join(SECRETS[:2])}
    given = Given(*SECRETS[:2])
    first = reply(status, {"meta": {"errors": SECRETS[:1]}})
    faults = [first] if status == 401 else []
    with FaultServer(*faults, reply(status, echo, headers=location)) as server:
        key = bearer(given)
        (error,) = calls(server.url, [key], retries=POLICY.none())
    assert isinstance(error, errors.AnswerError)
    told = f"{shown(error)} {error.headers.pairs} {error.body!r} {error!r} {key!r} {error.json}"
    assert SECRETS[0] not in told
    if status == 401:
        assert SECRETS[1] not in told


def test_a_log_line_and_a_repr_show_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with FaultServer(reply(401), reply()) as server:
        key = security.ApiKey("query", "k", Given(), "one")
        assert sync_calls(server.url, [key]) == [200]
    assert [record.getMessage().partition(" in ")[0] for record in caplog.records] == [
        f"POST {server.url}/t: {status}" for status in (401, 200)
    ]


def test_a_sync_client_takes_no_awaitable() -> None:
    with FaultServer() as server:
        (error,) = sync_calls(server.url, [bearer(Given().awaited)])
    assert isinstance(error, TypeError)
    assert "only an async client" in str(error)


def test_the_time_it_takes_is_the_calls() -> None:
    async def slow() -> str:
        await asyncio.sleep(60)
        return "late"

    def late() -> str:
        time.sleep(0.2)
        return "late"

    with FaultServer() as server:
        started = time.monotonic()
        (error,) = async_calls(server.url, [bearer(slow)], timeout=0.2)
        (second,) = sync_calls(server.url, [bearer(late)], timeout=0.1)
    assert time.monotonic() - started < 30
    for each in (error, second):
        assert isinstance(each, errors.TimedOut)
        assert not each.maybe_sent
    assert server.seen == []


def test_threads_have_each_the_token_that_was_given_for_them() -> None:
    """Else one would be told of a 401 for a token of another."""
    count = 0

    def function() -> str:
        nonlocal count
        count += 1
        return f"token-{threading.get_ident()}"

    with FaultServer() as server:
        kind = load("_runtime.client.client").BaseClient
        with kind(server.url, credentials=[bearer(function)], trust_env=False) as client:

            def call() -> None:
                own = f"/{threading.get_ident()}"
                for _ in range(20):
                    client._call(ASKING, body=b"{}", target=own)

            threads = [threading.Thread(target=call) for _ in range(6)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    assert (count, len(server.seen)) == (120, 120)
    for seen in server.seen:
        assert seen.headers["authorization"] == f"Bearer token-{seen.target[1:]}"


WAYS: dict[str, list[dict[str, list[str]]]] = {
    "both": [{"basic": [], "key": []}],
    "either": [{"token": []}, {"basic": [], "key": []}],
    "login": [{"oidc": []}],
    "open": [],
    "optional": [{"key": []}, {}],
}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Keys", "version": "1"},
    "paths": {
        f"/{name}": {
            "get": {
                "operationId": name,
                "security": ways,
                "responses": {"204": {"description": "Done."}},
            }
        }
        for name, ways in WAYS.items()
    },
    "components": {
        "securitySchemes": {
            "basic": {"type": "http", "scheme": "basic"},
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "token": {"type": "http", "scheme": "bearer"},
            "oidc": {"type": "openIdConnect", "openIdConnectUrl": "https://x.invalid"},
        }
    },
}


def test_a_generated_client_takes_functions(tmp_path_factory: pytest.TempPathFactory) -> None:
    package = generate_package(DOCUMENT, tmp_path_factory.mktemp("keys"))
    module = load_module(package, "client")
    basic = {"username": "user", "password": "word"}
    with FaultServer(reply(204)) as server:
        options = {"server": server.url, "trust_env": False}
        with module.Client(api_key=lambda: "k3y", oidc=lambda: "t0ken", **basic, **options) as c:
            for method in (c.both, c.either, c.login, c.open, c.optional):
                method()
        with module.Client(token=lambda: "other", **options) as c:
            c.either()
            c.optional()
    sent = [
        (seen.headers.get("authorization", "").partition(" ")[0], seen.headers.get("x-key"))
        for seen in server.seen
    ]
    pair, nothing = ("Basic", "k3y"), ("", None)
    assert sent[:5] == [pair, pair, ("Bearer", None), nothing, ("", "k3y")]
    assert sent[5:] == [("Bearer", None), nothing]


def test_a_client_that_records_asks_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    testing = load_module(generate_package(DOCUMENT, tmp_path_factory.mktemp("keys")), "testing")
    client = testing.RecordingClient(
        [testing.answer(401), testing.answer()], token=Given(), server="https://x.invalid"
    )
    client.either()
    sent = [request.headers["authorization"] for request in client.requests]
    assert sent == [f"Bearer {secret}" for secret in SECRETS[:2]]
