"""Which operation an event is sent with, alone or with others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from typing import Any

from ..builders.base import Builder
from ..calls.requests import Endpoint
from ..values.frozen import EMPTY
from ..values.jsontext import dumps, loads, quote, to_bytes
from ..values.problems import ValidationError, nearest
from .checks import shown, text
from .parcels import Parcel


class Route:
    """An operation whose body is an object, such as an event.

    Args:
        endpoint: of it.
        takes: the classes of the object.
        argument: of the client's method that takes it.
        wrap: where the operation takes an array, and is given one with this event alone, makes
            the argument of the event.

    Attributes:
        name: what is stored as the operation of a parcel: its own name, and `name[]` where the
            parcel is an item of its array.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        takes: tuple[type[Builder], ...],
        argument: str = "event",
        wrap: Callable[[Any], object] | None = None,
    ) -> None:
        self.endpoint = endpoint
        self.takes = takes
        self.argument = argument
        self.wrap = wrap
        self.name = endpoint.name if wrap is None else f"{endpoint.name}[]"

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
        self._key = key
        self._lead = f"{{{quote(key)}:[".encode() if key else b"["
        self._tail = b"]}" if key else b"]"

    def only(self, body: bytes) -> bytes:
        """The one event in the array of a body that a client has made."""
        if self._key:
            return to_bytes(dumps(loads(body)[self._key][0]))
        return body[1:-1]

    def body(self, bodies: Iterable[bytes]) -> bytes:
        """The bodies of several as one."""
        return b"%b%b%b" % (self._lead, b",".join(bodies), self._tail)


class Routes:
    """The operations of a package that are delivered.

    Args:
        routes: those that take one object.
        batches: those that take many.
        unfit: operations that take an array and stand in for none, and why not.
        parse: reads any event of the package, where it has some.
    """

    def __init__(
        self,
        routes: Iterable[Route],
        batches: Iterable[Batch] = (),
        unfit: Mapping[str, str] = EMPTY,
        parse: Callable[[bytes], object] | None = None,
    ) -> None:
        self._routes = {route.name: route for route in routes}
        self._unfit = unfit
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
        route = self._routes.get(operation) or self._routes[f"{operation}[]"]
        return route.argument

    def taking(self, event: object) -> list[str]:
        """The names of the operations that take an event."""
        routes = self._routes.values()
        return [each.endpoint.name for each in routes if isinstance(event, each.takes)]

    def whole(self, parcel: Parcel) -> Parcel:
        """A parcel as it is sent: where it is the item of an array, an array with that item."""
        route = self._routes.get(parcel.operation)
        if route is None or route.wrap is None:
            return parcel
        batch = self._batches[route.endpoint.name]
        return replace(parcel, body=batch.body([parcel.body]))

    def stored(self, route: Route, parcel: Parcel) -> Parcel:
        """What is stored of a call: its parcel, or of an array the one item that is in it."""
        if route.wrap is not None:
            parcel.operation = route.name
            parcel.body = self._batches[route.endpoint.name].only(parcel.body)
        return parcel

    def classes(self) -> Iterator[Any]:
        """All that can be put in."""
        return chain.from_iterable(route.takes for route in self._routes.values())

    def batch(self, name: object) -> Batch:
        """The operation of that name that takes many.

        Raises:
            TypeError: it is no name.
            ValueError: there is none, or it cannot take what was stored for others; says why.
        """
        found = self._batches.get(text("batch", name))
        if found is not None:
            return found
        known = ", ".join(map(repr, self._batches)) or "none"
        raise ValueError(
            f"batch is {shown(name)}, and {self._no_batch(text('batch', name))}; operations that "
            f"take many events: {known}"
        )

    def _no_batch(self, name: str) -> str:
        if name in self._unfit:
            return f"that one cannot be used for it: {self._unfit[name]}"
        if name in self._routes:
            return "that one takes no array of what another takes"
        near = nearest(name, [*self._batches])
        return (
            f"there is no such operation{f' (did you mean {near!r}?)' if near else ''}"
        )

    def route(self, event: object, operation: str | None) -> Route:
        """The operation for an event: that of the name given, or the only one that takes its class.

        Raises:
            TypeError: none does, or several do.
            ValueError: there is no operation of that name that takes events.
        """
        if operation is not None:
            return self._named(event, operation)
        found = self._by_class.get(type(event))
        if found is None:
            found = self._only(event)
            self._by_class[type(event)] = found
        return found

    def _named(self, event: object, operation: Any) -> Route:
        names = (operation, f"{operation}[]")
        found = [self._routes[name] for name in names if name in self._routes]
        if not found:
            known = list(dict.fromkeys(r.endpoint.name for r in self._routes.values()))
            near = nearest(operation, known) if isinstance(operation, str) else ""
            hint = f"did you mean {near!r}? There" if near else "there"
            raise ValueError(
                f"no operation {operation!r} is delivered; {hint} is {', '.join(map(repr, known))}"
            )
        fitting = [route for route in found if isinstance(event, route.takes)]
        return (fitting or found)[0]

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
