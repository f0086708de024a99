"""Watches the outbox of a run while it delivers: how far it is, and when and why the run ends."""

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from time import monotonic
from typing import Any, Final

from ..delivery.failures import Failure
from ..outbox.stats import Stats
from .progress import Progress, duration
from .signals import Signals
from .terminal import Terminal, safe

_LAST: Final = 10.0
"""Seconds that a run that is stopped waits for what is under way."""
_STUCK: Final = 30.0
"""Seconds without a delivery after which a file that cannot be written ends the run."""
_SILENT: Final = 3.0
"""Seconds without a delivery after which that is worth a word."""


class End(Enum):
    """How a run ended."""

    DONE = "done"
    PAUSED = "paused"
    SHUT_OUT = "shut out"
    TIMED_OUT = "timed out"
    STOPPED = "stopped"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended.

    `reason`: why, where the server or the file says so; `status`: that the server has answered.
    """

    end: End
    stats: Stats
    reason: str = ""
    status: int | None = None


class Watch:
    """Watches an outbox, from its making to the end of the run."""

    def __init__(self) -> None:
        self._paused = ""
        self._status: int | None = None
        self._broken = ""

    def on_failure(self, failure: Failure) -> None:
        """For the outbox, to call."""
        if failure.kind == "paused":
            self._paused, self._status = failure.reason, failure.status

    @contextmanager
    def logs(self, name: str) -> Generator[None, None, None]:
        """Hear what the package logs, instead of the terminal."""
        logger, heard = logging.getLogger(name), _Heard(self)
        before, logger.propagate = logger.propagate, False
        logger.addHandler(heard)
        try:
            yield
        finally:
            logger.removeHandler(heard)
            logger.propagate = before

    def until_done(
        self,
        box: Any,
        total: int,
        *,
        until: float | None,
        signals: Signals,
        terminal: Terminal,
    ) -> Ended:
        """Wait until all is delivered or rejected, or something else ends the run.

        Args:
            box: the outbox.
            total: how many events the run has, those that were delivered before too.
            until: the time, on the monotonic clock, when it ends; None: as long as it takes.
            signals: end it too.
            terminal: shows how far it is.
        """
        progress = Progress(terminal)
        moved = monotonic()
        left = -1
        while True:
            stats: Stats = box.stats()
            now = monotonic()
            if stats.pending != left:
                left, moved = stats.pending, now
                self._broken = ""
            note = self._note(stats, now - moved)
            late = until is not None and now > until
            end = self._end(stats, now - moved, late, signals)
            done = total - stats.pending
            progress.sending(done, total, stats.dead, note, now=end is not None)
            if end is not None:
                return Ended(end, stats, self._reason(stats), self._status)
            signals.came.wait(progress.interval if stats.pending > 100 else 0.05)

    def _end(
        self, stats: Stats, still: float, late: bool, signals: Signals
    ) -> End | None:
        if not stats.pending:
            return End.DONE
        if signals.came.is_set():
            return End.STOPPED
        if self._paused and stats.paused:
            return End.PAUSED
        if stats.shut_out:
            return End.SHUT_OUT
        if self._broken and still > _STUCK:
            return End.BROKEN
        return End.TIMED_OUT if late else None

    def _reason(self, stats: Stats) -> str:
        stalled = stats.stalled.reason if stats.stalled else ""
        return self._paused or self._broken or stalled

    def _note(self, stats: Stats, still: float) -> str:
        if self._broken:
            return self._broken
        if stats.stalled is not None:
            return str(stats.stalled)
        if still < _SILENT:
            return ""
        if not stats.delivers:
            return "another run sends them"
        text = f"nothing got through for {duration(still)}"
        if stats.retried:
            text += f", {stats.retried:,} retried, last: {safe(stats.failure)}"
        return text

    def broke(self, words: str) -> None:
        """Something is wrong with the file of the outbox."""
        self._broken = words


class _Heard(logging.Handler):
    def __init__(self, watch: Watch) -> None:
        super().__init__(logging.ERROR)
        self._watch = watch

    def emit(self, record: logging.LogRecord) -> None:
        if "paused" not in record.msg:
            self._watch.broke(record.getMessage())


def stop(box: Any, terminal: Terminal) -> None:
    """End what is under way, and begin nothing more."""
    under_way = box.stats().in_flight
    if under_way:
        terminal.note(f"stopping: {under_way} under way (Ctrl-C: at once)")
    box.stop(_LAST)
