"""How far a run is: done and to do, how fast, how long still."""

from __future__ import annotations

from collections import deque
from time import monotonic
from typing import Final

from .terminal import Terminal, safe

_REDRAWN: Final = 0.2
_LINES: Final = 10.0
_WINDOW: Final = 20.0
"""Seconds that the rate is an average of."""
_BAR: Final = 24


class Progress:
    """Draws a bar on a terminal, or writes a line every ten seconds.

    `interval`: seconds between two looks at how far it is.
    """

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self.interval = _REDRAWN if terminal.redraws else 1.0
        self._due = monotonic() + (0.0 if terminal.redraws else _LINES)
        self._rate = Rate()

    def reading(self, name: str, rows: int, part: float | None, wrong: int) -> None:
        """While an input is checked; `part`: how much of it was read, from 0 to 1."""
        if self._is_due():
            percent = "" if part is None else f", {part:.0%}"
            faults = f", {wrong:,} wrong" if wrong else ""
            text = f"checking {safe(name)}: {rows:,} rows{percent}{faults}"
            self._terminal.progress(text)

    def sending(
        self, done: int, total: int, rejected: int, note: str, *, now: bool = False
    ) -> None:
        """While events are sent.

        Args:
            done: delivered or rejected.
            total: all.
            rejected: how many of them were.
            note: what else is to be known, such as a pause.
            now: whatever was drawn before.
        """
        moment = monotonic()
        self._rate.add(moment, done)
        if self._is_due() or (now and self._terminal.redraws):
            rate = self._rate.per_second()
            text = words(done, total, rate, rejected, note)
            self._terminal.progress(text, bar(done, total))

    def _is_due(self) -> bool:
        now = monotonic()
        if now < self._due:
            return False
        self._due = now + (_REDRAWN if self._terminal.redraws else _LINES)
        return True


class Rate:
    """How many are done a second, of late."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def add(self, moment: float, done: int) -> None:
        """So many were done by then, on the monotonic clock."""
        self._seen.append((moment, done))
        while len(self._seen) > 2 and moment - self._seen[1][0] > _WINDOW:
            self._seen.popleft()

    def per_second(self) -> float:
        """0 where nothing is known yet."""
        (first, before), (last, after) = self._seen[0], self._seen[-1]
        return (after - before) / (last - first) if last > first else 0.0


def bar(done: int, total: int) -> str:
    """`[######------------------] `, for where there is room."""
    full = done * _BAR // total if total else _BAR
    return f"[{'#' * full}{'-' * (_BAR - full)}] "


def words(done: int, total: int, rate: float, rejected: int, note: str) -> str:
    """`500/1,000 50% 198/s 0:03 left, 3 rejected; nothing got through for 0:05`."""
    percent = done * 100 // total if total else 100
    parts = [f"{done:,}/{total:,} {percent}%"]
    if rate > 0:
        parts.append(f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s")
        if done < total:
            parts.append(f"{duration((total - done) / rate)} left")
    text = " ".join(parts)
    text += f", {rejected:,} rejected" if rejected else ""
    return f"{text}; {safe(note)}" if note else text


def duration(seconds: float) -> str:
    """`0:07`, `12:30`, `3:05:00`, `2 d 3:05:00`."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    if not hours:
        return f"{minute}:{second:02}"
    clock = f"{hour}:{minute:02}:{second:02}"
    return f"{days} d {clock}" if days else clock
