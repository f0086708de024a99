"""OAuth 2: tokens that a client fetches, keeps and renews by itself, from a real server."""

from __future__ import annotations

import asyncio
import base64
import importlib
import os
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote

import pytest

from behaviour.authserver import AuthServer
from behaviour.clients import run
from behaviour.faultserver import Certificate, ProxyServer, closed_port, drop, raw, reply
from behaviour.runtime import NAME, folder, load
from support import generate_from, generate_package, load_module

oauth = load("_runtime.auth.oauth")
tokens = load("_runtime.auth.tokens")
security = load("_runtime.http.security")
errors = load("_runtime.http.messages")
requests = load("_runtime.calls.requests")
POLICY = load("_runtime.client.retries").RetryPolicy(base=0)
CALL = requests.Endpoint(
    name="c", method="POST", path="/c", statuses=("200",), security=(("oauth",),)
)
OPEN = requests.Endpoint(name="o", method="POST", path="/o", statuses=("200",))
SECRET = "cl1ent/s3cret+x"
URLS = dict.fromkeys(("client_credentials", "password", "refresh_token"), "/token")


def credentials(**options: Any) -> Any:
    return oauth.ClientCredentials("the id", SECRET, **options)


def key(grant: Any, urls: Any = URLS) -> Any:
    token = tokens.granted(grant, urls)
    return security.ApiKey("header", "Authorization", token, "oauth", security.bearer)


class Sync:
    """A client of the runtime; what each call came to."""

    kind = "sync"

    def __init__(self, url: str, grant: Any, urls: Any = URLS, **options: Any) -> None:
        given = {"retries": POLICY, "trust_env": False, "timeout": 10.0, **options}
        kind = load("_runtime.client.client").BaseClient
        self.client = kind(url, credentials=[key(grant, urls)], **given)

    def call(self, endpoint: Any = CALL, **given: Any) -> Any:
        try:
            return self.client._call(endpoint, body=b"{}", **given).status
        except Exception as error:
            return error

    def together(self, count: int) -> list[Any]:
        outcomes: list[Any] = []
        barrier = threading.Barrier(count)

        def one() -> None:
            barrier.wait()
            outcomes.append(self.call())

        threads = [threading.Thread(target=one) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcomes

    def close(self) -> None:
        self.client.close()


class Async:
    """The same for an async client, on a loop of its own."""

    kind = "async"

    def __init__(self, url: str, grant: Any, urls: Any = URLS, **options: Any) -> None:
        given = {"retries": POLICY, "trust_env": False, "timeout": 10.0, **options}
        kind = load("_runtime.client.async_client").AsyncBaseClient
        self.client = kind(url, credentials=[key(grant, urls)], **given)
        self.loop = asyncio.new_event_loop()

    async def _call(self, endpoint: Any = CALL, **given: Any) -> Any:
        try:
            return (await self.client._call(endpoint, body=b"{}", **given)).status
        except Exception as error:
            return error

    def call(self, endpoint: Any = CALL, **given: Any) -> Any:
        return self.loop.run_until_complete(self._call(endpoint, **given))

    def together(self, count: int) -> list[Any]:
        async def all_of_them() -> list[Any]:
            return await asyncio.gather(*(self._call() for _ in range(count)))

        return self.loop.run_until_complete(all_of_them())

    def close(self) -> None:
        self.loop.run_until_complete(self.client.aclose())
        self.loop.close()


Make = Callable[..., Any]


@pytest.fixture(params=[Sync, Async], ids=["sync", "async"])
def make(request: pytest.FixtureRequest) -> Any:
    made: list[Any] = []

    def maker(*arguments: Any, **options: Any) -> Any:
        made.append(request.param(*arguments, **options))
        return made[-1]

    yield maker
    for client in made:
        client.close()


def pair(authorization: str) -> list[str]:
    decoded = base64.b64decode(authorization.removeprefix("Basic ")).decode()
    return [unquote(part) for part in decoded.split(":")]


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


def test_a_refresh_token_that_rotates_is_kept(make: Make) -> None:
    kept: list[str] = []
    with AuthServer() as server:
        server.rotates = True
        grant = oauth.RefreshToken("refresh-0", client_id="id", on_rotation=kept.append)
        client = make(server.url, grant)
        for _ in range(3):
            assert client.call() == 200
            server.tokens.clear()
    assert [each["refresh_token"] for each in server.forms] == [f"refresh-{n}" for n in range(3)]
    assert {each["client_id"] for each in server.forms} == {"id"}
    assert kept == ["refresh-1", "refresh-2", "refresh-3"]
    assert server.calls == ["token-1", "token-1", "token-2", "token-2", "token-3"]


def test_a_refresh_token_that_stays(make: Make) -> None:
    with AuthServer() as server:
        server.lifetime = 0
        grant = oauth.RefreshToken("refresh-0", client_id="id", client_secret=SECRET)
        client = make(server.url, grant)
        assert [client.call(), client.call()] == [200, 200]
        server.refresh_token = "another"
        error = client.call()
    assert isinstance(error, oauth.TokenError)
    assert (error.status, error.error) == (400, "invalid_grant")
    assert [each["refresh_token"] for each in server.forms] == ["refresh-0"] * 3
    assert pair(server.asked[0].headers["authorization"]) == ["id", SECRET]


def test_what_fails_to_keep_a_refresh_token_loses_none(make: Make) -> None:
    def fails(refresh_token: str) -> None:
        raise OSError("the disk is full")

    with AuthServer() as server:
        server.rotates = True
        client = make(server.url, oauth.RefreshToken("refresh-0", client_id="i", on_rotation=fails))
        assert isinstance(client.call(), OSError)
        assert client.call() == 200
    assert len(server.asked) == 1


def test_a_password_is_asked_for_with_again_once_the_refresh_token_is_refused(make: Make) -> None:
    with AuthServer() as server:
        server.rotates = True
        server.lifetime = 0
        client = make(server.url, oauth.PasswordCredentials("me", "pass word"))
        assert [client.call(), client.call()] == [200, 200]
        server.refresh_token = "revoked"
        assert client.call() == 200
    kinds = [each["grant_type"] for each in server.forms]
    assert kinds == ["password", "refresh_token", "refresh_token", "password"]
    assert server.forms[0] == {"grant_type": "password", "username": "me", "password": "pass word"}


def test_client_credentials_take_no_refresh_token(make: Make) -> None:
    with AuthServer() as server:
        server.rotates, server.lifetime = True, 0
        client = make(server.url, credentials())
        assert [client.call(), client.call()] == [200, 200]
    assert {each["grant_type"] for each in server.forms} == {"client_credentials"}


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


PATHS: dict[str, dict[str, Any]] = {"/closed": {}, "/open": {"security": []}}


def document(**flows: dict[str, Any]) -> dict[str, Any]:
    scopes = {"scopes": {}, "authorizationUrl": "https://auth.example/authorize"}
    needed = {
        name: {**scopes, **flow} if "ode" in name or name == "implicit" else {"scopes": {}, **flow}
        for name, flow in flows.items()
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Granted", "version": "1"},
        "servers": [{"url": "https://api.example/v1"}],
        "security": [{"oauth": []}],
        "paths": {
            path: {
                "get": {
                    "operationId": path[1:],
                    "responses": {"200": {"description": "Done."}},
                    **more,
                }
            }
            for path, more in PATHS.items()
        },
        "components": {"securitySchemes": {"oauth": {"type": "oauth2", "flows": needed}}},
    }


ALL = {
    "clientCredentials": {"tokenUrl": "cc/token"},
    "authorizationCode": {"tokenUrl": "code/token", "refreshUrl": "refresh/token"},
    "password": {"tokenUrl": "password/token"},
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate_package(document(**ALL), tmp_path_factory.mktemp("oauth"))


@pytest.fixture(scope="module")
def generated(package: Path) -> ModuleType:
    return sys.modules[load_module(package, "client").__package__ or ""]


def test_a_generated_client_takes_grants(generated: Any) -> None:
    with AuthServer() as server:
        options = {"server": f"{server.url}/v1", "trust_env": False}
        grants = [
            generated.ClientCredentials(client_id="id", client_secret="secret", scopes=["a"]),
            generated.RefreshToken("refresh-0", client_id="id"),
            generated.PasswordCredentials("me", "secret"),
        ]
        for grant in (*grants, lambda: "token-3", "token-3"):
            with generated.Client(token=grant, **options) as client:
                assert client.closed().status == 200
                with pytest.raises(generated.Unauthorized):
                    client.open()
        with pytest.raises(generated.TokenError):
            generated.Client(token=generated.RefreshToken("x", client_id="i"), **options).closed()
    targets = [seen.target for seen in server.asked]
    assert targets[:3] == ["/v1/cc/token", "/v1/refresh/token", "/v1/password/token"]
    assert server.calls[:4] == ["token-1", "", "token-2", ""]


def test_a_client_that_records_asks_nobody(generated: Any) -> None:
    testing = importlib.import_module(f"{generated.__name__}.testing")
    grant = generated.ClientCredentials("id", "secret")
    client = testing.RecordingClient([testing.answer(401)], token=grant)
    with pytest.raises(generated.Unauthorized):
        client.closed()
    client.closed()
    sent = {request.headers["authorization"] for request in client.requests}
    assert sent == {"Bearer recorded"}


FLOWS = [
    ({"clientCredentials": {"tokenUrl": "https://a.example/token"}}, {"ClientCredentials"}),
    ({"authorizationCode": {"tokenUrl": "https://a.example/token"}}, {"RefreshToken"}),
    ({"password": {"tokenUrl": "/t"}}, {"PasswordCredentials", "RefreshToken"}),
    ({"implicit": {"refreshUrl": "https://a.example/r"}}, {"RefreshToken"}),
    ({"implicit": {}}, set()),
]


@pytest.mark.parametrize(("flows", "classes"), FLOWS)
def test_classes_are_there_for_the_flows_of_the_document(
    flows: dict[str, Any], classes: set[str]
) -> None:
    files = generate_from(document(**flows)).files
    public = files["__init__.py"]
    grants = {"ClientCredentials", "PasswordCredentials", "RefreshToken"}
    assert {name for name in grants if name in public} == classes
    assert ("_runtime/auth/oauth.py" in files) == bool(classes)
    assert ("_runtime/auth/tokens.py" in files) == bool(classes)


def test_other_documents_have_none_of_it() -> None:
    small = document(clientCredentials={"tokenUrl": "/t"})
    small["components"]["securitySchemes"]["oauth"] = {"type": "http", "scheme": "bearer"}
    assert not [name for name in generate_from(small).files if "oauth" in name or "tokens" in name]
