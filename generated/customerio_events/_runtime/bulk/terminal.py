"""What a person reads: results, problems, and a line of progress that is drawn anew."""

from __future__ import annotations

import shutil
import sys
from contextlib import suppress
from typing import Final, TextIO

DELIVERED: Final = 0
REJECTED: Final = 1
UNUSABLE: Final = 2
UNFINISHED: Final = 3
INTERRUPTED: Final = 130
"""Exit codes: all delivered; some rejected; nothing sent, for the input or the command is wrong; to
be gone on with; the same, after Ctrl-C."""

_NARROW = 20


def safe(text: str) -> str:
    """Text of anybody's in one line that no terminal takes for commands."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def plural(count: int, noun: str) -> str:
    """`1 row`, `2,000 rows`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


class Terminal:
    """Standard output for results, standard error for everything else.

    Args:
        quiet: no progress, and results only where something is wrong.

    Attributes:
        redraws: whether progress is one line that is drawn anew.
        shows: whether results are seen by somebody, rather than go to a file or a program.
    """

    def __init__(
        self,
        *,
        quiet: bool = False,
        out: TextIO | None = None,
        err: TextIO | None = None,
    ) -> None:
        self._out: TextIO | None = out or sys.stdout
        self._err: TextIO | None = err or sys.stderr
        self._quiet = quiet
        self._drawn = 0
        self.redraws = not quiet and self._err is not None and self._err.isatty()
        self.shows = self._out is not None and self._out.isatty()

    def result(self, text: str) -> None:
        """What came of the command; may have several lines."""
        if not self._quiet:
            self._clear()
            _write(self._out, f"{text}\n")

    def problem(self, text: str) -> None:
        """What is wrong; may have several lines."""
        self._clear()
        self._tell(f"{text}\n")

    def note(self, text: str) -> None:
        """What is good to know."""
        if not self._quiet:
            self.problem(text)

    def agreed(self, question: str) -> bool:
        """Whether somebody who sits here says yes; nobody does where there is no terminal."""
        stdin: TextIO | None = sys.stdin
        if stdin is None or not stdin.isatty():
            return False
        self._clear()
        self._tell(f"{question} Type yes: ")  # also where the results go to a file
        answer = stdin.readline()
        if not answer:  # Ctrl-D
            self._tell("\n")
        return answer.strip().lower() == "yes"

    def progress(self, text: str, bar: str = "") -> None:
        """How far it is: in place of what was drawn before, or as a line of its own.

        `bar`: the same as a drawing, where there is room for it.
        """
        if self._quiet:
            return
        if not self.redraws:
            self._tell(f"{text}\n")
            return
        room = max(shutil.get_terminal_size().columns, _NARROW) - 1
        text = _cut(bar + text if len(bar + text) <= room else text, room)
        padding = " " * (self._drawn - len(text))
        self._drawn = len(text)
        self._tell(f"\r{text}{padding}")

    def _clear(self) -> None:
        if self._drawn:
            self._tell(f"\r{' ' * (self._drawn + 2)}\r")  # and over a ^C
            self._drawn = 0

    def _tell(self, text: str) -> None:
        with suppress(OSError):  # nobody listens: that changes nothing
            _write(self._err, text)


def _cut(text: str, room: int) -> str:
    """As much of a text as there is room for: half a number would be another one."""
    if len(text) <= room:
        return text
    return text[: room + 1].rpartition(" ")[0].rstrip(",;") or text[:room]


def _write(stream: TextIO | None, text: str) -> None:
    if stream is not None:  # a program may be started without
        encoding = stream.encoding or "utf-8"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
