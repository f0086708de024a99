"""Events are tasks of Celery, and its workers deliver them.

A task says itself when it is tried again: it is acknowledged late, and what is done with it is
published before that. Delivery is at least once, in any order. No credential is in a message: the
client of the worker has them. Of the time between two tries the broker knows nothing: with Redis
it has to be below the `visibility_timeout`, and is at most ten minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from mmap import mmap
from threading import Lock
from time import monotonic, sleep
from typing import Any, Final, Protocol

from .._runtime.delivery.pacing import Pacing
from .._runtime.delivery.parcels import Parcel
from .._runtime.delivery.stalls import failure_of
from .._runtime.delivery.verdicts import Meaning, Verdict
from .._runtime.relay.parceljson import NewerParcel, NoParcel, read, written
from .._runtime.relay.sinks import Delivery, SinkError, library

__all__ = ["Celery", "CeleryTask", "SinkError"]

_exceptions: Final = library("celery.exceptions", "CeleryTask")
_LONGEST: Final = 600.0
"""Seconds that a message waits in a worker, at most: brokers lose patience with later ones."""
_BLOCKED: Final = 5.0
"""Seconds that a process waits for the server, before it takes another message."""
_SHOWN: Final = "(an event)"
"""What logs and monitors show of the arguments."""


class Celery(Protocol):
    """What is used of `celery.Celery`."""

    @property
    def conf(self) -> Any:
        """See celery."""
        ...

    def task(self, *args: Any, **opts: Any) -> Any:
        """See celery."""
        ...

    def connection_for_write(self) -> Any:
        """See celery."""
        ...


class CeleryTask:
    """A `Sink` of tasks. Dead letters are messages in the queue `{name}.dead`.

    Args:
        app: the application; of RabbitMQ it needs `broker_transport_options` with
            `confirm_publish`, as what was published without is not sure to be there.
        name: of the task; by default that of the package and `.deliver`.
        queue: where the tasks wait; by default that of the application. One of its own is best:
            while the server is away, the processes of its workers wait.
        dead_queue: where dead letters wait; no worker is to take from it.
    """

    def __init__(
        self,
        app: Celery,
        *,
        name: str | None = None,
        queue: str | None = None,
        dead_queue: str | None = None,
    ) -> None:
        self._app = app
        self._name = name
        self._queue = queue
        self._dead_queue = dead_queue
        self._task: Any = None
        self._checked = False
        # Of all processes of a prefork pool, as they come from this one.
        self._until = memoryview(mmap(-1, 8)).cast("d")
        self._lock = Lock()
        self._well = False
        self._lacking = set[str]()

    def join(self, delivery: Delivery, /) -> None:
        """See `Sink.join`: registers the task."""
        self._delivery = delivery
        self._pacing = Pacing(delivery.backoff, delivery.rate)
        self._name = self._name or f"{delivery.logger.name}.deliver"
        self._dead_queue = self._dead_queue or f"{self._name}.dead"
        self._task = self._app.task(
            bind=True,
            name=self._name,
            serializer="json",
            acks_late=True,
            acks_on_failure_or_timeout=False,
            reject_on_worker_lost=True,
            max_retries=None,
            ignore_result=True,
        )(_Task(self).run)

    def put(self, parcel: Parcel, into: None = None, /) -> None:
        """See `Sink.put`. Raises what celery raises where it was not accepted.

        Raises:
            SinkError: RabbitMQ is not asked to confirm.
        """
        if self._task is None:
            raise SinkError("make a Relay with this task, and put into that")
        if not self._checked:
            self._check()
        self._publish(self._queue, written(parcel))

    def run(self, stopped: Callable[[], bool], /) -> None:
        """Celery's own workers do that. Raises SinkError."""
        raise SinkError(
            "tasks are delivered by Celery's own workers: celery -A your.module worker"
        )

    def _check(self) -> None:
        conf = self._app.conf
        if not conf.task_always_eager:
            broker = self._app.connection_for_write()
            confirms = broker.transport_options.get("confirm_publish")
            if broker.transport.driver_type == "amqp" and not confirms:
                raise SinkError(
                    "RabbitMQ is not asked to confirm what is published, so that it could be lost: "
                    'app.conf.broker_transport_options = {"confirm_publish": True}'
                )
        self._checked = True

    def _publish(self, queue: str | None, text: str, **given: Any) -> None:
        options = {} if queue is None else {"queue": queue}
        shown = {"argsrepr": _SHOWN, "kwargsrepr": "{}"}
        self._task.apply_async((text,), given, **shown, **options)

    def deliver(self, request: Any, text: str, faults: int) -> _Again | None:
        """Try to deliver; what is to be done, if it is not settled."""
        try:
            parcel = read(text)
        except NewerParcel as error:
            words = f"events are left to a newer version of the package: {error}"
            self._delivery.tell_once(words)
            return _Again(_LONGEST, faults)
        except NoParcel as error:
            reason = f"no event: {error}"
            rejected = Verdict(meaning=Meaning.REJECTED, reason=reason)
            self._died(None, text, rejected, request)
            return None
        if self._delivery.disabled:
            words = (
                "tasks are left to other workers: the client of this one is disabled"
            )
            self._delivery.tell_once(words)
            return _Again(_LONGEST, faults)
        wait, number = self._waited()
        if wait:
            return _Again(wait + self._delivery.backoff.wait(1), faults)
        verdict = self._delivery.attempt(parcel)
        match verdict.meaning:
            case Meaning.DELIVERED:
                self._note(verdict, number)
                return None
            case Meaning.REJECTED:
                self._note(verdict, number)
                self._died(parcel, text, verdict, request)
                return None
            case _:
                return self._failed(parcel, text, verdict, number, faults, request)

    def _waited(self) -> tuple[float, int]:
        """Wait for a while until something may be sent; seconds that are left then, or 0 and the
        number of the request that may go out.
        """
        until = monotonic() + _BLOCKED
        while True:
            with self._lock:
                now = monotonic()
                wait = self._pacing.wait(now)
                shared = self._until[0] - now
                wait = max(0.25 if wait is None else wait, shared)
                if wait <= 0:
                    return 0.0, self._pacing.took(now)
            if now >= until:
                return wait, 0
            sleep(min(wait, until - now + 0.001))

    def _note(
        self, verdict: Verdict, number: int, *, own: bool = False, alone: bool = False
    ) -> bool:
        """Take note for all that come after; whether a pause begins.

        `own`: others get through; `alone`: it is not known that others are there to be tried.
        """
        pacing, now, paused = self._pacing, monotonic(), False
        with self._lock:
            before = pacing.trouble
            if verdict.retry_after:  # first, as a long one is worth a line in the log
                self._share(now + pacing.hold(now, verdict.retry_after))
            if verdict.meaning is Meaning.DELIVERED:
                pacing.succeeded(number)
            elif verdict.meaning is Meaning.REJECTED:
                pacing.judged(number)
            elif verdict.meaning is Meaning.PAUSE and not own:
                paused = pacing.refused(now, verdict.reason, number, alone=alone)
                if pacing.reason:
                    self._share(pacing.open_until)
            else:
                full, failure = verdict.status == 429, failure_of(verdict)
                pacing.failed(now, failure=failure, own=own, full=full)
                if verdict.meaning is Meaning.PAUSE:
                    pacing.excused()
            self._well = verdict.meaning in (Meaning.DELIVERED, Meaning.REJECTED)
            after, stall = pacing.trouble, pacing.stall(now)
        if before or after:
            self._delivery.tell_changed(before, after, stall, verdict)
        return paused

    def _lacks(self, parcel: Parcel) -> bool:
        """One waits for another version of the package; whether that is new of its operation."""
        with self._lock:
            self._pacing.lacks("", idle=False)
            new = parcel.operation not in self._lacking
            self._lacking.add(parcel.operation)
        return new

    def _share(self, until: float) -> None:
        self._until[0] = max(self._until[0], until)

    def _failed(
        self,
        parcel: Parcel,
        text: str,
        verdict: Verdict,
        number: int,
        faults: int,
        request: Any,
    ) -> _Again | None:
        pacing, backoff = self._pacing, self._delivery.backoff
        shut_out = verdict.meaning is Meaning.PAUSE
        own = pacing.excuses if shut_out else self._well and verdict.status != 429
        faults += own and not verdict.kept
        if verdict.lacking:
            paused = self._lacks(parcel)
        else:
            # One that was tried before, and nobody got through since: others there may be none.
            alone = request.retries > 0 and not self._well
            paused = self._note(verdict, number, own=own, alone=alone)
        if paused:
            attempts = request.retries + 1
            self._delivery.tell_paused(parcel, verdict, attempts, str(request.id))
        if faults >= backoff.attempts and not verdict.kept:
            self._died(parcel, text, verdict, request)
            return None
        wait = max(backoff.wait(request.retries + 1), verdict.retry_after or 0.0)
        if shut_out and (own or verdict.lacking or pacing.reason):
            wait += backoff.pause * min(10.0, 2.0 ** min(request.retries, 4))
        return _Again(wait, faults)

    def _died(
        self, parcel: Parcel | None, text: str, verdict: Verdict, request: Any
    ) -> None:
        letter = {"reason": verdict.reason, "errors": [*verdict.errors]}
        dead = {**letter, "status": verdict.status}
        self._publish(self._dead_queue, text, dead=dead)
        attempts = request.retries + 1
        self._delivery.tell_dead(parcel, verdict, attempts, str(request.id))

    def unforeseen(self, error: Exception) -> Exception:
        """What is raised so that a message stays with the broker, whatever has happened."""
        words = "a task could not be settled, and goes back to the queue: %s"
        self._delivery.logger.error(words, type(error).__name__)
        with suppress(Exception):
            sleep(1.0)
        rejected: Exception = _exceptions.Reject(type(error).__name__, requeue=True)
        return rejected

    def __repr__(self) -> str:
        return f"<CeleryTask {self._name}>"


class _Again:
    """That a task is to be tried again, after so many seconds."""

    def __init__(self, wait: float, faults: int) -> None:
        self.wait = min(wait, _LONGEST)
        self.faults = faults


class _Task:
    """The function of the task."""

    def __init__(self, sink: CeleryTask) -> None:
        def run(task: Any, text: str, faults: int = 0, dead: object = None) -> None:
            """Deliver an event; `dead`: why it was a dead letter before, for people."""
            unforeseen: Exception | None = None
            try:
                again = sink.deliver(task.request, text, faults)
                if again is not None:
                    task.retry(
                        args=(text,),
                        kwargs={"faults": again.faults},
                        countdown=again.wait,
                        argsrepr=_SHOWN,
                    )
            except Exception as error:  # a retry that cannot be published among them
                if isinstance(error, _exceptions.Retry):
                    raise
                unforeseen = sink.unforeseen(error)
            if unforeseen is not None:
                raise unforeseen

        self.run = run
