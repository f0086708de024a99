"""What the sync and the async outbox have in common."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, repeat
from threading import RLock
from time import monotonic, time
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

from ..client.checks import no_awaitable
from ..client.client import ClientCore
from .batches import Batches
from .couriers import Courier
from .desk import LEASE, RENEWAL, Settlement, written
from .errors import OutboxError, OutboxFull
from .files import MEMORY, Sync, absolute
from .forks import at_fork, inherited
from .journal import PATIENCE
from .owners import is_gone
from .pacing import Backoff
from .parcels import Parcel
from .receipts import Alarm, BaseReceipt, Failure, Outcome, delivered
from .routes import Intake, Key, Routes
from .states import State
from .storage import DeadLetter, Stored
from .verdicts import Meaning, Verdict

if TYPE_CHECKING:
    from logging import Logger

WhenFull: TypeAlias = Literal["raise", "wait"]
_MOST_IN_MEMORY = 100_000
_NO_LIMIT = 1 << 62


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """How an outbox stands.

    Attributes:
        pending: events that wait, those under way included; of all processes that share the file.
        delivered: how many the server has, since the file was made.
        dead: dead letters that are kept.
        in_flight: being sent now, by this process.
        retried: attempts of this process that were in vain.
        oldest: seconds for which the oldest pending event has waited; 0: none waits.
        paused: why nothing is sent; empty: it is.
        delivers: whether this process is the one that sends from the file.
    """

    pending: int
    delivered: int
    dead: int
    in_flight: int
    retried: int
    oldest: float
    paused: str
    delivers: bool


class BaseOutbox:
    """See `Outbox`."""

    _routes: ClassVar[Routes]

    def __init__(
        self,
        path: str | os.PathLike[str] | None,
        *,
        client: ClientCore[Any],
        key: Key,
        concurrency: int,
        sync: Sync,
        max_pending: int | None,
        when_full: WhenFull,
        rate: float | None,
        batch: str | None,
        batch_size: int,
        backoff: Backoff,
        on_failure: Alarm | None,
    ) -> None:
        # A client that is disabled sends nothing, so nothing of a file may be taken for sent.
        disabled: bool = getattr(client, "_disabled")  # noqa: B009 - not of its users
        self._path = MEMORY if disabled else absolute(path)
        self._client = client
        self._concurrency = _whole("concurrency", concurrency, least=0)
        self._sync: Sync = _one_of("sync", sync, ("os", "disk"))
        self._when_full = _one_of("when_full", when_full, ("raise", "wait"))
        self._most = _most(max_pending, self._path)
        self._rate = rate
        self._backoff = backoff
        self._on_failure = on_failure
        if rate is not None and not rate > 0:
            raise ValueError("rate must be a number of events a second, above 0")
        self._intake = Intake(client, self._routes, key)
        self._batches = Batches(
            Courier(client, self._routes),
            None if batch is None else self._routes.batch(batch),
            _whole("batch_size", batch_size, least=1),
        )
        self._closed = self._emptied = False
        self._making = RLock()
        self._own: State | None = None
        self._forking: State | None = None
        self._state  # noqa: B018 - what is wrong with the file is said at once
        at_fork(self._before_fork, self._after_fork, self._after_fork_in_child)

    @property
    def _state(self) -> State:
        """That of this process, made where there is none yet, as after a fork."""
        state = self._own
        if state is not None:
            return state
        with self._making:  # by one of the threads that are the first to need it
            state = self._own
            if state is None:
                state = State(self._path, self._sync, self._backoff, self._rate)
                self._start(state)
                self._own = state
            return state

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
        self._own, self._making = None, RLock()

    def _start(self, state: State) -> None:
        """Begin to deliver."""
        raise NotImplementedError

    def _wake(self, state: State, *, everyone: bool = False) -> None:
        """Let a sender that has nothing to do look again, or all of them; the lock is held."""
        raise NotImplementedError

    def _parcel(
        self,
        event: object,
        operation: str | None,
        key: str | None,
        label: str,
        arguments: dict[str, Any],
    ) -> Parcel:
        if self._closed:
            raise RuntimeError("this outbox is closed")
        return self._intake.parcel(event, operation, key, label, arguments)

    def _check_most(self, events: int) -> None:
        """Refuse what there will never be room for. Raises OutboxFull."""
        if events > self._most:
            raise OutboxFull(
                f"{self._path}: {events} events at once are more than may wait ({self._most}, "
                "max_pending); none was accepted"
            )

    def _has_room(self, state: State, events: int) -> bool:
        """Whether so many may be put in; raises OutboxFull if not, and nobody is to wait."""
        if self._most == _NO_LIMIT:
            return True
        pending = state.store.counts().pending
        if pending + events <= self._most:
            return True
        if self._when_full == "wait":
            return False
        raise OutboxFull(
            f"{self._path}: {pending} events wait already, and {self._most} may (max_pending); "
            f"{events} more were not accepted"
        )

    def snapshot(self) -> Stats:
        """How it stands, read at once: the same for either kind of outbox."""
        state = self._state
        counts, paused = state.store.counts(), state.store.paused()
        oldest = 0.0 if counts.oldest is None else max(0.0, time() - counts.oldest)
        return Stats(
            pending=counts.pending,
            delivered=counts.delivered,
            dead=counts.dead,
            in_flight=state.desk.in_flight,
            retried=state.desk.retried,
            oldest=oldest,
            paused=paused,
            delivers=state.desk.leads(monotonic()),
        )

    def _keep(self, state: State) -> None:
        """What is done from time to time: the lease, and what other processes have put in."""
        now = monotonic()
        if now - state.claimed >= RENEWAL:
            owned = state.store.claim(state.owner, LEASE, is_gone)
            state.claimed = now
            with state.lock:
                if state.desk.lead(now, owned):
                    self._wake(state, everyone=True)
        version = state.store.version()
        if version != state.version:
            state.version = version
            self._arrived(state)

    def _arrived(self, state: State) -> None:
        """There is something new in the store."""
        state.desk.fresh = True
        if state.idle:
            with state.lock:
                self._wake(state)

    def _judged(
        self, state: State, verdicts: Sequence[tuple[Stored, Verdict]]
    ) -> list[Settlement]:
        """What is decided about attempts; the server's wish for rest counts at once."""
        with state.lock:
            settlements = [
                state.desk.judge(stored, verdict) for stored, verdict in verdicts
            ]
            wishes = [verdict.retry_after or 0.0 for _, verdict in verdicts]
            if max(wishes):
                state.desk.pacing.hold(monotonic(), max(wishes))
        return settlements

    def _write(
        self, state: State, settlements: list[Settlement], wait: float = PATIENCE
    ) -> None:
        """Make decisions durable. Raises OutboxError."""
        settled, held = written(settlements, self._backoff)
        if settled is not None:
            state.store.settle(settled, wait=wait)
        if held:
            state.store.hold(held)

    def _go_on(self, state: State, settlements: list[Settlement]) -> None:
        """Let the next ones go, and tell who wants to know."""
        with state.lock:
            before = state.desk.pacing.reason
            paused = [each for each in settlements if self._settle(state, each)]
            after = state.desk.pacing.reason
            if state.idle and (state.desk.ready or before):
                self._wake(state)
        if before != after:
            self._note_pause(state, after)
        if before and not after:
            self._logger.info("the outbox delivers again")
        for each in settlements:
            if each.letter is not None or each in paused:
                self._tell(each)

    def _note_pause(self, state: State, reason: str) -> None:
        try:
            state.store.pause(reason)
        except OutboxError as error:  # other processes do not learn of it: that is all
            self._logger.error("it cannot be noted that the outbox pauses: %s", error)

    def _settle(self, state: State, settlement: Settlement) -> bool:
        if settlement.letter or settlement.verdict.meaning is Meaning.DELIVERED:
            state.receipts.settle(settlement.stored.id, _outcome(settlement))
        return state.desk.settled(settlement)

    def _tell(self, settlement: Settlement) -> None:
        """Log a dead letter, or a pause, and call `on_failure`; its errors change nothing."""
        stored, verdict = settlement.stored, settlement.verdict
        dead = settlement.letter is not None
        fields = {
            "operation": stored.parcel.operation,
            "status": verdict.status,
            "attempt": stored.attempts,
            "outbox_id": stored.id,
        }
        if dead:
            text = "a dead letter in the outbox: %s"
            self._logger.warning(text, verdict.reason, extra=fields)
        else:
            text = "the outbox is paused, nothing is lost: %s"
            self._logger.error(text, verdict.reason, extra=fields)
        if self._on_failure is None:
            return
        failure = Failure(
            kind="dead" if dead else "paused",
            id=stored.id,
            body=stored.parcel.body,
            label=stored.parcel.label,
            status=verdict.status,
            reason=verdict.reason,
            errors=verdict.errors,
        )
        try:
            self._called(self._on_failure(failure))
        except (Exception, SystemExit):  # a sender is not ended by it
            self._logger.exception("on_failure has failed; the outbox goes on")

    def _called(self, returned: object) -> None:
        """What is done with that which `on_failure` returns."""
        no_awaitable(returned)

    def _give_back(self, state: State, taken: list[Stored]) -> None:
        """Let others send what a sender had when it came to an end that nobody foresaw."""
        with state.lock:
            state.desk.give_back(taken)
            self._wake(state)

    def _complain(self, state: State, error: Exception) -> None:
        """Log that the outbox cannot do its work; of what is nobody's fault, where that was."""
        if not state.stopping:
            trace = None if isinstance(error, OutboxError) else error
            self._logger.error("the outbox cannot go on: %s", error, exc_info=trace)

    def _waits(self, receipt: BaseReceipt) -> str:
        """What is said of an event that is not settled in time."""
        why = self._state.desk.pacing.reason
        return f"event {receipt.id} waits in the outbox{f': {why}' if why else ''}"

    @cached_property
    def _logger(self) -> Logger:
        import logging

        package: str = getattr(self._client, "_package")  # noqa: B009 - not of its users
        return logging.getLogger(package)

    def resume(self) -> None:
        """Try again at once, as after a credential was mended."""
        state = self._state
        with state.lock:
            state.desk.pacing.resume()
            self._wake(state, everyone=True)

    def _parcels(self, events: Iterable[Any], labels: Iterable[str]) -> list[Parcel]:
        named = chain(labels, repeat(""))
        return [
            self._parcel(event, None, None, label, {})
            for event, label in zip(events, named, strict=False)
        ]

    def notes(self) -> dict[str, str]:
        """What was noted in the outbox with `put_many`, by name."""
        return self._state.store.notes()

    def dead_letters(self, *, after: int = 0, most: int = 1000) -> list[DeadLetter]:
        """What the server does not want, the oldest first, from beyond an id."""
        return self._state.store.dead_letters(after=after, most=most)

    def retry_dead(self, ids: Sequence[int] | None = None) -> int:
        """Put dead letters, all or those, into the queue again; how many that were."""
        state = self._state
        revived = state.store.revive(ids)
        self._arrived(state)
        return revived

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} {self._path}{' closed' if self._closed else ''}>"
        )


def _outcome(settlement: Settlement) -> Outcome:
    letter = settlement.letter
    return (
        delivered(settlement.verdict.status) if letter is None else Outcome.of(letter)
    )


def _whole(name: str, value: object, *, least: int) -> int:
    if type(value) is int and value >= least:
        return value
    raise ValueError(f"{name} must be a whole number, at least {least}")


def _one_of(name: str, value: Any, allowed: tuple[str, ...]) -> Any:
    if value in allowed:
        return value
    raise ValueError(f"{name} must be one of {', '.join(map(repr, allowed))}")


def _most(most: int | None, path: str) -> int:
    if most is None:
        return _MOST_IN_MEMORY if path == MEMORY else _NO_LIMIT
    return _whole("max_pending", most, least=1)


def found(state: State, receipt: BaseReceipt) -> Outcome | None:
    """What became of an event that another process may have delivered."""
    known = state.store.outcome(receipt.id)
    return None if known is None else Outcome.of(known)


def undone(error: OutboxError) -> str:
    """What is logged where it cannot be written that something was delivered."""
    return f"{error}. What was delivered last may be sent once more; trying again"
