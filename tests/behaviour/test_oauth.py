"""OAuth 2: tokens that a client fetches, keeps and renews by itself, from a real server."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from behaviour.authserver import AuthServer
from behaviour.clients import run
from behaviour.faultserver import Certificate, ProxyServer, reply
from behaviour.granting import (
    CALL,
    OPEN,
    POLICY,
    SECRET,
    URLS,
    Async,
    Make,
    Sync,
    clients_made,
    credentials,
    errors,
    key,
    oauth,
    pair,
    tokens,
)
from behaviour.runtime import NAME, folder, load

make = clients_made()


def test_a_token_is_fetched_once_and_kept(make: Make) -> None:
    with AuthServer() as server:
        client = make(f"{server.url}/v1", credentials(scopes=["read", "write all"]), URLS)
        assert server.seen == []
        assert [client.call() for _ in range(3)] == [200] * 3
    assert server.calls == ["token-1"] * 3
    (asked,) = server.asked
    assert (asked.method, asked.target) == ("POST", "/token")
    assert server.forms == [{"grant_type": "client_credentials", "scope": "read write all"}]
    assert pair(asked.headers["authorization"]) == ["the id", SECRET]
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert asked.headers["accept"] == "application/json"


def test_the_secret_in_the_body_and_what_the_server_wants_beside(make: Make) -> None:
    with AuthServer() as server:
        grant = credentials(in_body=True, extra={"audience": "https://api/ä"})
        assert make(server.url, grant).call() == 200
    assert "authorization" not in server.asked[0].headers
    assert server.forms == [
        {
            "grant_type": "client_credentials",
            "client_id": "the id",
            "client_secret": SECRET,
            "audience": "https://api/ä",
        }
    ]


def test_what_asks_for_no_credential_is_sent_none_and_fetches_none(make: Make) -> None:
    with AuthServer() as server:
        assert make(server.url, credentials()).call(OPEN).status == 401
    assert (server.asked, server.calls) == ([], [""])


WHERE = [
    ("/v1", "token", "/v1/token"),
    ("/v1/", "token", "/v1/token"),
    ("/v1", "/auth/token/", "/auth/token/"),
    ("/v1", "../token?x=a b", "/token?x=a%20b"),
    ("", "oauth/token", "/oauth/token"),
]


@pytest.mark.parametrize(("path", "url", "target"), WHERE)
def test_a_relative_url_begins_at_the_server(path: str, url: str, target: str) -> None:
    with AuthServer() as server:
        client = Sync(f"{server.url}{path}", credentials(), {"client_credentials": url})
        assert client.call() == 200
        own = Sync(f"{server.url}{path}", credentials(token_url=url), URLS)
        assert own.call() == 200
        client.close()
        own.close()
    assert [seen.target for seen in server.asked] == [target] * 2


WRONG = [
    ("http://auth.example/token", "must begin with https://"),
    ("http://127.evil.example/token", "must begin with https://"),
    ("http://localhost.evil.example/token", "must begin with https://"),
    ("https://user:s3cret@auth.example/token", "neither user name"),
    ("https://{tenant}.example/token", "cannot be used"),
    ("ftp://auth.example/token", "cannot be used"),
    ("", "give token_url"),
]


@pytest.mark.parametrize(("url", "problem"), WRONG)
def test_a_url_that_secrets_must_not_go_to_is_refused_at_once(
    make: Make, url: str, problem: str
) -> None:
    with pytest.raises(ValueError, match=problem) as caught:
        make("https://api.example", credentials(), {"client_credentials": url})
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_this_machine_needs_no_tls(host: str) -> None:
    Sync("https://api.example", credentials(token_url=f"http://{host}:9/token")).close()


def test_a_token_is_renewed_before_its_end(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    monkeypatch.setattr(tokens, "monotonic", lambda: now)
    with AuthServer() as server:
        client = make(server.url, credentials())
        for later, token in ((0, 1), (3530, 1), (3545, 2), (3550 + 3530, 2), (3545 * 2 + 5, 3)):
            now += later - (now - began) if (began := getattr(client, "began", now)) else 0
            client.began = began
            assert client.call() == 200
            assert server.calls[-1] == f"token-{token}"
        server.lifetime = "10"
        server.tokens = set()
        assert client.call() == 200
        assert server.calls[-1] == "token-4"
        now += 8.5
        client.call()
        assert server.calls[-1] == "token-4"
        now += 0.6
        client.call()
        assert server.calls[-1] == "token-5"


@pytest.mark.parametrize("lifetime", [None, "soon", [], 10**9])
def test_where_its_end_is_not_said_it_is_kept(make: Make, lifetime: object) -> None:
    with AuthServer() as server:
        server.lifetime = lifetime
        client = make(server.url, credentials())
        assert [client.call(), client.call()] == [200, 200]
    assert len(server.asked) == 1


def test_a_token_of_no_time_is_used_once(make: Make) -> None:
    with AuthServer() as server:
        server.lifetime = 0
        client = make(server.url, credentials())
        assert [client.call(), client.call()] == [200, 200]
    assert server.calls == ["token-1", "token-2"]


def test_after_a_401_it_is_renewed_once(make: Make) -> None:
    with AuthServer() as server:
        client = make(server.url, credentials(), retries=POLICY.none())
        assert client.call() == 200
        server.tokens.clear()
        assert client.call() == 200
        assert server.calls == ["token-1", "token-1", "token-2"]
        server.faults = [reply(200, {"access_token": "bad", "token_type": "bearer"})]
        server.tokens.clear()
        error = client.call()
        assert isinstance(error, errors.Unauthorized)
        assert (server.calls[3:], error.attempts) == (["token-2", "bad"], 2)


def test_one_fetch_for_all_at_once(make: Make) -> None:
    with AuthServer() as server:
        server.delay = 0.2
        client = make(server.url, credentials())
        assert client.together(12) == [200] * 12
        assert len(server.asked) == 1
        server.tokens.clear()
        assert client.together(12) == [200] * 12
    assert len(server.asked) == 2


def test_a_late_401_is_no_reason_to_renew_again(make: Make) -> None:
    with AuthServer() as server:
        client = make(server.url, credentials())
        assert client.call() == 200
        server.tokens.clear()
        server.late = 0.5
        assert client.together(2) == [200, 200]
    assert sorted(server.calls[1:]) == ["token-1", "token-1", "token-2", "token-2"]


def test_one_refusal_for_all_at_once(make: Make) -> None:
    with AuthServer() as server:
        server.delay = 0.3
        server.faults = [reply(400, {"error": "invalid_client"})] * 12
        outcomes = make(server.url, credentials()).together(12)
    assert {type(each) for each in outcomes} == {oauth.TokenError}
    assert {each.error for each in outcomes} == {"invalid_client"}
    assert len({id(each) for each in outcomes}) == 12
    assert (len(server.asked), server.calls) == (1, [])


def test_one_whose_time_is_short_spoils_nothing_for_others() -> None:
    with AuthServer() as server:
        server.delay = 0.5
        client = Sync(server.url, credentials())
        outcomes: list[Any] = []
        first = threading.Thread(target=lambda: outcomes.append(client.call(timeout=0.2)))
        first.start()
        time.sleep(0.05)
        assert client.call() == 200
        first.join()
        client.close()
    assert isinstance(outcomes[0], errors.TimedOut)


def test_a_task_that_is_cancelled_leaves_the_fetch_to_another() -> None:
    async def main() -> None:
        kind = load("_runtime.client.async_client").AsyncBaseClient
        async with kind(server.url, credentials=[key(credentials())], trust_env=False) as client:
            calls = [asyncio.ensure_future(client._call(CALL, body=b"{}")) for _ in range(3)]
            await asyncio.sleep(0.1)
            calls[0].cancel()
            found = await asyncio.gather(*calls, return_exceptions=True)
            assert isinstance(found[0], asyncio.CancelledError)
            assert [each.status for each in found[1:]] == [200, 200]  # type: ignore[union-attr]

    with AuthServer() as server:
        server.delay = 0.3
        run(main)
    assert len(server.asked) == 2


def test_each_client_has_tokens_of_its_own() -> None:
    grant = credentials()
    with AuthServer() as server:
        one, two = Sync(server.url, grant), Async(server.url, grant)
        assert [one.call(), two.call()] == [200, 200]
        one.close()
        two.close()
    assert server.calls == ["token-1", "token-2"]


def test_it_goes_the_clients_way(make: Make, tmp_path: Path) -> None:
    """Through its proxy, trusting whom it trusts."""
    certificate = Certificate(tmp_path)
    proxies = load("_runtime.http.servers")
    with AuthServer(tls=certificate.server) as server, ProxyServer() as proxy:
        way = proxies.Proxies(https=proxies.Proxy.parse(proxy.url))
        client = make(server.url, credentials(), ssl_context=certificate.client, proxies=way)
        assert client.call() == 200
        assert isinstance(make(server.url, credentials()).call(), errors.ConnectionFailed)
    assert [seen.method for seen in proxy.seen] == ["CONNECT"]
    assert len(server.asked) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform")
def test_a_fork_while_a_token_is_fetched_leaves_the_child_free() -> None:
    program = f"""
import os, sys, threading, time
from {NAME}._runtime.client.client import BaseClient
from {NAME}._runtime.auth.oauth import ClientCredentials
from {NAME}._runtime.calls.requests import Endpoint
from {NAME}._runtime.auth.tokens import granted
from {NAME}._runtime.http.security import ApiKey, bearer

CALL = Endpoint(name="c", method="POST", path="/c", statuses=("200",), security=(("o",),))
grant = granted(ClientCredentials("id", "secret"), {{"client_credentials": "/token"}})
key = ApiKey("header", "Authorization", grant, "o", bearer)
client = BaseClient(sys.argv[1], credentials=[key], timeout=20.0, trust_env=False)
threads = [threading.Thread(target=client._call, args=(CALL,)) for _ in range(4)]
for thread in threads: thread.start()
time.sleep(0.3)
child = os.fork()
started = time.monotonic()
threads = [] if child == 0 else threads
assert client._call(CALL).status == 200
assert time.monotonic() - started < 10
if child == 0: os._exit(0)
for thread in threads: thread.join()
assert os.waitpid(child, 0)[1] == 0
"""
    with AuthServer() as server:
        server.delay = 1.0
        command = [sys.executable, "-c", program, server.url]
        done = subprocess.run(command, cwd=folder(), timeout=50, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
    assert len(server.asked) == 2
