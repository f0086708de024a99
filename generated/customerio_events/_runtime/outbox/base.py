"""What the sync and the async outbox have in common."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain, repeat
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from ..client.checks import no_awaitable
from ..client.client import ClientCore
from ..delivery.checks import kind, several
from ..delivery.couriers import Courier
from ..delivery.intake import Intake
from ..delivery.pacing import Trouble
from ..delivery.parcels import Parcel
from ..delivery.reports import Reports
from ..delivery.routes import Routes
from ..delivery.settings import Settings, check_client
from ..delivery.stalls import read as read_stall
from ..delivery.verdicts import Meaning, Verdict
from ..store.errors import OutboxClosed, OutboxError
from ..store.files import MEMORY, absolute
from ..store.forks import at_fork, inherited, no_fork
from ..store.journal import PATIENCE
from ..store.owners import is_gone
from ..store.storage import Stored
from .batches import Batches
from .desk import LEASE, RENEWAL, Settlement, written
from .noting import note_down
from .receipts import BaseReceipt, Outcome, delivered
from .room import Room
from .states import State
from .stats import Stats, stats_of, why_it_waits, why_nothing_is_sent

if TYPE_CHECKING:
    from logging import Logger

_SELDOM = 60.0
"""Seconds between lines in the log of what cannot be written."""
_SOON = 1.0
"""Seconds that are waited for what is tried next in a pause, where the outbox is to end."""


class BaseOutbox(ABC):
    """See `Outbox`."""

    _routes: ClassVar[Routes]
    _takes: ClassVar[type[ClientCore[Any]]]
    """The class of its client."""
    _creates: ClassVar[bool] = True
    """Whether a file is made where there is none."""

    def __init__(self, path: str | os.PathLike[str] | None, settings: Settings) -> None:
        check_client(settings, self._takes)
        file = absolute(path)
        self._path = MEMORY if settings.disabled else file
        self._settings = settings
        self._room = Room(self._path, settings.max_pending, settings.when_full)
        client, batch = settings.client, settings.batch
        getattr(client, "_widen")(settings.concurrency)  # noqa: B009 - not of its users
        self._intake = Intake(client, self._routes, settings.key)
        self._batches = Batches(
            Courier(client, self._routes),
            None if batch is None else self._routes.batch(batch),
            settings.batch_size,
        )
        # As it is called wherever it is vendored: `acme.vendor.acme_events` is `acme_events`.
        self._package = self._takes.__module__.split(".")[-2]
        self._reports = Reports(
            settings.package, "outbox", settings.on_failure, self._routes.read
        )
        self._closed = self._emptied = self._told_left = False
        self._own: State | None = None
        self._forking: State | None = None
        with no_fork():
            self._state  # noqa: B018 - what is wrong with the file is said at once
            at_fork(self._before_fork, self._after_fork, self._after_fork_in_child)

    @property
    def _state(self) -> State:
        """That of this process, made where there is none yet, as after a fork."""
        state = self._own
        if state is not None:
            return state
        with no_fork():  # and by one of the threads that are the first to need it
            state = self._own
            if state is None:
                state = State(
                    self._path, self._package, self._settings, create=self._creates
                )
                self._start(state)
                self._own = state
            return state

    def _opened(self) -> State:
        """The same, while it is open. Raises OutboxClosed."""
        if self._closed:
            raise OutboxClosed
        return self._state

    def _before_fork(self) -> None:
        self._forking = self._own
        if self._forking is not None:
            self._forking.lock.acquire()
            self._forking.store.lock.acquire()
            self._forking.store.let_go()

    def _after_fork(self) -> None:
        if self._forking is not None:
            self._forking.store.lock.release()
            self._forking.lock.release()

    def _after_fork_in_child(self) -> None:
        inherited.append(self._forking)
        self._own = None

    @abstractmethod
    def _start(self, state: State) -> None:
        """Begin to deliver."""

    @abstractmethod
    def _wake(self, state: State, *, everyone: bool = False) -> None:
        """Let a sender that has nothing to do look again, or all of them; the lock is held."""

    def _parcel(
        self,
        event: object,
        operation: str | None,
        key: str | None,
        label: str,
        arguments: dict[str, Any],
    ) -> Parcel:
        if self._closed:
            raise OutboxClosed
        return self._intake.parcel(event, operation, key, label, arguments)

    def snapshot(self) -> Stats:
        """How it stands, read at once: the same for either kind of outbox."""
        return stats_of(self._opened())

    def _keep(self, state: State) -> None:
        """What is done from time to time: the lease, and what other processes have put in."""
        now = monotonic()
        if now - state.claimed >= RENEWAL:
            owned = state.store.claim(state.owner, LEASE, is_gone)
            state.claimed = now
            new = state.desk.takes_over(now, owned)
            if new and state.follows:
                with state.lock:
                    state.desk.ask_anew()
            if new:  # without the lock: others may be writing
                state.store.pause(state.desk.pacing.reason)
            with state.lock:
                state.desk.lead(now, owned, new=new)
                if new:
                    self._take_over(state, now)
                    self._wake(state, everyone=True)
            state.follows = not owned
            if owned and state.noted is None:
                note_down(state, self._reports)
            # Also what nobody was told of, as Ctrl-C came in between.
            self._arrived(state)
        version = state.store.version()
        if version != state.version:
            state.version = version
            self._arrived(state)

    def _take_over(self, state: State, now: float) -> None:
        """Go on where the process that delivered before has been told to wait, or forget it."""
        before = read_stall(state.store.stalled())
        state.noted = state.desk.pacing.reason
        if before is not None and state.desk.pacing.open_until > now:
            state.desk.pacing.inherit(now, before.reason)
        elif before is not None:
            state.noted = None

    def _arrived(self, state: State) -> None:
        """There is something new in the store."""
        state.desk.fresh = True
        if state.idle:
            with state.lock:
                self._wake(state)

    def _missed(self, state: State) -> bool:
        """Whether a sender that says only now that it sleeps is to look again: nobody rang for it.

        Not where it could not look at all, which is tried again after a while.
        """
        return "take" not in state.complaints and state.desk.overlooks(monotonic())

    def _judged(
        self, state: State, verdicts: Sequence[tuple[Stored, Verdict]]
    ) -> list[Settlement]:
        """What is decided about attempts; the server's wish for rest counts at once."""
        with state.lock:
            settlements = [
                state.desk.judge(stored, verdict) for stored, verdict in verdicts
            ]
            state.settling.update(each.stored.id for each in settlements)
            wishes = [verdict.retry_after or 0.0 for _, verdict in verdicts]
            if max(wishes):
                state.desk.pacing.hold(monotonic(), max(wishes))
        return settlements

    def _write(
        self, state: State, settlements: list[Settlement], wait: float = PATIENCE
    ) -> None:
        """Make decisions durable. Raises OutboxError."""
        settled, held = written(settlements, self._settings.backoff)
        if settled is not None:
            state.store.settle(settled, wait=wait)
        if held:
            state.store.hold(held, wait=wait)

    def _go_on(self, state: State, settlements: list[Settlement]) -> None:
        """Let the next ones go, and tell who wants to know."""
        with state.lock:
            before = state.desk.pacing.trouble
            paused = [each for each in settlements if self._settle(state, each)]
            after = state.desk.pacing.trouble
            if state.idle and (state.desk.ready or before):
                self._wake(state)
        if before or after:
            self._note(state, before, after, settlements[-1])
        for each in settlements:
            if each.letter is not None:
                self._tell(partial(self._reports.dead, *_about(each), self._called))
            elif each in paused:
                self._tell(partial(self._reports.paused, *_about(each), self._called))

    def _note(
        self,
        state: State,
        before: Trouble | None,
        after: Trouble | None,
        last: Settlement,
    ) -> None:
        """Write down that nothing gets through, for other processes, and log what is new of it."""
        note_down(state, self._reports)
        stall = state.desk.pacing.stall(monotonic())
        self._reports.changed(before, after, stall, last.verdict)

    def _settle(self, state: State, settlement: Settlement) -> bool:
        if settlement.letter or settlement.verdict.meaning is Meaning.DELIVERED:
            state.receipts.settle(settlement.stored.id, _outcome(settlement))
        state.settling.discard(settlement.stored.id)
        return state.desk.settled(settlement)

    def _tell(self, report: Callable[[], None]) -> None:
        """Have something reported, of which `on_failure` is called too."""
        report()

    def _called(self, returned: object) -> None:
        """What is done with that which `on_failure` returns."""
        no_awaitable(returned)

    def _give_back(self, state: State, taken: list[Stored]) -> None:
        """Let others send what a sender had when it came to an end that nobody foresaw."""
        with state.lock:
            state.settling.difference_update(stored.id for stored in taken)
            state.desk.give_back(taken)
            self._wake(state)

    def _tell_undone(self, state: State, error: OutboxError) -> None:
        """Log that it cannot be written that something was delivered: once for all senders."""
        now = monotonic()
        if now - state.told_undone >= _SELDOM or not state.told_undone:
            state.told_undone = now
            text = "%s. What was delivered last may be sent once more; trying again"
            self._logger.error(text, error)

    def _complain(self, state: State, error: BaseException) -> None:
        """Log that the outbox cannot do its work; of what is nobody's fault, where that was."""
        if not state.stopping:
            trace = None if isinstance(error, OutboxError) else error
            self._logger.error("the outbox cannot go on: %s", error, exc_info=trace)

    def _complain_once(self, state: State, doing: str, error: Exception) -> None:
        """The same of what is tried again and again: only where it is another error than before."""
        known = state.complaints.get(doing)
        state.complaints[doing] = said = f"{type(error).__name__}: {error}"
        if said != known:
            self._complain(state, error)

    def _can(self, state: State, doing: str) -> None:
        """It has worked."""
        if state.complaints.pop(doing, None) is not None:
            self._logger.info("the outbox can go on")

    def _waits(self, receipt: BaseReceipt) -> str:
        """What is said of an event that is not settled in time."""
        why = "" if self._closed else why_it_waits(self._state, receipt.id)
        return (
            f"event {receipt.id} still waits in the outbox{f': {why}' if why else ''}"
        )

    def _hopeless(self, state: State, until: float) -> bool:
        """Whether nothing can be delivered until then, so that there is nothing to wait for."""
        desk, now = state.desk, monotonic()
        if desk.leads(now):
            pacing = desk.pacing
            # What is tried in a pause will hardly get through.
            last = min(until, now + _SOON) if pacing.reason else until
            return not desk.in_flight and max(pacing.open_until, desk.due) > last
        return state.follows and bool(state.store.paused())

    def _tell_unflushed(self, state: State, timeout: float | None) -> None:
        """Log that `flush` has waited in vain."""
        pending, why = state.store.pending(), why_nothing_is_sent(state)
        self._reports.unflushed(pending, why, timeout or 0.0)

    def _tell_left(self, state: State) -> None:
        """Log, once, that it ends while events wait."""
        pending = 0 if self._told_left else state.store.pending()
        if pending:
            self._told_left = True
            lost = self._path == MEMORY
            self._reports.left(pending, why_nothing_is_sent(state), lost=lost)

    def __del__(self) -> None:
        state = getattr(self, "_own", None)
        if state is not None and not self._closed and self._path == MEMORY:
            with suppress(Exception):  # Python may be half gone
                self._tell_left(state)

    @property
    def _logger(self) -> Logger:
        return self._reports.logger

    def _resume(self) -> None:
        state = self._opened()
        with state.lock:
            state.desk.pacing.resume()
            self._wake(state, everyone=True)

    def _parcels(
        self,
        events: Any,
        operation: str | None,
        key: str | None,
        labels: Iterable[str],
        arguments: dict[str, Any],
    ) -> list[Parcel]:
        if not several(events):
            raise TypeError(
                f"put_many takes a list of events, not {kind(events)}: put takes one"
            )
        if isinstance(labels, str):
            raise TypeError(
                "labels must be a list of texts, one for each event, not str"
            )
        named = chain(labels, repeat(""))
        return [
            self._parcel(event, operation, key, label, arguments)
            for event, label in zip(events, named, strict=False)
        ]

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} {self._path}{' closed' if self._closed else ''}>"
        )


def _about(settlement: Settlement) -> tuple[Parcel, Verdict, int, int]:
    """What is reported of one that failed."""
    stored = settlement.stored
    return stored.parcel, settlement.verdict, stored.attempts, stored.id


def _outcome(settlement: Settlement) -> Outcome:
    letter = settlement.letter
    return (
        delivered(settlement.verdict.status) if letter is None else Outcome.of(letter)
    )
