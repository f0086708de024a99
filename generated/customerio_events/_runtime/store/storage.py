"""What is waiting to be delivered, and what could not be; and what keeps it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from ..delivery.parcels import Parcel


class Stored:
    """A parcel in the outbox.

    Attributes:
        id: rises in the order they were put in.
        created: when that was, seconds since 1970.
        faults: how often it failed while others were delivered.
        origin: the outbox object that put it in.
        attempts: made by this process.
        failure: what the last of them came to, in a short line without words of the server.
        number: of the request that it was last sent with.
        seen: how many requests had been sent when it last failed; -1: it has not.
        excused: it was seen that others were let in while it was not, so that it is no evidence
            that nobody is.
        due: when it may be sent again, on the monotonic clock.
        under_way: it was taken to be sent, and what came of it is not settled.
    """

    __slots__ = (
        "attempts",
        "created",
        "due",
        "excused",
        "failure",
        "faults",
        "id",
        "number",
        "origin",
        "parcel",
        "seen",
        "under_way",
    )

    def __init__(
        self, id: int, parcel: Parcel, created: float, faults: int, origin: int
    ) -> None:
        self.id = id
        self.parcel = parcel
        self.created = created
        self.faults = faults
        self.origin = origin
        self.attempts = 0
        self.failure = ""
        self.number = 0
        self.seen = -1
        self.excused = False
        self.due = 0.0
        self.under_way = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """What the server does not want: all that a `Failure` has, and when that was.

    Attributes:
        id: in the outbox.
        parcel: what was sent; `body`, `operation`, `key` and `label` are of it.
        created: when it was put in, seconds since 1970.
        died: when the server refused it.
        status: of the last answer; None: none came.
        reason: why it is here, in a line.
        errors: the server's own texts.
    """

    id: int
    parcel: Parcel
    created: float
    died: float
    status: int | None
    reason: str
    errors: tuple[str, ...]
    kind: ClassVar[str] = "dead"
    cause: ClassVar[None] = None

    @property
    def operation(self) -> str:
        """The operation that it was sent with."""
        return self.parcel.operation

    @property
    def body(self) -> bytes:
        """The JSON of the event."""
        return self.parcel.body

    @property
    def key(self) -> str:
        """What it was kept in order by; empty: nothing."""
        return self.parcel.key

    @property
    def label(self) -> str:
        """What it was put in with."""
        return self.parcel.label


@dataclass(slots=True)
class Page:
    """What was read of a store at a time.

    Attributes:
        found: in order.
        end: the id up to which there are no others, but for those of keys that were left out.
        more: there are some beyond it.
    """

    found: list[Stored]
    end: int
    more: bool


@dataclass(slots=True)
class Settled:
    """What came of some parcels.

    Attributes:
        delivered: each with the status of its answer.
        dead: the dead letters that were parcels until now.
        failed: those that stay, and whose `faults` have changed.
    """

    delivered: Sequence[tuple[Stored, int | None]] = ()
    dead: Sequence[DeadLetter] = ()
    failed: Sequence[Stored] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many there are; `oldest`: when the oldest that waits was put in, or None."""

    pending: int
    delivered: int
    dead: int
    oldest: float | None


class Storage(Protocol):
    """Keeps parcels until they are delivered; safe to use from several threads.

    Attributes:
        path: of the file, or ":memory:".
        lock: held by whoever is within it.
    """

    path: str
    lock: threading.RLock

    def add(self, parcel: Parcel, *, wait: float = ...) -> int:
        """Store a parcel; its id. `wait`: seconds to wait for other processes that write."""
        ...

    def add_many(
        self, parcels: Iterable[Parcel], notes: Mapping[str, str], *, wait: float = ...
    ) -> list[int]:
        """Store parcels and notes: all of it, or nothing; the ids."""
        ...

    def notes(self) -> dict[str, str]:
        """What was noted, by name."""
        ...

    def read(self, after: int, most: int, without: Sequence[str] = ()) -> Page:
        """Some of the next ones beyond an id; those of some keys may be left out."""
        ...

    def read_of_key(self, key: str, first: int, last: int, most: int) -> list[Stored]:
        """Those of a key, from one id to another."""
        ...

    def settle(self, settled: Settled, *, wait: float = ...) -> None:
        """Remember what came of parcels."""
        ...

    def counts(self) -> Counts:
        """How many there are."""
        ...

    def pending(self) -> int:
        """How many wait: what `counts` has, for less."""
        ...

    def last(self) -> int:
        """The highest id that was ever given."""
        ...

    def waits(self, last: int) -> bool:
        """Whether one up to that id is not settled."""
        ...

    def version(self) -> int:
        """Another number than before if another process has written since."""
        ...

    def outcome(self, id: int) -> DeadLetter | int | bool | None:
        """The status that one was delivered with; True: delivered, with a status that is not known
        any more; 0: somebody deleted it; the dead letter that it is; None: it waits."""
        ...

    def dead_letters(self, *, after: int = ..., most: int = ...) -> list[DeadLetter]:
        """The dead letters beyond an id."""
        ...

    def revive(self, ids: Sequence[int] | None = ...) -> int:
        """Put dead letters back, as the newest; all of them, or those. How many that were."""
        ...

    def purge(
        self, ids: Sequence[int] | None = ..., *, before: float | None = ...
    ) -> int:
        """Delete dead letters for good; all of them, or those. How many that were.

        `before`: of all of them, those that died before that, in seconds since 1970.
        """
        ...

    def claim(self, owner: str, seconds: float, dead: Callable[[str], bool]) -> bool:
        """Become, or stay, the one that delivers, for so long; whether that is so.

        `dead`: tells of another owner whether it surely is no more.
        """
        ...

    def release(self, owner: str, *, wait: float = ...) -> None:
        """Let another deliver. `wait`: as for `add`."""
        ...

    def hold(self, seconds: float, *, wait: float = ...) -> None:
        """Remember, for another process too, that the server wants nothing for so long."""
        ...

    def held(self) -> float:
        """Seconds for which the server wants nothing; never more than it said at first."""
        ...

    def pause(self, reason: str, *, wait: float = ...) -> None:
        """Remember why nothing is sent; empty: it is. `wait`: as for `add`."""
        ...

    def paused(self) -> str:
        """Why nothing is sent; empty: it is."""
        ...

    def let_go(self) -> None:
        """Have nothing open while the process forks; the lock is held."""
        ...

    def stall(self, text: str) -> None:
        """Remember what keeps everything back for the moment; empty: nothing does.

        Raises Busy where others are writing just now.
        """
        ...

    def stalled(self) -> str:
        """What keeps everything back for the moment; empty: nothing does."""
        ...

    def shut(self) -> None:
        """Take nothing in any more that would be lost with the process."""
        ...

    def close(self) -> None:
        """Let go of what is held."""
        ...
