"""Can one value be of two types? No only when that is certain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from ...model.model import (
    ArrayType,
    BooleanType,
    EnumType,
    Model,
    NeverType,
    NullableType,
    NullType,
    NumberType,
    ObjectRef,
    ObjectType,
    StringType,
    Type,
    UnionType,
)
from ...patterns.translate import matches
from .implied import only_requires
from .membership import Takes
from .patterns import apart, lengths
from .ranges import numbers_meet, spans_meet

_DEEPEST = 5
"""Objects in each other that are looked into."""
_APART = frozenset({"date", "date-time", "time", "duration", "uuid", "email", "ipv4", "ipv6"})
"""Formats of which no text has two."""
_KINDS: dict[type[Type], str] = {
    NullType: "null",
    BooleanType: "boolean",
    NumberType: "number",
    StringType: "string",
    ArrayType: "array",
    ObjectRef: "object",
}


class Disjoint:
    """Asks of types of one model, or of two: the first type of the first one."""

    def __init__(self, one: Model | None = None, two: Model | None = None) -> None:
        self._models = one, one if two is None else two
        self._takes = Takes(self._models[0]), Takes(self._models[1])
        self._depth = 0

    def all(self, arms: Sequence[Type]) -> bool:
        """Whether no two of them have a value in common."""
        return all(self(one, two) for one, two in combinations(arms, 2))

    def __call__(self, one: Type, two: Type) -> bool:
        if isinstance(one, NeverType) or isinstance(two, NeverType):
            return True
        if isinstance(one, NullableType):
            return self._takes[1](two, None) is False and self(one.inner, two)
        if isinstance(two, NullableType):
            return self._takes[0](one, None) is False and self(one, two.inner)
        if isinstance(one, EnumType):
            return all(self._takes[1](two, value) is False for value in one.values)
        if isinstance(two, EnumType):
            return all(self._takes[0](one, value) is False for value in two.values)
        if isinstance(one, UnionType):
            return all(self(arm, two) for arm in one.arms)
        if isinstance(two, UnionType):
            return all(self(one, arm) for arm in two.arms)
        kinds = _KINDS.get(type(one)), _KINDS.get(type(two))
        return None not in kinds and (kinds[0] != kinds[1] or self._alike(one, two))

    def _alike(self, one: Type, two: Type) -> bool:
        """Two of one kind."""
        match one, two:
            case NumberType(), NumberType():
                return not numbers_meet(one, two)
            case StringType(), StringType():
                return _strings(one, two)
            case ArrayType(), ArrayType():
                return self._arrays(one, two)
            case ObjectRef(), ObjectRef():
                return self._objects(one, two)
        return False

    def _arrays(self, one: ArrayType, two: ArrayType) -> bool:
        counts = (one.min_items or 0, one.max_items), (two.min_items or 0, two.max_items)
        filled = bool(one.min_items or two.min_items)
        first = [node.prefix[0] if node.prefix else node.items for node in (one, two)]
        return not spans_meet(*counts) or (filled and self(*first))

    def _objects(self, one: ObjectRef, two: ObjectRef) -> bool:
        if self._models[0] is None or self._models[1] is None or self._depth >= _DEEPEST:
            return False
        ours, theirs = self._models[0].objects[one.key], self._models[1].objects[two.key]
        self._depth += 1
        found = self._apart(ours, theirs)
        self._depth -= 1
        return found

    def _apart(self, one: ObjectType, two: ObjectType) -> bool:
        if not spans_meet(_size(one), _size(two)):
            return True
        ruled_out = {*_forbidden(one, self._models[0]), *_forbidden(two, self._models[1])}
        needed = {field.wire for item in (one, two) for field in item.fields if field.required}
        return bool(ruled_out & needed) or any(self._key(one, two, wire) for wire in sorted(needed))

    def _key(self, one: ObjectType, two: ObjectType, wire: str) -> bool:
        """Whether no value of a key is of both."""
        ours, theirs = _held(one, wire), _held(two, wire)
        return ours is not None and theirs is not None and self(ours, theirs)


def _size(item: ObjectType) -> tuple[int, int | None]:
    required = sum(field.required for field in item.fields)
    return max(item.min_properties or 0, required), item.max_properties


def _held(item: ObjectType, wire: str) -> Type | None:
    """What a key holds; None: not known."""
    declared = next((field.type for field in item.fields if field.wire == wire), None)
    if declared is not None:
        return declared
    found = [(matches(pattern, wire), inner) for pattern, inner in item.patterns]
    if all(is_found is False for is_found, _ in found):
        return item.extra
    return next((inner for is_found, inner in found if is_found), None)


def _forbidden(item: ObjectType, model: Model | None) -> Iterator[str]:
    """The keys that a condition rules out."""
    for each in item.assertions:
        if each.keyword == "notRequired":
            yield from each.names
        if each.keyword == "not" and model and isinstance(each.types[0], ObjectRef):
            names = only_requires(model.objects[each.types[0].key])
            yield from names if names and len(names) == 1 else ()


def _strings(one: StringType, two: StringType) -> bool:
    if one.format != two.format and {one.format, two.format} <= _APART:
        return True
    if one.pattern and two.pattern and apart(one.pattern, two.pattern):
        return True
    spans = [_span(node) for node in (one, two)]
    return not spans_meet(*spans)


def _span(node: StringType) -> tuple[int, int | None]:
    least, most = lengths(node.pattern) if node.pattern else (0, None)
    ends = [each for each in (most, node.max_length) if each is not None]
    return max(least, node.min_length or 0), min(ends, default=None)
