"""Conditions beside a type that hold for all its values anyway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ...model.model import (
    NO_NOTES,
    AnyType,
    ArrayType,
    Assertion,
    NumberType,
    ObjectRef,
    StringType,
    Type,
)
from ..values.disjoint import Disjoint
from ..values.inclusion import accepts

_KINDS: Mapping[str, Type] = {
    "array": ArrayType(items=AnyType()),
    "number": NumberType(integral=False),
    "string": StringType(),
    "propertyNames": StringType(),
}
"""Conditions on values of one kind, whatever else there may be."""
OBJECT = ObjectRef(key="")
"""Any object."""


def idle(each: Assertion, node: Type) -> bool:
    """Whether a condition holds for all that the type takes anyway."""
    bare = replace(node, notes=NO_NOTES, assertions=())
    match each.keyword:
        case "allOf":
            return all(accepts(inner, bare) for inner in each.types)
        case "anyOf":
            return any(accepts(inner, bare) for inner in each.types)
        case "not":
            return Disjoint()(each.types[0], bare)
        case "contains":
            return each.bounds == (0, None)
    return each.keyword in _KINDS and accepts(each.types[0], _KINDS[each.keyword])
