"""Bodies that are sent piece by piece, sync and async, against servers that fail."""

from __future__ import annotations

import asyncio
import io
import os
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from behaviour.clients import CALLS, sync_client
from behaviour.faultserver import Certificate, FaultServer, drop, hang, reply
from behaviour.runtime import load
from behaviour.scenarios import ONCE, TRACK

errors = load("_runtime.http.messages")
PATIENT = errors.Timeouts(connect=5.0, read=5.0, total=10.0)
raw_body = load("_runtime.bodies.raw_bodies").raw_body
LARGE = b"0123456789abcdef" * 65_536


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(params=sorted(CALLS))
def call(request: pytest.FixtureRequest) -> Callable[..., Any]:
    made = CALLS[request.param]

    def called(url: str, given: Any, **options: Any) -> Any:
        return made(url, body=raw_body(given), **{"timeout": PATIENT, **options})

    return called


def pieces() -> Iterator[bytes]:
    for start in range(0, len(LARGE), 100_000):
        yield LARGE[start : start + 100_000]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "large"
    path.write_bytes(LARGE)
    return path


SOURCES: dict[str, Callable[[Path], Any]] = {
    "path": lambda path: path,
    "file": lambda path: path.open("rb"),
    "memory": lambda _: io.BytesIO(LARGE),
    "list": lambda _: [*pieces()],
    "iterator": lambda _: pieces(),
    "pipe": lambda _: _pipe(),
}


def _pipe() -> Any:
    """A file that cannot be rewound."""
    reading, writing = os.pipe()

    def write() -> None:
        with open(writing, "wb") as file:
            file.write(LARGE)

    threading.Thread(target=write, daemon=True).start()
    return open(reading, "rb")


@pytest.mark.parametrize("secure", [False, True])
def test_what_is_streamed_arrives(
    call: Callable[..., Any], file: Path, certificate: Certificate, secure: bool
) -> None:
    with FaultServer(tls=certificate.server if secure else None) as server:
        for made in SOURCES.values():
            call(server.url, made(file), ssl_context=certificate.client if secure else None)
        assert [seen.body == LARGE for seen in server.seen] == [True] * 6
        lengths = [seen.headers.get("content-length") for seen in server.seen]
        assert lengths == [str(len(LARGE))] * 4 + [None] * 2
        chunked = [seen.headers.get("transfer-encoding") for seen in server.seen]
        assert chunked == [None] * 4 + ["chunked"] * 2


@pytest.mark.parametrize("name", ["path", "file", "memory", "list"])
def test_what_can_be_read_again_is_sent_again(
    call: Callable[..., Any], file: Path, name: str
) -> None:
    with FaultServer(reply(503), drop, reply()) as server:
        assert call(server.url, SOURCES[name](file)).status == 200
        assert [seen.body == LARGE for seen in server.seen] == [True] * 3


@pytest.mark.parametrize("name", ["iterator", "pipe"])
def test_what_can_be_read_once_is_sent_once(
    call: Callable[..., Any], file: Path, name: str
) -> None:
    with FaultServer(reply(503)) as server:
        with pytest.raises(errors.ServerFailure, match="read only once") as caught:
            call(server.url, SOURCES[name](file))
        assert (caught.value.attempts, len(server.seen)) == (1, 1)


def test_what_was_not_begun_may_be_tried_again(call: Callable[..., Any]) -> None:
    with pytest.raises(errors.ConnectionFailed) as caught:
        call("http://127.0.0.1:9", pieces())
    assert caught.value.attempts == 4


def test_a_file_is_sent_from_where_it_stands(call: Callable[..., Any], file: Path) -> None:
    with file.open("rb") as opened, FaultServer(reply(503), reply()) as server:
        opened.seek(len(LARGE) - 3)
        call(server.url, opened)
        assert [seen.body for seen in server.seen] == [LARGE[-3:]] * 2


def test_an_early_answer_counts(call: Callable[..., Any]) -> None:
    def refuse(sock: Any, stop: threading.Event) -> bool:
        sock.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        stop.wait(1)
        return False

    class Early(FaultServer):
        def _answer(self, sock: Any, number: int) -> None:
            sock.recv(1000)
            refuse(sock, self.stop)

    with Early() as server:
        began = time.monotonic()
        with pytest.raises(errors.AnswerError, match="413"):
            call(server.url, iter([LARGE] * 200), retries=ONCE)
        assert time.monotonic() - began < 5


def test_an_error_of_the_source_is_the_callers(call: Callable[..., Any]) -> None:
    def broken() -> Iterator[bytes]:
        yield b"a"
        raise OSError("the disk is gone")

    with FaultServer() as server:
        with pytest.raises(OSError, match="the disk is gone"):
            call(server.url, broken())
        assert server.seen == []


@pytest.mark.parametrize("name", sorted(CALLS))
def test_a_file_that_changes_meanwhile(name: str, file: Path) -> None:
    body = raw_body(file)
    file.write_bytes(LARGE + b"more")
    with FaultServer() as server:
        assert CALLS[name](server.url, body=body, timeout=PATIENT).status == 200
        file.write_bytes(LARGE[:-1])
        with pytest.raises(ValueError, match="ended after 1048575 of 1048576 bytes"):
            CALLS[name](server.url, body=body, timeout=PATIENT)
        assert server.seen[0].body == LARGE


def test_a_source_that_waits_is_no_silence_of_the_server() -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield b"a"
        await asyncio.sleep(0.5)
        yield b"b"

    limits = errors.Timeouts(connect=1.0, read=0.2, total=3.0)
    with FaultServer() as server:
        CALLS["async"](server.url, body=raw_body(slow()), timeout=limits)
        assert server.seen[0].body == b"ab"


def test_a_source_that_never_ends_is_left_when_time_is_over() -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b"a"
        await asyncio.sleep(60)

    with FaultServer(hang) as server, pytest.raises(errors.TimedOut):
        CALLS["async"](server.url, body=raw_body(endless()), timeout=0.3)


def test_what_is_sent_once_takes_no_connection_that_may_be_dead() -> None:
    with FaultServer() as server, sync_client(server.url, timeout=PATIENT) as client:
        client._call(TRACK, body=b"{}")
        client._call(TRACK, body=raw_body(iter([b"a"])))
        client._call(TRACK, body=raw_body([b"a"]))
        first, second, third = (seen.connection for seen in server.seen)
        assert (first, second) == (1, 2)
        # The second is kept only if its end was seen to be sent before the answer came.
        assert third in (1, 2)


def test_a_stream_does_not_fill_the_memory() -> None:
    """The server reads nothing for a while: no more is asked of the source than fits on the way."""
    asked = 0
    going = threading.Event()

    class Slow(FaultServer):
        def _answer(self, sock: Any, number: int) -> None:
            going.wait(5)
            super()._answer(sock, number)

    def counted() -> Iterator[bytes]:
        nonlocal asked
        for _ in range(2000):
            asked += 1
            yield bytes(65_536)

    with Slow() as server:

        async def main() -> None:
            client = load("_runtime.client.async_client").AsyncBaseClient(
                server.url, trust_env=False, timeout=PATIENT
            )
            sending = asyncio.ensure_future(client._call(TRACK, body=raw_body(counted())))
            await asyncio.sleep(0.5)
            held = asked
            await asyncio.sleep(0.2)
            assert asked == held < 1000
            going.set()
            await sending
            await client.aclose()

        asyncio.run(main())
        assert len(server.seen[0].body) == 2000 * 65_536
