"""Which operation an event is sent with, and what keeps events in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeAlias

from ..builders.base import Builder
from ..client.client import ClientCore
from ..client.requests import Endpoint
from .parcels import Parcel, captured, capturing

Key: TypeAlias = str | Callable[[Any], object] | None
"""What events have in common that are delivered in order: a key of theirs by its wire name, as in
`userId`; a function of the event; None: nothing."""


class Route:
    """An operation that takes events; `takes`: their classes."""

    def __init__(self, endpoint: Endpoint, takes: tuple[type[Builder], ...]) -> None:
        self.endpoint = endpoint
        self.takes = takes


class Routes:
    """The operations of a package that take events."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = {route.endpoint.name: route for route in routes}
        self._by_class: dict[type, Route] = {}

    def endpoint(self, operation: str) -> Endpoint | None:
        """The operation of that name, if this version of the package has it."""
        route = self._routes.get(operation)
        return None if route is None else route.endpoint

    def route(self, event: object, operation: str | None) -> Route:
        """The operation for an event: that of the name given, or the first that takes its class.

        Raises:
            TypeError: none does.
            ValueError: there is no operation of that name that takes events.
        """
        if operation is not None:
            return self._named(operation)
        found = self._by_class.get(type(event))
        if found is None:
            found = self._first(event)
            self._by_class[type(event)] = found
        return found

    def _named(self, operation: str) -> Route:
        found = self._routes.get(operation)
        if found is None:
            known = ", ".join(map(repr, self._routes))
            raise ValueError(
                f"no operation {operation!r} takes events; there is {known}"
            )
        return found

    def _first(self, event: object) -> Route:
        for route in self._routes.values():
            if isinstance(event, route.takes):
                return route
        came = type(event).__name__
        hint = (
            "; parse_event makes one of a mapping" if isinstance(event, Mapping) else ""
        )
        raise TypeError(f"expected an event of this package, got {came}{hint}")


class Intake:
    """Makes parcels of events, as a client would send them."""

    def __init__(self, client: ClientCore[Any], routes: Routes, key: Key) -> None:
        self._client = capturing(client)
        self._routes = routes
        self._key = key
        self._methods: dict[str, Callable[..., Any]] = {}

    def parcel(
        self,
        event: object,
        *,
        operation: str | None = None,
        key: str | None = None,
        label: str = "",
        **arguments: Any,
    ) -> Parcel:
        """Check an event and everything about its call, and write it.

        Args:
            event: a builder of the package.
            operation: the name of the method, where several take it.
            key: instead of what the outbox's own `key` says; "" for none.
            label: what is kept with it.
            arguments: what the method takes beside the event.

        Raises:
            TypeError: no event, or no argument of the method.
            ValidationError: an argument that the document does not allow.
        """
        name = self._routes.route(event, operation).endpoint.name
        method = self._methods.get(name) or self._method(name)
        ordered = ordering_key(event, self._key) if key is None else key
        return captured(method, event, key=ordered, label=label, **arguments)

    def _method(self, name: str) -> Callable[..., Any]:
        method: Callable[..., Any] = attrgetter(name)(self._client)
        self._methods[name] = method
        return method


def ordering_key(event: object, key: Key) -> str:
    """What an event shares with those that it is kept in order with; "" for nothing."""
    if key is None:
        return ""
    value = key(event) if callable(key) else _value(event, key)
    if value is None or isinstance(value, str):
        return value or ""
    return repr(value)


def _value(event: object, wire: str) -> object:
    kind: Any = type(event)
    name = _attribute(kind, wire)
    if name:
        return getattr(event, name)
    extra: Mapping[str, object] | None = getattr(event, "extra", None)
    return None if extra is None else extra.get(wire)


@lru_cache(maxsize=1024)
def _attribute(builder: type[Any], wire: str) -> str:
    """The attribute of a wire name; "" where the class declares none."""
    if not issubclass(builder, Builder):
        return ""
    names = [m.name for m in builder.__shape__.members if m.wire == wire]
    return names[0] if names else ""
