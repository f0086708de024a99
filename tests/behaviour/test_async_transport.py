"""The async client against real servers that misbehave."""

from __future__ import annotations

import asyncio
import gc
import socket
import time
from typing import Any

import pytest

from behaviour.clients import BODY, async_client, run
from behaviour.faultserver import (
    FaultServer,
    afterwards,
    closed_port,
    drop,
    raw,
    reply,
    slow,
    wait_until,
)
from behaviour.runtime import load
from behaviour.scenarios import AUTHORIZATION, ONCE, SCENARIOS, TRACK, Scenario

errors = load("_runtime.http.messages")


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_what_servers_do(scenario: Scenario) -> None:
    with FaultServer(*scenario.faults) as server:

        async def main() -> None:
            async with async_client(server.url, retries=scenario.retries) as c:
                if scenario.error:
                    with pytest.raises(errors.ClientError) as caught:
                        await c._call(TRACK, body=BODY)
                    scenario.check(caught.value)
                else:
                    scenario.check_answer(await c._call(TRACK, body=BODY))

        run(main)
        assert len(server.seen) == scenario.requests


def test_sync_and_async_send_the_same() -> None:
    with FaultServer() as server:
        options: dict[str, Any] = {"authorization": AUTHORIZATION, "headers": {"X-Own": "1"}}
        call: dict[str, Any] = {"body": BODY, "target": "/v1/track?a=1", "headers": {"X": "y"}}

        async def main() -> None:
            async with async_client(server.url, **options) as c:
                await c._call(TRACK, **call)

        run(main)
        with load("_runtime.client.client").BaseClient(server.url, **options) as c:
            c._call(TRACK, **call)
        first, second = server.seen
        second.connection = first.connection
        assert first == second


def test_connection_is_kept() -> None:
    with FaultServer() as server:

        async def main() -> None:
            async with async_client(server.url) as c:
                for _ in range(5):
                    await c._call(TRACK, body=BODY)

        run(main)
        assert server.accepted == 1


def test_bytes_after_an_answer_are_not_taken_for_the_next() -> None:
    junk = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 401 No\r\n\r\n"
    with FaultServer(raw(junk, keep=True), reply()) as server:

        async def main() -> None:
            async with async_client(server.url) as c:
                for _ in range(2):
                    assert (await c._call(TRACK, body=BODY)).status == 200

        run(main)
        assert server.accepted == 2


def test_what_comes_unasked_is_not_taken_for_an_answer() -> None:
    unasked = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"
    with FaultServer(afterwards(0.02, reply(), unasked), reply()) as server:

        async def main() -> None:
            async with async_client(server.url) as c:
                await c._call(TRACK, body=BODY)
                pooled = c._transport._home.pool._mine()[server.url][0]
                await asyncio.to_thread(wait_until, lambda: not pooled.reusable)
                assert (await c._call(TRACK, body=BODY)).status == 200

        run(main)
        assert [seen.connection for seen in server.seen] == [1, 2]


def test_stale_connection_is_replaced_unnoticed() -> None:
    with FaultServer(reply(closing=True), reply()) as server:

        async def main() -> None:
            async with async_client(server.url, retries=ONCE) as c:
                await c._call(TRACK, body=BODY)
                await asyncio.sleep(0.05)
                await c._call(TRACK, body=BODY)

        run(main)
        assert [seen.connection for seen in server.seen] == [1, 2]


def test_connection_that_dies_in_use_is_replaced_once() -> None:
    with FaultServer(reply(), drop, reply()) as server:

        async def main() -> None:
            async with async_client(server.url, retries=ONCE) as c:
                await c._call(TRACK, body=BODY)
                await c._call(TRACK, body=BODY)

        run(main)
        assert [seen.connection for seen in server.seen] == [1, 1, 2]


def test_answer_that_breaks_off_is_not_asked_for_anew() -> None:
    with FaultServer(reply(), raw(b"HTTP/1.1 20"), reply()) as server:

        async def main() -> None:
            async with async_client(server.url, retries=ONCE) as c:
                await c._call(TRACK, body=BODY)
                with pytest.raises(errors.ConnectionFailed):
                    await c._call(TRACK, body=BODY)

        run(main)
        assert len(server.seen) == 2


def test_connection_answered_before_the_request_was_read_is_not_kept() -> None:
    """The rest of the body is still on its way: the next request would follow in its midst."""

    async def main() -> None:
        accepted: list[asyncio.StreamWriter] = []

        async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            accepted.append(writer)
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n")

        server = await asyncio.start_server(refuse, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with async_client(f"http://127.0.0.1:{port}", retries=ONCE) as c:
            for _ in range(2):
                with pytest.raises(errors.BadRequest):
                    await c._call(TRACK, body=b"x" * 20_000_000)
        assert len(accepted) == 2
        for writer in accepted:
            writer.close()
        server.close()

    run(main)


def test_server_that_reads_slowly_is_not_given_up() -> None:
    """As long as it takes what we send, there is no silence."""

    async def main() -> None:
        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            for _ in range(30):
                await reader.readexactly(1_000_000)
                await asyncio.sleep(0.02)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
            writer.close()

        server = await asyncio.start_server(take, "127.0.0.1", 0, limit=1_000_000)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        timeout = load("_runtime.http.messages").Timeouts(read=0.4, total=20.0)
        async with async_client(url, retries=ONCE, timeout=timeout) as c:
            assert (await c._call(TRACK, body=b"x" * 30_000_000)).status == 200
        server.close()

    run(main)


def test_server_that_stops_reading_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        async def main() -> None:
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            async with async_client(url, retries=ONCE) as c:
                with pytest.raises(errors.TimedOut):
                    await c._call(TRACK, body=b"x" * 30_000_000)

        began = time.monotonic()
        run(main)
        assert time.monotonic() - began < 2


def test_no_connection() -> None:
    async def main() -> None:
        async with async_client(f"http://127.0.0.1:{closed_port()}") as c:
            with pytest.raises(errors.ConnectionFailed, match="cannot connect") as caught:
                await c._call(TRACK, body=BODY)
            assert (caught.value.maybe_sent, caught.value.attempts) == (False, 4)
        async with async_client("http://nowhere.invalid", retries=ONCE) as c:
            with pytest.raises(errors.ConnectionFailed, match=r"nowhere\.invalid"):
                await c._call(TRACK, body=BODY)

    run(main)


def test_close_lets_what_is_under_way_finish() -> None:
    with FaultServer(slow(0.1, reply())) as server:

        async def main() -> None:
            c = async_client(server.url)
            task = asyncio.create_task(c._call(TRACK, body=BODY))
            while not server.seen:
                await asyncio.sleep(0.005)
            await c.aclose()
            await c.aclose()
            assert (await task).status == 200
            assert not any(c._transport._home.pool._mine().values())
            with pytest.raises(RuntimeError, match="this client is closed"):
                await c._call(TRACK, body=BODY)

        run(main)


def test_loop_goes_on_while_a_request_waits() -> None:
    with FaultServer(slow(0.15, reply())) as server:

        async def main() -> None:
            async with async_client(server.url) as c:
                task = asyncio.create_task(c._call(TRACK, body=BODY))
                turns = 0
                while not task.done():
                    await asyncio.sleep(0.001)
                    turns += 1
                assert turns > 10  # a request that blocks leaves time for one or two

        run(main)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_one_client_on_one_loop_after_another() -> None:
    with FaultServer() as server:
        c = async_client(server.url)

        async def call() -> None:
            assert (await c._call(TRACK, body=BODY)).status == 200

        run(call)
        run(call)
        other = asyncio.new_event_loop()
        try:
            other.run_until_complete(call())
            with pytest.raises(RuntimeError, match="another event loop"):
                asyncio.run(call())
            other.run_until_complete(c.aclose())
        finally:
            other.close()
        gc.collect()  # what the loops that are gone left open is closed, with a warning, here
