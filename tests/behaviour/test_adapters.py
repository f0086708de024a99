"""The client on transports that a host application already has: httpx, httpx2, aiohttp, urllib3."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import traceback
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import httpx2
import pytest
import urllib3

from behaviour.clients import CALLS
from behaviour.faultserver import (
    Certificate,
    Fault,
    FaultServer,
    closed_port,
    cut_body,
    drop,
    hang,
    raw,
    reply,
)
from behaviour.runtime import NAME, folder, load
from behaviour.scenarios import AUTHORIZATION, HTML, KEY, ONCE, QUICK, TRACK

errors = load("_runtime.http.messages")
DEFAULT_LIMITS = load("_runtime.http.http1").DEFAULT_LIMITS
Call = Callable[..., Any]
"""Calls TRACK once through an adapter: `call(url, **options of the client)`."""
SHORT = load("_runtime.http.messages").Timeouts(connect=3.0, read=0.3, total=6.0)
"""Where nothing more comes. What does come may be late on a busy machine."""
BODY = b'{"a":1}'
PATIENT = load("_runtime.http.messages").Timeouts(connect=10.0, read=10.0, total=20.0)


@contextmanager
def _httpx() -> Iterator[Any]:
    with httpx.Client(auth=("not", "used"), follow_redirects=True, trust_env=False) as made:
        yield load("transports.httpx").HttpxTransport(made)
        assert not made.is_closed


@contextmanager
def _httpx2() -> Iterator[Any]:
    with httpx2.Client(auth=("not", "used"), follow_redirects=True, trust_env=False) as made:
        yield load("transports.httpx").HttpxTransport(made)


RETRY = urllib3.Retry(total=5, status_forcelist=[503], allowed_methods=None)


@contextmanager
def _urllib3() -> Iterator[Any]:
    with urllib3.PoolManager(retries=RETRY) as made:
        yield load("transports.urllib3").Urllib3Transport(made)


@asynccontextmanager
async def _async_httpx() -> AsyncIterator[Any]:
    async with httpx.AsyncClient(auth=("not", "used"), follow_redirects=True) as made:
        yield load("transports.httpx").AsyncHttpxTransport(made)
        assert not made.is_closed


@asynccontextmanager
async def _async_httpx2() -> AsyncIterator[Any]:
    async with httpx2.AsyncClient(auth=("not", "used"), follow_redirects=True) as made:
        yield load("transports.httpx").AsyncHttpxTransport(made)


@asynccontextmanager
async def _aiohttp() -> AsyncIterator[Any]:
    async with aiohttp.ClientSession(raise_for_status=True) as made:
        yield load("transports.aiohttp").AiohttpTransport(made)
        assert not made.closed


def _sync(make: Any) -> Call:
    def call(url: str, body: Any = BODY, **options: Any) -> Any:
        client = load("_runtime.client.client").BaseClient
        with make() as transport, client(url, transport=transport, **options) as made:
            return made._call(TRACK, body=body, target=f"{TRACK.path}?q=a%2Fb%20c")

    return call


def _async(make: Any) -> Call:
    async def main(url: str, body: Any = BODY, **options: Any) -> Any:
        client = load("_runtime.client.async_client").AsyncBaseClient
        async with make() as transport, client(url, transport=transport, **options) as made:
            return await made._call(TRACK, body=body, target=f"{TRACK.path}?q=a%2Fb%20c")

    return lambda url, **options: asyncio.run(main(url, **options))


ADAPTERS: dict[str, Call] = {
    "httpx": _sync(_httpx),
    "httpx2": _sync(_httpx2),
    "urllib3": _sync(_urllib3),
    "async httpx": _async(_async_httpx),
    "async httpx2": _async(_async_httpx2),
    "aiohttp": _async(_aiohttp),
}


@pytest.fixture(params=ADAPTERS)
def call(request: pytest.FixtureRequest) -> Call:
    made = ADAPTERS[request.param]

    def with_defaults(url: str, **options: Any) -> Any:
        defaults = {"authorization": AUTHORIZATION, "retries": ONCE, "timeout": PATIENT}
        return made(url, **{**defaults, **options})

    return with_defaults


def test_a_streamed_body_arrives_as_ours_does(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"ab" * 100_000)
    raw_body = load("_runtime.bodies.raw_bodies").raw_body
    with FaultServer() as server:
        call(server.url, body=raw_body(path))
        call(server.url, body=raw_body(each for each in (b"a", b"", b"b")))
    assert [seen.body for seen in server.seen] == [path.read_bytes(), b"ab"]
    lengths = [seen.headers.get("content-length") for seen in server.seen]
    assert lengths == ["200000", None]


def test_request_arrives_as_ours_does(call: Call) -> None:
    with FaultServer(reply(body={"ok": 1}, headers={"Set-Cookie": "a=1"})) as server:
        answer = call(f"{server.url}/a%2Fb", headers={"X-Own": "v"})
    assert (answer.status, answer.data) == (200, {"ok": 1})
    assert answer.headers["set-cookie"] == "a=1"
    seen = server.seen[0]
    assert (seen.method, seen.target) == ("POST", "/a%2Fb/v1/track?q=a%2Fb%20c")
    assert seen.body == b'{"a":1}'
    expected = {
        "authorization": AUTHORIZATION,
        "content-type": "application/json",
        "accept-encoding": "identity",
        "x-own": "v",
        "content-length": "7",
        "user-agent": f"{NAME} (eventwright)",
    }
    assert {name: seen.headers.get(name) for name in expected} == expected


def cut_and_hang(status: int) -> Fault:
    """A body that ends in silence."""

    def fault(sock: Any, stop: Any) -> bool:
        cut_body(status, b'{"met')(sock, stop)
        return hang(sock, stop)

    return fault


def cut_chunk(sock: Any, stop: Any) -> bool:
    sock.sendall(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\nff")
    return False


HALF_AND_SILENCE, TAKEN_AND_SILENCE = cut_and_hang(400), cut_and_hang(200)
ENDLESS = (hang, HALF_AND_SILENCE, TAKEN_AND_SILENCE)
FAILURES: list[tuple[Fault, str, dict[str, Any]]] = [
    (reply(400, {"meta": {"errors": ["bad"]}}), "BadRequest", {"errors": ("bad",)}),
    (reply(401, b""), "Unauthorized", {}),
    (reply(429, headers={"Retry-After": "3"}), "TooManyRequests", {"retry_after": 3.0}),
    (reply(503), "ServerFailure", {"status": 503}),
    (reply(502, HTML), "ServerFailure", {"body": HTML}),
    (cut_body(401, b'{"met'), "Unauthorized", {"body": b'{"met'}),
    (cut_body(400, b'{"met'), "BadRequest", {"body": b'{"met'}),
    (HALF_AND_SILENCE, "BadRequest", {"body": b'{"met'}),
    (drop, "ConnectionFailed", {"maybe_sent": True}),
    (raw(b"SSH-2.0-x\r\n\r\n"), "MalformedAnswer", {"maybe_sent": True}),
    (hang, "TimedOut", {"maybe_sent": True}),
]


@pytest.mark.parametrize(("fault", "name", "has"), FAILURES)
def test_failures_are_ours(call: Call, fault: Fault, name: str, has: dict[str, Any]) -> None:
    with FaultServer(fault) as server:
        with pytest.raises(errors.ClientError) as caught:
            call(server.url, timeout=SHORT if fault in ENDLESS else PATIENT)
        assert len(server.seen) == 1
    error = caught.value
    assert type(error).__name__ == name
    for attribute, value in has.items():
        assert getattr(error, attribute) == value
    assert str(error).isprintable()
    assert (
        error.__cause__ is error.__context__ is None
    )  # the library's error holds the request, and so the key
    assert KEY not in "".join(traceback.format_exception(error))


UNREADABLE = {
    "no status line": b"SSH-2.0-x\r\n\r\n",
    "no header line": b"HTTP/1.1 200 X\r\nno colon\r\n\r\n",
    "two lengths": b"HTTP/1.1 400 X\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
    "too many header lines": b"HTTP/1.1 400 X\r\n" + b"A: b\r\n" * 1000 + b"\r\n",
    "no chunk": b"HTTP/1.1 400 X\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    "a body where none is": b"HTTP/1.1 204 X\r\nContent-Length: 4\r\n\r\nabcd",
}


@pytest.mark.parametrize("head", UNREADABLE)
def test_a_server_that_has_answered_is_not_asked_again(call: Call, head: str) -> None:
    """What of its answer a library can read differs; none may have the event sent twice."""
    with FaultServer(raw(UNREADABLE[head])) as server:
        try:
            status = call(server.url, retries=QUICK).status
        except errors.MalformedAnswer:
            pass
        except errors.AnswerError as error:
            status = error.status
            assert status == 400
        else:
            assert status in (200, 204)
        assert len(server.seen) == 1


def test_an_end_before_the_status_is_tried_again(call: Call) -> None:
    with FaultServer(raw(b"HTTP/1.1 20"), reply()) as server:
        assert call(server.url, retries=QUICK).status == 200
        assert len(server.seen) == 2


def test_aiohttp_tells_the_status_of_half_a_head() -> None:
    with FaultServer(raw(b"HTTP/1.1 400 X\r\nA: b\r\n")) as server:
        with pytest.raises(errors.BadRequest):
            _async(_aiohttp)(server.url, retries=QUICK)
        assert len(server.seen) == 1


ODD: list[Fault] = [
    reply(200, HTML),
    reply(200, b'{"a'),
    cut_body(200, b'{"met'),
    TAKEN_AND_SILENCE,
    cut_chunk,
    reply(200, b"x" * (DEFAULT_LIMITS.body + 9)),
]


@pytest.mark.parametrize("fault", ODD)
def test_what_was_accepted_is_a_success_whatever_comes_with_it(call: Call, fault: Fault) -> None:
    with FaultServer(fault) as server:
        timeout = SHORT if fault in ENDLESS else PATIENT
        answer = call(server.url, retries=QUICK, timeout=timeout)
        assert (answer.status, answer.json) == (200, None)
        assert answer.problem
        assert len(server.seen) == 1


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate"])
def test_answer_compressed_unasked_is_uncompressed(call: Call, coding: str) -> None:
    body = zlib.compress(b'{"a": 1}', wbits=15 if coding == "deflate" else 31)
    with FaultServer(reply(200, body, headers={"Content-Encoding": coding})) as server:
        answer = call(server.url)
    assert (answer.data, answer.body, answer.problem) == ({"a": 1}, b'{"a": 1}', "")


LARGE = b'["' + b"x" * 5_000_000 + b'"]'


@pytest.mark.parametrize("coding", ["", "gzip"])
@pytest.mark.parametrize("name", [*ADAPTERS, "sync", "async"])
def test_how_large_an_answer_may_be_is_the_clients(name: str, coding: str) -> None:
    call = {**ADAPTERS, **CALLS}[name]
    headers = {"Content-Encoding": coding} if coding else {}
    body = zlib.compress(LARGE, wbits=31) if coding else LARGE
    with FaultServer(*[reply(200, body, headers=headers)] * 2) as server:
        short = call(server.url, retries=ONCE, timeout=PATIENT)
        whole = call(server.url, retries=ONCE, timeout=PATIENT, answer_limit=len(LARGE))
        assert len(server.seen) == 2
    assert "exceeds 4194304 bytes" in short.problem
    assert len(short.body) < DEFAULT_LIMITS.body + 500_000  # a piece more
    assert (whole.problem, whole.body) == ("", LARGE)


def test_compression_that_is_not_known_is_told(call: Call) -> None:
    with FaultServer(reply(200, b"\x0b\x02\x80", headers={"Content-Encoding": "br"})) as server:
        answer = call(server.url)
        assert (answer.status, answer.json) == (200, None)
        assert "(br)" in answer.problem
        assert len(server.seen) == 1


def test_retries_are_ours(call: Call) -> None:
    with FaultServer(reply(503), drop, reply(200)) as server:
        assert call(server.url, retries=QUICK).status == 200
        assert len(server.seen) == 3


def test_redirect_is_not_followed(call: Call) -> None:
    with FaultServer() as elsewhere:
        with (
            FaultServer(reply(307, headers={"Location": elsewhere.url})) as server,
            pytest.raises(errors.UnexpectedAnswer, match="a redirect to"),
        ):
            call(server.url)
        assert elsewhere.accepted == 0


def test_no_connection_means_not_sent(call: Call) -> None:
    with pytest.raises(errors.ConnectionFailed) as caught:
        call(f"http://127.0.0.1:{closed_port()}", retries=QUICK)
    assert (caught.value.maybe_sent, caught.value.attempts) == (False, 4)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("tls"))


def test_untrusted_certificate_is_not_tried_again(call: Call, certificate: Certificate) -> None:
    with (
        FaultServer(tls=certificate.server) as server,
        pytest.raises(errors.ConnectionFailed) as caught,
    ):
        call(server.url, retries=QUICK)
    assert (caught.value.maybe_sent, caught.value.attempts) == (False, 1)


def test_a_host_error_is_the_hosts() -> None:
    """An error that is not the library's, as from a hook, passes unchanged."""

    class Broken:
        def stream(self, *args: Any, **kwargs: Any) -> Any:
            raise ZeroDivisionError

        urlopen = stream

    for module, name in (("httpx", "HttpxTransport"), ("urllib3", "Urllib3Transport")):
        transport = getattr(load(f"transports.{module}"), name)(Broken())
        client = load("_runtime.client.client").BaseClient("http://x", transport=transport)
        with pytest.raises(ZeroDivisionError):
            client._call(TRACK)


@pytest.mark.parametrize("module", ["httpx", "aiohttp", "urllib3"])
def test_adapter_imports_no_library_until_used(module: str) -> None:
    program = f"""
import sys
import {NAME}._runtime.client.client
import {NAME}.transports.{module}
assert not {{"httpx", "httpx2", "aiohttp", "urllib3", "yarl"}} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True, cwd=folder(), timeout=20)
