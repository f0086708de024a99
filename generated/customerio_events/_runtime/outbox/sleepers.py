"""Tasks of an event loop that have nothing to do."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress


class Sleepers:
    """They sleep until there is something to do, or their time is over. Of one loop."""

    def __init__(self) -> None:
        self._sleeping: deque[asyncio.Future[None]] = deque()

    async def sleep(self, seconds: float) -> None:
        """Sleep until woken, no longer than so many seconds."""
        loop = asyncio.get_running_loop()
        sleeper: asyncio.Future[None] = loop.create_future()
        self._sleeping.append(sleeper)
        alarm = loop.call_later(seconds, _end, sleeper)
        try:
            await sleeper
        finally:
            alarm.cancel()
            with suppress(ValueError):  # it was woken
                self._sleeping.remove(sleeper)

    def wake(self, *, everyone: bool) -> None:
        """Wake the one that has slept for longest, or all."""
        while self._sleeping:
            sleeper = self._sleeping.popleft()
            if not sleeper.done():
                _end(sleeper)
                if not everyone:
                    return


def _end(sleeper: asyncio.Future[None]) -> None:
    if not sleeper.done():
        sleeper.set_result(None)
