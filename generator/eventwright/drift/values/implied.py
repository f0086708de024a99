"""Constraints that others imply, which say nothing of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ...model.model import (
    AnyType,
    ArrayType,
    Assertion,
    BooleanType,
    EnumType,
    NeverType,
    ObjectRef,
    ObjectType,
    Type,
)

_FLAGS = frozenset({True, False})


def normal_enum(node: EnumType) -> Type:
    """true or false is a boolean."""
    booleans = all(isinstance(value, bool) for value in node.values)
    if booleans and set(node.values) == _FLAGS:
        return BooleanType(at=node.at, notes=node.notes, assertions=node.assertions)
    return node


def normal_array(node: ArrayType) -> ArrayType:
    """Without the counts that follow from its items."""
    most = node.max_items
    if isinstance(node.items, NeverType):
        most = len(node.prefix) if most is None else min(most, len(node.prefix))
    if most == node.max_items and not (node.unique and most is not None and most < 2):
        return node
    return replace(node, max_items=most, unique=node.unique and (most is None or most > 1))


def normal_object(item: ObjectType, objects: Mapping[str, ObjectType]) -> ObjectType:
    """Without the counts and conditions that follow from its keys.

    `objects`: those of the model, which its conditions refer to.
    """
    required = frozenset(field.wire for field in item.fields if field.required)
    low, high = item.min_properties, item.max_properties
    closed = isinstance(item.extra, NeverType) and not item.patterns
    if low is not None and low <= len(required):
        low = None
    if high is not None and closed and high >= len(item.fields):
        high = None
    known = {field.wire for field in item.fields} if closed else None
    kept = tuple(a for a in item.assertions if not _follows(a, required, known, objects))
    if (low, high, kept) == (item.min_properties, item.max_properties, item.assertions):
        return item
    return replace(item, min_properties=low, max_properties=high, assertions=kept)


def _follows(
    each: Assertion,
    required: frozenset[str],
    known: set[str] | None,
    objects: Mapping[str, ObjectType],
) -> bool:
    """`known`: all keys that there may be; None: any."""
    match each.keyword:
        case "required":
            return required >= set(each.names)
        case "dependentRequired":
            trigger, *names = each.names
            return required >= set(names) or (known is not None and trigger not in known)
        case "notRequired":
            return known is not None and not known & set(each.names)
        case "anyOf" | "allOf":
            needs = [_needs(node, objects) for node in each.types]
            enough = [need is not None and need <= required for need in needs]
            return any(enough) if each.keyword == "anyOf" else all(enough)
    return False


def _needs(node: Type, objects: Mapping[str, ObjectType]) -> frozenset[str] | None:
    if isinstance(node, AnyType) and not node.assertions:
        return frozenset()
    plain = isinstance(node, ObjectRef) and not node.assertions
    return only_requires(objects[node.key]) if plain and isinstance(node, ObjectRef) else None


def only_requires(item: ObjectType) -> frozenset[str] | None:
    """The keys of an object that says nothing but that they are required; None: it says more."""
    said = (item.patterns, item.assertions, item.min_properties, item.max_properties)
    types = [field.type for field in item.fields]
    free = all(isinstance(node, AnyType) and not node.assertions for node in (*types, item.extra))
    if said != ((), (), None, None) or not free:
        return None
    return frozenset(field.wire for field in item.fields if field.required)
