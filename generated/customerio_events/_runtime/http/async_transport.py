"""The async transport: standard library only, kept alive, bound to one event loop at a time."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from time import monotonic
from typing import Any

from .base import BaseTransport, Pool
from .errors import TimedOut, not_connected, program_ends
from .messages import Request, Response
from .proxies import Proxy
from .streams import Stream
from .tls import default_context, ssl
from .urls import Origin


class Slots:
    """So many slots; whoever finds none free waits, first come first served."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def acquire(self, loop: asyncio.AbstractEventLoop, deadline: float) -> None:
        """Take a slot, or raise TimedOut at `deadline` on the monotonic clock."""
        if self._free:
            self._free -= 1
            return
        waiter: asyncio.Future[None] = loop.create_future()
        self._waiting.append(waiter)
        timer = loop.call_later(deadline - monotonic(), _give_up, waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if not waiter.cancelled() and waiter.exception() is None:
                self.release()  # it was handed over in the moment of the cancellation
            raise
        finally:
            timer.cancel()

    def release(self) -> None:
        """Give a slot back, to the next in line if there is one."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return
        self._free += 1


def _give_up(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_exception(TimedOut("no connection became free in time"))


class _Home:
    """An event loop, the process it runs in, and what there is on it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, connections: int) -> None:
        self.loop = loop
        self.process = os.getpid()
        self.slots = Slots(connections)
        self.pool = Pool[Stream](connections)


class AsyncSocketTransport(BaseTransport[Stream]):
    """An `AsyncTransport` on the event loop it is first used on. See `BaseTransport`.

    When that loop is closed another one may follow, and in a child process one of its own. At most
    `connections` requests are under way at once; more wait, and their waiting counts toward their
    total timeout.
    """

    def __init__(self, *, connections: int = 100, **options: Any) -> None:
        """`options`: see `BaseTransport`."""
        if connections < 1:
            raise ValueError("connections must be at least 1")
        super().__init__(**options)
        self._connections = connections
        self._home: _Home | None = None
        self._inherited: list[_Home] = []

    async def send(self, request: Request) -> Response:
        """See `Transport.send`."""
        if self._closed:
            raise RuntimeError("this transport is closed")
        home = self._bind()
        deadline = monotonic() + request.timeout.total
        await home.slots.acquire(home.loop, deadline)
        try:
            return await self._carry(request, home.pool, deadline)
        finally:
            home.slots.release()

    async def aclose(self) -> None:
        """Close idle connections; one that is in use is closed when its answer is there."""
        self._closed = True
        if self._home is not None:
            self._home.pool.drop()
        await asyncio.sleep(0)  # the loop closes them in its next turn

    def _bind(self) -> _Home:
        loop, home = asyncio.get_running_loop(), self._home
        if home is not None and home.process != os.getpid():
            home.pool.drop()
            # Kept for good: a loop that is let go of closes itself, and would take out of the
            # system's hands what the parent's loop, of which it is a copy, still waits for.
            self._inherited.append(home)
        elif home is not None:
            if home.loop is loop:
                return home
            if not home.loop.is_closed():
                raise RuntimeError(
                    "this client belongs to another event loop; make one for each loop"
                )
        self._home = home = _Home(loop, self._connections)
        return home

    async def _open(self, origin: Origin, proxy: Proxy | None, until: float) -> Stream:
        opening = asyncio.ensure_future(super()._open(origin, proxy, until))
        try:
            await asyncio.wait({opening}, timeout=until - monotonic())
        except BaseException:
            _abandon(opening)
            raise
        if not opening.done():
            _abandon(opening)
            raise TimedOut(f"connecting to {origin.host} takes too long")
        return opening.result()

    async def _connect(self, host: str, port: int, until: float) -> Stream:
        loop = asyncio.get_running_loop()
        try:
            _, stream = await loop.create_connection(
                lambda: Stream(loop, self._limits), host, port
            )
        except (OSError, UnicodeError) as error:
            raise not_connected(host, port, error) from None
        except RuntimeError as error:  # names are looked up in a thread
            raise program_ends(error, host) from None
        return stream

    async def _trust(self, host: str) -> ssl.SSLContext:
        # Reading the system's trust store takes long enough to be felt by others on the loop.
        loop = asyncio.get_running_loop()
        try:
            reading = loop.run_in_executor(None, default_context)
        except RuntimeError as error:  # no thread takes it on any more
            raise program_ends(error, host) from None
        return await reading


def _abandon(opening: asyncio.Task[Stream]) -> None:
    """Let go of an attempt, also where it succeeds at this very moment."""
    opening.cancel()
    opening.add_done_callback(_discard)


def _discard(opened: asyncio.Task[Stream]) -> None:
    if not opened.cancelled() and opened.exception() is None:
        opened.result().close()
