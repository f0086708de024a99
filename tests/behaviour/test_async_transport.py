"""The async client against real servers that misbehave, and against cancellation."""

from __future__ import annotations

import asyncio
import gc
import json
import socket
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from behaviour.faultserver import (
    Certificate,
    FaultServer,
    ProxyServer,
    afterwards,
    closed_port,
    drop,
    hang,
    raw,
    reply,
    slow,
    wait_for_close,
    wait_until,
)
from behaviour.runtime import load
from behaviour.scenarios import AUTHORIZATION, ONCE, QUICK, SCENARIOS, SHORT, TRACK, Scenario

client_module = load("_runtime.async_client")
errors = load("_runtime.errors")
proxies = load("_runtime.proxies")
slots = load("_runtime.slots")
streams = load("_runtime.streams")
transports = load("_runtime.async_transport")
BODY = b'{"type":"track"}'


def client(url: str, **options: Any) -> Any:
    options = {"authorization": AUTHORIZATION, "retries": QUICK, "timeout": SHORT, **options}
    return client_module.AsyncBaseClient(url, trust_env=False, **options)


def run(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run on a loop that takes a warning or a forgotten error for a failure."""
    complaints: list[dict[str, Any]] = []

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: complaints.append(context))
        await main()
        await asyncio.sleep(0)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        assert not others, others

    asyncio.run(watched())
    assert complaints == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("tls"))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_what_servers_do(scenario: Scenario) -> None:
    with FaultServer(*scenario.faults) as server:

        async def main() -> None:
            async with client(server.url, retries=scenario.retries) as c:
                if scenario.error:
                    with pytest.raises(errors.ClientError) as caught:
                        await c._call(TRACK, body=BODY)
                    scenario.check(caught.value)
                else:
                    answer = await c._call(TRACK, body=BODY)
                    assert (answer.status, answer.data) == (200, json.loads(answer.body))

        run(main)
        assert len(server.seen) == scenario.requests


def test_sync_and_async_send_the_same() -> None:
    with FaultServer() as server:
        options: dict[str, Any] = {"authorization": AUTHORIZATION, "headers": {"X-Own": "1"}}
        call: dict[str, Any] = {"body": BODY, "query": [("a", 1)], "headers": {"X": "y"}}

        async def main() -> None:
            async with client(server.url, **options) as c:
                await c._call(TRACK, **call)

        run(main)
        with load("_runtime.client").BaseClient(server.url, **options) as c:
            c._call(TRACK, **call)
        first, second = server.seen
        second.connection = first.connection
        assert first == second


def test_connection_is_kept() -> None:
    with FaultServer() as server:

        async def main() -> None:
            async with client(server.url) as c:
                for _ in range(5):
                    await c._call(TRACK, body=BODY)

        run(main)
        assert server.accepted == 1


def test_bytes_after_an_answer_are_not_taken_for_the_next() -> None:
    junk = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 401 No\r\n\r\n"
    with FaultServer(raw(junk, keep=True), reply()) as server:

        async def main() -> None:
            async with client(server.url) as c:
                for _ in range(2):
                    assert (await c._call(TRACK, body=BODY)).status == 200

        run(main)
        assert server.accepted == 2


def test_what_comes_unasked_is_not_taken_for_an_answer() -> None:
    unasked = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"
    with FaultServer(afterwards(0.02, reply(), unasked), reply()) as server:

        async def main() -> None:
            async with client(server.url) as c:
                await c._call(TRACK, body=BODY)
                pooled = c._transport._idle[server.url][0]
                await asyncio.to_thread(wait_until, lambda: not pooled.reusable)
                assert (await c._call(TRACK, body=BODY)).status == 200

        run(main)
        assert [seen.connection for seen in server.seen] == [1, 2]


def test_stale_connection_is_replaced_unnoticed() -> None:
    with FaultServer(reply(closing=True), reply()) as server:

        async def main() -> None:
            async with client(server.url, retries=ONCE) as c:
                await c._call(TRACK, body=BODY)
                await asyncio.sleep(0.05)
                await c._call(TRACK, body=BODY)

        run(main)
        assert [seen.connection for seen in server.seen] == [1, 2]


def test_connection_that_dies_in_use_is_replaced_once() -> None:
    with FaultServer(reply(), drop, reply()) as server:

        async def main() -> None:
            async with client(server.url, retries=ONCE) as c:
                await c._call(TRACK, body=BODY)
                await c._call(TRACK, body=BODY)

        run(main)
        assert [seen.connection for seen in server.seen] == [1, 1, 2]


def test_answer_that_breaks_off_is_not_asked_for_anew() -> None:
    with FaultServer(reply(), raw(b"HTTP/1.1 20"), reply()) as server:

        async def main() -> None:
            async with client(server.url, retries=ONCE) as c:
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
        async with client(f"http://127.0.0.1:{port}", retries=ONCE) as c:
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
        timeout = load("_runtime.http").Timeouts(read=0.4, total=20.0)
        async with client(url, retries=ONCE, timeout=timeout) as c:
            assert (await c._call(TRACK, body=b"x" * 30_000_000)).status == 200
        server.close()

    run(main)


def test_server_that_stops_reading_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        async def main() -> None:
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            async with client(url, retries=ONCE) as c:
                with pytest.raises(errors.TimedOut):
                    await c._call(TRACK, body=b"x" * 30_000_000)

        began = time.monotonic()
        run(main)
        assert time.monotonic() - began < 2


def test_no_connection() -> None:
    async def main() -> None:
        async with client(f"http://127.0.0.1:{closed_port()}") as c:
            with pytest.raises(errors.ConnectionFailed, match="cannot connect") as caught:
                await c._call(TRACK, body=BODY)
            assert (caught.value.maybe_sent, caught.value.attempts) == (False, 4)
        async with client("http://nowhere.invalid", retries=ONCE) as c:
            with pytest.raises(errors.ConnectionFailed, match=r"nowhere\.invalid"):
                await c._call(TRACK, body=BODY)

    run(main)


def test_tls(certificate: Certificate) -> None:
    with FaultServer(tls=certificate.server) as server:

        async def main() -> None:
            async with client(server.url, ssl_context=certificate.client) as c:
                for _ in range(3):
                    await c._call(TRACK, body=BODY)
            async with client(server.url) as c:
                with pytest.raises(errors.ConnectionFailed, match="certificate") as caught:
                    await c._call(TRACK, body=BODY)
                assert caught.value.attempts == 1

        run(main)
        assert [seen.connection for seen in server.seen] == [1, 1, 1]


def test_handshake_that_never_ends(certificate: Certificate) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:

        async def main() -> None:
            url = f"https://127.0.0.1:{silent.getsockname()[1]}"
            async with client(url, ssl_context=certificate.client, retries=ONCE) as c:
                with pytest.raises(errors.TimedOut) as caught:
                    await c._call(TRACK, body=BODY)
                assert caught.value.maybe_sent is False
            await asyncio.sleep(0.01)

        run(main)


def test_proxies(certificate: Certificate) -> None:
    with FaultServer() as plain, FaultServer(tls=certificate.server) as tls, ProxyServer() as proxy:
        parsed = proxies.Proxy.parse(f"http://me:pa55word@127.0.0.1:{proxy.port}")
        chosen = proxies.Proxies(http=parsed, https=parsed)

        async def main() -> None:
            for server in (plain, tls):
                context = certificate.client if server is tls else None
                async with client(server.url, proxies=chosen, ssl_context=context) as c:
                    for _ in range(2 if server is tls else 1):
                        assert (await c._call(TRACK, body=BODY)).status == 200

        run(main)
        assert [(seen.method, seen.target) for seen in proxy.seen] == [
            ("POST", f"{plain.url}/v1/track"),
            ("CONNECT", f"127.0.0.1:{tls.port}"),
        ]
        assert {seen.headers["proxy-authorization"] for seen in proxy.seen} == {
            "Basic bWU6cGE1NXdvcmQ="
        }
        assert "authorization" not in proxy.seen[1].headers


@pytest.mark.parametrize(("status", "attempts"), [(407, 1), (503, 4)])
def test_proxy_that_opens_no_tunnel(status: int, attempts: int) -> None:
    with ProxyServer(refuse=status) as proxy:

        async def main() -> None:
            chosen = proxies.Proxies(https=proxies.Proxy.parse(proxy.url))
            async with client("https://example.invalid", proxies=chosen) as c:
                with pytest.raises(errors.ConnectionFailed, match=f"no tunnel: {status}") as caught:
                    await c._call(TRACK, body=BODY)
            assert (caught.value.attempts, caught.value.maybe_sent) == (attempts, False)

        run(main)


def test_cancelled_request_leaves_no_connection_behind() -> None:
    with FaultServer(
        slow(0.1, reply(body={"for": "first"})), reply(body={"for": "second"})
    ) as server:

        async def main() -> None:
            async with client(server.url, timeout=5.0) as c:
                task = asyncio.create_task(c._call(TRACK, body=b"1"))
                while not server.seen:
                    await asyncio.sleep(0.005)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                assert not any(c._transport._idle.values())
                assert (await c._call(TRACK, body=b"2")).data == {"for": "second"}

        run(main)
        assert [seen.connection for seen in server.seen] == [1, 2]


def test_cancellation_at_every_point() -> None:
    """Whenever it strikes, the next call gets its own answer, and every slot comes back."""
    with FaultServer() as server:

        async def main() -> None:
            transport = transports.AsyncSocketTransport(connections=2)
            async with client(server.url, transport=transport, timeout=5.0) as c:
                for turns in range(30):
                    tasks = [asyncio.create_task(c._call(TRACK, body=BODY)) for _ in range(4)]
                    for _ in range(turns):
                        await asyncio.sleep(0)
                    for task in tasks[::2]:
                        task.cancel()
                    await asyncio.wait(tasks)
                    assert [task.result().status for task in tasks[1::2]] == [200, 200]
                assert transport._slots._free == 2

        run(main)


def test_cancelled_just_as_the_answer_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer() as server:

        async def main() -> None:
            async with client(server.url) as c:
                task = asyncio.create_task(c._call(TRACK, body=BODY))
                feed = streams.Stream._feed

                def feed_and_cancel(self: Any, data: bytes) -> None:
                    feed(self, data)
                    task.cancel()

                monkeypatch.setattr(streams.Stream, "_feed", feed_and_cancel)
                with pytest.raises(asyncio.CancelledError):
                    await task
                assert not any(c._transport._idle.values())

        run(main)


def test_cancelled_connecting_leaves_nothing_open() -> None:
    with FaultServer(wait_for_close) as server:

        async def main() -> None:
            async with client(server.url, timeout=5.0) as c:
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
            async with client(url, ssl_context=certificate.client, timeout=5.0) as c:
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
            async with client(server.url, transport=transport, timeout=20.0) as c:
                bodies = [f'{{"n":{n}}}'.encode() for n in range(400)]
                await asyncio.gather(*(c._call(TRACK, body=body) for body in bodies))
            assert {seen.body for seen in server.seen} == set(bodies)

        run(main)
        assert server.accepted == 8


def test_waiting_for_a_slot_ends_in_time() -> None:
    with FaultServer(hang) as server:

        async def main() -> None:
            transport = transports.AsyncSocketTransport(connections=1)
            async with client(server.url, transport=transport, retries=ONCE) as c:
                first = asyncio.create_task(c._call(TRACK, body=BODY, timeout=5.0))
                await asyncio.sleep(0)
                with pytest.raises(errors.TimedOut, match="became free") as caught:
                    await c._call(TRACK, body=BODY, timeout=0.05)
                assert caught.value.maybe_sent is False
                first.cancel()
                await asyncio.wait({first})

        run(main)


def test_close_lets_what_is_under_way_finish() -> None:
    with FaultServer(slow(0.1, reply())) as server:

        async def main() -> None:
            c = client(server.url)
            task = asyncio.create_task(c._call(TRACK, body=BODY))
            while not server.seen:
                await asyncio.sleep(0.005)
            await c.aclose()
            await c.aclose()
            assert (await task).status == 200
            assert not any(c._transport._idle.values())
            with pytest.raises(RuntimeError, match="this client is closed"):
                await c._call(TRACK, body=BODY)

        run(main)


def test_loop_goes_on_while_a_request_waits() -> None:
    with FaultServer(slow(0.15, reply())) as server:

        async def main() -> None:
            async with client(server.url) as c:
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
        c = client(server.url)

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
