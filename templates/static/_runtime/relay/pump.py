"""Delivers from an engine that parcels are taken from, with several requests at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from math import inf
from queue import Empty, SimpleQueue
from threading import Lock
from time import monotonic, sleep, time
from typing import Final

from ..delivery.verdicts import Meaning, Verdict
from ..outbox.desk import Desk, Settlement
from ..store.storage import Page, Stored
from .parceljson import NewerParcel, NoParcel, read
from .sinks import Dead, Delivery, Queue, Taken, Ticket

_TICK: Final = 0.25
"""Seconds between looks at whether it is time to stop."""
_SOON: Final = 0.05
"""Seconds between looks for more while requests are under way."""
_SLOWEST: Final = 5.0
"""Seconds between tries to reach an engine that is away."""


class _Hand:
    """What was taken and is not settled yet: the desk reads from it as from a store.

    Attributes:
        unreadable: what is no parcel, to be put aside.
        lost: the ids of what another process has by now, as this one stood still for too long.
    """

    def __init__(self, queue: Queue, delivery: Delivery) -> None:
        self._queue = queue
        self._delivery = delivery
        self._last = 0
        self._fetched: list[Stored] = []
        self._stored: dict[int, Stored] = {}
        self._taken: dict[int, Taken] = {}
        self.unreadable: list[Dead] = []
        self.lost = set[int]()

    def __len__(self) -> int:
        return len(self._taken)

    def fetch(self) -> None:
        """Take the next ones of the engine: not many more than can be sent now."""
        wait = 0.0 if self._taken or self.unreadable else _TICK
        for taken in self._queue.take(2 * self._delivery.concurrency, wait):
            stored = self._opened(taken)
            if stored is not None:
                self._fetched.append(stored)

    def read(self, after: int, most: int, without: Sequence[str] = ()) -> Page:
        """What was fetched last."""
        found, self._fetched = self._fetched, []
        return Page(found, found[-1].id if found else after, False)

    def read_of_key(self, key: str, first: int, last: int, most: int) -> list[Stored]:
        """Those of a key that the desk had no room for."""
        found = (s for s in self._stored.values() if first <= s.id <= last)
        return [stored for stored in found if stored.parcel.key == key][:most]

    def held(self) -> float:
        """Nothing: the engine itself is asked, and more often."""
        return 0.0

    def ticket(self, stored: Stored) -> Ticket:
        """What the engine knows it by."""
        return self._taken[stored.id].ticket

    def text(self, stored: Stored) -> str:
        """What the engine has of it."""
        return self._taken[stored.id].text

    def tickets(self) -> list[Ticket]:
        """Of all that is in hand."""
        taken, lost = self._taken, self.lost
        return [taken[id].ticket for id in taken if id not in lost]

    def lose(self, tickets: Collection[Ticket]) -> None:
        """Another process has these: they are not sent from here any more."""
        self.lost |= {
            id for id, taken in self._taken.items() if taken.ticket in tickets
        }

    def drop(self, stored: Stored) -> None:
        """One is settled, or another's."""
        del self._stored[stored.id], self._taken[stored.id]
        self.lost.discard(stored.id)

    def _opened(self, taken: Taken) -> Stored | None:
        try:
            parcel = read(taken.text)
        except NewerParcel as error:
            text = f"events are left to a newer version of the package: {error}"
            self._delivery.tell_once(text)
            return None
        except NoParcel as error:
            verdict = Verdict(meaning=Meaning.REJECTED, reason=f"no event: {error}")
            dead = Dead(ticket=taken.ticket, text=taken.text, verdict=verdict)
            self.unreadable.append(dead)
            return None
        self._last += 1
        stored = Stored(self._last, parcel, time(), 0, 0)
        self._stored[stored.id], self._taken[stored.id] = stored, taken
        return stored


class Pump:
    """One run of a relay. Everything but the requests is done by the thread that runs it.

    Args:
        queue: the engine.
        delivery: what the relay gives to deliver with.
        stopped: whether it is time to stop.
    """

    def __init__(
        self, queue: Queue, delivery: Delivery, stopped: Callable[[], bool]
    ) -> None:
        self._queue = queue
        self._delivery = delivery
        self._stopped = stopped
        self._hand = _Hand(queue, delivery)
        self._desk = Desk(self._hand, delivery.backoff, delivery.rate)
        self._desk.always_leads()
        self._lock = Lock()
        """Held by whoever uses the desk."""
        self._finished: SimpleQueue[tuple[Stored, Verdict]] = SimpleQueue()
        self._decided: list[Settlement] = []
        self._renewed = monotonic()
        self._open = False
        self._failures = 0

    def run(self) -> None:
        """Deliver until it is time to stop; what is under way then is finished."""
        name = "relay-sender"
        with ThreadPoolExecutor(self._delivery.concurrency, name) as senders:
            try:
                while not self._stopped():
                    self._tried(lambda: self._turn(senders))
            finally:
                senders.shutdown()
                self._collect(0.0)
                self._leave()

    def _tried(self, step: Callable[[], None]) -> None:
        """Do a step; where the engine cannot be reached, wait instead."""
        try:
            if not self._open:
                self._queue.open()
                self._open = True
            step()
        except Exception as error:
            if not self._queue.is_away(error):
                raise
            self._away(error)
        else:
            self._failures = 0

    def _away(self, error: Exception) -> None:
        """The engine cannot be reached: wait a while."""
        self._open = False
        self._failures += 1
        if self._failures.bit_count() == 1:  # the 1st, 2nd, 4th … time
            line = str(error).partition("\n")[0][:200]
            text = "the queue cannot be reached, trying again: %s: %s"
            self._delivery.logger.warning(text, type(error).__name__, line)
        wait = min(self._delivery.backoff.wait(self._failures), _SLOWEST)
        until = monotonic() + wait
        while not self._stopped() and (left := until - monotonic()) > 0:
            sleep(min(left, _TICK))

    def _turn(self, senders: ThreadPoolExecutor) -> None:
        self._settle()
        self._renew()
        wait = self._dispatch(senders)
        self._collect(wait)

    def _dispatch(self, senders: ThreadPoolExecutor) -> float:
        """Send what may be sent now; seconds to wait then for something to happen."""
        desk = self._desk
        if self._wants_more():
            self._hand.fetch()
            desk.fresh = True
        # Asked last: while this process waited for events, another one may have been told.
        if (held := self._queue.held()) > 0:
            with self._lock:
                desk.pacing.hold(monotonic(), held)
        while desk.in_flight < self._delivery.concurrency:
            with self._lock:
                taken = desk.take()
            if not isinstance(taken, list):
                if not self._hand and taken == inf:
                    return 0.0  # it was waited for the engine
                return min(taken, _SOON if desk.in_flight else _TICK)
            for stored in taken:
                if stored.id in self._hand.lost:
                    with self._lock:
                        desk.forget(stored)
                    self._hand.drop(stored)
                else:
                    senders.submit(self._send, stored)
        return _TICK

    def _wants_more(self) -> bool:
        """Whether another event could be sent now, if there was one in hand."""
        desk = self._desk
        free = desk.in_flight < self._delivery.concurrency
        return free and desk.empty and desk.pacing.wait(monotonic()) == 0

    def _send(self, stored: Stored) -> None:
        """Done by a thread for itself."""
        verdict = self._delivery.attempt(stored.parcel)
        if verdict.retry_after:
            with self._lock:
                self._desk.pacing.hold(monotonic(), verdict.retry_after)
        self._finished.put((stored, verdict))

    def _collect(self, wait: float) -> None:
        """Decide about what has come back."""
        with suppress(Empty):
            while True:
                came = self._finished.get(timeout=wait) if wait else self._next()
                self._decided.append(self._desk.judge(*came))
                wait = 0.0

    def _next(self) -> tuple[Stored, Verdict]:
        return self._finished.get_nowait()

    def _settle(self) -> None:
        """Write what was decided; then the next ones may go."""
        decided, unreadable = self._decided, self._hand.unreadable
        if not decided and not unreadable:
            return
        hold = max((each.verdict.retry_after or 0.0 for each in decided), default=0.0)
        if hold:
            cap = self._delivery.backoff.retry_after_cap
            self._queue.hold(min(hold, cap))
        delivered = [self._hand.ticket(s.stored) for s in decided if _delivered(s)]
        dead = [self._dead(each) for each in decided if each.letter is not None]
        if delivered or dead or unreadable:
            self._queue.settle(delivered, [*dead, *unreadable])
        self._decided, self._hand.unreadable = [], []
        for each in decided:
            self._go_on(each)
        for lost in unreadable:
            self._delivery.tell_dead(None, lost.verdict, 0, lost.ticket)

    def _dead(self, settlement: Settlement) -> Dead:
        stored = settlement.stored
        ticket, text = self._hand.ticket(stored), self._hand.text(stored)
        return Dead(ticket=ticket, text=text, verdict=settlement.verdict)

    def _go_on(self, settlement: Settlement) -> None:
        """Have the next one of its key follow, and say what came of this one."""
        stored, verdict = settlement.stored, settlement.verdict
        ticket, pacing = self._hand.ticket(stored), self._desk.pacing
        with self._lock:
            before = pacing.trouble
            paused = self._desk.settled(settlement)
            after, stall = pacing.trouble, pacing.stall(monotonic())
        if before or after:
            self._delivery.tell_changed(before, after, stall, verdict)
        told = (stored.parcel, verdict, stored.attempts, ticket)
        if paused:
            self._delivery.tell_paused(*told)
        if settlement.letter is not None:
            self._delivery.tell_dead(*told)
        if settlement.letter is not None or _delivered(settlement):
            self._hand.drop(stored)

    def _renew(self) -> None:
        """Say that what is in hand is not abandoned, three times in each lease.

        Where the process stood still, or the engine was away, others may have taken it.
        """
        now, lease = monotonic(), self._queue.lease
        past = now - self._renewed
        if self._hand and past > lease / 3:
            lost = self._queue.renew(self._hand.tickets(), late=past > lease)
            self._hand.lose(lost)
            self._renewed = now
        elif not self._hand:
            self._renewed = now

    def _leave(self) -> None:
        """Write what can be written, and leave the rest to others."""
        try:
            self._settle()
            if tickets := self._hand.tickets():
                self._queue.release(tickets)
            self._queue.close()
        except Exception as error:
            if not self._queue.is_away(error):
                raise
            text = "the queue cannot be reached, and what was delivered last may be sent once more"
            self._delivery.logger.warning("%s: %s", text, type(error).__name__)


def _delivered(settlement: Settlement) -> bool:
    return settlement.verdict.meaning is Meaning.DELIVERED
