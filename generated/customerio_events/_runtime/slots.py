"""A bound on how many requests are under way at once on one event loop."""

from __future__ import annotations

import asyncio
from collections import deque

from .errors import TimedOut


class Slots:
    """So many slots; whoever finds none free waits, first come first served."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def acquire(self, loop: asyncio.AbstractEventLoop, deadline: float) -> None:
        """Take a slot, or raise TimedOut at `deadline` on the loop's clock."""
        if self._free:
            self._free -= 1
            return
        waiter: asyncio.Future[None] = loop.create_future()
        self._waiting.append(waiter)
        timer = loop.call_at(deadline, _give_up, waiter)
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
