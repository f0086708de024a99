"""An outbox with a clock, a store and a server that are not real: hours of it take milliseconds.

The desk, the pacing and the batches are the real ones. One thread does all, in the order of time.
"""

from __future__ import annotations

import random
from collections.abc import Coroutine, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from math import inf
from types import SimpleNamespace
from typing import Any

import pytest

from customerio_events._runtime.delivery import pacing as pacing_module
from customerio_events._runtime.delivery.pacing import Backoff
from customerio_events._runtime.delivery.parcels import Parcel
from customerio_events._runtime.delivery.verdicts import Meaning, Verdict
from customerio_events._runtime.outbox import desk as desk_module
from customerio_events._runtime.outbox.batches import Batches
from customerio_events._runtime.outbox.desk import Desk, Settlement, written
from customerio_events._runtime.store.storage import DeadLetter, Page, Settled, Stored

EVER = 1e9
_LACKING = "gone"
_VERDICTS = {
    "good": Verdict(meaning=Meaning.DELIVERED, status=200),
    "400": Verdict(meaning=Meaning.REJECTED, status=400),
    "401": Verdict(meaning=Meaning.PAUSE, status=401, reason="401"),
    "403": Verdict(meaning=Meaning.PAUSE, status=403, reason="403"),
    "429": Verdict(meaning=Meaning.RETRY, status=429),
    "503": Verdict(meaning=Meaning.RETRY, status=503),
    "broken": Verdict(meaning=Meaning.RETRY, reason="no connection"),
    "closed": Verdict(meaning=Meaning.PAUSE, reason="the client was closed", kept=True),
    "later": Verdict(meaning=Meaning.RETRY, status=429, retry_after=5.0),
    _LACKING: Verdict(meaning=Meaning.PAUSE, reason="unknown", kept=True, lacking=True),
}
_WORST_FIRST = ("closed", "401", "503", "broken", "429", "later", "400", "403", "good")


@dataclass
class Plan:
    """What happens. Times are in seconds since the beginning.

    `keys`: how events of a key end, and until when; then they are good, as those are of any other
    key. `phases`: from when to when all end so, whatever their key. `away`: another process
    delivers meanwhile, and `takes` what can be had.
    """

    puts: list[tuple[float, str]]
    keys: dict[str, tuple[str, float]] = field(default_factory=dict)
    phases: list[tuple[float, float, str]] = field(default_factory=list)
    away: tuple[float, float] | None = None
    takes: bool = False
    concurrency: int = 1
    batch: int = 1
    latency: float = 0.1
    slow: float = 0.0
    """The share of answers that take up to five seconds."""
    given_back: list[float] = field(default_factory=list)
    resumed: list[float] = field(default_factory=list)
    backoff: Backoff = field(default_factory=Backoff)
    seed: int = 0

    @property
    def well(self) -> float:
        """From when on all is well, but for keys that never are."""
        return max([0.0, *(end for _, end, _ in self.phases), *(at for at, _ in self.puts)])


class Shelf:
    """Keeps what was put in, as a file would: what is read is made anew."""

    def __init__(self) -> None:
        self.rows: dict[int, str] = {}
        """Keys."""
        self.faults: dict[int, int] = {}
        self.dead: dict[int, DeadLetter] = {}
        self.last = 0

    def read(self, after: int, most: int, without: Sequence[str] = ()) -> Page:
        ids = [id for id, key in self.rows.items() if id > after and key not in without]
        found = [self._stored(id) for id in ids[:most]]
        more = len(ids) > most
        return Page(found, found[-1].id if more else max(after, self.last), more)

    def read_of_key(self, key: str, first: int, last: int, most: int) -> list[Stored]:
        ids = [id for id, its in self.rows.items() if its == key and first <= id <= last]
        return [self._stored(id) for id in ids[:most]]

    def _stored(self, id: int) -> Stored:
        key = self.rows[id]
        operation = _LACKING if key.startswith(_LACKING) else "track"
        parcel = Parcel(operation=operation, body=b"%d" % id, key=key)
        return Stored(id, parcel, 0.0, self.faults.get(id, 0), 1)

    def held(self) -> float:
        return 0.0

    def settle(self, settled: Settled) -> None:
        for stored, _ in settled.delivered:
            self.rows.pop(stored.id, None)
        for letter in settled.dead:
            if self.rows.pop(letter.id, None):
                self.dead[letter.id] = letter
        self.faults.update((stored.id, stored.faults) for stored in settled.failed)


class Pause:
    """Awaited, it takes so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __await__(self) -> Generator[float, None, None]:
        yield self._seconds


class Simulation:
    """Plays a plan; see `play`. `told` and `requests` are times."""

    def __init__(self, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0  # a clock that begins at 0 might be taken for one that was not set
        for module, name in ((desk_module, "monotonic"), (desk_module, "time")):
            monkeypatch.setattr(module, name, lambda: self.now)
        monkeypatch.setattr(pacing_module, "time", lambda: self.now)
        random.seed(plan.seed)
        self._chance = random.Random(plan.seed)
        self.plan = plan
        self.shelf = Shelf()
        self.desk = Desk(self.shelf, plan.backoff, None)
        self.desk.always_leads()
        many = SimpleNamespace(
            most=plan.batch,
            carries={"track"},
            endpoint=SimpleNamespace(name="many"),
            body=b",".join,
        )
        here: Any = self
        batch: Any = many if plan.batch > 1 else None
        self._batches = Batches(here, batch, plan.batch)
        self._under_way: dict[int, tuple[Coroutine[Any, None, None], list[Stored]]] = {}
        self._next: list[tuple[float, int, Any]] = []
        self._number = count()
        self._look = inf
        self.keys: dict[int, str] = {}
        self.delivered: dict[int, float] = {}
        self.told: list[float] = []
        self.requests: list[float] = []
        self.tries: dict[int, int] = {}

    @property
    def at(self) -> float:
        return self.now - 1000.0

    def play(self, until: float) -> None:
        """Let so many seconds go by, or fewer where nothing good is left to be sent."""
        plan = self.plan
        for at, key in plan.puts:
            self._later(at, lambda key=key: self._put(key))
        for at in plan.given_back:
            self._later(at, self._give_back)
        for at in plan.resumed:
            self._later(at, lambda: self.desk.pacing.resume())
        if plan.away:
            self._later(plan.away[0], self._leave)
            self._later(plan.away[1], self._return)
        while self._next or self._look < inf:
            if self._next and self._next[0][0] <= self._look:
                at, _, what = heappop(self._next)
            else:
                at, what, self._look = self._look, lambda: None, inf
            if at > until or (at > plan.well and not self.left):
                return
            self.now = max(self.now, 1000.0 + at)
            what()
            self._begin()
            pacing = self.desk.pacing
            assert self.desk.in_flight or pacing.wait(self.now) is not None, "waits for nothing"

    @property
    def left(self) -> list[int]:
        """What is good, or will be, and is not delivered."""
        return [id for id in self.shelf.rows if self.good(id)]

    def good(self, id: int) -> bool:
        """Whether one can be delivered in the end."""
        kind, until = self.plan.keys.get(self.keys[id], ("good", EVER))
        return kind == "good" or until < EVER

    def _later(self, at: float, what: Any) -> None:
        heappush(self._next, (at, next(self._number), what))

    def _put(self, key: str) -> None:
        self.shelf.last = id = self.shelf.last + 1
        self.shelf.rows[id] = key
        self.keys[id] = key
        self.desk.fresh = True

    def _leave(self) -> None:
        self.desk.lead(self.now, False, new=False)

    def _return(self) -> None:
        if not self.desk.takes_over(self.now, True):
            self._later(self.at + 0.1, self._return)
            return
        for id in [*self.shelf.rows] if self.plan.takes else []:
            lacking = self.keys[id].startswith(_LACKING)
            if self._kind(id) in ("good", "401") and not lacking:
                del self.shelf.rows[id]
                self.delivered[id] = self.at
        self.desk.lead(self.now, True, new=True)
        self.desk.always_leads()

    def _give_back(self) -> None:
        if self._under_way:
            number = self._chance.choice(sorted(self._under_way))
            sending, taken = self._under_way.pop(number)
            sending.close()
            self.desk.give_back(taken)

    def _begin(self) -> None:
        """Have as much under way as may be."""
        self._look = inf
        while len(self._under_way) < self.plan.concurrency:
            taken = self.desk.take(self._batches)
            if isinstance(taken, list):
                number = next(self._number)
                self._under_way[number] = self._batches.carry(taken, self._land), taken
                self._step(number)
            elif taken > 0 or not self.desk.fresh:
                self._look = self.at + max(taken, 0.001)
                return

    def _step(self, number: int) -> None:
        if number not in self._under_way:
            return
        try:
            seconds = self._under_way[number][0].send(None)
        except StopIteration:
            del self._under_way[number]
        else:
            self._later(self.at + seconds, lambda: self._step(number))

    async def attempt(self, parcel: Parcel, batch: object = None) -> Verdict:
        """What a courier does."""
        ids = [int(id) for id in parcel.body.split(b",")]
        for id in ids:
            self.tries[id] = self.tries.get(id, 0) + 1
        if parcel.operation == _LACKING:
            return _VERDICTS[_LACKING]
        seconds = self.plan.latency * (0.5 + self._chance.random())
        if self._chance.random() < self.plan.slow:
            seconds = 5 * self._chance.random()
        self.requests.append(self.at)
        await Pause(seconds / 2)
        kinds = {self._kind(id) for id in ids}
        await Pause(seconds / 2)
        return _VERDICTS[next(kind for kind in _WORST_FIRST if kind in kinds)]

    def _kind(self, id: int) -> str:
        for begin, end, kind in self.plan.phases:
            if begin <= self.at < end:
                return kind
        kind, until = self.plan.keys.get(self.keys[id], ("good", EVER))
        return kind if self.at < until else "good"

    async def _land(self, judged: Iterable[tuple[Stored, Verdict]]) -> None:
        """What an outbox does with answers; writing them down takes a moment."""
        settlements = [self.desk.judge(stored, verdict) for stored, verdict in judged]
        if settlements[0].verdict.retry_after:
            self.desk.pacing.hold(self.now, settlements[0].verdict.retry_after)
        seconds = 0.02 * self._chance.random()
        self._later(self.at + seconds, lambda: self._settle(settlements))
        await Pause(seconds)

    def _settle(self, settlements: list[Settlement]) -> None:
        settled, _ = written(settlements, self.plan.backoff)
        if settled is not None:
            self.shelf.settle(settled)
        for each in settlements:
            if each.verdict.meaning is Meaning.DELIVERED:
                self.delivered[each.stored.id] = self.at
            if self.desk.settled(each) and not each.verdict.lacking:
                self.told.append(self.at)
