"""What is going on, in one line of a terminal that goes away again."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType

from ...diagnostics.diagnostic import escape

_PATIENCE = 0.5
"""Seconds: what is over sooner needs no progress."""


class Progress:
    """Shows stages on stderr, if that is a terminal; a context manager, which takes them away."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._began = time.monotonic()
        self._written = False

    def stage(self, what: str) -> None:
        """Say what begins."""
        seconds = time.monotonic() - self._began
        if self._shown and (seconds > _PATIENCE or self._written):
            self._write(f"{escape(what)} … {seconds:.0f} s")

    def clear(self) -> None:
        """Take the line away: something else is to be printed."""
        if self._written:
            self._write("")

    def _write(self, line: str) -> None:
        self._written = bool(line)
        width = os.get_terminal_size(sys.stderr.fileno()).columns or 80
        print(f"\r\x1b[K{line[: width - 1]}", end="", file=sys.stderr, flush=True)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        self.clear()
