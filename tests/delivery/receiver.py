"""A server that takes events, counts them, and misbehaves as told; and the table of what came."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from customerio_events import Client, Timeouts, UserSuppressed
from customerio_events.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Reply:
    """What a request is answered with.

    `status` 0: the connection is broken, after `seconds`; `taken`: whether the event counts as
    received all the same.
    """

    status: int = 200
    headers: str = ""
    seconds: float = 0.0
    taken: bool | None = None


OK = Reply()
BREAK = Reply(0)
Script = Callable[[int, dict[str, Any]], Reply]
"""The reply to the so manieth request, from 0, with that event in it."""


@dataclass
class Arrived:
    """Every event that was taken, in order, and when each request came."""

    events: list[dict[str, Any]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)


class Receiver:
    """Listens on a port of its own in a thread of its own; `down` and `up` break and mend it.

    Attributes:
        accepted: how many connections.
    """

    def __init__(self, script: Script = lambda number, event: OK) -> None:
        self.script = script
        self.arrived = Arrived()
        self.port = 0
        self.accepted = 0
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Receiver:
        self._thread.start()
        self.up()
        return self

    def __exit__(self, *_: object) -> None:
        self.down()
        asyncio.run_coroutine_threadsafe(self._leave(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def up(self) -> None:
        async def listen() -> asyncio.Server:
            return await asyncio.start_server(
                self._serve, "127.0.0.1", self.port, reuse_address=True
            )

        self._server = asyncio.run_coroutine_threadsafe(listen(), self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]

    def down(self) -> None:
        async def close() -> None:
            assert self._server
            self._server.close()
            for writer in list(self._open):
                writer.transport.abort()
            await asyncio.sleep(0)

        asyncio.run_coroutine_threadsafe(close(), self._loop).result()

    async def _leave(self) -> None:
        """End what is not answered yet."""
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        self.accepted += 1
        try:
            while await self._answer(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lines = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
        event = json.loads(await reader.readexactly(int(lines["content-length"])))
        number = len(self.arrived.times)
        self.arrived.times.append(time.monotonic())
        self.arrived.headers.append(head)
        reply = self.script(number, event)
        if reply.taken if reply.taken is not None else 200 <= reply.status < 300:
            self.arrived.events.append(event)
        if reply.seconds:
            await asyncio.sleep(reply.seconds)
        if not reply.status:
            writer.transport.abort()
            return False
        body = b'{"meta": {"errors": ["no such person"]}}' if reply.status == 400 else b"{}"
        writer.write(
            f"HTTP/1.1 {reply.status} X\r\n{reply.headers}Content-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        return True


@dataclass(frozen=True, slots=True)
class Counts:
    """Of events that are numbered: how many came, how often too many, and which never."""

    received: int
    duplicated: int
    lost: set[int]
    ordered: bool


def counts(arrived: Arrived, accepted: set[int]) -> Counts:
    """What came of the events that were accepted; each has a number `n`."""
    came = Counter(event["n"] for event in arrived.events)
    lanes = defaultdict[str, list[int]](list)
    for event in arrived.events:
        lane = lanes[event["userId"]]
        if event["n"] not in lane:  # one that comes again is as late as it is
            lane.append(event["n"])
    return Counts(
        received=len(came),
        duplicated=sum(came.values()) - len(came),
        lost=accepted - set(came),
        ordered=all(lane == sorted(lane) for lane in lanes.values()),
    )


def numbered(number: int, user: str = "") -> UserSuppressed:
    """An event with a number; of one of fifty people, if not of this one."""
    return UserSuppressed(user_id=user or f"u{number % 50}", extra={"n": number})


def client(receiver: Receiver, **options: Any) -> Client:
    return Client(api_key="secret", server=receiver.url, trust_env=False, **options)


def outbox(
    receiver: Receiver, path: object, timeout: Timeouts | float = 60.0, **options: Any
) -> Outbox:
    return Outbox(str(path), client=client(receiver, timeout=timeout), **options)


def until(holds: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until something holds, which it does soon; not for ever."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)
