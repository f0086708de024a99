"""The view of `outbox.py`: which operations are delivered, and where these are declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...model.model import Model
from ...python.quoting import literal
from .batches import BatchView, batches
from .client import ClientView
from .operations import OperationView


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteView:
    """An operation whose body is an object with a class, such as an event."""

    operation: str
    """Its name, behind that of the client."""
    endpoint: str
    """The expression of its Endpoint."""
    takes: str
    """The expression of the builders that it takes; "" where `classes` lists them."""
    classes: tuple[str, ...]
    """The builders, where no variable has them and nothing else."""
    argument: str
    """Source of the name of the argument that takes them; "" where it is `event`."""
    wrap: str
    """Where it takes an array: the expression of a function that makes one of an event; or ""."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryView:
    """What is delivered of a package."""

    routes: tuple[RouteView, ...]
    batches: tuple[BatchView, ...]
    unfit: tuple[tuple[str, str], ...]
    """Source of the names of operations that take an array and stand in for none, and why not."""
    operations: tuple[str, ...]
    """The names of all operations that are delivered, behind that of the client."""
    of_events: tuple[str, ...]
    """Source of the names of those that take events, one by one or in an array."""
    parts: tuple[tuple[str, str], ...]
    """The modules of operations that have some of them, and what they are called."""
    own: bool
    """Whether the module of the client's own operations has some."""
    sendable: tuple[str, ...]
    """All that can be put in: `Event` for any event, and builders that are none."""
    example: str
    """One class among these."""
    order_by: str | None
    """The wire name by which events are kept in order."""
    relay: bool
    """Whether they may also wait in an engine that a sink stands for."""


def delivery_view(
    model: Model, client: ClientView, events: tuple[str, ...], *, order_by: str | None, relay: bool
) -> DeliveryView:
    """What a client has of operations that take builders.

    Args:
        model: as the views are made of it.
        client: its operations.
        events: the class names of all events, which `Event` stands for.
        order_by: the wire name by which they are kept in order; None for none.
        relay: whether a sink is asked for.
    """
    found = {"api": client.operations}
    found |= {_alias(part.name): part.operations for part in client.parts}
    accepted = _accepted(client)
    batched, unfit = batches(model, found, accepted)
    routes = {
        name: (*_routes(views, name), *_of_arrays(batched, name)) for name, views in found.items()
    }
    every = tuple(route for each in routes.values() for route in each)
    accepted = {**accepted, **{f"{each.operation}[]": frozenset(each.alone) for each in batched}}
    used = {name for name, each in routes.items() if each}
    used |= {batch.endpoint.partition(".")[0] for batch in batched}
    return DeliveryView(
        routes=every,
        batches=batched,
        unfit=unfit,
        operations=tuple(dict.fromkeys(each.operation for each in every)),
        of_events=tuple(map(literal, dict.fromkeys(_of_events(every, accepted, events)))),
        parts=tuple((p.name, _alias(p.name)) for p in client.parts if _alias(p.name) in used),
        own="api" in used,
        sendable=_sendable(accepted, events),
        example=(*events, *sorted(frozenset().union(*accepted.values())))[0] if every else "",
        order_by=order_by,
        relay=relay,
    )


def _alias(module: str) -> str:
    """A name that nothing else has beside a module of operations."""
    return f"_{module.strip('_')}_operations"


def _routes(operations: tuple[OperationView, ...], module: str) -> Iterator[RouteView]:
    for each in operations:
        if each.body is None or not each.body.classes:
            continue
        listed = bool(each.body.accepted)
        yield RouteView(
            operation=each.called,
            endpoint=f"{module}.{each.endpoint}",
            takes=f"{module}.{each.body.constant}" if listed else "",
            classes=() if listed else each.body.classes,
            argument="" if each.takes_event else literal(each.body.name),
            wrap="",
        )


def _of_arrays(batched: tuple[BatchView, ...], module: str) -> Iterator[RouteView]:
    """Of the events that only an array of them is taken of."""
    for each in batched:
        if each.alone and each.endpoint.startswith(f"{module}."):
            yield RouteView(
                operation=each.operation,
                endpoint=each.endpoint,
                takes="",
                classes=each.alone,
                argument=each.argument,
                wrap=each.wrap,
            )


def _accepted(client: ClientView) -> Mapping[str, frozenset[str]]:
    """The classes that each operation takes."""
    bodies = {each.called: each.body for each in client.methods}
    return {name: frozenset(body.classes) for name, body in bodies.items() if body and body.classes}


def _of_events(
    routes: tuple[RouteView, ...], accepted: Mapping[str, frozenset[str]], events: tuple[str, ...]
) -> Iterator[str]:
    for each in routes:
        name = f"{each.operation}[]" if each.wrap else each.operation
        if not accepted[name].isdisjoint(events):
            yield each.operation


def _sendable(accepted: Mapping[str, frozenset[str]], events: tuple[str, ...]) -> tuple[str, ...]:
    every = frozenset[str]().union(*accepted.values())
    if events and every.issuperset(events):
        return ("Event", *sorted(every.difference(events)))
    return tuple(sorted(every))
