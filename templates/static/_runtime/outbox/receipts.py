"""What whoever put an event in can hold on to, to learn what came of it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from weakref import ref

from ..store.storage import DeadLetter


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an event.

    Attributes:
        delivered: whether the server has it; else it is a dead letter.
        status: of the answer; None: none came, or another process delivered it long ago.
        reason: why it is a dead letter, in a line; empty where it was delivered.
        errors: the server's own texts, where the document says where they stand.
    """

    delivered: bool
    status: int | None
    reason: str = ""
    errors: tuple[str, ...] = ()

    @classmethod
    def of(cls, found: DeadLetter | int | bool) -> Outcome:
        """That of what a store knows: see `Storage.outcome`."""
        if isinstance(found, DeadLetter):
            return cls(
                delivered=False,
                status=found.status,
                reason=found.reason,
                errors=found.errors,
            )
        if not found:
            return cls(delivered=False, status=None, reason="it was deleted by hand")
        return cls(delivered=True, status=None if found is True else found)


_MOST_KEPT = 1000


@lru_cache(maxsize=64)
def delivered(status: int | None) -> Outcome:
    """That of an event that the server has."""
    return Outcome(delivered=True, status=status)


class BaseReceipt:
    """Of one event that was put in. `id`: in the outbox, for good."""

    __slots__ = ("__weakref__", "_alarms", "_outcome", "_wait", "id")

    def __init__(self, id: int, wait: Callable[[Any, float | None], Any]) -> None:
        self.id = id
        self._wait = wait
        self._outcome: Outcome | None = None
        self._alarms: list[Callable[[], object]] = []  # without a lock: see Receipts

    @property
    def outcome(self) -> Outcome | None:
        """What became of it, as far as this process knows; None: nothing yet."""
        return self._outcome

    @contextmanager
    def waking(self, alarm: Callable[[], object]) -> Generator[None, None, None]:
        """Have `alarm` called when it is settled, in a `with`; several may wait at once."""
        self._alarms.append(alarm)
        try:
            yield
        finally:
            self._alarms.remove(alarm)

    def settle(self, outcome: Outcome) -> None:
        """Say what became of it, and wake who waits."""
        self._outcome = outcome
        self.ring()

    def ring(self) -> None:
        """Wake who waits."""
        for alarm in tuple(self._alarms):
            alarm()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}>"


class AsyncReceipt(BaseReceipt):
    """Of one event that was put in; `id`: in the outbox, for good."""

    __slots__ = ()

    async def wait(self, timeout: float | None = None) -> Outcome:
        """Wait until it is delivered, or a dead letter.

        Raises:
            TimeoutError: it is neither after so many seconds; it stays in the outbox.
        """
        outcome: Outcome = await self._wait(self, timeout)
        return outcome

    def __await__(self) -> Generator[Any, None, Outcome]:
        """As `wait`, as long as it takes."""
        return self.wait().__await__()


class Receipts:
    """The receipts of a process that somebody still holds.

    No lock: what is done to a dict is atomic, and Ctrl-C may come between any two calls.
    """

    def __init__(self) -> None:
        self._held: dict[int, ref[BaseReceipt]] = {}
        self._most = _MOST_KEPT
        self._early: dict[int, Outcome] = {}
        """Of the last ones without a receipt: it may come when its event is delivered already."""

    def hold(self, receipt: BaseReceipt) -> None:
        """Remember one for as long as somebody else does."""
        self._held[receipt.id] = ref(receipt)
        outcome = self._early.pop(receipt.id, None) if self._early else None
        if outcome is not None:
            self._held.pop(receipt.id, None)
            receipt.settle(outcome)
        elif len(self._held) > self._most:
            self._forget()

    def settle(self, id: int, outcome: Outcome) -> None:
        """Say what became of an event."""
        early = self._early
        early[id] = outcome  # first: it may be held at this very moment
        held = self._held.pop(id, None)
        if held is not None:
            early.pop(id, None)
            receipt = held()
            if receipt is not None:
                receipt.settle(outcome)
        elif len(early) > _MOST_KEPT:
            for old in list(early)[: _MOST_KEPT // 2]:
                early.pop(old, None)

    def wake(self) -> None:
        """Have all who wait look again."""
        for held in list(self._held.values()):
            receipt = held()
            if receipt is not None:
                receipt.ring()

    def _forget(self) -> None:
        """Let go of those that nobody holds, so that what is left costs no more than it is."""
        for id, held in list(self._held.items()):
            if held() is None:
                self._held.pop(id, None)
        self._most = _MOST_KEPT + 2 * len(self._held)
