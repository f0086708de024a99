"""What a program hears of its events: lines in the log, and calls of `on_failure`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import monotonic, time
from typing import Final

from ..client.checks import no_awaitable
from ..client.logs import fields, logger
from ..client.unread import Unread
from .failures import Alarm, Failure
from .pacing import Trouble
from .parcels import Parcel
from .stalls import Stall, seconds
from .verdicts import Verdict

_QUIET: Final = 10.0
"""Seconds after a stall in which the next one is not told of."""
_MOST_REMEMBERED: Final = 100
"""Errors that `once` remembers; what others write into an engine may make any number."""
FAILED: Final = "on_failure has failed; the %s goes on"


class Reports:
    """Says what becomes of events. No payload and no credential is in a line.

    Args:
        package: whose log it is.
        who: "outbox" or "relay".
        on_failure: is called with failures; None: nothing is.
        read: the event in the body of an operation; None for one that cannot be read.
    """

    def __init__(
        self,
        package: str,
        who: str,
        on_failure: Alarm | None,
        read: Callable[[str, bytes], object],
    ) -> None:
        self._who = who
        self._read = read
        self._on_failure = on_failure
        self.logger = logger(package)
        """That of the package; loaded now, as later no file may be to be had."""
        self._told = False
        """Of the stall that there is."""
        self._quiet_until = 0.0
        self._said: deque[str] = deque(maxlen=_MOST_REMEMBERED)

    def dead(
        self,
        parcel: Parcel | None,
        verdict: Verdict,
        attempts: int,
        id: int | str,
        take: Callable[[object], object] = no_awaitable,
    ) -> None:
        """An event is a dead letter.

        Args:
            parcel: of the event; None: it could not be read.
            verdict: of the last attempt.
            attempts: how many there were.
            id: of the event.
            take: is given what `on_failure` returns.
        """
        self.logger.warning(
            "a dead letter in the %s: %s",
            self._who,
            verdict.reason,
            extra=self._fields(parcel, verdict, attempts, id),
        )
        self._alarm("dead", parcel, verdict, id, take)

    def paused(
        self,
        parcel: Parcel | None,
        verdict: Verdict,
        attempts: int,
        id: int | str,
        take: Callable[[object], object] = no_awaitable,
    ) -> None:
        """Nothing is sent, or of one operation nothing, until somebody has mended something.

        The arguments: see `dead`.
        """
        what = " for one operation, the others go on" if verdict.lacking else ""
        self.logger.error(
            "the %s is paused%s, nothing is lost: %s",
            self._who,
            what,
            verdict.reason,
            extra=self._fields(parcel, verdict, attempts, id),
            exc_info=verdict.cause,
        )
        self._alarm("paused", parcel, verdict, id, take)

    def changed(
        self,
        before: Trouble | None,
        after: Trouble | None,
        stall: Stall | None,
        verdict: Verdict,
    ) -> None:
        """Something is known of the server that was not: a stall has begun, or all goes on.

        Where stalls come and go, one is told of at most every ten seconds; one that lasts is, then.

        Args:
            before: what was the matter until now.
            after: what is.
            stall: the same for people, where it is a stall.
            verdict: of the attempt that has shown it.
        """
        now = monotonic()
        if stall is not None and not self._told and now >= self._quiet_until:
            self._told = True
            pause = max(0.0, stall.until - time())
            self.logger.warning(
                "nothing gets through, the %s waits: %s; tried again in %s",
                self._who,
                stall.reason,
                seconds(pause),
                extra={"status": verdict.status, "seconds": pause},
            )
        elif before is not None and after is None and self._was_told(before):
            lasted = now - before.since
            self.logger.info(
                "the %s delivers again, after %s",
                self._who,
                seconds(lasted),
                extra={"status": verdict.status, "seconds": lasted},
            )
            self._quiet_until = now + _QUIET
        if after is None:
            self._told = False

    def _was_told(self, trouble: Trouble) -> bool:
        """Whether it is to be told, too, that it is over."""
        return self._told or bool(trouble.reason and not trouble.lacking)

    def once(self, text: str) -> None:
        """Log an error that is the same of many events: the first time.

        After a hundred others it is logged again, as no more than those are remembered.
        """
        if text not in self._said:
            self._said.append(text)
            self.logger.error("%s", text)

    def unflushed(self, pending: int, why: str, timeout: float) -> None:
        """Events wait still when the time to wait for them is over. `why`: nothing is sent."""
        self.logger.info(
            "flush: after %s %d events wait%s",
            seconds(max(0.0, timeout)),
            pending,
            f": {why}" if why else "",
            extra={"pending": pending},
        )

    def left(self, pending: int, why: str, *, lost: bool) -> None:
        """Events wait when it ends. `lost`: it was in memory."""
        log = self.logger.warning if lost else self.logger.info
        where = "are left in the file"
        if lost:
            where = f"are lost with the {self._who}, as it was in memory"
        log(
            "the %s ends, and %d events %s%s",
            self._who,
            pending,
            where,
            f": {why}" if why else "",
            extra={"pending": pending},
        )

    def _alarm(
        self,
        kind: str,
        parcel: Parcel | None,
        verdict: Verdict,
        id: int | str,
        take: Callable[[object], object],
    ) -> None:
        """Call `on_failure`, whose errors change nothing."""
        if self._on_failure is None:
            return
        failure = Failure(
            kind=kind,
            id=id if isinstance(id, int) else 0,
            operation="" if parcel is None else parcel.operation,
            body=b"" if parcel is None else parcel.body,
            key="" if parcel is None else parcel.key,
            label="" if parcel is None else parcel.label,
            status=verdict.status,
            reason=verdict.reason,
            errors=verdict.errors,
            cause=verdict.cause,
        )
        try:
            take(self._on_failure(failure))
        except (Exception, SystemExit):  # a sender is not ended by it
            self.logger.exception(FAILED, self._who)

    def _fields(
        self, parcel: Parcel | None, verdict: Verdict, attempts: int, id: int | str
    ) -> dict[str, object]:
        """What lines of a client have as `extra`, and the id; the time is that of one attempt."""
        operation = event = None
        if parcel is not None:
            operation = parcel.operation
            event = Unread(self._read, operation, parcel.body)
        said = fields(operation, event, verdict.status, attempts, verdict.seconds)
        return {**said, "outbox_id": id}
