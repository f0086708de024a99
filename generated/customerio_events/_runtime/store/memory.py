"""What is waiting to be delivered, and what could not be, in memory: see `Store`."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from time import time

from ..delivery.parcels import Parcel
from .byhand import DELETED, MOST_RECENT
from .errors import OutboxClosed
from .files import MEMORY
from .storage import Counts, DeadLetter, Page, Settled, Stored


class MemoryStore:
    """What a `Store` is, of one process alone, and gone with it."""

    def __init__(self, origin: int) -> None:
        self.path = MEMORY
        self.lock = threading.RLock()
        self._origin = origin
        self._last = self._delivered = 0
        self._events: dict[int, Stored] = {}
        self._unread: deque[Stored] = deque()
        self._dead: dict[int, DeadLetter] = {}
        self._notes: dict[str, str] = {}
        self._recent: dict[int, int] = {}
        """What became of those that were put back or deleted, as in a file: minus its id now, 0."""
        self._paused = self._stalled = ""
        self._shut = False

    def add(self, parcel: Parcel, *, wait: float = 0.0) -> int:
        with self.lock:
            return self._add(parcel)

    def _add(self, parcel: Parcel) -> int:
        if self._shut:
            raise OutboxClosed
        self._last = id = self._last + 1
        stored = Stored(id, parcel, time(), 0, self._origin)
        self._events[id] = stored
        self._unread.append(stored)
        return id

    def add_many(
        self, parcels: Iterable[Parcel], notes: Mapping[str, str], *, wait: float = 0.0
    ) -> list[int]:
        with self.lock:
            self._notes.update(notes)
            return [self._add(parcel) for parcel in parcels]

    def notes(self) -> dict[str, str]:
        return dict(self._notes)

    def read(self, after: int, most: int, without: Sequence[str] = ()) -> Page:
        with self.lock:
            unread = self._unread
            if not after:  # from the beginning, be it once more
                self._unread = unread = deque(self._events.values())
            found = [unread.popleft() for _ in range(min(most, len(unread)))]
            return Page(found, found[-1].id if found else after, bool(unread))

    def read_of_key(self, key: str, first: int, last: int, most: int) -> list[Stored]:
        found = list[Stored]()
        with self.lock:
            # Not all that wait are looked at, as that would be so each time.
            for id in range(first, last + 1):
                stored = self._events.get(id)
                if stored is not None and stored.parcel.key == key:
                    found.append(stored)
                    if len(found) == most:
                        break
        return found

    def settle(self, settled: Settled, *, wait: float = 0.0) -> None:
        with self.lock:
            for stored, _ in settled.delivered:
                self._delivered += self._events.pop(stored.id, None) is not None
            for letter in settled.dead:
                if self._events.pop(letter.id, None) is not None:
                    self._dead[letter.id] = letter

    def counts(self) -> Counts:
        with self.lock:
            first = next(iter(self._events.values()), None)
            return Counts(
                pending=len(self._events),
                delivered=self._delivered,
                dead=len(self._dead),
                oldest=None if first is None else first.created,
            )

    def pending(self) -> int:
        return len(self._events)

    def last(self) -> int:
        return self._last

    def waits(self, last: int) -> bool:
        with self.lock:
            return next(iter(self._events), last + 1) <= last

    def version(self) -> int:
        return 0

    def outcome(self, id: int) -> DeadLetter | int | bool | None:
        with self.lock:
            if id in self._events:
                return None
            if id in self._dead:
                return self._dead[id]
            status = self._recent.get(id)
            if status is None:
                return True
            return self.outcome(-status) if status < 0 else status

    def dead_letters(self, *, after: int = 0, most: int = 1000) -> list[DeadLetter]:
        with self.lock:
            return [letter for id, letter in self._dead.items() if id > after][:most]

    def revive(self, ids: Sequence[int] | None = None) -> int:
        with self.lock:
            asked = (
                [*self._dead] if ids is None else [id for id in ids if id in self._dead]
            )
            for id in asked:
                self._remember(id, -self._add(self._dead.pop(id).parcel))
        return len(asked)

    def purge(
        self, ids: Sequence[int] | None = None, *, before: float | None = None
    ) -> int:
        with self.lock:
            gone = [
                id
                for id, letter in self._dead.items()
                if before is None or letter.died < before
            ]
            if ids is not None:
                gone = [id for id in dict.fromkeys(ids) if id in self._dead]
            for id in gone:
                del self._dead[id]
                self._remember(id, DELETED)
        return len(gone)

    def _remember(self, id: int, status: int) -> None:
        self._recent[id] = status
        if len(self._recent) > MOST_RECENT:
            del self._recent[next(iter(self._recent))]

    def claim(self, owner: str, seconds: float, dead: object) -> bool:
        return True

    def release(self, owner: str, *, wait: float = 0.0) -> None:
        pass

    def hold(self, seconds: float, *, wait: float = 0.0) -> None:
        pass

    def held(self) -> float:
        return 0.0

    def pause(self, reason: str, *, wait: float = 0.0) -> None:
        self._paused = reason

    def paused(self) -> str:
        return self._paused

    def let_go(self) -> None:
        pass

    def stall(self, text: str) -> None:
        self._stalled = text

    def stalled(self) -> str:
        return self._stalled

    def shut(self) -> None:
        with self.lock:
            self._shut = True

    def close(self) -> None:
        pass
