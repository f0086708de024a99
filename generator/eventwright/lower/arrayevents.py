"""Events that a document has in arrays alone: a body is an array of them, or holds one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from ..model.arrays import array_of
from ..model.bodies import form_of
from ..model.model import (
    EnumType,
    Event,
    Model,
    ObjectRef,
    Operation,
    Type,
    UnionType,
)
from ..model.reachable import plain

if TYPE_CHECKING:
    from ..config.config import ClientConfig

_Literal: TypeAlias = "str | int"


def with_events_of_arrays(model: Model, client: ClientConfig) -> Model:
    """The model with these among its events.

    They are told as the arms of a union are, and where nobody has named the operation in `events`,
    only by a constant whose key says that it is an event: an array holds anything else as well.
    """
    known = {event.key for event in model.events}
    found = dict[str, Event]()
    for operation in model.operations:
        named = client.events is not None and operation.id in client.events
        if client.events is None or named:
            for event in _of_operation(model, operation, named=named):
                if event.key not in known:
                    found.setdefault(event.key, event)
    return replace(model, events=(*model.events, *found.values()))


def _of_operation(model: Model, operation: Operation, *, named: bool) -> Iterator[Event]:
    for content in operation.body.contents if operation.body else ():
        if form_of(content) == "json" and (items := items_of(model, content.type)) is not None:
            yield from _events(model, items, named=named)


def items_of(model: Model, node: Type) -> Type | None:
    """What is in the array of a body that needs nothing beside it; None for other bodies."""
    array = array_of(model, node)
    if array is None or array.required:
        return None
    return plain(model, array.type.items)


def _events(model: Model, items: Type, *, named: bool) -> Iterator[Event]:
    """The events that the items are; none where one of them is something else."""
    arms = items.arms if isinstance(items, UnionType) else (items,)
    kinds = [plain(model, arm) for arm in arms]
    refs = [each for each in kinds if isinstance(each, ObjectRef)]
    if len(refs) < len(kinds):
        return
    constants = [_constants(model, each) for each in refs]
    for tag in _tags(constants):
        if named or "event" in tag.lower():
            for ref, each in zip(refs, constants, strict=True):
                literal, at = each[tag], model.objects[ref.key].at
                yield Event(literal=str(literal), literals=(literal,), tag=tag, key=ref.key, at=at)
            return


def _tags(constants: list[Mapping[str, _Literal]]) -> list[str]:
    """The keys that tell all of them apart, the best first."""
    first, *others = constants
    shared = [key for key in first if all(key in each for each in others)]
    telling = [key for key in shared if len({each[key] for each in constants}) == len(constants)]
    return sorted(telling, key=lambda key: "event" not in key.lower())


def _constants(model: Model, ref: ObjectRef) -> Mapping[str, _Literal]:
    """The keys of an object that hold one text or integer only."""
    return {
        each.wire: value
        for each in model.objects[ref.key].fields
        if isinstance(each.type, EnumType) and each.constant
        for value in each.type.values
        if isinstance(value, str | int) and not isinstance(value, bool)
    }
