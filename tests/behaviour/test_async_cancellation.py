"""Cancelled calls, and many at once: no connection and no slot is lost or mixed up."""

from __future__ import annotations

import asyncio
import gc
import socket
from typing import Any

import pytest

from behaviour.clients import BODY, async_client, run
from behaviour.faultserver import (
    Certificate,
    FaultServer,
    hang,
    reply,
    slow,
    wait_for_close,
    wait_until,
)
from behaviour.runtime import load
from behaviour.scenarios import ONCE, TRACK

errors = load("_runtime.http.messages")
slots = load("_runtime.http.streams")
streams = load("_runtime.http.streams")
transports = load("_runtime.http.streams")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("tls"))


def test_cancelled_request_leaves_no_connection_behind() -> None:
    with FaultServer(
        slow(0.1, reply(body={"for": "first"})), reply(body={"for": "second"})
    ) as server:

        async def main() -> None:
            async with async_client(server.url, timeout=5.0) as c:
                task = asyncio.create_task(c._call(TRACK, body=b"1"))
                while not server.seen:
                    await asyncio.sleep(0.005)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                assert not any(c._transport._home.pool._mine().values())
                assert (await c._call(TRACK, body=b"2")).data == {"for": "second"}

        run(main)
        assert [seen.connection for seen in server.seen] == [1, 2]


def test_cancellation_at_every_point() -> None:
    """Whenever it strikes, the next call gets its own answer, and every slot comes back."""
    with FaultServer() as server:

        async def main() -> None:
            transport = transports.AsyncSocketTransport(connections=2)
            async with async_client(server.url, transport=transport, timeout=5.0) as c:
                for turns in range(30):
                    tasks = [asyncio.create_task(c._call(TRACK, body=BODY)) for _ in range(4)]
                    for _ in range(turns):
                        await asyncio.sleep(0)
                    for task in tasks[::2]:
                        task.cancel()
                    await asyncio.wait(tasks)
                    assert [task.result().status for task in tasks[1::2]] == [200, 200]
                assert transport._home.slots._free == 2

        run(main)


def test_cancelled_just_as_the_answer_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer() as server:

        async def main() -> None:
            async with async_client(server.url) as c:
                task = asyncio.create_task(c._call(TRACK, body=BODY))
                feed = streams.Stream._feed

                def feed_and_cancel(self: Any, data: bytes) -> None:
                    feed(self, data)
                    task.cancel()

                monkeypatch.setattr(streams.Stream, "_feed", feed_and_cancel)
                with pytest.raises(asyncio.CancelledError):
                    await task
                assert not any(c._transport._home.pool._mine().values())

        run(main)


def test_cancelled_connecting_leaves_nothing_open() -> None:
    with FaultServer(wait_for_close) as server:

        async def main() -> None:
            async with async_client(server.url, timeout=5.0) as c:
                for turns in range(25):
                    task = asyncio.create_task(c._call(TRACK, body=BODY))
                    for _ in range(turns):
                        await asyncio.sleep(0)
                    await asyncio.sleep(0.001 * (turns % 3))
                    task.cancel()
                    await asyncio.wait({task})
                await asyncio.sleep(0)
                await asyncio.to_thread(wait_until, lambda: server.connections == 0)

        gc.disable()  # which would close what was forgotten
        try:
            run(main)
        finally:
            gc.enable()


def test_slot_handed_to_one_who_is_cancelled_is_not_lost() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        one = slots.Slots(1)
        await one.acquire(loop, loop.time() + 5)
        waiting = asyncio.create_task(one.acquire(loop, loop.time() + 5))
        await asyncio.sleep(0)
        one.release()
        waiting.cancel()
        await asyncio.wait({waiting})
        await one.acquire(loop, loop.time() + 0.05)

    run(main)


@pytest.mark.parametrize("delay", [0.0, 0.01])
def test_cancelled_while_connecting(certificate: Certificate, delay: float) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:

        async def main() -> None:
            url = f"https://127.0.0.1:{silent.getsockname()[1]}"
            async with async_client(url, ssl_context=certificate.client, timeout=5.0) as c:
                task = asyncio.create_task(c._call(TRACK, body=BODY))
                await asyncio.sleep(delay)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            await asyncio.sleep(0.02)

        run(main)


def test_many_at_once_share_the_slots() -> None:
    with FaultServer() as server:

        async def main() -> None:
            transport = transports.AsyncSocketTransport(connections=8)
            async with async_client(server.url, transport=transport, timeout=20.0) as c:
                bodies = [f'{{"n":{n}}}'.encode() for n in range(400)]
                await asyncio.gather(*(c._call(TRACK, body=body) for body in bodies))
            assert {seen.body for seen in server.seen} == set(bodies)

        run(main)
        assert server.accepted == 8


def test_waiting_for_a_slot_ends_in_time() -> None:
    with FaultServer(hang) as server:

        async def main() -> None:
            transport = transports.AsyncSocketTransport(connections=1)
            async with async_client(server.url, transport=transport, retries=ONCE) as c:
                first = asyncio.create_task(c._call(TRACK, body=BODY, timeout=5.0))
                await asyncio.sleep(0)
                with pytest.raises(errors.TimedOut, match="became free") as caught:
                    await c._call(TRACK, body=BODY, timeout=0.05)
                assert caught.value.maybe_sent is False
                first.cancel()
                await asyncio.wait({first})

        run(main)
