"""A server may refuse a large body before it has read it; its answer is seen while we send."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from behaviour.clients import CALLS
from behaviour.faultserver import Certificate
from behaviour.runtime import load
from behaviour.scenarios import ONCE, TRACK

errors = load("_runtime.http.messages")
PATIENT = load("_runtime.http.messages").Timeouts(connect=5.0, read=20.0, total=40.0)
LARGE = b"x" * 20_000_000
Serve = Callable[[socket.socket, threading.Event], None]
REFUSAL = b"HTTP/1.1 413 Too large\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture(params=CALLS)
def call(request: pytest.FixtureRequest) -> Callable[..., Any]:
    return CALLS[request.param]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("tls"))


@contextmanager
def serving(serve: Serve, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server for one connection."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def run() -> None:
            accepted, _ = listening.accept()
            with tls.wrap_socket(accepted, server_side=True) if tls else accepted as sock:
                serve(sock, over)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield f"http{'s' if tls else ''}://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            over.set()
            thread.join(10)


def refuse(sock: socket.socket, over: threading.Event) -> None:
    """Answer, and neither read nor close."""
    sock.recv(1024)
    sock.sendall(REFUSAL)
    over.wait(30)


def refuse_and_close(sock: socket.socket, over: threading.Event) -> None:
    """Answer and close, with megabytes unread: a reset."""
    sock.recv(1024)
    sock.sendall(REFUSAL)
    over.wait(0.1)


def take_all(sock: socket.socket, over: threading.Event) -> None:
    """Say that one may go on, read at leisure, and accept."""
    left = len(LARGE) - len(sock.recv(1024))
    sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n")
    while left > 0:
        left -= len(sock.recv(1_000_000))
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    over.wait(30)


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "TLS"])
@pytest.mark.parametrize("serve", [refuse, refuse_and_close])
def test_a_refusal_is_seen_at_once(
    call: Callable[..., Any], serve: Serve, tls: bool, certificate: Certificate
) -> None:
    options = {"ssl_context": certificate.client} if tls else {}
    began = time.monotonic()
    with (
        serving(serve, certificate.server if tls else None) as url,
        pytest.raises(errors.UnexpectedAnswer) as caught,
    ):
        call(url, body=LARGE, timeout=PATIENT, retries=ONCE, **options)
    assert caught.value.status == 413
    assert time.monotonic() - began < 15  # rather than 20 seconds of silence


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "TLS"])
def test_what_is_no_answer_does_not_stop_the_sending(
    call: Callable[..., Any], tls: bool, certificate: Certificate
) -> None:
    """Interim answers, and what TLS sends for itself."""
    options = {"ssl_context": certificate.client} if tls else {}
    with serving(take_all, certificate.server if tls else None) as url:
        answer = call(url, body=LARGE, timeout=PATIENT, retries=ONCE, **options)
    assert (answer.status, answer.data) == (200, {})


def test_an_answer_in_the_midst_of_the_body_ends_in_an_orderly_way() -> None:
    """The connection is not used again: the rest of the body would be taken for a request."""

    async def main() -> None:
        accepted = 0

        async def refuse_all(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal accepted
            accepted += 1
            await reader.readuntil(b"\r\n\r\n")
            writer.write(REFUSAL)
            while await reader.read(65_536):
                pass
            writer.close()

        server = await asyncio.start_server(refuse_all, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

        def twice() -> None:
            with load("_runtime.client.client").BaseClient(
                url, retries=ONCE, trust_env=False
            ) as client:
                for _ in range(2):
                    with pytest.raises(errors.UnexpectedAnswer):
                        client._call(TRACK, body=LARGE)

        await asyncio.to_thread(twice)
        assert accepted == 2
        server.close()

    asyncio.run(main())
