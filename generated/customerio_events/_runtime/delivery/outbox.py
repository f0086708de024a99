"""The sync outbox: threads of its own deliver what was put in."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from time import monotonic, sleep
from typing import Any, TypeVar

from .base import BaseOutbox, found, undone
from .checks import deadline
from .desk import Settlement
from .errors import OutboxClosed, OutboxError, OutboxFull
from .forks import at_exit
from .receipts import BaseReceipt, Outcome
from .settings import Settings
from .states import State
from .stats import Stats
from .storage import Storage, Stored

_TICK = 0.1
"""Seconds between looks at what other processes do."""
_SLOW = 1.0
"""Seconds between tries to write to a disk that is full."""
_SELDOM = 60
"""So many tries go by until the log says again that they are in vain."""
_LAST = 5.0
"""Seconds that the end of a program waits for what is under way."""
_Box = TypeVar("_Box", bound="SyncOutbox")


class Receipt(BaseReceipt):
    """Of one event that was put in; `id`: in the outbox, for good."""

    __slots__ = ()

    def wait(self, timeout: float | None = None) -> Outcome:
        """Wait until it is delivered, or a dead letter.

        Raises:
            TimeoutError: it is neither after so many seconds; it stays in the outbox.
        """
        outcome: Outcome = self._wait(self, timeout)
        return outcome


# A function of its own, as typing.Self is not there before Python 3.11.
def _entered(box: _Box) -> _Box:
    return box


class SyncOutbox(BaseOutbox):
    """See the `Outbox` that a package has of it."""

    def __init__(self, path: str | os.PathLike[str] | None, settings: Settings) -> None:
        super().__init__(path, settings)
        self._sender: Any = settings.client
        at_exit(self._leave)

    def _start(self, state: State) -> None:
        names = ["keeper", *("sender" for _ in range(self._settings.concurrency))]
        for name in names if self._settings.concurrency else ():
            work = self._keep_on if name == "keeper" else self._deliver
            thread = threading.Thread(
                target=work, args=(state,), name=f"outbox-{name}", daemon=True
            )
            state.workers.append(thread)
            thread.start()

    def _wake(self, state: State, *, everyone: bool = False) -> None:
        state.gate.notify(len(state.workers) if everyone else 1)

    def _put(
        self,
        event: object,
        operation: str | None,
        key: str | None,
        label: str,
        arguments: dict[str, Any],
    ) -> Receipt:
        parcel = self._parcel(event, operation, key, label, arguments)
        return self._accepted(lambda store: [store.add(parcel)], 1)[0]

    def _put_many(
        self, events: Iterable[Any], labels: Iterable[str], notes: Mapping[str, str]
    ) -> list[Receipt]:
        parcels = self._parcels(events, labels)
        self._check_most(len(parcels))
        return self._accepted(
            lambda store: store.add_many(parcels, notes), len(parcels)
        )

    def _accepted(
        self, add: Callable[[Storage], list[int]], events: int
    ) -> list[Receipt]:
        """The receipts of what is added as soon as there is room."""
        state = self._state
        while True:
            try:
                if self._has_room(state, events):
                    receipts = [Receipt(id, self._wait) for id in add(state.store)]
                    break
            except OutboxFull:
                if self._settings.when_full == "raise":
                    raise
            sleep(_TICK / 10)
            if self._closed:
                raise OutboxClosed
        for receipt in receipts:
            state.receipts.hold(receipt)
        self._arrived(state)
        return receipts

    def stats(self) -> Stats:
        """How it stands."""
        return self.snapshot()

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until everything put in so far is delivered or a dead letter; whether that is so.

        `timeout`: seconds to wait at most; None: as long as it takes.
        """
        until = deadline(timeout)
        state = self._opened()
        flushed = self._flushed(state, until)
        if not flushed:
            self._tell_unflushed(state, timeout)
        return flushed

    def _flushed(self, state: State, until: float, *, closing: bool = False) -> bool:
        """Wait for what was put in. `closing`: not where nothing can be delivered in time."""
        last = state.store.last()
        pause = 0.001
        while state.store.waits(last):
            left = until - monotonic()
            if left <= 0 or (closing and self._hopeless(state, until)):
                return False
            sleep(min(pause, left))
            pause = min(pause * 2, 0.05)
        return True

    def close(self, timeout: float | None = _LAST) -> bool:
        """Deliver for so many seconds at most what waits, and stop; whether all was delivered.

        It takes hardly longer than that, and less where nothing can be delivered meanwhile, as in a
        pause. What is left stays in the file, for the next that opens it; in memory it is lost,
        which is a WARNING in the log. The client is closed too.
        """
        until = deadline(timeout)
        if self._closed:
            return self._emptied
        state = self._state
        if self._settings.concurrency:
            self._emptied = self._flushed(state, until, closing=True)
        self._closed = True
        ended = self._stop(state, max(until, monotonic()) + 2 * _TICK)
        self._sender.close()
        with suppress(OutboxError):
            self._tell_left(state)
        if ended:
            with suppress(OutboxError):
                state.store.release(state.owner)
            state.store.close()
        return self._emptied

    def _leave(self) -> None:
        """The program ends; what a fork has left of an outbox has nothing to do with it."""
        if self._own is not None:
            self.close()

    def _stop(self, state: State, until: float) -> bool:
        """Have the senders end; whether they did, but for one that is calling `on_failure` here."""
        state.stopping = True
        # Not for long: a signal handler may close it that came in the midst of what others need.
        if state.lock.acquire(timeout=_TICK):
            try:
                state.gate.notify_all()
            finally:
                state.lock.release()
        here = threading.current_thread()
        others = [thread for thread in state.workers if thread is not here]
        for thread in others:
            thread.join(min(max(0.0, until - monotonic()), threading.TIMEOUT_MAX))
        return not any(thread.is_alive() for thread in others)

    def _wait(self, receipt: Receipt, timeout: float | None) -> Outcome:
        until = deadline(timeout)
        # An Event could be left by Ctrl-C in a state that holds up the sender.
        alarm = threading.Lock()
        alarm.acquire()
        receipt.wake(partial(_release, alarm))
        while True:
            if receipt.outcome is None and not self._closed:
                outcome = found(self._state, receipt)
                if outcome is not None and receipt.outcome is None:
                    receipt.settle(outcome)
            if receipt.outcome is not None:
                return receipt.outcome
            left = until - monotonic()
            if left <= 0 or self._closed:
                raise TimeoutError(self._waits(receipt))
            alarm.acquire(timeout=min(left, _TICK))

    def _keep_on(self, state: State) -> None:
        while not state.stopping:
            try:
                self._keep(state)
            except Exception as error:  # noqa: BLE001 - it is logged
                self._complain(state, error)
                sleep(_SLOW)
            sleep(_TICK)

    def _deliver(self, state: State) -> None:
        while taken := self._next(state):
            try:
                self._carry(state, taken)
            except Exception as error:  # noqa: BLE001 - it is logged
                self._give_back(state, taken)
                self._complain(state, error)

    def _carry(self, state: State, taken: list[Stored]) -> None:
        for judged in self._batches.carry(taken):
            settlements = self._judged(state, judged)
            if self._written(state, settlements):
                self._go_on(state, settlements)

    def _next(self, state: State) -> list[Stored]:
        """What is to be sent now, waited for; nothing: it is time to stop."""
        with state.lock:
            while not state.stopping:
                try:
                    taken = state.desk.take(self._batches)
                except Exception as error:  # noqa: BLE001 - it is logged
                    self._complain(state, error)
                    taken = _SLOW
                if isinstance(taken, list):
                    if state.idle and state.desk.ready:
                        self._wake(state)
                    return taken
                state.idle += 1
                if not state.desk.fresh or taken > 0:
                    state.gate.wait(min(taken, 3600.0))
                state.idle -= 1
            return []

    def _written(self, state: State, settlements: list[Settlement]) -> bool:
        """Write what was decided, however long that takes; False: the outbox was closed."""
        tried = 0
        while True:
            try:
                self._write(state, settlements)
                return True
            except OutboxError as error:
                if tried % _SELDOM == 0:
                    self._logger.error("%s", undone(error))
                if state.stopping:
                    return False
            tried += 1
            sleep(_SLOW)

    __enter__ = _entered

    def __exit__(self, *_: object) -> None:
        self.close()


def _release(alarm: threading.Lock) -> None:
    with suppress(RuntimeError):  # it was released already
        alarm.release()
