"""Pauses between attempts on an event loop, which end at once when the client is closed."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class AsyncPauses:
    """The pauses of a client's calls; they may be ended from another thread."""

    __slots__ = ("_alarms", "_over")

    def __init__(self) -> None:
        self._alarms: dict[asyncio.Future[None], None] = {}
        self._over = False

    async def wait(self, seconds: float) -> bool:
        """Wait; whether the time passed, rather than that the client was closed."""
        alarm: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._alarms[alarm] = None
        try:
            if self._over:
                return False
            await asyncio.wait({alarm}, timeout=seconds)
            return not alarm.done()
        finally:
            self._alarms.pop(alarm, None)

    def end(self) -> None:
        """Wake whoever waits, and let nobody wait any more."""
        self._over = True
        for alarm in list(self._alarms):
            with suppress(RuntimeError):  # its loop is closed
                alarm.get_loop().call_soon_threadsafe(_ring, alarm)


def _ring(alarm: asyncio.Future[None]) -> None:
    if not alarm.done():
        alarm.set_result(None)
