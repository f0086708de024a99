"""Which parcels may be sent next: those of one key one after the other, all else side by side.

No clock and no lock of its own: who uses it has both.
"""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush
from random import sample
from typing import Final

from ..store.storage import Stored

_MOST_OF_KEY: Final = 200
"""So many parcels of one key are kept in memory; where there are more, they are read later."""
_SOME: Final = 8
"""Among so many, by chance, the one is found that was tried longest ago."""


class Lanes:
    """What has been read of an outbox, and is not settled yet.

    Attributes:
        held: how many parcels are in memory; `size`: the bytes of their bodies.
        behind: keys of which more is to be read, each with the id of the first that is missing.
        dry: those among them that have nothing left in memory: to be read now.
        barred: the hashes of keys of which nothing is wanted any more.
    """

    def __init__(self) -> None:
        self.held = 0
        self.size = 0
        self.behind: dict[str, int] = {}
        self.dry: deque[str] = deque()
        self.barred = set[int]()
        self._lanes: dict[str, deque[Stored]] = {}
        self._ready: deque[Stored] = deque()
        self._waiting: list[tuple[float, int, Stored]] = []

    def add(self, stored: Stored) -> None:
        """Take in the next of the outbox, or leave it to be read later."""
        key = stored.parcel.key
        if not key:
            self._ready.append(stored)
        elif key in self.behind or (self.barred and hash(key) in self.barred):
            return
        elif key in self._lanes:
            lane = self._lanes[key]
            if len(lane) >= _MOST_OF_KEY:
                self.behind[key] = stored.id
                return
            lane.append(stored)
        else:
            self._lanes[key] = deque([stored])
            self._ready.append(stored)
        self.held += 1
        self.size += len(stored.parcel.body)

    def refill(self, key: str, found: list[Stored], more: int | None) -> None:
        """Take in what was read of a key that is `dry`.

        `more`: the id from which there may be more; None: there is none.
        """
        if more is None:
            del self.behind[key]
        else:
            self.behind[key] = more
        if found:
            self._lanes[key].extend(found)
            self.held += len(found)
            self.size += sum(len(stored.parcel.body) for stored in found)
            self._ready.append(found[0])
        elif more is None:
            del self._lanes[key]
        else:
            self.dry.append(key)

    def next(self, now: float) -> Stored | None:
        """The next that may be sent, which is taken: in the end it is `settled` or `again`."""
        self._let_go(now)
        return self._ready.popleft() if self._ready else None

    def any(self, now: float) -> Stored | None:
        """The same, but whichever: of some, by chance, the one that was tried longest ago.

        By chance, as all who come first may fail; and not who has just failed, where others are
        there. It does not count how often one was tried: who failed often, long ago, would have to
        wait until those who fail now have done so as often.
        """
        self._let_go(now)
        ready = self._ready
        if not ready:
            return None
        places = sample(range(len(ready)), min(_SOME, len(ready)))
        place = min(places, key=lambda place: ready[place].number)
        ready.rotate(-place)
        found = ready.popleft()
        ready.rotate(place)
        return found

    def soonest(self) -> Stored | None:
        """One that waits for its time, before that: to see whether the server is back."""
        return heappop(self._waiting)[2] if self._waiting else None

    def _let_go(self, now: float) -> None:
        """Have those sent for which the time has come."""
        waiting = self._waiting
        while waiting and waiting[0][0] <= now:
            self._ready.append(heappop(waiting)[2])

    def put_back(self, stored: Stored) -> None:
        """Give back one that was taken and not sent: it is the next."""
        self._ready.appendleft(stored)

    @property
    def due(self) -> float | None:
        """When the first of those that wait may be sent; None: none waits."""
        return self._waiting[0][0] if self._waiting else None

    def first(self) -> list[Stored]:
        """Those that are not under way, and that no other of their key comes before.

        The lock need not be held: the interpreter copies them in one step.
        """
        return [*list(self._ready), *(each[2] for each in list(self._waiting))]

    @property
    def ready(self) -> bool:
        """Whether one may be sent at once."""
        return bool(self._ready)

    def again(self, stored: Stored) -> None:
        """Give back one that was not delivered: it is sent when it is `due`."""
        heappush(self._waiting, (stored.due, stored.id, stored))

    def bar(self, stored: Stored) -> None:
        """Forget one that was taken and cannot be sent, and all of its key, also what comes."""
        key = stored.parcel.key
        lane = self._lanes.pop(key) if key else (stored,)
        self.held -= len(lane)
        self.size -= sum(len(each.parcel.body) for each in lane)
        if key:
            self.behind.pop(key, None)
            self.barred.add(hash(key))

    def holding_up(self, id: int) -> Stored | None:
        """The first of the key that one has, which may be itself; None: it is not known here."""
        for lane in self._lanes.values():
            if any(stored.id == id for stored in lane):
                return lane[0]
        waiting = (stored for _, _, stored in self._waiting)
        return next((stored for stored in waiting if stored.id == id), None)

    def settled(self, stored: Stored) -> None:
        """One is delivered, or dead: the next of its key may go."""
        self.held -= 1
        self.size -= len(stored.parcel.body)
        key = stored.parcel.key
        if not key:
            return
        lane = self._lanes[key]
        lane.popleft()
        if lane:
            self._ready.append(lane[0])
        elif key in self.behind:
            self.dry.append(key)
        else:
            del self._lanes[key]
