"""When anything may be sent at all: the server's wishes, its health, and the caller's rate."""

from __future__ import annotations

from dataclasses import dataclass
from random import random
from time import time
from typing import Final, NamedTuple

from .checks import number, whole
from .stalls import Stall

_MOST_DOUBLINGS: Final = 30
_DAY: Final = 86_400
_CREDIT: Final = 0.05
"""Seconds that may be caught up with, where waking up took longer than the rate allows."""
_NOBODY: Final = 1 << 62
_SOME: Final = 3
_MOST_DOUBT: Final = 30
"""So many have to be delivered, beyond those that fail, until nothing is in doubt any more."""
_SOON: Final = 1.0
"""Seconds without success after which failures are worth a line in the log."""
_LONG: Final = 5.0
"""Seconds of a single pause that are worth a line, too."""


class Trouble(NamedTuple):
    """Nothing gets through: why, and since when.

    Attributes:
        reason: of a pause, until somebody mends something; empty: it is a stall.
        since: on the monotonic clock.
        lacking: all that waits is of operations that this version of the package does not have.
    """

    reason: str
    since: float
    lacking: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """How long an outbox waits after failures. All waits are drawn evenly from 0 to the limit.

    Attributes:
        base: seconds; the limit of the first wait; each further one has twice that.
        cap: seconds; the highest limit.
        attempts: how often one event may fail, by 5xx and the like, while others are delivered,
            until it becomes a dead letter.
        threshold: so many failures in a row, none delivered between, and nothing is sent but one
            event from time to time, until that is delivered.
        pause: seconds; the limit of the first such wait where the server lets nobody in (401, 403)
            or is not the right one; each further one has twice that, up to ten times as much.
        retry_after_cap: seconds; what is kept of a longer Retry-After.

    Raises:
        TypeError: what is no number.
        ValueError: a number out of range.
    """

    base: float = 0.2
    cap: float = 30.0
    attempts: int = 50
    threshold: int = 10
    pause: float = 30.0
    retry_after_cap: float = 86_400.0

    def __post_init__(self) -> None:
        for name in ("base", "cap", "pause", "retry_after_cap"):
            number(name, getattr(self, name), most=_DAY, what="seconds")
        for name in ("attempts", "threshold"):
            whole(name, getattr(self, name), least=1)

    def wait(self, failures: int) -> float:
        """Seconds to wait after so many failures, by chance."""
        return random() * min(
            self.cap, self.base * 2.0 ** min(failures - 1, _MOST_DOUBLINGS)
        )


class Pacing:
    """Says for all senders of an outbox when the next request may go out.

    The server is taken to be

    - well: whatever may be sent is sent. Where some are let in nowhere while others are, it
      `excuses` those: they fail by themselves.
    - `broken`, after failures in a row, or when one was let in nowhere: one request at a time tries
      it, and after each in vain nothing is sent until `open_until`, longer each time. The first
      that gets through ends that.
    - closed to all, when a second one was let in nowhere: as broken, with the longer waits of a
      pause and its `reason`, which somebody is told.

    Requests are numbered in the order they go out, as answers come in any: what an answer says is
    how things stood when that one went out.

    Attributes:
        reason: why nothing gets through, where somebody must mend something; empty: nothing known.
        stalled: nothing gets through, for so long that somebody is to hear of it.
        since: the time, on the monotonic clock, of the first request after the server was last
            known to be well; 0: none was made since.
        sent: how many requests went out; the number of the last one.
        proven: the highest number of those that delivered something.
        open_until: the time, on the monotonic clock, until which nothing is sent.
    """

    def __init__(self, backoff: Backoff, rate: float | None) -> None:
        self._backoff = backoff
        self._gap = 0.0 if rate is None else 1.0 / rate
        self._slot = 0.0
        """The time at which the rate allows the next."""
        self._wished_until = 0.0
        """The time until which the server itself wants nothing."""
        self._failures = 0
        """So many in a row."""
        self._doubt = 0
        """It rises with each that fails, and falls with each that is delivered."""
        self._openings = 0
        """How often since the server was last known to be well nothing was sent for a while."""
        self._probing = False
        """One tries whether the server is back, and is not back itself."""
        self._suspect = 0
        """The number of the one that was let in nowhere, until another one was asked; 0: none."""
        self._refused = 0
        """Up to this number they went out before it was known that one is let in nowhere."""
        self._excused = _NOBODY
        """So many in a row were let in nowhere and excused: see `excuses`."""
        self._failure = ""
        self._lacking = ""
        self.reason = ""
        self.stalled = False
        self.since = 0.0
        self.sent = 0
        self.proven = 0
        self.open_until = 0.0

    @property
    def trouble(self) -> Trouble | None:
        """What somebody is to hear of; None: nothing."""
        if self.reason or self.stalled:
            return Trouble(self.reason, self.since)
        if self._lacking:
            return Trouble(self._lacking, self.since, lacking=True)
        return None

    @property
    def doubtful(self) -> bool:
        """Whether many have failed of late, so that others are to be tried than come next."""
        return self._doubt >= _SOME

    @property
    def excuses(self) -> bool:
        """Whether one that is let in nowhere says nothing of others.

        So it is where others got through while one of them was tried, until so many in a row are
        let in nowhere that this may have changed.
        """
        return self._excused < self._backoff.threshold

    @property
    def broken(self) -> bool:
        """Whether it is not known that the server is well: one request at a time tries it."""
        return self._openings > 0

    def wait(self, now: float) -> float | None:
        """Seconds until the next request may go out, 0 for now; None: when a probe is back."""
        if self._probing:
            return None
        return max(0.0, self.open_until - now, self._slot - now)

    def took(self, now: float, events: int = 1) -> int:
        """A request goes out, with so many events; its number."""
        self._slot = max(self._slot, now - _CREDIT) + self._gap * events
        self._probing = self.broken
        if not self.since:
            self.since = now
        self.sent += 1
        return self.sent

    def succeeded(self, number: int) -> None:
        """One was delivered by the request of a number: the server is well."""
        self.proven = max(self.proven, number)
        self._doubt = max(0, self._doubt - 1)
        self.judged(number)

    def judged(self, number: int) -> None:
        """The server has answered as one that is well, be it that it refused an event."""
        if number <= self._refused:
            return  # it went out before somebody was let in nowhere, and says nothing of now
        if self._refused or self.excuses:
            self._excused = 0
        self._refused = self._suspect = 0
        if self.reason:  # the pause is over, also where it had begun only now
            self.open_until = min(self.open_until, self._wished_until)
        self._failures = self._openings = 0
        self._probing = self.stalled = False
        self._failure = self._lacking = self.reason = ""
        self.since = 0.0

    def failed(
        self, now: float, *, failure: str = "", own: bool = False, full: bool = False
    ) -> None:
        """One was not delivered.

        Args:
            now: on the monotonic clock.
            failure: what came instead, in a line.
            own: others are delivered, so that this one is to blame.
            full: the server has said that it is asked too much.
        """
        trying, self._probing = self._probing, False
        if not own:
            self._failures += 1
            self._doubt = min(self._doubt + 1, _MOST_DOUBT)
        many = full or self._failures >= self._backoff.threshold
        if trying or (many and not self.broken):
            self._openings += 1
            self._close_until(now + self._backoff.wait(self._openings))
        if not own and failure:
            self._blame(now, failure)

    def _blame(self, now: float, failure: str) -> None:
        """Remember what keeps everything back, and whether that is worth a line."""
        self._failure, self.since, self._lacking = failure, self.since or now, ""
        self.stalled = self.stalled or (
            self._openings > 1  # what was tried since is in vain too
            or now - self.since >= _SOON
            or self.open_until - now >= _LONG
        )

    def inherit(self, now: float, failure: str) -> None:
        """Go on with the stall of another process, after which nothing may be sent yet."""
        self._failure, self.since, self.stalled = failure, now, True

    def stall(self, now: float) -> Stall | None:
        """What keeps everything back at a moment, for people; None: nothing does.

        A pause is not meant, as that has its own `reason`.
        """
        held = self.stalled or self.broken or self.open_until > now
        if self.reason or not self._failure or not held:
            return None
        wall = time() - now
        until = wall + max(self.open_until, now)
        return Stall(reason=self._failure, since=wall + self.since, until=until)

    def refused(self, now: float, reason: str, number: int, *, alone: bool) -> bool:
        """Somebody was let in nowhere: nothing is sent for a while; whether that is new.

        `alone`: nobody else is there to be asked. Otherwise another one is tried at once, before it
        is believed that the server lets nobody in.
        """
        same = number == self._suspect
        before = self.reason and number <= self._refused  # it was under way then
        outdated = number < self.proven  # one that went out later got through
        if same or before or outdated:
            return False
        if number > self._refused:
            self._probing, self._refused = False, self.sent
        new = not self.reason
        first = new and not self._suspect
        self._openings += not self._suspect  # the first of two has opened it
        self._suspect = 0
        self._excused, self._doubt = _NOBODY, _MOST_DOUBT
        if first and not alone:
            self._suspect = number
            return False
        self.reason = reason
        limit = self._backoff.pause * min(10.0, 2.0 ** min(self._openings - 1, 4))
        self._close_until(now + limit * (0.5 + random() / 2))
        return new

    def excused(self) -> None:
        """One was let in nowhere, and that says nothing of others; `failed` is told too."""
        self._excused += 1
        self._doubt = min(self._doubt + 1, _MOST_DOUBT)

    def lacks(self, reason: str, *, idle: bool) -> None:
        """One waits for another version of the package, which holds up no other.

        `idle`: nothing else is there to be sent.
        """
        self._probing = False
        if idle and not self._failure:
            self._lacking = reason

    def hold(self, now: float, seconds: float) -> float:
        """The server wants no request for so long; how long it gets none."""
        kept = min(seconds, self._backoff.retry_after_cap)
        self._wished_until = max(self._wished_until, now + kept)
        self._close_until(self._wished_until)
        return kept

    def resume(self) -> None:
        """Try again at once."""
        self.open_until = self._wished_until = 0.0

    def _close_until(self, moment: float) -> None:
        self.open_until = max(self.open_until, moment)
