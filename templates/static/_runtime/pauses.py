"""Pauses between attempts, which end at once when the client is closed."""

from __future__ import annotations

import _thread
from contextlib import suppress


class Pauses:
    """The pauses of a client's calls.

    Each call that pauses has a lock of its own, which is let go to wake it: there is none that a
    fork could leave locked in a child for good, and no thread ever waits to wake another.
    """

    __slots__ = ("_alarms", "_over")

    def __init__(self) -> None:
        self._alarms: dict[_thread.LockType, None] = {}
        self._over = False

    def wait(self, seconds: float) -> bool:
        """Wait; whether the time passed, rather than that the client was closed."""
        alarm = _thread.allocate_lock()
        alarm.acquire()
        self._alarms[alarm] = None
        try:
            return not (self._over or alarm.acquire(timeout=seconds))
        finally:
            self._alarms.pop(alarm, None)

    def end(self) -> None:
        """Wake whoever waits, and let nobody wait any more."""
        self._over = True
        for alarm in list(self._alarms):
            with suppress(RuntimeError):  # woken already
                alarm.release()
