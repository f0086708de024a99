"""What a schema is read as where it does not say `type`, and whether it takes null.

Keywords speak of values of their own type and say nothing of others: `minimum` lets every text
pass. One reading is ours: where a value is described, and not a condition on one, the keywords of
objects mean that it is an object. See docs/conformance.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeAlias, TypeVar

from ...schema.parse import Parser
from ...schema.schema import RESTS, Flat, Group, Schema, places
from ...text.jsonvalues import Json
from ...text.pointers import Pointer
from .alternatives import Alternatives

_T = TypeVar("_T")
_Places: TypeAlias = "tuple[Pointer, ...]"
_SPOKEN = {
    "array": {"minItems", "maxItems", "uniqueItems"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    "object": {"minProperties", "maxProperties"},
    "string": {"minLength", "maxLength", "pattern", "format"},
}
EVERY_TYPE = frozenset({"array", "boolean", "null", "number", "object", "string"})
_IN_PLACE = frozenset({"allOf", "anyOf", "oneOf", "not", "if"})
_OBJECTS = frozenset({"object", "null"})


def spoken(flat: Flat) -> tuple[str, ...]:
    """The JSON types that the keywords speak of, conditions aside; sorted."""
    kinds = {kind for kind, keys in _SPOKEN.items() if flat.scalars.keys() & keys}
    if flat.properties or flat.required or flat.patterns or flat.additional:
        kinds.add("object")
    if flat.items or flat.prefix:
        kinds.add("array")
    return tuple(sorted(kinds))


class ImpliedTypes:
    """Answers for the schemas of one document, each worked out once."""

    def __init__(self, parser: Parser, alternatives: Alternatives) -> None:
        self._flatten = parser.flatten
        self._alternatives = alternatives
        self._nulls = _InPlace(parser, _takes_null)
        self._admitting = _InPlace(parser, _admits_objects)
        self._objects = _InPlace(parser, self._read_as)
        self._literal: dict[_Places, bool] = {}

    def takes_null(self, flat: Flat) -> bool:
        """Whether null meets everything that is said."""
        return self._nulls.of(flat)

    def implied(self, flat: Flat) -> frozenset[str] | None:
        """The types that a value's keywords of objects imply; None: none, or it says itself."""
        if flat.types is not None or flat.values is not None:
            return None
        types, implied = self._objects.of(flat)
        return types if implied else None

    def is_literal(self, schema: Schema) -> bool:
        """Whether nothing is implied by it or in it: as value and as condition it is the same."""
        if places(schema) not in self._literal:
            self._look(schema)
        return self._literal[places(schema)]

    def is_literal_inside(self, schema: Schema) -> bool:
        """The same of what is in it alone."""
        return all(map(self.is_literal, _inside(self._flatten(schema))))

    def _look(self, start: Schema) -> None:
        """Everything that `start` leads to, and from what implies back to all that lead to it."""
        outer: dict[_Places, list[_Places]] = {places(start): []}
        implying: list[_Places] = []
        waiting = [start]
        while waiting:
            schema = waiting.pop()
            at = places(schema)
            flat = self._flatten(schema)
            if self._literal.get(at) is False or self.implied(flat) is not None:
                implying.append(at)
            for inner in _inside(flat) if at not in self._literal else ():
                if places(inner) not in outer:
                    outer[places(inner)] = []
                    waiting.append(inner)
                outer[places(inner)].append(at)
        self._literal.update(dict.fromkeys(outer.keys() - self._literal.keys(), True))
        done: set[_Places] = set()
        while implying:
            at = implying.pop()
            self._literal[at] = False
            if at not in done:
                done.add(at)
                implying += outer[at]

    def _read_as(self, flat: Flat, inner: Callable[[Schema], _Reading]) -> _Reading:
        if flat.never:
            return frozenset(), False
        if flat.values is not None:
            kinds = frozenset(map(_kind, flat.values))
            return kinds if flat.types is None else kinds & flat.types, False
        if flat.types is not None:
            return flat.types, False
        rest = any(group.keyword == "unevaluatedProperties" for group in flat.groups)
        if spoken(flat) or rest:
            objects = spoken(flat) in ((), ("object",)) and self._admitting.of(flat)
            return (frozenset({"object"}), True) if objects else (None, False)
        for group in self._alternatives.unions(flat):
            arms = [inner(schema) for schema in group.schemas]
            types = frozenset[str]().union(*(kinds or () for kinds, _ in arms))
            if all(kinds is not None and kinds <= _OBJECTS for kinds, _ in arms):
                return types, any(implied for _, implied in arms)
        return None, False


_Reading: TypeAlias = "tuple[frozenset[str] | None, bool]"
"""The types a value may have, None for any; whether some of it is implied."""


def _admits_objects(flat: Flat, inner: Callable[[Schema], bool]) -> bool:
    """Whether no type and no list of values excludes all objects."""
    if flat.never or (flat.types is not None and "object" not in flat.types):
        return False
    if flat.values is not None and not any(isinstance(value, dict) for value in flat.values):
        return False
    choices = (group for group in flat.groups if group.keyword in ("anyOf", "oneOf"))
    return all(any(map(inner, group.schemas)) for group in choices)


def _kind(value: Json) -> str:
    if value is None:
        return "null"
    return "object" if isinstance(value, dict) else "other"


def _inside(flat: Flat) -> Iterator[Schema]:
    yield from flat.properties.values()
    yield from flat.patterns.values()
    yield from (schema for schema in (flat.additional, flat.items) if schema)
    yield from flat.prefix
    for group in flat.groups:
        yield from group.schemas[:1] if group.keyword in RESTS else group.schemas


def _takes_null(flat: Flat, inner: Callable[[Schema], bool]) -> bool:
    if flat.never or (flat.types is not None and "null" not in flat.types):
        return False
    if flat.values is not None and not any(value is None for value in flat.values):
        return False
    return all(_null_meets(group, [*map(inner, group.schemas)]) for group in _in_place(flat))


def _null_meets(group: Group, taken: list[bool]) -> bool:
    match group.keyword:
        case "oneOf":
            return sum(taken) == 1
        case "anyOf":
            return any(taken)
        case "not":
            return not taken[0]
        case "if":
            return taken[1] if taken[0] else taken[2]
        case _:
            return all(taken)


def _in_place(flat: Flat) -> Iterator[Group]:
    return (group for group in flat.groups if group.keyword in _IN_PLACE)


class _InPlace(Generic[_T]):
    """What follows for a schema from those that apply in the same place.

    With a stack of its own: conditions may lead on for longer than Python likes to.
    """

    def __init__(self, parser: Parser, visit: Callable[[Flat, Callable[[Schema], _T]], _T]) -> None:
        self._flatten = parser.flatten
        self._visit = visit
        self._known: dict[_Places, _T] = {}

    def of(self, flat: Flat) -> _T:
        waiting = list(self._unknown(flat))
        while waiting:
            schema = waiting[-1]
            inner = self._flatten(schema)
            unknown = list(self._unknown(inner))
            waiting += unknown
            if not unknown:
                self._known[places(waiting.pop())] = self._visit(inner, self._get)
        return self._visit(flat, self._get)

    def _get(self, schema: Schema) -> _T:
        return self._known[places(schema)]

    def _unknown(self, flat: Flat) -> Iterator[Schema]:
        for group in _in_place(flat):
            yield from (each for each in group.schemas if places(each) not in self._known)
