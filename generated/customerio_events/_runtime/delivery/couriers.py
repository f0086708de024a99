"""One attempt to deliver a parcel: the call that its event would have been."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ..client.client import ClientCore
from ..client.requests import Endpoint
from ..client.retries import RetryPolicy
from ..client.unread import Unread
from .parcels import Parcel, arguments_of
from .routes import Batch, Routes
from .verdicts import Meaning, Verdict, verdict

_ONCE = RetryPolicy.none()


class Courier:
    """Makes the calls of parcels with a client, which gives server and credentials.

    Args:
        client: of this package; sync for `deliver`, async for `deliver_async`.
        routes: the operations of the package.
    """

    def __init__(self, client: ClientCore[Any], routes: Routes) -> None:
        self._call: Callable[..., Any] = getattr(client, "_call")  # noqa: B009 - of either client
        self._routes = routes

    def deliver(self, parcel: Parcel, batch: Batch | None = None) -> Verdict:
        """Send it once. Never raises for what comes of it.

        `batch`: what its body is of; None: of the operation that it names.
        """
        endpoint = self._endpoint(parcel, batch)
        if endpoint is None:
            return _unknown(parcel)
        try:
            answer = self._call(endpoint, **self._given(parcel, endpoint))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - nothing is lost
            return verdict(error, parcel)
        return verdict(answer, parcel)

    async def deliver_async(
        self, parcel: Parcel, batch: Batch | None = None
    ) -> Verdict:
        """As `deliver`; may be cancelled."""
        endpoint = self._endpoint(parcel, batch)
        if endpoint is None:
            return _unknown(parcel)
        try:
            answer = await self._call(endpoint, **self._given(parcel, endpoint))
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing is lost
            return verdict(error, parcel)
        return verdict(answer, parcel)

    def _endpoint(self, parcel: Parcel, batch: Batch | None) -> Endpoint | None:
        return (
            self._routes.endpoint(parcel.operation) if batch is None else batch.endpoint
        )

    def _given(self, parcel: Parcel, endpoint: Endpoint) -> dict[str, Any]:
        event = Unread(partial(self._routes.read, parcel.operation, parcel.body))
        return {**arguments_of(parcel, endpoint), "event": event, "retries": _ONCE}


def _unknown(parcel: Parcel) -> Verdict:
    has_not = f"this version of the package has no operation {parcel.operation!r}"
    reason = f"{has_not}: another may deliver it"
    return Verdict(meaning=Meaning.REJECTED, reason=reason)
