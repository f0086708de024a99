"""The view of `outbox.py`: which operations take events, and where these are declared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .client import ClientView
from .operations import OperationView


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteView:
    """An operation that takes events."""

    operation: str
    """Its name, behind that of the client."""
    endpoint: str
    """The expression of its Endpoint."""
    takes: str
    """The expression of the builders that it takes; "" where `classes` lists them."""
    classes: tuple[str, ...]
    """The builders, where no variable has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryView:
    """What is delivered of a package."""

    routes: tuple[RouteView, ...]
    parts: tuple[str, ...]
    """The modules of operations that have some of them."""
    own: bool
    """Whether the module of the client's own operations has some."""
    classes: tuple[str, ...]
    """The builders that no variable has."""
    order_by: str | None
    """The wire name by which events are kept in order."""


def delivery_view(client: ClientView, order_by: str) -> DeliveryView:
    """What the client view has of operations that take events; `order_by`: "" for no order."""
    own = tuple(_routes(client.operations, "api"))
    found = {part.name: tuple(_routes(part.operations, f"_{part.name}")) for part in client.parts}
    parts = tuple(sorted(name for name, routes in found.items() if routes))
    routes = (*own, *(route for name in found for route in found[name]))
    return DeliveryView(
        routes=routes,
        parts=parts,
        own=bool(own),
        classes=tuple(sorted({name for route in routes for name in route.classes})),
        order_by=order_by or None,
    )


def _routes(operations: tuple[OperationView, ...], module: str) -> Iterator[RouteView]:
    for each in operations:
        if each.body is None or not each.takes_event:
            continue
        listed = bool(each.body.accepted)
        yield RouteView(
            operation=each.called,
            endpoint=f"{module}.{each.endpoint}",
            takes=f"{module}.{each.body.constant}" if listed else "",
            classes=() if listed else each.body.classes,
        )
