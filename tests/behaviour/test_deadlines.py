"""A call ends in time, whatever it meets; a pause ends when the client is closed."""

from __future__ import annotations

import asyncio
import itertools
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from behaviour.clients import BODY, CALLS, async_client, sync_client
from behaviour.faultserver import Certificate, Fault, FaultServer, dribble, drop, hang, reply, slow
from behaviour.runtime import load
from behaviour.scenarios import TRACK

errors = load("_runtime.http.messages")
Policy = load("_runtime.client.retries").RetryPolicy
Call = Callable[..., Any]
LIMIT = 0.6
MARGIN = 1.5
"""What a busy machine may add."""


@pytest.fixture(params=CALLS)
def call(request: pytest.FixtureRequest) -> Call:
    return CALLS[request.param]


def timed(call: Call, *arguments: Any, **options: Any) -> tuple[Any, float]:
    """What a call ends in, and after how many seconds."""
    began = time.monotonic()
    try:
        result = call(*arguments, **options)
    except errors.ClientError as error:
        result = error
    return result, time.monotonic() - began


SLOW: list[tuple[str, Fault, str]] = [
    ("429 with Retry-After", reply(429, headers={"Retry-After": "2"}), "TooManyRequests"),
    ("503 for ever", slow(0.05, reply(503)), "ServerFailure|TimedOut"),
    # The last attempt may begin with a moment left, and end in the middle.
    ("closed for ever", drop, "ConnectionFailed|TimedOut"),
    ("silence", hang, "TimedOut"),
    ("head by bytes", dribble(b"HTTP/1.1 200 OK\r\n" * 99, every=0.05), "Answer|TimedOut"),
    ("slow failures", slow(0.25, reply(503)), "ServerFailure|TimedOut"),
]


@pytest.mark.parametrize(("name", "fault", "kind"), SLOW, ids=[name for name, _, _ in SLOW])
def test_a_call_ends_in_time(call: Call, name: str, fault: Fault, kind: str) -> None:
    with FaultServer(fault) as server:
        policy = Policy(attempts=100, base=0.05, cap=0.1)
        result, seconds = timed(call, server.url, timeout=LIMIT, retries=policy)
    assert type(result).__name__ in kind
    assert seconds < LIMIT + MARGIN


def test_a_pause_that_would_end_too_late_is_not_begun(call: Call) -> None:
    with FaultServer(reply(429, headers={"Retry-After": "2"})) as server:
        result, seconds = timed(call, server.url, timeout=1.9, retries=Policy())
        assert len(server.seen) == 1
    assert (type(result).__name__, result.retry_after) == ("TooManyRequests", 2.0)
    assert "no time is left for another" in str(result)
    assert seconds < 1.5


def test_the_default_has_an_end() -> None:
    defaults = load("_runtime.http.messages").DEFAULT_TIMEOUTS
    assert defaults.total == 60
    longest = Policy().attempts * defaults.read + sum(min(30, 0.5 * 2**n) for n in range(3))
    assert longest < defaults.total  # each attempt meets silence, and each pause is the longest


def test_the_last_attempt_has_what_is_left() -> None:
    seen: list[float] = []

    class Late:
        def send(self, request: Any) -> Any:
            seen.append(request.timeout.total)
            time.sleep(0.1)
            raise errors.ConnectionFailed("no")

        def close(self) -> None: ...

    policy = Policy(attempts=100, base=0.001)
    with pytest.raises(errors.ConnectionFailed):
        CALLS["sync"]("http://x", transport=Late(), timeout=0.35, retries=policy)
    assert seen[0] == 0.35
    assert all(later < sooner - 0.09 for sooner, later in itertools.pairwise(seen))
    assert 2 <= len(seen) <= 4


@pytest.mark.parametrize("async_", [False, True], ids=["sync", "async"])
def test_looking_up_a_name_counts(monkeypatch: pytest.MonkeyPatch, async_: bool) -> None:
    """The system's resolver cannot be interrupted, so it is not waited for."""
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(20) and [])

    async def main() -> None:
        async with async_client("http://slow.example", timeout=LIMIT) as client:
            try:
                await client._call(TRACK, body=BODY)
            finally:
                over.set()  # else the loop waits for its threads

    def sync() -> None:
        CALLS["sync"]("http://slow.example", timeout=LIMIT)

    result, seconds = timed(lambda: asyncio.run(main()) if async_ else sync())
    over.set()
    assert seconds < LIMIT + MARGIN
    assert (type(result).__name__, result.maybe_sent) == ("TimedOut", False)


def test_a_handshake_counts(call: Call, tmp_path: Any) -> None:
    context = Certificate(tmp_path).client
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        result, seconds = timed(call, url, timeout=LIMIT, ssl_context=context, retries=Policy())
    assert type(result).__name__ == "TimedOut"
    assert seconds < LIMIT + MARGIN


WAITING = Policy(base=0, retry_after_cap=20.0)


def test_close_ends_a_pause_at_once() -> None:
    with FaultServer(reply(503, headers={"Retry-After": "20"})) as server:
        client = sync_client(server.url, retries=WAITING, timeout=50.0)
        ended: list[Any] = []
        threads = [
            threading.Thread(target=lambda: ended.append(timed(client._call, TRACK, body=BODY)))
            for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        while len(client._alarms) < 3:
            time.sleep(0.01)
        client.close()
        client.close()
        for thread in threads:
            thread.join(10)
    assert len(ended) == 3
    for error, seconds in ended:
        assert type(error).__name__ == "ServerFailure"
        assert "(the client was closed)" in str(error)
        assert seconds < 10


@pytest.mark.parametrize("elsewhere", [False, True], ids=["task", "thread"])
def test_aclose_ends_a_pause_at_once(elsewhere: bool) -> None:
    with FaultServer(reply(503, headers={"Retry-After": "20"})) as server:

        async def main() -> None:
            client = async_client(server.url, retries=WAITING, timeout=50.0)
            calls = [asyncio.create_task(client._call(TRACK, body=BODY)) for _ in range(3)]
            while len(client._alarms) < 3:
                await asyncio.sleep(0.01)
            if elsewhere:
                await asyncio.to_thread(client._end_pauses)
            else:
                await client.aclose()
            for error in await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), 9):
                assert type(error).__name__ == "ServerFailure"
                assert "(the client was closed)" in str(error)
            await client.aclose()

        asyncio.run(main())


def test_threads_that_are_all_busy_count() -> None:
    """An async client has threads look up names and read the trust store."""
    over = threading.Event()

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(1))
        busy = loop.run_in_executor(None, over.wait, 20)
        for url in ("https://127.0.0.1:9", "http://localhost:9"):
            async with async_client(url, timeout=LIMIT) as client:
                with pytest.raises(errors.TimedOut, match="takes too long"):
                    await client._call(TRACK, body=BODY)
        over.set()
        await busy

    _, seconds = timed(lambda: asyncio.run(main()))
    assert seconds < 2 * (LIMIT + MARGIN)
