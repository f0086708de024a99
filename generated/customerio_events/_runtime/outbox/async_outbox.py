"""The async outbox: tasks of the event loop deliver what was put in."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping
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
from ..store.storage import DeadLetter, Storage, Stored
from .alarms import Alarms
from .base import BaseOutbox
from .batches import Judged
from .desk import Settlement
from .landing import Landing
from .letters import Letters, ids_of, window
from .receipts import AsyncReceipt, Outcome
from .sleepers import Sleepers
from .states import State
from .stats import Stats

_TICK = 0.1
_SLOW = 1.0
_LAST = 5.0
_T = TypeVar("_T")
_Box = TypeVar("_Box", bound="AsyncBaseOutbox")


# A function of its own, as typing.Self is not there before Python 3.11.
async def _entered(box: _Box) -> _Box:
    box.start()
    return box


class AsyncBaseOutbox(BaseOutbox):
    """See the `AsyncOutbox` that a package has of it."""

    def __init__(self, path: str | os.PathLike[str] | None, settings: Settings) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._running: State | None = None
        self._sleepers = Sleepers()
        self._landing: Landing
        super().__init__(path, settings)
        self._alarms = Alarms(self._logger)
        self._sender: Any = settings.client
        at_exit(self._leave)

    def _start(self, state: State) -> None:
        """Nothing yet: there may be no loop."""

    def start(self) -> None:
        """Deliver what waits already, on the loop that is running now; `put` does it too."""
        self._run()

    def _run(self) -> State:
        """Have the tasks run on the loop that is running now."""
        state, loop = self._state, asyncio.get_running_loop()
        if self._running is state and self._loop is loop:
            if state.workers and state.workers[0].done() and not self._closed:
                self._employ(state)  # somebody has cancelled all tasks of the loop
            return state
        if self._running is state and self._loop is not None:
            self._begin_anew(state, self._loop)
        self._running, self._loop = state, loop
        self._landing = Landing(
            loop,
            partial(self._write, state),
            partial(self._done, state),
            partial(self._again, state),
            at_once=self._settings.sync == "os" or self._path == MEMORY,
        )
        self._thread = threading.get_ident()
        self._sleepers = Sleepers()
        state.workers = []
        if self._settings.concurrency and not self._closed:
            self._employ(state)
        return state

    def _begin_anew(self, state: State, loop: asyncio.AbstractEventLoop) -> None:
        """Begin anew for another loop: what the tasks of this one had taken goes with them."""
        if loop.is_running():
            raise RuntimeError(
                "this outbox belongs to another event loop, which is running: make one for each"
            )
        if not loop.is_closed():
            for task in state.workers:
                task.cancel()
        self._landing.forget()
        state.begin()

    def _employ(self, state: State) -> None:
        """Have a task for the lease and as many senders as are wanted, where there are none."""
        work = [
            self._keep_on,
            *(self._deliver for _ in range(self._settings.concurrency)),
        ]
        loop, before = asyncio.get_running_loop(), state.workers or [None] * len(work)
        state.workers = [
            loop.create_task(each(state)) if task is None or task.done() else task
            for each, task in zip(work, before, strict=True)
        ]

    def _wake(self, state: State, *, everyone: bool = False) -> None:
        if self._loop is None:
            return
        wake = partial(self._sleepers.wake, everyone=everyone)
        if threading.get_ident() == self._thread:
            wake()
        else:
            with suppress(RuntimeError):  # the loop is closed
                self._loop.call_soon_threadsafe(wake)

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
            await asyncio.sleep(_TICK / 10)
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
            await self._alarms.over(max(_TICK, until - monotonic()))
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
                await asyncio.sleep(_TICK / 10)
        finally:
            state.store.close()

    def _leave(self) -> None:
        """The program ends, and no loop runs any more: what is in memory is lost."""
        if self._own is not None and not self._closed and self._path == MEMORY:
            self._tell_left(self._own)

    async def _stop(self, state: State) -> None:
        with state.lock:
            state.stopping = True
            self._wake(state, everyone=True)
        if state.workers:
            try:
                await asyncio.wait(state.workers, timeout=2 * _TICK)
            finally:
                for task in state.workers:
                    task.cancel()
            await asyncio.gather(*state.workers, return_exceptions=True)
            if not await self._landing.emptied(2 * _TICK):
                self._landing.forget()
                self._logger.warning(
                    "closed before it was written what was delivered last: it may be sent once more"
                )

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

    async def _keep_on(self, state: State) -> None:
        while not state.stopping:
            try:
                await asyncio.to_thread(self._keep, state)
                self._can(state, "keep")
            except Exception as error:  # noqa: BLE001 - it is logged
                self._complain_once(state, "keep", error)
                await asyncio.sleep(_SLOW)
            await asyncio.sleep(_TICK)
            if not state.stopping and any(task.done() for task in state.workers):
                self._logger.error("senders of the outbox were cancelled: others go on")
                self._employ(state)

    async def _deliver(self, state: State) -> None:
        desk, landing = state.desk, self._landing

        def land(judged: Judged) -> Awaitable[None]:
            return landing.settle(self._judged(state, judged))

        while taken := await self._next(state):
            try:
                await self._batches.carry(taken, land)
            except Exception as error:  # noqa: BLE001 - it is logged
                self._give_back(state, taken)
                self._complain(state, error)
            except asyncio.CancelledError:  # also where a hook awaits what is cancelled
                if desk is state.desk:
                    self._give_back(state, taken)
                raise

    def _called(self, returned: object) -> None:
        self._alarms.take(returned)

    async def _next(self, state: State) -> list[Stored]:
        """What is to be sent now, waited for; nothing: it is time to stop."""
        while not state.stopping:
            with state.lock:
                try:
                    taken = state.desk.take(self._batches)
                    self._can(state, "take")
                except Exception as error:  # noqa: BLE001 - it is logged
                    self._complain_once(state, "take", error)
                    taken = _SLOW
                if isinstance(taken, list):
                    if state.idle and state.desk.ready:
                        self._wake(state)
                    return taken
                state.idle += 1
            try:
                wait = 0.0 if self._missed(state) else min(taken, 3600.0)
                await self._sleepers.sleep(wait)  # others may go on meanwhile
            finally:
                state.idle -= 1
        return []

    def _again(self, state: State, error: BaseException) -> bool:
        """Whether to try once more to write what was decided, however long that takes."""
        if not isinstance(error, OutboxError):
            return False
        self._tell_undone(state, error)
        return not state.stopping

    def _done(
        self, state: State, settlements: list[Settlement], error: BaseException | None
    ) -> None:
        """Go on after a write; have sent again what cannot be written, unless it is closed."""
        try:
            if error is None:
                self._go_on(state, settlements)
        except Exception as unforeseen:  # noqa: BLE001 - it is logged
            error = unforeseen
        if error is not None and not isinstance(error, OutboxError):
            self._give_back(state, [each.stored for each in settlements])
            self._complain(state, error)

    __aenter__ = _entered

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
