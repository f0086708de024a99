"""Document -> schemas with their references resolved and `allOf` merged.

Nothing here knows the model: this is OpenAPI and JSON Schema alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from ..text.jsonvalues import Json
from ..text.pointers import Pointer, Tokens, chain, join, split_pointer, target
from .circles import choices
from .combine import combine
from .evaluation import Evaluation, TooManyWays
from .keywords import ANNOTATIONS, constraining, read
from .schema import Flat, Group, Part, Schema, places, same_constraints

_ALONE = "#alone"
"""Ends the place of a schema whose choices lead back to what extends it, and are left out."""


_SAME_VALUE = frozenset({"oneOf", "anyOf", "not", "if", "dependentSchemas"})
"""Groups whose schemas are put to the value itself."""


class Circular(Exception):
    """The schema `at` applies to itself, so that nothing is known of it."""

    def __init__(self, at: Pointer) -> None:
        super().__init__(f"the schema at {at} applies to itself")
        self.at = at


class Parser:
    """Reads schemas out of one validated document.

    `legacy`: OpenAPI 3.0, where a `$ref` ignores what stands beside it and `nullable` is a keyword.
    `circles`: see `circles.circles`; what extends a schema that it is an alternative of has
    everything of it but its alternatives.
    """

    def __init__(
        self, data: Json, *, legacy: bool, circles: Mapping[Pointer, int] | None = None
    ) -> None:
        self._data = data
        self._circles = circles or {}
        self._legacy = legacy
        self._flats: dict[tuple[Pointer, ...], Flat] = {}
        self.evaluation = Evaluation(self.lookup)

    def lookup(self, pointer: Pointer) -> Any:
        """The value a pointer leads to; validation made sure that it leads somewhere."""
        value: Any = self._data
        for token in split_pointer(pointer):
            value = value[int(token)] if isinstance(value, list) else value[token]
        return value

    def follow(self, data: Any, at: Pointer) -> tuple[Any, Pointer]:
        """The object a Reference Object stands for, and where it is; any other as it is."""
        while isinstance(data, dict) and isinstance(data.get("$ref"), str):
            at = target(data["$ref"])
            data = self.lookup(at)
        return data, at

    def path_item(self, item: Any, at: Pointer) -> list[tuple[dict[str, Any], Tokens]]:
        """What a path item says itself, then what its reference adds to that."""
        return chain(self._data, item, split_pointer(at))

    def flatten(self, schema: Schema) -> Flat:
        """Every keyword of every place, merged; computed once per combination of places.

        Raises Circular for a schema that applies to itself.
        """
        known = self._flats.get(places(schema))
        if known is not None:
            return known
        # With a stack of its own: references may lead on for longer than Python likes to.
        waiting, begun = [schema], set[tuple[Pointer, ...]]()
        while waiting:
            at = places(waiting[-1])
            inner = [] if at in self._flats else list(self._unknown(waiting[-1]))
            begun.add(at)
            if any(places(each) in begun for each in inner):
                raise Circular(at[0])
            waiting += inner
            if not inner:
                done = waiting.pop()
                if at not in self._flats:
                    self._flats[at] = self._merged(done)
        return self._flats[places(schema)]

    def is_endless(self, at: Pointer) -> bool:
        """Whether the alternatives and conditions of a schema lead on without end."""
        waiting, path = [(Schema.of(self.lookup(at), at), False)], set[tuple[Pointer, ...]]()
        while waiting:
            schema, leaving = waiting.pop()
            if leaving:
                path.discard(places(schema))
            elif places(schema) in path:
                return True
            else:
                path.add(places(schema))
                waiting.append((schema, True))
                try:
                    flat = self.flatten(schema)
                except Circular:
                    return True
                except TooManyWays:  # that is for who reads it
                    continue
                same = (group for group in flat.groups if group.keyword in _SAME_VALUE)
                waiting += [(each, False) for group in same for each in group.schemas]
        return False

    def extends(self, at: Pointer, parent: Pointer) -> bool:
        """Whether a schema that another has as an alternative has everything of that one anyway."""
        if at not in self._circles or parent not in self._circles:
            return False
        waiting, seen = [at], set[Pointer]()
        while waiting:
            each = waiting.pop()
            data = self.lookup(each.removesuffix(_ALONE))
            applied = self._applied(data, each) if isinstance(data, dict) else ()
            found = [schema.parts[0].at for schema in applied]
            if parent + _ALONE in found:
                return True
            waiting += (place for place in found if place not in seen)
            seen.update(found)
        return False

    def _unknown(self, schema: Schema) -> Iterator[Schema]:
        """What has to be flattened before this."""
        for part in schema.parts:
            if isinstance(part.data, dict):
                for each in self._applied(part.data, part.at):
                    if places(each) not in self._flats:
                        yield each

    def _merged(self, schema: Schema) -> Flat:
        flats = [self._flatten_part(part) for part in schema.parts]
        if len(flats) == 1:
            return flats[0]
        return replace(
            reduce(combine, flats),
            key="&".join(flat.key for flat in flats),
            nullable=all(flat.nullable for flat in flats),
        )

    def _flatten_part(self, part: Part) -> Flat:
        if not isinstance(part.data, dict):
            return Flat(key=part.at, at=part.at, never=part.data is False)
        if part.at.endswith(_ALONE):
            return self._alone(part.data, part.at)
        own = self._own(part.data)
        applied = [self.flatten(schema) for schema in self._applied(part.data, part.at)]
        if part.data.keys() == {"$ref"}:  # most of all schemas
            return replace(applied[0], at=part.at, key=_key_of(part, applied[0]))
        base = read(own, part.at, legacy=self._legacy)
        # Words that are said here count more than those of a definition.
        last = sorted(applied, key=_says_something) if len(applied) > 1 else applied
        merged = reduce(combine, [base, *last])
        merged = self._unevaluated_items(self._unevaluated_properties(merged, part), part)
        key = self._definition(part, own, applied, merged)
        nullable = part.data.get("nullable") is True or (
            len(applied) == 1 and own.keys() <= ANNOTATIONS and applied[0].nullable
        )
        if key == merged.key and nullable == merged.nullable:
            return merged
        return replace(merged, key=key, nullable=nullable)

    def _definition(
        self, part: Part, own: Mapping[str, Any], applied: list[Flat], merged: Flat
    ) -> Pointer:
        """Where the definition is: a reference with words of its own is still what it leads to."""
        if len(applied) != 1 or not own.keys() <= ANNOTATIONS:
            applied = list(filter(_says_something, applied))
            # A component that adds nothing to another has a name all the same.
            if len(applied) != 1 or _is_component(part.at) or not _adds_nothing(merged, *applied):
                return merged.key
        return _key_of(part, applied[0])

    def _alone(self, data: Mapping[str, Any], key: Pointer) -> Flat:
        """A schema without the choices that lead back to it."""
        at = key.removesuffix(_ALONE)
        led = {keyword for keyword, arm in choices(data, at) if arm in self._circles}
        left = {word: value for word, value in self._own(data).items() if word not in led}
        applied = [self.flatten(schema) for schema in self._applied(data, key)]
        merged = reduce(combine, [read(left, at, legacy=self._legacy), *applied])
        return replace(merged, key=key)

    def _unevaluated_properties(self, flat: Flat, part: Part) -> Flat:
        rest = self._rest(part, "unevaluatedProperties")
        if rest is None:
            return flat
        scope = Schema((part,))
        seen = self.evaluation.properties(scope)
        if any(each.every and not each.where for each in seen):
            return flat
        if all(not each.where for each in seen):
            return replace(flat, additional=rest)  # nothing decides at run time what is left over
        return _with_rest(flat, "unevaluatedProperties", rest, scope)

    def _unevaluated_items(self, flat: Flat, part: Part) -> Flat:
        rest = self._rest(part, "unevaluatedItems")
        if rest is None:
            return flat
        scope = Schema((part,))
        seen = self.evaluation.items(scope)
        if any(each.every and not each.where for each in seen):
            return flat
        if not any(each.where or each.matching for each in seen):
            return replace(flat, items=rest)
        return _with_rest(flat, "unevaluatedItems", rest, scope)

    def _rest(self, part: Part, keyword: str) -> Schema | None:
        data = part.data
        return constraining(data, keyword, part.at) if isinstance(data, dict) else None

    def _own(self, data: Mapping[str, Any]) -> dict[str, Any]:
        if self._legacy and "$ref" in data:
            return {}
        return {key: value for key, value in data.items() if key not in ("$ref", "allOf")}

    def _applied(self, data: Mapping[str, Any], at: Pointer) -> Iterator[Schema]:
        """The schemas that apply together with this one: what `$ref` names, the arms of `allOf`."""
        alone = at.endswith(_ALONE)
        at = at.removesuffix(_ALONE)
        if isinstance(data.get("$ref"), str):
            pointer = target(data["$ref"])
            yield self._within(pointer, at, self.lookup(pointer), alone or self._extends(data, at))
            if self._legacy:
                return
        for index, arm in enumerate(data.get("allOf") or ()):
            yield self._within(join(at, "allOf", index), at, arm, alone)

    def _extends(self, data: Mapping[str, Any], at: Pointer) -> bool:
        """Whether a reference does not stand for what it leads to, but adds to it."""
        if not self._circles:
            return False
        return split_pointer(at)[-2:-1] == ("allOf",) or bool(self._own(data).keys() - ANNOTATIONS)

    def _within(self, pointer: Pointer, outer: Pointer, data: Any, alone: bool) -> Schema:
        circle = self._circles.get(pointer)
        led = alone and circle is not None and circle == self._circles.get(outer)
        return Schema.of(data, pointer + _ALONE if led else pointer)


def _key_of(part: Part, definition: Flat) -> Pointer:
    """The key of a schema that is its definition, and maybe has words of its own."""
    # Written out inside `allOf` it stands here all the same; and who extends a schema is another
    # than that.
    own_place = definition.key.startswith(f"{part.at}/allOf/") or definition.key.endswith(_ALONE)
    return part.at if own_place else definition.key


def _says_something(flat: Flat) -> bool:
    """Whether a schema says more than words."""
    return not _adds_nothing(flat, Flat(key=flat.key, at=flat.at))


def _adds_nothing(one: Flat, two: Flat) -> bool:
    return same_constraints(replace(one, key=two.key), two)


def _is_component(at: Pointer) -> bool:
    return split_pointer(at)[:-1] == ("components", "schemas")


def _with_rest(flat: Flat, keyword: str, rest: Schema, scope: Schema) -> Flat:
    group = Group(keyword=keyword, schemas=(rest, scope), at=join(flat.at, keyword))
    return replace(flat, groups=(*flat.groups, group))
