"""A few values of a type, such as somebody might send: what is declared, and at its edges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, islice
from typing import Any

from ...model.model import (
    AliasRef,
    ArrayType,
    BooleanType,
    EnumType,
    Field,
    Model,
    NullableType,
    NullType,
    NumberType,
    ObjectRef,
    ObjectType,
    StringType,
    Type,
    UnionType,
)
from ...text.jsonvalues import Json
from .formats import BOUNDS
from .membership import Takes
from .patterns import example
from .signature import canonical

MAX_SAMPLES = 40
"""Of one type."""
_DEEPEST = 4
_KEYS = 6
"""Optional keys that are tried alone and in pairs."""
_TEXTS = ("a", "", "1", "2026-11-24", "2026-11-24T09:30:00Z", "09:30:00Z", "P1D",
          "123e4567-e89b-12d3-a456-426614174000", "a@b.example", "https://a.example/", "127.0.0.1",
          "::1", "YQ==", "/a")  # fmt: skip


class Samples:
    """Makes values of the types of one model, which it certainly takes."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._takes = Takes(model)
        self._made: dict[tuple[str, int], list[Json]] = {}
        """Of objects and aliases, by their key and how deep they are in others."""

    def __call__(self, node: Type, depth: int = 0) -> list[Json]:
        """At most MAX_SAMPLES, each once; none where nothing is known."""
        if not isinstance(node, ObjectRef | AliasRef) or node.assertions:
            return self._certain(node, depth)
        if (node.key, depth) not in self._made:
            self._made[node.key, depth] = self._certain(node, depth)
        return self._made[node.key, depth]

    def _certain(self, node: Type, depth: int) -> list[Json]:
        found: dict[str, Json] = {}
        for value in islice(self._some(node, depth), 4 * MAX_SAMPLES):
            if len(found) < MAX_SAMPLES and self._takes(node, value) is True:
                found.setdefault(canonical(value), value)
        return list(found.values())

    def of_object(self, item: ObjectType) -> list[Json]:
        """The same of an object with its conditions."""
        some = islice(self._objects(item, 1), 4 * MAX_SAMPLES)
        return [value for value in some if self._takes.object(item, value) is True]

    def _some(self, node: Type, depth: int) -> Iterator[Json]:
        match node:
            case NullType():
                yield None
            case BooleanType():
                yield from (True, False)
            case EnumType():
                yield from node.values
            case NullableType():
                yield from (*self(node.inner, depth), None)
            case NumberType():
                yield from _numbers(node)
            case StringType():
                yield from _texts(node)
            case UnionType():
                yield from _in_turn([self(arm, depth) for arm in node.arms])
            case ArrayType():
                yield from self._arrays(node, depth)
            case AliasRef() if depth < _DEEPEST:
                yield from self(self._model.aliases[node.key], depth + 1)
            case ObjectRef() if depth < _DEEPEST:
                yield from self._objects(self._model.objects[node.key], depth + 1)
            case _:
                yield from ("a", 1, {})

    def _arrays(self, node: ArrayType, depth: int) -> Iterator[Json]:
        items = self(node.items, depth + 1) if depth < _DEEPEST else []
        head = [next(iter(self(inner, depth + 1)), None) for inner in node.prefix]
        count = max(node.min_items or 0, len(head)) - len(head)
        yield [*head, *(items[i % len(items)] for i in range(min(count, 50)) if items)]
        for each in items:
            yield [*head, *[each] * min(max(count, 1), 50)]

    def _objects(self, item: ObjectType, depth: int) -> Iterator[dict[str, Json]]:
        """What has to be there, all that may be, and some of it."""
        values = {field.wire: self._values(field, depth) for field in item.fields}
        if not item.fields:
            yield from ({"a": each} for each in self(item.extra, depth))
        known = [field for field in item.fields if values[field.wire]]
        needed = [field for field in known if field.required]
        optional = [field for field in known if not field.required]
        few = optional[:_KEYS]
        for kept in ((), optional, *combinations(few, 1), *combinations(few, 2)):
            yield {f.wire: values[f.wire][0] for f in (*needed, *kept)}
        for field in known:
            for value in values[field.wire][1:]:
                yield {**{f.wire: values[f.wire][0] for f in (*needed, field)}, field.wire: value}

    def _values(self, field: Field, depth: int) -> list[Json]:
        return self(field.type, depth)[:4]


def _in_turn(lists: Iterable[list[Json]]) -> Iterator[Json]:
    waiting = [list(each) for each in lists]
    while any(waiting):
        for each in waiting:
            if each:
                yield each.pop(0)


def _numbers(node: NumberType) -> Iterator[Json]:
    yield from (1, 0, 0.5, -1, 1000)
    step: Any = node.multiple_of or 1
    for bound in (node.minimum, node.maximum, node.exclusive_minimum, node.exclusive_maximum):
        if bound is not None:
            yield from (bound, bound + step, bound - step, bound - bound % step)
    yield step
    yield from BOUNDS.get(node.format, ())


def _texts(node: StringType) -> Iterator[Json]:
    if node.pattern:
        yield from example(node.pattern)
    yield from _TEXTS
    least = min(node.min_length or 0, 10_000)
    yield from ("a" * max(least, 1), "1" * max(least, 1))


def cut(value: Json, item: ObjectType) -> Json:
    """Without the keys that an object does not declare, unless it says what they hold."""
    fields: Mapping[str, Field] = {field.wire: field for field in item.fields}
    if not isinstance(value, dict) or not fields:
        return value
    return {wire: each for wire, each in value.items() if wire in fields}
