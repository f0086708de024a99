"""Events become parcels, as a client would send them."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from ..client.client import ClientCore
from .checks import text
from .keys import Key, check_key, ordering_key
from .parcels import Parcel, captured, capturing
from .routes import Route, Routes


class Intake:
    """Makes parcels of events, as a client would send them."""

    def __init__(self, client: ClientCore[Any], routes: Routes, key: Key) -> None:
        check_key(key, routes.classes())
        self._client = capturing(client)
        self._routes = routes
        self._key = key
        self._methods: dict[Route, Callable[..., Any]] = {}

    def parcel(
        self,
        event: object,
        operation: str | None,
        key: str | None,
        label: str,
        arguments: dict[str, Any],
    ) -> Parcel:
        """Check an event and everything about its call, and write it.

        Args:
            event: a builder of the package.
            operation: the name of the method, where several take it.
            key: instead of what the outbox's own `key` says; "" for none.
            label: what is kept with it.
            arguments: what the method takes beside the event.

        Raises:
            TypeError: no event, no argument of the method, or a key or label that is no text.
            ValidationError: an argument that the document does not allow.
        """
        route = self._routes.route(event, operation)
        method = self._methods.get(route) or self._method(route)
        ordered = ordering_key(event, self._key) if key is None else text("key", key)
        if label:
            text("label", label)
        # By name: arguments of the path come before it.
        given = event if route.wrap is None else route.wrap(event)
        parcel = captured(method, {route.argument: given, **arguments})
        parcel.key, parcel.label = ordered, label
        return parcel if route.wrap is None else self._routes.stored(route, parcel)

    def _method(self, route: Route) -> Callable[..., Any]:
        method: Callable[..., Any] = attrgetter(route.endpoint.name)(self._client)
        self._methods[route] = method
        return method
