"""The sync outbox: threads of its own deliver what was put in."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from math import inf
from queue import SimpleQueue
from time import monotonic, sleep
from typing import Any, TypeAlias, TypeVar

from ..delivery.checks import deadline
from ..delivery.settings import Settings
from ..store.errors import OutboxClosed, OutboxError, OutboxFull
from ..store.forks import at_exit
from ..store.storage import DeadLetter, Stored
from .base import BaseOutbox
from .desk import Settlement
from .letters import Letters, ids_of, window
from .receipts import BaseReceipt, Outcome
from .senders import Sender
from .states import State
from .stats import Stats

_TICK = 0.1
"""Seconds between looks at what other processes do."""
_SLOW = 1.0
"""Seconds between tries to write to a disk that is full."""
_MOST_UNTOLD = 1000
"""So many dead letters wait for `on_failure` until the senders wait for it too."""
_LAST = 5.0
"""Seconds that the end of a program waits for what is under way."""
_News: TypeAlias = "SimpleQueue[Callable[[], None] | None]"
_T = TypeVar("_T")
_Box = TypeVar("_Box", bound="SyncOutbox")


class Receipt(BaseReceipt):
    """Of one event that was put in; `id`: in the outbox, for good."""

    __slots__ = ()

    def wait(self, timeout: float | None = None) -> Outcome:
        """Wait until it is delivered, or a dead letter.

        Raises:
            TimeoutError: it is neither after so many seconds; it stays in the outbox.
            OutboxError: a signal handler waits that came in the midst of another call.
        """
        outcome: Outcome = self._wait(self, timeout)
        return outcome


# A function of its own, as typing.Self is not there before Python 3.11.
def _entered(box: _Box) -> _Box:
    return box


class SyncOutbox(BaseOutbox):
    """See the `Outbox` that a package has of it."""

    def __init__(self, path: str | os.PathLike[str] | None, settings: Settings) -> None:
        self._sleeping: deque[Sender] = deque()
        """Those that have nothing to do; the lock is held for them."""
        self._news: _News = SimpleQueue()
        self._sender: Any = settings.client
        super().__init__(path, settings)
        at_exit(self._leave)

    def _start(self, state: State) -> None:
        self._sleeping, self._news = deque(), SimpleQueue()
        most = self._settings.concurrency
        if not most:
            return
        # What waits for sockets alone can wait for many. All else may block: a function that gives
        # a credential, a hook, a transport of somebody else's.
        apart: bool = getattr(self._sender, "_waits_apart")  # noqa: B009 - not of its users
        try:
            senders = [Sender(most)] if apart else [Sender(1) for _ in range(most)]
        except OSError as error:
            state.store.close()
            raise OutboxError(
                f"{self._path}: it cannot deliver: {error.strerror}"
            ) from None
        self._employ(state, "keeper", self._keep_on, state)
        for sender in senders:
            self._employ(state, "sender", self._deliver, state, sender)
        if self._settings.on_failure is not None:
            self._employ(state, "teller", self._tell_on, self._news, len(senders))

    def _employ(
        self, state: State, name: str, work: Callable[..., None], *given: object
    ) -> threading.Thread:
        thread = threading.Thread(
            target=work, args=given, name=f"outbox-{name}", daemon=True
        )
        state.workers.append(thread)
        thread.start()
        return thread

    def _wake(self, state: State, *, everyone: bool = False) -> None:
        for sender in tuple(self._sleeping):  # a signal handler may do the same
            sender.ring()  # first: Ctrl-C may come between any two calls
            with suppress(ValueError):
                self._sleeping.remove(sender)
            if not everyone:
                return

    def _arrived(self, state: State) -> None:
        # Without the lock: a signal handler may come here, and wait for what senders need it for.
        # So who is rung for takes itself off the list, and who goes to sleep meanwhile looks again.
        state.desk.fresh = True
        with suppress(IndexError):
            self._sleeping[0].ring()
        self._sleeping.rotate(-1)  # whoever comes next rings for another one

    def _put(
        self,
        event: object,
        operation: str | None,
        key: str | None,
        label: str,
        arguments: dict[str, Any],
    ) -> Receipt:
        parcel = self._parcel(event, operation, key, label, arguments)
        state = self._state
        id = self._added(state, 1, state.store.add, parcel)
        return self._receipt(state, id)

    def _put_many(
        self,
        events: Iterable[Any],
        operation: str | None,
        key: str | None,
        labels: Iterable[str],
        notes: Mapping[str, str],
        arguments: dict[str, Any],
    ) -> list[Receipt]:
        parcels = self._parcels(events, operation, key, labels, arguments)
        self._room.check(len(parcels))
        state, many = self._state, len(parcels)
        ids = self._added(state, many, state.store.add_many, parcels, notes)
        return [self._receipt(state, id) for id in ids]

    def _added(
        self, state: State, events: int, add: Callable[..., _T], *given: object
    ) -> _T:
        """What `add` returns, which is called as soon as there is room for so many."""
        while True:
            try:
                if self._room.has(state.store, events):
                    return add(*given)
            except OutboxFull:
                if self._settings.when_full == "raise":
                    raise
            sleep(_TICK / 10)
            if self._closed:
                raise OutboxClosed

    def _receipt(self, state: State, id: int) -> Receipt:
        receipt = Receipt(id, self._wait)
        state.receipts.hold(receipt)
        self._arrived(state)
        return receipt

    def stats(self) -> Stats:
        """How it stands."""
        return self.snapshot()

    def notes(self) -> dict[str, str]:
        """What was noted in the outbox with `put_many`, by name."""
        return self._opened().store.notes()

    def dead_letters(self, *, after: int = 0, most: int = 1000) -> list[DeadLetter]:
        """What the server does not want, the oldest first: so many, from beyond an id."""
        return self._opened().store.dead_letters(**window(after, most))

    def retry_dead(self, letters: Letters | None = None) -> int:
        """Put dead letters, all or those, into the queue again; how many that were.

        `letters`: ids, or dead letters themselves, or what `on_failure` was told.
        """
        state = self._opened()
        revived = state.store.revive(ids_of(letters))
        self._arrived(state)
        return revived

    def purge_dead(self, letters: Letters | None = None) -> int:
        """Delete dead letters, all or those, for good; how many that were.

        `letters`: ids, or dead letters themselves, or what `on_failure` was told.
        """
        return self._opened().store.purge(ids_of(letters))

    def resume(self) -> None:
        """Try again at once, as after a credential was mended."""
        self._resume()

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until everything put in so far is delivered or a dead letter; whether that is so.

        `timeout`: seconds to wait at most; None: as long as it takes.

        Raises:
            OutboxError: a signal handler waits that came in the midst of another call.
        """
        until = deadline(timeout)
        state = self._opened()
        _check_waiting(state)
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
        state.receipts.wake()
        ended = self._stop(state, max(until, monotonic()) + 2 * _TICK)
        self._sender.close()
        state.store.shut()  # before it is counted: another thread may be putting in
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
        # Without the lock: a signal handler may close it, in the midst of what others need.
        for sender in tuple(self._sleeping):
            sender.ring()
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
        with receipt.waking(partial(_release, alarm)):
            while True:
                if receipt.outcome is None and not self._closed:
                    self._state.look_up(receipt)
                if receipt.outcome is not None:
                    return receipt.outcome
                _check_waiting(self._state)
                left = until - monotonic()
                if left <= 0 or self._closed:
                    raise TimeoutError(self._waits(receipt))
                alarm.acquire(timeout=min(left, self._state.patience))

    def _keep_on(self, state: State) -> None:
        while not state.stopping:
            try:
                self._keep(state)
                self._can(state, "keep")
            except Exception as error:  # noqa: BLE001 - it is logged
                self._complain_once(state, "keep", error)
                sleep(_SLOW)
            sleep(_TICK)

    def _deliver(self, state: State, sender: Sender) -> None:
        while sender.busy or not state.stopping:
            try:
                self._turn(state, sender)
            except Exception as error:  # noqa: BLE001 - it is logged
                self._complain(state, error)
                sleep(_SLOW)
        self._news.put(None)
        with state.lock:
            sender.close()

    def _turn(self, state: State, sender: Sender) -> None:
        try:
            sender.turn(self._begin(state, sender))
        finally:
            self._wakes(state, sender)
        self._end(state, sender)

    def _begin(self, state: State, sender: Sender) -> float:
        """Have as much under way as may be; seconds until there may be more."""
        while sender.free and not state.stopping:
            with state.lock:
                taken = self._taken(state)
                if not isinstance(taken, list):
                    if state.desk.fresh and taken <= 0:
                        if sender.busy:
                            return 0.0
                        continue
                    sender.asleep = True
                    state.idle += 1
                    self._sleeping.append(sender)
                    # Nobody rings who has come before that: to stop it, or with something new.
                    missed = state.stopping or self._missed(state)
                    return 0.0 if missed else taken
                if state.idle and state.desk.ready:
                    self._wake(state)
            sender.start(taken, self._batches)
        return inf if sender.busy else 0.0

    def _taken(self, state: State) -> list[Stored] | float:
        try:
            taken = state.desk.take(self._batches)
        except Exception as error:  # noqa: BLE001 - it is logged
            self._complain_once(state, "take", error)
            return _SLOW
        if state.complaints:
            self._can(state, "take")
        return taken

    def _wakes(self, state: State, sender: Sender) -> None:
        """It waits for the bell no more."""
        if sender.asleep:
            with state.lock:
                sender.asleep = False
                state.idle -= 1
                with suppress(ValueError):  # it was rung
                    self._sleeping.remove(sender)

    def _end(self, state: State, sender: Sender) -> None:
        """Settle what has come back."""
        judged, broken = sender.take_landed()
        try:
            if judged:
                settlements = self._judged(state, judged)
                if self._written(state, settlements):
                    self._go_on(state, settlements)
        except Exception as error:  # noqa: BLE001 - it is logged
            broken.append(([stored for stored, _ in judged], error))
        for taken, reason in broken:
            self._give_back(state, taken)
            self._complain(state, reason)

    def _tell(self, report: Callable[[], None]) -> None:
        if self._settings.on_failure is None:
            report()
            return
        while self._news.qsize() > _MOST_UNTOLD:
            sleep(_TICK)
        self._news.put(report)

    def _tell_on(self, news: _News, senders: int) -> None:
        """Report what there is, which may take its time, until all senders have ended."""
        while senders:
            report = news.get()
            if report is None:
                senders -= 1
            else:
                report()

    def _written(self, state: State, settlements: list[Settlement]) -> bool:
        """Write what was decided, however long that takes; False: the outbox was closed."""
        while True:
            try:
                self._write(state, settlements)
                return True
            except OutboxError as error:
                self._tell_undone(state, error)
                if state.stopping:
                    return False
            sleep(_SLOW)

    __enter__ = _entered

    def __exit__(self, *_: object) -> None:
        self.close()


def _check_waiting(state: State) -> None:
    """See that what is to happen meanwhile can: not where a signal handler has interrupted who has
    what the senders need, and who goes on only when the handler is at its end.
    """
    for lock in (state.lock, state.store.lock):
        owned: Callable[[], bool] = getattr(lock, "_is_owned")  # noqa: B009 - Condition asks so
        if owned():
            raise OutboxError(
                "a signal handler cannot wait here, in the midst of another call: put in, or set a "
                "flag, and return"
            )


def _release(alarm: threading.Lock) -> None:
    with suppress(RuntimeError):  # it was released already
        alarm.release()
