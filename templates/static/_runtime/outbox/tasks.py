"""The tasks of an event loop that deliver what is in an outbox."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Awaitable
from contextlib import suppress
from functools import partial

from ..delivery.settings import Settings
from ..store.errors import OutboxError
from ..store.files import MEMORY
from ..store.storage import Stored
from .alarms import Alarms
from .base import BaseOutbox
from .batches import Judged
from .desk import Settlement
from .landing import Landing
from .sleepers import Sleepers
from .states import State

TICK = 0.1
_SLOW = 1.0


class TaskedOutbox(BaseOutbox):
    """An outbox that tasks deliver from, on the loop that is running when it is used first."""

    def __init__(self, path: str | os.PathLike[str] | None, settings: Settings) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._running: State | None = None
        self._sleepers = Sleepers()
        self._landing: Landing
        super().__init__(path, settings)
        self._alarms = Alarms(self._logger)

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

    async def _stop(self, state: State) -> None:
        with state.lock:
            state.stopping = True
            self._wake(state, everyone=True)
        if state.workers:
            try:
                await asyncio.wait(state.workers, timeout=2 * TICK)
            finally:
                for task in state.workers:
                    task.cancel()
            await asyncio.gather(*state.workers, return_exceptions=True)
            if not await self._landing.emptied(2 * TICK):
                self._landing.forget()
                self._logger.warning(
                    "closed before it was written what was delivered last: it may be sent once more"
                )

    async def _keep_on(self, state: State) -> None:
        while not state.stopping:
            try:
                await asyncio.to_thread(self._keep, state)
                self._can(state, "keep")
            except Exception as error:  # noqa: BLE001 - it is logged
                self._complain_once(state, "keep", error)
                await asyncio.sleep(_SLOW)
            await asyncio.sleep(TICK)
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

    def _called(self, returned: object) -> None:
        self._alarms.take(returned)

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
