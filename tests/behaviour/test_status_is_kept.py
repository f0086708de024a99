"""Once a status is known an event is not sent again for what follows, nor is the status lost."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from typing import Any

import pytest

from behaviour.clients import CALLS
from behaviour.faultserver import Certificate, Fault, FaultServer, hang, reply, reset
from behaviour.runtime import load
from behaviour.scenarios import QUICK, SHORT, TRACK

errors = load("_runtime.http.messages")
Call = Callable[..., Any]
HEADS = {
    "status line": "HTTP/1.1 {} X\r\n",
    "half a head": "HTTP/1.1 {} X\r\nContent-Type: application/json\r\nContent-Le",
    "head": "HTTP/1.1 {} X\r\nContent-Length: 99\r\n\r\n",
    "body": 'HTTP/1.1 {} X\r\nContent-Length: 99\r\n\r\n{{"meta":{{"errors":["no event","an',
    "chunk": "HTTP/1.1 {} X\r\nTransfer-Encoding: chunked\r\n\r\n"
    '20\r\n{{"meta":{{"errors":["no event",',
    "garbage": "HTTP/1.1 {} X\r\nTransfer-Encoding: chunked\r\n\r\nGARBAGE\r\n",
    "no header": "HTTP/1.1 {} X\r\nno colon\r\n\r\n",
    "without length": "HTTP/1.1 {} X\r\n\r\n{{",
}


def after(data: str, end: Fault) -> Fault:
    """Send this, then end in some way."""

    def fault(sock: socket.socket, stop: threading.Event) -> bool:
        sock.sendall(data.encode())
        stop.wait(0.05)
        return end(sock, stop)

    return fault


def cut_tls(sock: socket.socket, stop: threading.Event) -> bool:
    """End the connection beneath TLS, which is not told."""
    socket.socket.shutdown(sock, socket.SHUT_RDWR)
    return False


@pytest.fixture(params=CALLS)
def call(request: pytest.FixtureRequest) -> Call:
    return CALLS[request.param]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("tls"))


def outcome(call: Call, fault: Fault, tls: ssl.SSLContext | None = None, **options: Any) -> Any:
    """An answer or an error; the fault met one request, and there was no other."""
    with FaultServer(fault, reply(), tls=tls) as server:
        try:
            result = call(server.url, timeout=SHORT, **options)
        except errors.ClientError as error:
            result = error
        assert len(server.seen) == 1
        return result


@pytest.mark.parametrize("end", [hang, reset], ids=["silence", "reset"])
@pytest.mark.parametrize("head", HEADS)
def test_accepted_is_accepted(call: Call, head: str, end: Fault) -> None:
    answer = outcome(call, after(HEADS[head].format(200), end))
    assert answer.status == 200
    assert answer.problem
    assert answer.json is None


@pytest.mark.parametrize("end", [hang, reset], ids=["silence", "reset"])
@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize(("status", "kind"), [(400, "BadRequest"), (401, "Unauthorized")])
def test_refused_is_refused(call: Call, head: str, end: Fault, status: int, kind: str) -> None:
    error = outcome(call, after(HEADS[head].format(status), end))
    assert (type(error).__name__, error.status, error.attempts) == (kind, status, 1)
    assert error.reason
    if head in ("body", "chunk") and status == 400:
        assert error.errors == ("no event",)


@pytest.mark.parametrize("end", [hang, reset], ids=["silence", "reset"])
def test_a_failure_is_tried_again_as_its_status_says(call: Call, end: Fault) -> None:
    for head in ("half a head", "body"):
        with FaultServer(after(HEADS[head].format(503), end), reply()) as server:
            assert call(server.url, timeout=SHORT).status == 200
            assert len(server.seen) == 2
        once = load("_runtime.client.retries").RetryPolicy(statuses=frozenset())
        error = outcome(call, after(HEADS[head].format(503), end), retries=once)
        assert (type(error).__name__, error.status) == ("ServerFailure", 503)


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("end", [cut_tls, hang, reset], ids=["cut", "silence", "reset"])
def test_over_tls(call: Call, status: int, end: Fault, certificate: Certificate) -> None:
    fault = after(HEADS["body"].format(status), end)
    result = outcome(call, fault, certificate.server, ssl_context=certificate.client)
    assert result.status == status


def test_before_the_status_the_event_is_sent_again(call: Call) -> None:
    for head in ("HTTP/1.1 20", "HTTP/1.1 100 Go\r\n\r\n", "HTTP/1.1 103 X\r\nA: b\r\n\r\nHTTP/"):
        with FaultServer(after(head, reset), reply()) as server:
            assert call(server.url, timeout=SHORT).status == 200
            assert len(server.seen) == 2


@pytest.mark.parametrize("kept", [False, True], ids=["new", "kept alive"])
def test_408_is_tried_again(kept: bool) -> None:
    """Servers say it of a connection on which no request came in time, just as one was sent."""
    late = reply(408, b"", headers={"Connection": "close"}, closing=True)
    with FaultServer(*[reply()] * kept, late, reply()) as server:
        load_client = load("_runtime.client.client").BaseClient
        with load_client(server.url, trust_env=False, retries=QUICK) as client:
            for _ in range(1 + kept):
                assert client._call(TRACK, body=b"{}").status == 200
        assert len(server.seen) == 2 + kept
