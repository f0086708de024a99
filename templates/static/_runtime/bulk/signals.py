"""Ctrl-C and the like: nothing is left half done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_HEEDED = ("SIGINT", "SIGTERM", "SIGHUP")


class Stopped(BaseException):
    """A signal came where work can be dropped at once."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Signals:
    """What is known of signals: they raise `Stopped`, or after `gently` the first is remembered.

    Attributes:
        came: set with the first.
        number: of the first; 0: none came.
    """

    def __init__(self) -> None:
        self.came = threading.Event()
        self.number = 0
        self._gently = False

    def gently(self) -> None:
        """From now on there is work that must be brought to an end."""
        self._gently = True

    @property
    def was_gentle(self) -> bool:
        """Whether `gently` was called."""
        return self._gently

    @property
    def is_interrupt(self) -> bool:
        """Whether it was Ctrl-C."""
        return self.number == signal.SIGINT

    def heed(self, number: int, frame: FrameType | None) -> None:
        """The handler."""
        first = not self.came.is_set()
        self.number = self.number or number
        self.came.set()
        if not (self._gently and first):
            raise Stopped(number)


@contextmanager
def heeding(signals: Signals) -> Generator[None, None, None]:
    """Heed signals within, in the main thread."""
    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for name in _HEEDED:
            number = getattr(signal, name, None)
            # What is ignored, as below nohup, stays so.
            if number and signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, signals.heed)
    try:
        yield
    finally:
        for number, handler in before.items():
            # Who was told to end ends: one more says nothing new, and would spoil the exit code.
            signal.signal(number, signal.SIG_IGN if signals.came.is_set() else handler)
