"""What hands events to an engine, and delivers from it in another process."""

from __future__ import annotations

from time import sleep
from typing import Any, ClassVar, Generic, TypeVar

from ..client.client import BaseClient
from ..delivery.checks import whole
from ..delivery.couriers import Courier
from ..delivery.intake import Intake
from ..delivery.reports import Reports
from ..delivery.routes import Routes
from ..delivery.settings import Settings, check_client
from .sinks import Delivery, Sink

Into = TypeVar("Into")
_TICK = 0.25


class BaseRelay(Generic[Into]):
    """See the `Relay` that a package has of it."""

    _routes: ClassVar[Routes]
    _takes: ClassVar[type[BaseClient]]
    """The class of its client."""

    def __init__(self, sink: Sink[Into], settings: Settings) -> None:
        check_client(settings, self._takes)
        whole("concurrency", settings.concurrency, least=1)
        self._sink = sink
        self._intake = Intake(settings.client, self._routes, settings.key)
        self._stopping = False
        self._disabled = settings.disabled
        reports = Reports(
            settings.package, "relay", settings.on_failure, self._routes.read
        )
        self._logger = reports.logger
        courier = Courier(settings.client, self._routes)
        sink.join(
            Delivery(
                attempt=courier.deliver,
                tell_dead=reports.dead,
                tell_paused=reports.paused,
                tell_once=reports.once,
                tell_changed=reports.changed,
                backoff=settings.backoff,
                rate=settings.rate,
                concurrency=settings.concurrency,
                disabled=self._disabled,
                logger=reports.logger,
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

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._sink!r}>"
