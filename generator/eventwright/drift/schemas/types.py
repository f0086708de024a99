"""Two types that stand in the same place of the two documents.

Every kind of type has a table of all its fields with what compares them. A field that is in no
table, or that differs while its rule has nothing to say, ends as UNCLASSIFIED.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, TypeAlias

from ...model.model import (
    AliasRef,
    AnyType,
    ArrayType,
    BooleanType,
    EnumType,
    NeverType,
    NullableType,
    NullType,
    NumberType,
    ObjectRef,
    StringType,
    Type,
    UnionType,
)
from ..findings import wirepath
from ..findings.describe import describe
from ..pairing.place import Place
from ..values.inclusion import accepts
from . import bounds, enums, formatchanges
from .assertions import compare_assertions
from .keywords import unclassified
from .notes import compare_notes, notes_of
from .unions import compare_discriminators, compare_unions

Comparer: TypeAlias = Callable[[Place, Any, Any], bool]
"""Reports what differs; False when it does not know what a difference means."""


def compare_types(place: Place, old: Type, new: Type) -> None:
    """Report everything that differs between two types and below."""
    if isinstance(old, AliasRef) and isinstance(new, AliasRef):
        compare_fields(place, old, new)
        return
    match old, new:
        case NullableType(inner=AliasRef() as alias), NullableType(inner=AliasRef() as other):
            # Opened here, what is an alias for its size would be looked into at every use.
            compare_fields(place, old, new)
            compare_fields(place, alias, other)
            return
    before, after = _opened(place, "old", old), _opened(place, "new", new)
    one, two = _core(place, "old", before), _core(place, "new", after)
    if isinstance(before, NullableType) or isinstance(after, NullableType):
        _compare_null(place, before, after, one, two)
    if type(one) is type(two):
        compare_fields(place, one, two)
    elif isinstance(one, NullType) or isinstance(two, NullType):
        _across(place, before, after)
    else:
        _across(place, one, two)


def compare_fields(place: Place, old: Any, new: Any) -> None:
    """Two nodes of one kind, field by field."""
    table = TABLES[type(old)]
    for names, compare in table.items():
        if not compare(place, old, new):
            _fall_back(place, names, old, new)
    known = {name for names in table for name in names}
    _fall_back(place, tuple(n for n in compared(type(old)) if n not in known), old, new)


def compared(kind: type[Any]) -> tuple[str, ...]:
    """The fields of a model class that carry meaning: all but where it stands."""
    return tuple(field.name for field in fields(kind) if field.compare)


def _fall_back(place: Place, names: tuple[str, ...], old: Any, new: Any) -> None:
    for name in names:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            unclassified(place, name, describe(before), describe(after), old, new)


def _opened(place: Place, which: str, node: Type) -> Type:
    while isinstance(node, AliasRef):
        node = place.pairs.alias(which, node.key)
    return node


def _core(place: Place, which: str, node: Type) -> Type:
    while isinstance(node, NullableType | AliasRef):
        node = node.inner if isinstance(node, NullableType) else _opened(place, which, node)
    return node


def _compare_null(place: Place, before: Type, after: Type, old: Type, new: Type) -> None:
    """Whether null counts, where at least one of the two is nullable."""
    null = isinstance(before, NullableType), isinstance(after, NullableType)
    if null == (True, True):
        for names, compare in _COMMON.items():
            if not compare(place, before, after):
                _fall_back(place, names, before, after)
    elif any(isinstance(core, AnyType | NullType) for core in (old, new)):
        return
    elif null[1]:
        place.report("BECAME_NULLABLE", "may be null", old, new, values=(False, True))
    else:
        place.report("TYPE_NARROWED", "may no longer be null", old, new, values=(True, False))


def _across(place: Place, old: Type, new: Type) -> None:
    """Types of two different kinds."""
    kind, phrase = _relation(_read(place, old), _read(place, new))
    if kind == "TYPE_CHANGED" and (isinstance(old, UnionType) or isinstance(new, UnionType)):
        compare_unions(place, old, new, compare_types)
        return
    said = (describe(old), describe(new))
    if kind:
        place.report(kind, phrase, old, new, values=said)
    if kind != "TYPE_CHANGED":
        compare_notes(place, notes_of(old), notes_of(new), old, new)


def _read(place: Place, node: Type) -> Type:
    """To a reader, what meets several arms is as good as what meets one."""
    if place.side == "response" and isinstance(node, UnionType) and node.exclusive:
        return replace(node, exclusive=False)
    return node


def _relation(old: Type, new: Type) -> tuple[str, str]:
    """The kind of change and the phrase; "" where the two take the same."""
    wider, narrower = accepts(new, old), accepts(old, new)
    if wider and narrower:
        return "", ""
    if wider:
        if isinstance(old, EnumType):
            return "ENUM_OPENED", "is not limited to fixed values any more"
        return "TYPE_WIDENED", "takes more kinds of value than before"
    if narrower:
        if isinstance(new, EnumType):
            return "ENUM_CLOSED", "is limited to fixed values now"
        return "TYPE_NARROWED", "takes fewer kinds of value than before"
    return "TYPE_CHANGED", f"is {describe(new)} now, not {describe(old)}"


def _nothing(place: Place, old: Any, new: Any) -> bool:
    """Compared by `compare_types`, which unwraps it."""
    return True


def _notes(place: Place, old: Any, new: Any) -> bool:
    compare_notes(place, old.notes, new.notes, old, new)
    return True


def _assertions(place: Place, old: Any, new: Any) -> bool:
    return compare_assertions(place, old, new, compare_types)


def _items(place: Place, old: ArrayType, new: ArrayType) -> bool:
    for index in range(max(len(old.prefix), len(new.prefix))):
        one = old.prefix[index] if index < len(old.prefix) else old.items
        two = new.prefix[index] if index < len(new.prefix) else new.items
        compare_types(place.below(wirepath.item(index)), one, two)
    compare_types(place.below(wirepath.item()), old.items, new.items)
    return True


def _arms(place: Place, old: UnionType, new: UnionType) -> bool:
    compare_unions(place, old, new, compare_types)
    return True


def _discriminators(place: Place, old: UnionType, new: UnionType) -> bool:
    compare_discriminators(place, old, new)
    return True


def _descend(place: Place, old: ObjectRef | AliasRef, new: ObjectRef | AliasRef) -> bool:
    if isinstance(old, ObjectRef):
        place.rename(place.pairs.old.objects[old.key], place.pairs.new.objects[new.key])
    place.descend(old.key, new.key)
    return True


_COMMON: Mapping[tuple[str, ...], Comparer] = {("notes",): _notes, ("assertions",): _assertions}
TABLES: dict[type[Any], Mapping[tuple[str, ...], Comparer]] = {
    AnyType: _COMMON,
    NeverType: _COMMON,
    NullType: _COMMON,
    BooleanType: _COMMON,
    NumberType: {
        ("integral", "multiple_of"): bounds.steps,
        (
            "minimum",
            "maximum",
            "exclusive_minimum",
            "exclusive_maximum",
            "format",
        ): bounds.ranges,
        **_COMMON,
    },
    StringType: {
        ("min_length", "max_length"): bounds.lengths,
        ("pattern",): bounds.pattern,
        ("format",): formatchanges.formats,
        **_COMMON,
    },
    EnumType: {("values",): enums.values, **_COMMON},
    ArrayType: {
        ("items", "prefix"): _items,
        ("min_items", "max_items"): bounds.counts,
        ("unique",): bounds.unique,
        **_COMMON,
    },
    ObjectRef: {("key",): _descend, **_COMMON},
    AliasRef: {("key",): _descend, **_COMMON},
    NullableType: {("inner",): _nothing, **_COMMON},
    UnionType: {
        ("arms", "exclusive", "tag"): _arms,
        ("discriminator", "mapping"): _discriminators,
        **_COMMON,
    },
}
"""Kind of type -> groups of its fields -> what compares a group."""
