"""Two objects that stand for each other."""

from __future__ import annotations

from collections.abc import Mapping

from ...model.model import AnyType, Field, NeverType, ObjectType, Type
from ..findings import wirepath
from ..findings.describe import describe
from ..findings.finding import Axis
from ..pairing.pairs import PairKey, Pairs
from ..pairing.place import Place
from . import bounds
from .assertions import compare_assertions
from .notes import notes_of
from .types import TABLES, Comparer, compare_fields, compare_types


def compare_pair(pairs: Pairs, key: PairKey) -> None:
    """Fill in the node of a pair of objects, or of aliases."""
    side, emits, old, new = key
    place = Place(pairs=pairs, node=pairs.node(key), side=side, emits=emits)
    if old in pairs.old.objects and new in pairs.new.objects:
        compare_objects(place, pairs.old.objects[old], pairs.new.objects[new])
    else:
        compare_types(place, pairs.old.aliases[old], pairs.new.aliases[new])


def compare_objects(place: Place, old: ObjectType, new: ObjectType) -> None:
    """Report what differs in the two objects; the objects in them are compared on their own."""
    inner = Place(
        pairs=place.pairs,
        node=place.node,
        side=place.side,
        emits=place.emits,
        names=(old.name, new.name),
        path=place.path,
    )
    compare_fields(inner, old, new)


def _fields(place: Place, old: ObjectType, new: ObjectType) -> bool:
    before = {field.wire: field for field in old.fields}
    after = {field.wire: field for field in new.fields}
    for wire in (*before, *(wire for wire in after if wire not in before)):
        here = place.below(wirepath.key(wire))
        one, two = before.get(wire), after.get(wire)
        if one and two:
            _both(here, one, two)
        elif one and not _hidden(place, one):
            _removed(here, one, new)
        elif two and not _hidden(place, two):
            _added(here, old, two)
    return True


def _hidden(place: Place, field: Field) -> bool:
    """A read-only key is no part of a request, and a write-only one no part of an answer."""
    notes = notes_of(field.type)
    return notes.read_only if place.side == "request" else notes.write_only


def _both(place: Place, old: Field, new: Field) -> None:
    hidden = _hidden(place, old), _hidden(place, new)
    only = "answers" if place.side == "request" else "requests"
    if hidden == (False, True):
        said = (describe(old.type), None)
        phrase = f"is one of {only} only now"
        place.report("PROPERTY_BECAME_WRITE_ONLY", phrase, old, new, values=said)
    elif hidden == (True, False):
        kind = "PROPERTY_BECAME_READABLE_REQUIRED" if new.required else "PROPERTY_BECAME_READABLE"
        step = "and has to be there" if new.required else "and may be there"
        phrase = f"is one of {only} only no longer, {step}"
        place.report(kind, phrase, old, new, values=(None, describe(new.type)))
    elif hidden == (False, False):
        compare_fields(place, old, new)


def _removed(place: Place, old: Field, new: ObjectType) -> None:
    tolerated = isinstance(new.extra, AnyType) and not new.patterns
    axes: tuple[Axis, ...] | None = ("SOURCE",) if tolerated and place.side == "request" else None
    phrase = "is no longer declared"
    said = (describe(old.type), None)
    place.report("PROPERTY_REMOVED", phrase, old, new, values=said, axes=axes)


def _added(place: Place, old: ObjectType, new: Field) -> None:
    said = (None, describe(new.type))
    if new.required:
        place.report("PROPERTY_ADDED_REQUIRED", "is new and required", old, new, values=said)
    else:
        place.report("PROPERTY_ADDED_OPTIONAL", "is new and optional", old, new, values=said)


def _required(place: Place, old: Field, new: Field) -> bool:
    if old.required != new.required:
        kind = "PROPERTY_BECAME_REQUIRED" if new.required else "PROPERTY_BECAME_OPTIONAL"
        phrase = "became required" if new.required else "became optional"
        place.report(kind, phrase, old, new, values=(old.required, new.required))
    return True


def _field_type(place: Place, old: Field, new: Field) -> bool:
    compare_types(place, old.type, new.type)
    return True


def _field_name(place: Place, old: Field, new: Field) -> bool:
    if place.emits and old.name != new.name:
        phrase = f"is the attribute {new.name} instead of {old.name}"
        place.report("SOURCE_NAME_CHANGED", phrase, old, new, values=(old.name, new.name))
    return True


def _extra(place: Place, old: ObjectType, new: ObjectType) -> bool:
    closed = isinstance(old.extra, NeverType), isinstance(new.extra, NeverType)
    said = (describe(old.extra), describe(new.extra))
    if closed == (False, True):
        place.report("OBJECT_CLOSED", "takes no undeclared keys any more", old, new, values=said)
    elif closed == (True, False):
        place.report("CONSTRAINT_RELAXED", "takes undeclared keys now", old, new, values=said)
    else:
        compare_types(place.below(wirepath.extra()), old.extra, new.extra)
    return True


def _patterns(place: Place, old: ObjectType, new: ObjectType) -> bool:
    before, after = dict(old.patterns), dict(new.patterns)
    for pattern in sorted(before.keys() | after.keys()):
        here = place.below(wirepath.matching(pattern))
        # Keys that no pattern matches are undeclared ones.
        one: Type = before.get(pattern, old.extra)
        two: Type = after.get(pattern, new.extra)
        compare_types(here, one, two)
    return True


def _size(place: Place, old: ObjectType, new: ObjectType) -> bool:
    return bounds.sizes(place, old, new)


def _conditions(place: Place, old: ObjectType, new: ObjectType) -> bool:
    return compare_assertions(place, old, new, compare_types)


def _same(place: Place, old: object, new: object) -> bool:
    """A difference that means nothing here: a pointer, or what is compared elsewhere."""
    return True


_OBJECT: Mapping[tuple[str, ...], Comparer] = {
    ("key",): _same,  # a pointer
    ("name",): _same,  # by Place.rename, where it is used
    ("notes",): _same,  # said again by every reference to it
    ("fields",): _fields,
    ("extra",): _extra,
    ("patterns",): _patterns,
    ("min_properties", "max_properties"): _size,
    ("assertions",): _conditions,
}
_FIELD: Mapping[tuple[str, ...], Comparer] = {
    ("wire",): _same,  # what they are paired by
    ("name",): _field_name,
    ("required",): _required,
    ("type",): _field_type,
}
TABLES[ObjectType] = _OBJECT
TABLES[Field] = _FIELD
