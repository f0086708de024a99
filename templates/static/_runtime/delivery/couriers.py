"""One attempt to deliver a parcel: the call that its event would have been."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import Any

from ..calls.requests import Endpoint
from ..client.client import ClientCore
from ..client.retries import RetryPolicy
from ..client.unread import Unread
from ..http.messages import one_line
from ..http.waiting import finished
from .checks import instance
from .parcels import Parcel, arguments_of
from .routes import Batch, Routes
from .verdicts import Meaning, Verdict, verdict

_ONCE = RetryPolicy.none()
_MOST_NAME = 80
_CLOSED = Verdict(
    meaning=Meaning.PAUSE,
    reason="the client was closed, so that nothing can be sent: make another outbox",
    kept=True,
)


class Courier:
    """Makes the calls of parcels with a client, which gives server and credentials.

    Args:
        client: of this package.
        routes: the operations of the package.

    Raises:
        TypeError: something else in the place of one of them.
    """

    def __init__(self, client: ClientCore[Any], routes: Routes) -> None:
        instance("client", client, ClientCore, "Client(…)")
        instance("routes", routes, Routes, "outbox.ROUTES")
        self._run: Callable[..., Any] = getattr(client, "_run")  # noqa: B009 - of either client
        self._client = client
        self._routes = routes

    def deliver(self, parcel: Parcel) -> Verdict:
        """Send it once with a sync client, and wait for the answer: see `attempt`."""
        return finished(self.attempt(parcel))

    async def attempt(self, parcel: Parcel, batch: Batch | None = None) -> Verdict:
        """Send it once. Never raises for what comes of it; may be cancelled.

        `batch`: the operation that its body is an array for; None: the one that the parcel names.
        """
        endpoint = self._endpoint(parcel, batch)
        if endpoint is None:
            return _unknown(parcel)
        if self._closed():
            return _CLOSED
        began = monotonic()
        try:
            whole = parcel if batch else self._routes.whole(parcel)
            answer = await self._run(endpoint, **self._given(parcel, whole, endpoint))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - nothing is lost
            return replace(verdict(error, parcel), seconds=monotonic() - began)
        return verdict(answer, parcel)

    def _closed(self) -> bool:
        found: bool = getattr(self._client, "_closed")  # noqa: B009 - of either client
        return found

    def _endpoint(self, parcel: Parcel, batch: Batch | None) -> Endpoint | None:
        return (
            self._routes.endpoint(parcel.operation) if batch is None else batch.endpoint
        )

    def _given(
        self, parcel: Parcel, whole: Parcel, endpoint: Endpoint
    ) -> dict[str, Any]:
        event = Unread(self._routes.read, parcel.operation, parcel.body)
        return {**arguments_of(whole, endpoint), "event": event, "retries": _ONCE}


def _unknown(parcel: Parcel) -> Verdict:
    name = one_line(parcel.operation)[:_MOST_NAME]
    reason = (
        f"this version of the package has no operation {name!r}: the event waits for one that has. "
        "Deliver with the version that put it in, or export it and purge"
    )
    return Verdict(meaning=Meaning.PAUSE, reason=reason, kept=True, lacking=True)
