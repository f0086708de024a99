"""What hands events to an engine, and delivers from it in another process."""

from __future__ import annotations

from functools import cached_property
from time import sleep
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from ..client.client import BaseClient
from .couriers import Courier
from .pacing import Backoff
from .parcels import Parcel
from .receipts import Alarm, Failure
from .routes import Intake, Key, Routes
from .sinks import Delivery, Sink, Ticket
from .verdicts import Verdict

if TYPE_CHECKING:
    from logging import Logger

Into = TypeVar("Into")
_TICK = 0.25


class BaseRelay(Generic[Into]):
    """See the `Relay` that a package has of it."""

    _routes: ClassVar[Routes]

    def __init__(
        self,
        sink: Sink[Into],
        *,
        client: BaseClient,
        key: Key,
        concurrency: int,
        rate: float | None,
        backoff: Backoff,
        on_failure: Alarm | None,
    ) -> None:
        if type(concurrency) is not int or concurrency < 1:
            raise ValueError("concurrency must be a whole number, at least 1")
        if rate is not None and not rate > 0:
            raise ValueError("rate must be a number of events a second, above 0")
        self._sink = sink
        self._client = client
        self._on_failure = on_failure
        self._intake = Intake(client, self._routes, key)
        self._stopping = False
        self._disabled: bool = getattr(client, "_disabled")  # noqa: B009 - not of its users
        courier = Courier(client, self._routes)
        sink.join(
            Delivery(
                attempt=courier.deliver,
                tell_dead=self._tell_dead,
                tell_paused=self._tell_paused,
                backoff=backoff,
                rate=rate,
                concurrency=concurrency,
                disabled=self._disabled,
                logger=self._logger,
            )
        )

    def _put(
        self,
        event: object,
        into: Any,
        operation: str | None,
        key: str | None,
        label: str,
        arguments: dict[str, Any],
    ) -> None:
        parcel = self._intake.parcel(event, operation, key, label, arguments)
        if not self._disabled:
            self._sink.put(parcel, into)

    def run(self) -> None:
        """Deliver what waits and what comes, until `stop` is called.

        What is under way then is finished, and the rest left for others. An engine that cannot be
        reached is waited for. With a client that is disabled nothing is touched.

        Raises:
            SinkError: the engine is not as it has to be; says what to do.
        """
        try:
            if self._disabled:
                self._idle()
            else:
                self._sink.run(lambda: self._stopping)
        finally:
            self._stopping = False

    def _idle(self) -> None:
        """What waits is for others, whose client is not disabled."""
        self._logger.warning("the client is disabled: nothing is delivered")
        while not self._stopping:
            sleep(_TICK)

    def stop(self) -> None:
        """End `run` soon, or at once where it is still to come: from a thread or signal handler."""
        self._stopping = True

    def _tell_dead(
        self, parcel: Parcel | None, verdict: Verdict, attempts: int, ticket: Ticket
    ) -> None:
        fields = _fields(parcel, verdict, attempts, ticket)
        self._logger.warning("a dead letter: %s", verdict.reason, extra=fields)
        self._alarm("dead", parcel, verdict, ticket)

    def _tell_paused(
        self, parcel: Parcel | None, verdict: Verdict, attempts: int, ticket: Ticket
    ) -> None:
        text = "the relay is paused, nothing is lost: %s"
        fields = _fields(parcel, verdict, attempts, ticket)
        self._logger.error(text, verdict.reason, extra=fields)
        self._alarm("paused", parcel, verdict, ticket)

    def _alarm(
        self, kind: str, parcel: Parcel | None, verdict: Verdict, ticket: Ticket
    ) -> None:
        if self._on_failure is None:
            return
        failure = Failure(
            kind=kind,
            id=ticket if isinstance(ticket, int) else 0,
            body=b"" if parcel is None else parcel.body,
            label="" if parcel is None else parcel.label,
            status=verdict.status,
            reason=verdict.reason,
            errors=verdict.errors,
        )
        try:
            self._on_failure(failure)
        except Exception:
            self._logger.exception("on_failure has failed; the relay goes on")

    @cached_property
    def _logger(self) -> Logger:
        import logging

        package: str = getattr(self._client, "_package")  # noqa: B009 - not of its users
        return logging.getLogger(package)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._sink!r}>"


def _fields(
    parcel: Parcel | None, verdict: Verdict, attempts: int, ticket: Ticket
) -> dict[str, object]:
    return {
        "operation": None if parcel is None else parcel.operation,
        "status": verdict.status,
        "attempt": attempts,
        "outbox_id": ticket,
    }
