"""The view of `outbox.py`: which operations are delivered, and where these are declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...model.bodies import form_of
from ...model.model import ArrayType, Model, ObjectRef, Operation, Type
from ...python.quoting import literal
from ..requests.bodies import classes_of
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


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchView:
    """An operation that takes an array of what others take."""

    operation: str
    """Its name, behind that of the client."""
    endpoint: str
    """The expression of its Endpoint."""
    key: str
    """Source of the key of its body that holds the array; of "" where the body is the array."""
    most: int | None
    """How many there may be in it."""
    carries: tuple[str, ...]
    """Source of the names of the operations for which it stands in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryView:
    """What is delivered of a package."""

    routes: tuple[RouteView, ...]
    batches: tuple[BatchView, ...]
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
    routes = {name: tuple(_routes(views, name)) for name, views in found.items()}
    every = tuple(route for each in routes.values() for route in each)
    accepted = _accepted(client)
    described = {each.at: each for each in model.operations}
    batches = tuple(
        batch
        for name, views in found.items()
        for view in views
        if (batch := _batch(model, view, described.get(view.pointer), name, accepted))
    )
    used = {name for name, each in routes.items() if each}
    used |= {batch.endpoint.partition(".")[0] for batch in batches}
    return DeliveryView(
        routes=every,
        batches=batches,
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
        )


def _accepted(client: ClientView) -> Mapping[str, frozenset[str]]:
    """The classes that each operation takes."""
    bodies = {each.called: each.body for each in client.methods}
    return {name: frozenset(body.classes) for name, body in bodies.items() if body and body.classes}


def _sendable(accepted: Mapping[str, frozenset[str]], events: tuple[str, ...]) -> tuple[str, ...]:
    every = frozenset[str]().union(*accepted.values())
    if events and every.issuperset(events):
        return ("Event", *sorted(every.difference(events)))
    return tuple(sorted(every))


def _batch(
    model: Model,
    view: OperationView,
    operation: Operation | None,
    module: str,
    accepted: Mapping[str, frozenset[str]],
) -> BatchView | None:
    """An operation as one that takes an array of what others take, if it is one."""
    if operation is None or view.parameters:
        return None
    key, array = _array(model, operation)
    items = frozenset(classes_of(model, array.items)) if array else frozenset[str]()
    carried = [name for name, classes in accepted.items() if classes <= items]
    if array is None or not carried:
        return None
    return BatchView(
        operation=view.called,
        endpoint=f"{module}.{view.endpoint}",
        key=literal(key),
        most=array.max_items,
        carries=tuple(literal(name) for name in carried),
    )


def _array(model: Model, operation: Operation) -> tuple[str, ArrayType | None]:
    """The array that the body is, or that is all its body needs, and the key of that."""
    contents = operation.body.contents if operation.body else ()
    for content in contents:
        if form_of(content) == "json":
            return _within(model, content.type)
    return "", None


def _within(model: Model, node: Type) -> tuple[str, ArrayType | None]:
    if isinstance(node, ArrayType):
        return "", node
    if not isinstance(node, ObjectRef):
        return "", None
    fields = model.objects[node.key].fields
    arrays = [each for each in fields if isinstance(each.type, ArrayType)]
    others = [each for each in fields if each.required and each not in arrays]
    if len(arrays) == 1 and not others and isinstance(arrays[0].type, ArrayType):
        return arrays[0].wire, arrays[0].type
    return "", None
