"""What the senders of an outbox share: which parcel is next, and what is done about its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from time import monotonic, time
from typing import Final, Protocol

from ..delivery.pacing import Backoff, Pacing
from ..delivery.stalls import failure_of
from ..delivery.verdicts import Meaning, Verdict
from ..store.storage import DeadLetter, Page, Settled, Stored
from .batches import Batches
from .lanes import Lanes

LEASE: Final = 10.0
"""Seconds for which a process may deliver, until it says so again."""
RENEWAL: Final = 2.0
_MARGIN: Final = 2.0
"""Nothing is begun so shortly before the lease ends."""
_READ: Final = 256
_LEFT: Final = 100
"""Events of so many keys, of which enough is known, are left out when others are looked for."""
_MOST_HELD: Final = 10_000
_MOST_BYTES: Final = 16_000_000
_MOST_BARRED: Final = 200_000
"""Keys; as many take some 14 MB."""


# Not frozen, as one is made for each attempt: that takes a third of the time.
@dataclass(slots=True, kw_only=True)
class Settlement:
    """What an attempt came to for one parcel, decided.

    Attributes:
        stored: the parcel.
        verdict: of the attempt.
        letter: the dead letter that it is now; None: it is none.
        own: it has failed by itself, and that says nothing of others.
        shut_out: it was let in nowhere, and it may be that nobody is.
    """

    stored: Stored
    verdict: Verdict
    letter: DeadLetter | None = None
    own: bool = False
    shut_out: bool = False


class Shelf(Protocol):
    """What a desk reads parcels from: see `Store`."""

    def read(self, after: int, most: int, without: Sequence[str] = ()) -> Page: ...
    def read_of_key(
        self, key: str, first: int, last: int, most: int
    ) -> list[Stored]: ...
    def held(self) -> float: ...


class Desk:
    """Of one process. Everything is called by one thread at a time, who holds a lock for that.

    Attributes:
        pacing: when anything may be sent.
        in_flight: how many are being sent.
        retried: how many attempts were in vain; `failure`: what the last of them came to.
        fresh: there may be more in the store than was read.
    """

    def __init__(self, store: Shelf, backoff: Backoff, rate: float | None) -> None:
        self._store = store
        self._backoff = backoff
        self._rate = rate
        self._lanes = Lanes()
        self._read_to = 0
        self._until = 0.0
        self._lacking = set[str]()
        """Operations that are not known here, as somebody was told."""
        self.pacing = Pacing(backoff, rate)
        self.in_flight = 0
        self.retried = 0
        self.failure = ""
        self.fresh = True

    def takes_over(self, claimed: float, owned: bool) -> bool:
        """Whether it is new that this process may deliver.

        Not while something is under way that was begun under an earlier lease: it is waited for.
        `claimed`: when it was asked, on the monotonic clock.
        """
        return owned and not self.leads(claimed) and not self.in_flight

    def lead(self, claimed: float, owned: bool, *, new: bool) -> None:
        """Take note whether this process may deliver. `new`: what `takes_over` has said."""
        new = new and self.takes_over(claimed, owned)  # still: two may keep it at once
        if new:  # whoever did has left traces
            held = self._store.held()
            self._lanes = Lanes()
            self._read_to = 0
            self.fresh = True
            self.pacing.hold(monotonic(), held)
        if new or not owned or self.leads(claimed):
            self._until = claimed + LEASE - _MARGIN if owned else 0.0

    def ask_anew(self) -> None:
        """Forget what is known of the server: another process has delivered meanwhile."""
        self.pacing = Pacing(self._backoff, self._rate)

    def always_leads(self) -> None:
        """What is read is for this process alone: there is nothing to ask for."""
        self._until = inf

    def leads(self, now: float) -> bool:
        """Whether this process may deliver."""
        return now < self._until

    def take(self, batches: Batches | None = None) -> list[Stored] | float:
        """Those that are sent together now, or the seconds until there may be one.

        `batches`: says which may travel together; None: none may.
        """
        now = monotonic()
        if not self.leads(now):
            return inf
        self._refill()
        wait = self.pacing.wait(now)
        if wait is None:
            return inf
        if wait > 0:
            return wait
        taken = self._next(now, batches)
        if not taken and self._wants_more():
            return 0.0
        if not taken:
            due = self._lanes.due
            return inf if due is None else max(0.0, due - now)
        number = self.pacing.took(now, len(taken))
        self.in_flight += len(taken)
        for stored in taken:
            stored.number, stored.under_way = number, True
        return taken

    def give_back(self, taken: list[Stored]) -> None:
        """Have those that were taken and are not settled sent again: their sender has ended."""
        now = monotonic()
        for stored in taken:
            if stored.under_way:
                stored.under_way = False
                self.in_flight -= 1
                self.pacing.failed(now)
                self._put_back(stored, now, self._backoff.wait(stored.faults + 1))

    def forget(self, stored: Stored) -> None:
        """Another process has one that was taken here: nothing is known of what comes of it."""
        self.in_flight -= 1
        stored.under_way = False
        self._lanes.settled(stored)
        self.pacing.lacks("", idle=False)  # it says nothing of the server

    @property
    def ready(self) -> bool:
        """Whether another sender would find something."""
        return self._lanes.ready and not self.pacing.broken

    @property
    def shut_out(self) -> bool:
        """Whether nothing is left to be tried but what was let in nowhere while others were."""
        if self.fresh or self.in_flight:
            return False
        first = self._lanes.first()
        return bool(first) and all(stored.excused for stored in first)

    def holding_up(self, id: int) -> Stored | None:
        """The one that has to go before that of an id can, or itself; None: it is not known."""
        return self._lanes.holding_up(id)

    @property
    def due(self) -> float:
        """When the next may be sent, on the monotonic clock; 0: at once, or that is not known."""
        lanes = self._lanes
        if self.fresh or lanes.ready or lanes.dry:
            return 0.0
        return lanes.due or 0.0

    @property
    def empty(self) -> bool:
        """Whether nothing that was read may be sent at once."""
        return not self._lanes.ready

    def _next(self, now: float, batches: Batches | None) -> list[Stored]:
        if self.pacing.broken:
            return self._to_try(now)
        lanes = self._lanes
        # Those who come first may be to blame: others get through, and show that.
        first = lanes.any(now) if self.pacing.doubtful else lanes.next(now)
        if first is None:
            return []
        taken = [first]
        while batches is not None and len(taken) < batches.most:
            other = lanes.next(now)
            if other is None:
                break
            if not batches.fits(taken, other):
                lanes.put_back(other)
                break
            taken.append(other)
        return taken

    def _to_try(self, now: float) -> list[Stored]:
        """One to see with whether the server is back.

        Whichever, by chance: who comes first may be to blame, or all of them who come first. Before
        its time none of an operation that is lacking, which would tell nothing, again and again.
        """
        lanes = self._lanes
        found = lanes.any(now) or lanes.soonest()
        if found is None:
            return []
        if found.due > now and found.parcel.operation in self._lacking:
            lanes.again(found)
            return []
        return [found]

    def _refill(self) -> None:
        lanes = self._lanes
        while lanes.dry:
            key = lanes.dry[0]  # it stays there if it cannot be read now
            first = lanes.behind[key]
            found = self._store.read_of_key(key, first, self._read_to, _READ)
            lanes.dry.popleft()
            lanes.refill(key, found, found[-1].id + 1 if found else None)
        if self._wants_more():
            self.fresh = False  # before, as others may say so meanwhile
            left_out = list(lanes.behind)[:_LEFT]
            try:
                page = self._store.read(self._read_to, _READ, left_out)
            except BaseException:
                self.fresh = True
                raise
            for stored in page.found:
                lanes.add(stored)
            self._read_to = page.end
            if page.more:  # no more than that: others may set it at any moment
                self.fresh = True

    def overlooks(self, now: float) -> bool:
        """Whether something has come since the last look, which would find it now."""
        return self.leads(now) and self._wants_more()

    def _wants_more(self) -> bool:
        """Whether something is to be read: there may be more, and there is room for it.

        While nothing gets through as much as there is room for: those who come first may be to
        blame, and no other.
        """
        lanes = self._lanes
        room = lanes.held < _MOST_HELD and lanes.size < _MOST_BYTES
        return self.fresh and room and (self.pacing.broken or not lanes.ready)

    def judge(self, stored: Stored, verdict: Verdict) -> Settlement:
        """What is done about the verdict on one that was taken; nothing is done yet."""
        stored.attempts += 1
        match verdict.meaning:
            case Meaning.DELIVERED:
                return Settlement(stored=stored, verdict=verdict)
            case Meaning.REJECTED:
                return self._dead(stored, verdict)
            case _:
                return self._failed(stored, verdict)

    def _failed(self, stored: Stored, verdict: Verdict) -> Settlement:
        paused, kept = verdict.meaning is Meaning.PAUSE, verdict.kept
        # It is to blame if others got through that were sent after it last failed.
        seen = 0 <= stored.seen < self.pacing.proven
        guilty = seen and verdict.status != 429 and not kept
        # Where it is likely, and not seen, it is not blamed for it, and holds up nobody either.
        own = guilty or verdict.lacking or (paused and not kept and self.pacing.excuses)
        stored.excused = not kept and (stored.excused or (paused and guilty))
        stored.seen = self.pacing.sent
        stored.failure = failure_of(verdict)
        stored.faults += guilty
        if guilty and stored.faults >= self._backoff.attempts:
            return self._dead(stored, verdict, own=True)
        shut_out = paused and not own and not stored.excused
        return Settlement(stored=stored, verdict=verdict, own=own, shut_out=shut_out)

    def _dead(
        self, stored: Stored, verdict: Verdict, *, own: bool = False
    ) -> Settlement:
        letter = DeadLetter(
            id=stored.id,
            parcel=stored.parcel,
            created=stored.created,
            died=time(),
            status=verdict.status,
            reason=verdict.reason,
            errors=verdict.errors,
        )
        return Settlement(stored=stored, verdict=verdict, letter=letter, own=own)

    def settled(self, settlement: Settlement) -> bool:
        """Go on after what was decided was written; whether nothing is sent from now on."""
        now, stored, verdict = monotonic(), settlement.stored, settlement.verdict
        self.in_flight -= 1
        stored.under_way = False
        if verdict.meaning is Meaning.DELIVERED or settlement.letter is not None:
            self._lanes.settled(stored)
        if verdict.meaning is Meaning.DELIVERED:
            self.pacing.succeeded(stored.number)
        elif verdict.meaning is Meaning.REJECTED:
            self.pacing.judged(stored.number)
        else:
            return self._go_slow(settlement, now)
        return False

    def _go_slow(self, settlement: Settlement, now: float) -> bool:
        stored, verdict = settlement.stored, settlement.verdict
        self.retried += 1
        self.failure = failure_of(verdict)
        paused = False
        if verdict.lacking:
            paused = self._lacks(stored, verdict)
        elif settlement.shut_out:
            paused = self.pacing.refused(
                now, verdict.reason, stored.number, alone=self._nobody_else
            )
        else:
            self.pacing.failed(
                now,
                failure=self.failure,
                own=settlement.own,
                full=verdict.status == 429,
            )
            if verdict.meaning is Meaning.PAUSE:
                self.pacing.excused()
        if verdict.lacking and self._crowded:
            self._lanes.bar(stored)  # the store has it, for a process that can send it
        elif settlement.letter is None:
            self._put_back(stored, now, self._rest(settlement))
        return paused

    @property
    def _nobody_else(self) -> bool:
        """Whether nothing is there but what has just come back."""
        lanes = self._lanes
        return not (lanes.ready or self.in_flight or self.fresh or lanes.due)

    @property
    def _crowded(self) -> bool:
        """Whether what nobody here can send takes the room of what somebody can."""
        lanes = self._lanes
        much = lanes.held > _MOST_HELD // 2 or lanes.size > _MOST_BYTES // 2
        return much and len(lanes.barred) < _MOST_BARRED

    def _lacks(self, stored: Stored, verdict: Verdict) -> bool:
        """One waits for another version of the package; whether that is new of its operation."""
        idle = self.empty and not self.in_flight
        self.pacing.lacks(verdict.reason, idle=idle)
        new = stored.parcel.operation not in self._lacking
        self._lacking.add(stored.parcel.operation)
        return new

    def _rest(self, settlement: Settlement) -> float:
        """Seconds for which one that has failed waits by itself."""
        stored, verdict = settlement.stored, settlement.verdict
        if verdict.kept:
            return self._backoff.pause
        # Who is let in nowhere is excused some times in a row: others may come meanwhile.
        excused = settlement.own and verdict.meaning is Meaning.PAUSE
        return self._backoff.wait(stored.attempts if excused else stored.faults + 1)

    def _put_back(self, stored: Stored, now: float, wait: float) -> None:
        stored.due = now + wait
        self._lanes.again(stored)


def written(
    settlements: list[Settlement], backoff: Backoff
) -> tuple[Settled | None, float]:
    """What is written of decisions, if anything; and for how long the server wants no request."""
    delivered = [
        (each.stored, each.verdict.status)
        for each in settlements
        if each.verdict.meaning is Meaning.DELIVERED
    ]
    dead = [each.letter for each in settlements if each.letter is not None]
    failed = [
        each.stored
        for each in settlements
        if each.own and each.letter is None and not each.verdict.kept
    ]
    waits = [each.verdict.retry_after or 0.0 for each in settlements]
    held = min(max(waits), backoff.retry_after_cap)
    something = delivered or dead or failed
    return (Settled(delivered, dead, failed) if something else None), held
