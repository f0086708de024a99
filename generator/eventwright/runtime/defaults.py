"""Defaults that break their own schema: told, and never sent unasked.

What a builder holds, it can read back; so it holds no default that it would refuse to read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ..diagnostics.remarks import Remark
from ..model.model import Field, Model, Notes, NullableType, ObjectType, Type
from ..model.reachable import children, object_children
from ..text.jsonvalues import Json
from ..text.pointers import Pointer, Tokens, destination, join_pointer, resolve, split_pointer
from .checkable import checkable
from .verdicts import Verdicts

if TYPE_CHECKING:
    from ..document.load import Document


def broken_defaults(document: Document, model: Model) -> Iterator[Remark]:
    """A note for each default of the model that the kind of its place refuses."""
    verdicts = Verdicts(checkable(model))
    told: set[Pointer] = set()
    for node in _nodes(verdicts.model):
        for notes, at in _noted(node):
            problem = _problem(verdicts, node, notes)
            place = _place(document.data, at) if problem else ""
            if problem and place not in told:
                told.add(place)
                yield Remark(
                    code="N204",
                    message=f"the default breaks its schema, so it is never sent: {problem}",
                    at=place,
                    help="correct the default, or the schema",
                )


def _place(data: Json, at: Pointer) -> Pointer:
    """Where the default stands that a schema has: itself, by reference or from `allOf`."""
    waiting, seen = [split_pointer(at)], set[Tokens]()
    while waiting:
        place = waiting.pop()
        schema = _schema(data, place) if place not in seen else None
        seen.add(place)
        if schema is not None:
            if "default" in schema:
                return join_pointer((*place, "default"))
            arms = schema.get("allOf")
            many = range(len(arms)) if isinstance(arms, list) else range(0)
            waiting += [(*place, "allOf", str(index)) for index in reversed(many)]
            referred = destination(data, schema.get("$ref"))
            waiting += [] if referred is None else [referred]
    return at


def _schema(data: Json, place: Tokens) -> dict[str, Json] | None:
    try:
        found = resolve(data, place)
    except LookupError:  # of what is put together, no place is its own
        return None
    return found if isinstance(found, dict) else None


def without_broken_defaults(model: Model) -> Model:
    """A `checkable` model whose attributes have no such default."""
    verdicts = Verdicts(model)
    objects = {key: _mended(item, verdicts) for key, item in model.objects.items()}
    return replace(model, objects=objects)


def _mended(item: ObjectType, verdicts: Verdicts) -> ObjectType:
    fields = tuple(_field(field, verdicts) for field in item.fields)
    return item if fields == item.fields else replace(item, fields=fields)


def _field(field: Field, verdicts: Verdicts) -> Field:
    broken = [notes for notes, _ in _noted(field.type) if _problem(verdicts, field.type, notes)]
    if not broken:
        return field
    node = _without(field.type)
    if isinstance(node, NullableType):
        node = replace(node, inner=_without(node.inner))
    return replace(field, type=node)


def _problem(verdicts: Verdicts, node: Type, notes: Notes) -> str:
    """What is wrong with a default; "" if nothing is."""
    if notes.default == (None,) and isinstance(node, NullableType):
        return ""
    return verdicts.problem(node, notes.default[0])


def _without(node: Type) -> Type:
    return replace(node, notes=replace(node.notes, default=()))


def _noted(node: Type) -> Iterator[tuple[Notes, Pointer]]:
    """The words with a default that are said of a place, null included."""
    for each in (node, node.inner) if isinstance(node, NullableType) else (node,):
        if each.notes.default:
            yield each.notes, each.at


def _nodes(model: Model) -> Iterator[Type]:
    """Every type that stands for itself: one in another without null is part of that."""
    waiting: list[Type] = [
        *(field.type for item in model.objects.values() for field in item.fields),
        *(node for item in model.objects.values() for node in _rest(item)),
        *model.aliases.values(),
    ]
    for operation in (*model.operations, *model.webhooks):
        waiting += [parameter.type for parameter in operation.parameters]
        waiting += [each.type for each in operation.body.contents] if operation.body else []
        waiting += [each.type for said in operation.responses for each in said.contents]
    waiting.reverse()
    while waiting:
        node = waiting.pop()
        yield node
        inner = node.inner if isinstance(node, NullableType) else node
        waiting += reversed([*children(inner)])


def _rest(item: ObjectType) -> Iterator[Type]:
    declared = {id(field.type) for field in item.fields}
    yield from (node for node in object_children(item) if id(node) not in declared)
