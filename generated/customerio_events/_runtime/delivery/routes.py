"""Which operation an event is sent with, and what keeps events in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import Any, TypeAlias

from ..builders.base import Builder
from ..client.client import ClientCore
from ..client.requests import Endpoint
from ..values.jsontext import quote
from ..values.problems import ValidationError, nearest
from .checks import kind, shown, text
from .parcels import Parcel, captured, capturing

Key: TypeAlias = str | Callable[[Any], object] | None
"""What events have in common that are delivered in order: a key of theirs by its wire name, as in
`userId`; a function of the event; None: nothing."""


class Route:
    """An operation whose body is an object, such as an event.

    Args:
        endpoint: of it.
        takes: the classes of the object.
        argument: of the client's method that takes it.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        takes: tuple[type[Builder], ...],
        argument: str = "event",
    ) -> None:
        self.endpoint = endpoint
        self.takes = takes
        self.argument = argument

    def read(self, body: bytes) -> object:
        """The object in a body that was made here, of the first class that it can be of."""
        for builder in self.takes:
            with suppress(ValidationError):
                return builder.from_json(body)
        return None


class Batch:
    """An operation that takes an array of what others take.

    Args:
        endpoint: of it.
        key: of its body, which holds the array; empty: the body is the array.
        most: how many there may be in it; None: the document does not say.
        carries: the names of the operations for which it stands in.
    """

    def __init__(
        self, endpoint: Endpoint, key: str, most: int | None, carries: tuple[str, ...]
    ) -> None:
        self.endpoint = endpoint
        self.most = most
        self.carries = carries
        self._lead = f"{{{quote(key)}:[".encode() if key else b"["
        self._tail = b"]}" if key else b"]"

    def body(self, bodies: Iterable[bytes]) -> bytes:
        """The bodies of several as one."""
        return b"%b%b%b" % (self._lead, b",".join(bodies), self._tail)


class Routes:
    """The operations of a package that are delivered.

    Args:
        routes: those that take one object.
        batches: those that take many.
        parse: reads any event of the package, where it has some.
    """

    def __init__(
        self,
        routes: Iterable[Route],
        batches: Iterable[Batch] = (),
        parse: Callable[[bytes], object] | None = None,
    ) -> None:
        self._routes = {route.endpoint.name: route for route in routes}
        self._batches = {batch.endpoint.name: batch for batch in batches}
        self._parse = parse
        self._by_class: dict[type, Route] = {}

    def endpoint(self, operation: str) -> Endpoint | None:
        """The operation of that name, if this version of the package has it."""
        route = self._routes.get(operation)
        return None if route is None else route.endpoint

    def read(self, operation: str, body: bytes) -> object:
        """The event in the body of an operation; None for one that cannot be read."""
        route = self._routes.get(operation)
        if route is None:
            return None  # a batch
        if self._parse is not None:
            with suppress(ValidationError):
                event = self._parse(body)
                if isinstance(event, route.takes):
                    return event
        return route.read(body)

    def argument_of(self, operation: str) -> str:
        """What the method of an operation calls the object that it takes."""
        return self._routes[operation].argument

    def taking(self, event: object) -> list[str]:
        """The names of the operations that take an event."""
        routes = self._routes.items()
        return [name for name, each in routes if isinstance(event, each.takes)]

    def check_key(self, key: object) -> None:
        """Refuse what orders nothing.

        Raises:
            TypeError: it is no text, no function and not None.
            ValueError: no event has a key of that wire name; says which is like it.
        """
        if key is None or callable(key):
            return
        if not isinstance(key, str):
            raise TypeError(
                "key must be the wire name of a key that events have, a function of the event, or "
                f"None for no order, not {kind(key)}"
            )
        if not any(_attribute(each, key) for each in self._classes()):
            wires = {m.wire: None for c in self._classes() for m in c.__shape__.members}
            near = nearest(key, [*wires])
            hint = f" (did you mean {near!r}?)" if near else ""
            raise ValueError(
                f"key is {shown(key)}, and no event declares a key of that name{hint}; a function "
                "of the event can give what else it is ordered by, and None is for no order"
            )

    def _classes(self) -> Iterator[Any]:
        """All that can be put in."""
        return chain.from_iterable(route.takes for route in self._routes.values())

    def batch(self, name: str) -> Batch:
        """The operation of that name that takes many. Raises ValueError if there is none."""
        found = self._batches.get(name)
        if found is None:
            known = ", ".join(map(repr, self._batches)) or "none"
            raise ValueError(
                f"no operation {name!r} takes many events; there is {known}"
            )
        return found

    def route(self, event: object, operation: str | None) -> Route:
        """The operation for an event: that of the name given, or the only one that takes its class.

        Raises:
            TypeError: none does, or several do.
            ValueError: there is no operation of that name that takes events.
        """
        if operation is not None:
            return self._named(operation)
        found = self._by_class.get(type(event))
        if found is None:
            found = self._only(event)
            self._by_class[type(event)] = found
        return found

    def _named(self, operation: str) -> Route:
        found = self._routes.get(operation)
        if found is None:
            known = ", ".join(map(repr, self._routes))
            raise ValueError(
                f"no operation {operation!r} is delivered; there is {known}"
            )
        return found

    def _only(self, event: object) -> Route:
        fitting = [
            each for each in self._routes.values() if isinstance(event, each.takes)
        ]
        if len(fitting) == 1:
            return fitting[0]
        came = type(event).__name__
        if fitting:
            names = ", ".join(repr(each.endpoint.name) for each in fitting)
            raise TypeError(
                f"several operations take a {came}: say operation=, one of {names}"
            )
        raise TypeError(f"expected an event of this package, got {came}{_hint(event)}")


def _hint(given: object) -> str:
    if isinstance(given, Mapping):
        return "; parse_event makes one of a mapping"
    if isinstance(given, Iterable) and not isinstance(given, (str, bytes)):
        return "; put_many of an outbox takes several"
    return ""


class Intake:
    """Makes parcels of events, as a client would send them."""

    def __init__(self, client: ClientCore[Any], routes: Routes, key: Key) -> None:
        routes.check_key(key)
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
        return captured(method, {route.argument: event, **arguments}, ordered, label)

    def _method(self, route: Route) -> Callable[..., Any]:
        method: Callable[..., Any] = attrgetter(route.endpoint.name)(self._client)
        self._methods[route] = method
        return method


def ordering_key(event: object, key: Key) -> str:
    """What an event shares with those that it is kept in order with; "" for nothing."""
    if key is None:
        return ""
    value = key(event) if callable(key) else _value(event, key)
    if not isinstance(value, str):
        return "" if value is None else repr(value)
    if value.isascii():
        return value
    # Half of a surrogate pair, which JSON can say, is no text that a database takes.
    return value.encode("utf-8", "backslashreplace").decode()


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
