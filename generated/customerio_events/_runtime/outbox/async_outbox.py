"""The async outbox: everything is awaited, and tasks of the event loop deliver."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Any, TypeVar

from ..delivery.checks import deadline
from ..delivery.settings import Settings
from ..store.errors import Busy, OutboxClosed, OutboxError, OutboxFull
from ..store.files import MEMORY
from ..store.forks import at_exit
from ..store.journal import LEAVE, PATIENCE
from ..store.storage import DeadLetter, Storage
from .letters import Letters, ids_of, window
from .receipts import AsyncReceipt, Outcome
from .sleepers import Sleepers
from .states import State
from .stats import Stats
from .tasks import TICK, TaskedOutbox

_LAST = 5.0
_T = TypeVar("_T")
_Box = TypeVar("_Box", bound="AsyncBaseOutbox")


# A function of its own, as typing.Self is not there before Python 3.11.
async def _entered(box: _Box) -> _Box:
    box.start()
    return box


class AsyncBaseOutbox(TaskedOutbox):
    """See the `AsyncOutbox` that a package has of it."""

    def __init__(self, path: str | os.PathLike[str] | None, settings: Settings) -> None:
        super().__init__(path, settings)
        self._sender: Any = settings.client
        at_exit(self._leave)

    async def _put(
        self,
        event: object,
        operation: str | None,
        key: str | None,
        label: str,
        arguments: dict[str, Any],
    ) -> AsyncReceipt:
        parcel = self._parcel(event, operation, key, label, arguments)
        accepted = await self._accepted(
            lambda store, wait: [store.add(parcel, wait=wait)], 1
        )
        return accepted[0]

    async def _put_many(
        self,
        events: Iterable[Any],
        operation: str | None,
        key: str | None,
        labels: Iterable[str],
        notes: Mapping[str, str],
        arguments: dict[str, Any],
    ) -> list[AsyncReceipt]:
        parcels = self._parcels(events, operation, key, labels, arguments)
        self._room.check(len(parcels))
        return await self._accepted(
            lambda store, wait: store.add_many(parcels, notes, wait=wait),
            len(parcels),
        )

    async def _accepted(
        self, add: Callable[[Storage, float], list[int]], events: int
    ) -> list[AsyncReceipt]:
        """The receipts of what is added as soon as there is room."""
        state = self._run()
        while True:
            try:
                if self._room.has(state.store, events):
                    ids = await self._unblocked(lambda wait: add(state.store, wait))
                    break
            except OutboxFull:
                if self._settings.when_full == "raise":
                    raise
            await asyncio.sleep(TICK / 10)
            if self._closed:
                raise OutboxClosed
        receipts = [AsyncReceipt(id, self._wait) for id in ids]
        for receipt in receipts:
            state.receipts.hold(receipt)
        self._arrived(state)
        return receipts

    async def _unblocked(self, work: Callable[[float], _T]) -> _T:
        """The result of a short write, made here unless it would have to wait."""
        if self._settings.sync == "os":
            with suppress(Busy):
                return work(0.0)
        return await asyncio.to_thread(work, PATIENCE)

    async def _wait(self, receipt: AsyncReceipt, timeout: float | None) -> Outcome:
        until = deadline(timeout)
        alarm = Sleepers()
        with receipt.waking(partial(alarm.wake, everyone=True)):
            while True:
                if receipt.outcome is None and not self._closed:
                    self._run().look_up(receipt)
                if receipt.outcome is not None:
                    return receipt.outcome
                left = until - monotonic()
                if left <= 0 or self._closed:
                    raise TimeoutError(self._waits(receipt))
                await alarm.sleep(min(left, self._state.patience))

    async def stats(self) -> Stats:
        """How it stands."""
        return self.snapshot()

    async def notes(self) -> dict[str, str]:
        """What was noted in the outbox with `put_many`, by name."""
        return await asyncio.to_thread(self._opened().store.notes)

    async def dead_letters(
        self, *, after: int = 0, most: int = 1000
    ) -> list[DeadLetter]:
        """What the server does not want, the oldest first: so many, from beyond an id."""
        asked = window(after, most)
        return await asyncio.to_thread(self._opened().store.dead_letters, **asked)

    async def retry_dead(self, letters: Letters | None = None) -> int:
        """Put dead letters, all or those, into the queue again; how many that were.

        `letters`: ids, or dead letters themselves, or what `on_failure` was told.
        """
        ids = ids_of(letters)
        self._opened()
        state = self._run()
        revived = await asyncio.to_thread(state.store.revive, ids)
        self._arrived(state)
        return revived

    async def purge_dead(self, letters: Letters | None = None) -> int:
        """Delete dead letters, all or those, for good; how many that were.

        `letters`: ids, or dead letters themselves, or what `on_failure` was told.
        """
        ids = ids_of(letters)
        return await asyncio.to_thread(self._opened().store.purge, ids)

    async def resume(self) -> None:
        """Try again at once, as after a credential was mended."""
        self._opened()
        self._run()
        self._resume()

    async def flush(self, timeout: float | None = None) -> bool:
        """Wait until everything put in so far is delivered or a dead letter; whether that is so.

        `timeout`: seconds to wait at most; None: as long as it takes.
        """
        until = deadline(timeout)
        self._opened()
        state = self._run()
        flushed = await self._flushed(state, until)
        if not flushed:
            self._tell_unflushed(state, timeout)
        return flushed

    async def _flushed(
        self, state: State, until: float, *, closing: bool = False
    ) -> bool:
        """Wait for what was put in. `closing`: not where nothing can be delivered in time."""
        last = state.store.last()
        pause = 0.001
        while state.store.waits(last):
            left = until - monotonic()
            if left <= 0 or (closing and self._hopeless(state, until)):
                return False
            await asyncio.sleep(min(pause, left))
            self._run()  # somebody may have cancelled all tasks just before this began
            pause = min(pause * 2, 0.05)
        return True

    async def aclose(self, timeout: float | None = _LAST) -> bool:
        """Deliver for so many seconds at most what waits, and stop; whether all was delivered.

        It takes hardly longer than that, and less where nothing can be delivered meanwhile, as in a
        pause, or where it is cancelled. What is left stays in the file, for the next that opens it;
        in memory it is lost, which is a WARNING in the log. The client is closed too.
        """
        until = deadline(timeout)
        if self._closed:
            return self._emptied
        state = self._run() if self._settings.concurrency else self._state
        try:
            if self._settings.concurrency:
                self._emptied = await self._flushed(state, until, closing=True)
        finally:
            self._closed = True
            state.receipts.wake()
            await self._end(state, until)
        return self._emptied

    async def _end(self, state: State, until: float) -> None:
        """Stop, and let go of everything, whoever is cancelled meanwhile."""
        try:
            await self._stop(state)
            await self._alarms.over(max(TICK, until - monotonic()))
        finally:
            try:
                await self._sender.aclose()
            finally:
                await self._let_go(state)

    async def _let_go(self, state: State) -> None:
        """Close the file, and leave it to others to deliver."""
        state.store.shut()
        with suppress(OutboxError):
            self._tell_left(state)
        until = monotonic() + LEAVE
        try:
            while not state.leave() and monotonic() < until:
                await asyncio.sleep(TICK / 10)
        finally:
            state.store.close()

    def _leave(self) -> None:
        """The program ends, and no loop runs any more: what is in memory is lost."""
        if self._own is not None and not self._closed and self._path == MEMORY:
            self._tell_left(self._own)

    __aenter__ = _entered

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
