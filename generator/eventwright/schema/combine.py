"""Merge two schemas that both apply, as `allOf` means it, into one set of keywords."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import zip_longest
from typing import Any

from ..patterns.translate import matches
from ..text.jsonvalues import Json
from ..text.pointers import join
from .schema import Flat, Group, Schema, identity

_TIGHTEST: Mapping[str, Callable[[Any, Any], Any]] = {
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), max),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), min),
    "uniqueItems": lambda one, two: one or two,
}

_REST = "additionalProperties"


def combine(one: Flat, two: Flat) -> Flat:
    """What meets both. The words (title, description, default …) of the first win."""
    scalars, unmerged = _scalars(one, two)
    return Flat(
        key=one.key,
        at=one.at,
        never=one.never or two.never,
        types=shared_types(one.types, two.types),
        values=_values(one.values, two.values),
        scalars=scalars,
        properties=_properties(one, two),
        required=tuple(dict.fromkeys(one.required + two.required)),
        patterns=_by_name(one.patterns, two.patterns),
        additional=_both(one.additional, two.additional),
        items=_both(one.items, two.items),
        prefix=_prefix(one, two),
        groups=_groups(one.groups, two.groups + unmerged + _rests(one, two)),
        notes={**two.notes, **one.notes},
        other={**two.other, **one.other},
    )


def _groups(one: tuple[Group, ...], two: tuple[Group, ...]) -> tuple[Group, ...]:
    """Those of both; what two ways lead to applies once."""
    known = {_identity(group): group for group in one}
    return one + tuple(group for group in two if known.get(_identity(group)) != group)


def _identity(group: Group) -> tuple[object, ...]:
    places = tuple(part.at for schema in group.schemas for part in schema.parts)
    return group.keyword, group.at, group.names, places


def _both(one: Schema | None, two: Schema | None) -> Schema | None:
    return one & two if one and two else one or two


def shared_types(one: frozenset[str] | None, two: frozenset[str] | None) -> frozenset[str] | None:
    """The types that both allow; None: any."""
    if one is None or two is None:
        return one if two is None else two
    shared = one & two
    numeric = ("integer" in one and "number" in two) or ("number" in one and "integer" in two)
    return shared | {"integer"} if numeric else shared


def _values(one: tuple[Json, ...] | None, two: tuple[Json, ...] | None) -> tuple[Json, ...] | None:
    if one is None or two is None:
        return one if two is None else two
    shared = set(map(identity, two))
    return tuple(value for value in one if identity(value) in shared)


def _scalars(one: Flat, two: Flat) -> tuple[dict[str, Any], tuple[Group, ...]]:
    merged = {**two.scalars, **one.scalars}
    unmerged: list[Group] = []
    for key, ours in one.scalars.items():
        if key not in two.scalars:
            continue
        theirs = two.scalars[key]
        if key in _TIGHTEST:
            merged[key] = _TIGHTEST[key](ours, theirs)
        elif key == "multipleOf" and isinstance(ours, int) and isinstance(theirs, int):
            merged[key] = math.lcm(ours, theirs)
        elif ours != theirs:
            # Two patterns cannot become one: the second stays a condition beside the first.
            condition = Schema.of({key: theirs}, f"{two.at}/{key}#")
            unmerged.append(Group(keyword="allOf", schemas=(condition,), at=two.at))
    return merged, tuple(unmerged)


def _properties(one: Flat, two: Flat) -> dict[str, Schema]:
    """A key that only one side declares must still meet the other's `additionalProperties`."""
    for flat, other in ((one, two), (two, one)):
        if not flat.properties and not flat.patterns and flat.additional is None:
            return dict(other.properties)  # a bare reference, mostly
    merged: dict[str, Schema] = {}
    for name in [*one.properties, *(n for n in two.properties if n not in one.properties)]:
        both = _both(_said(one, name), _said(two, name))
        if both is not None:
            merged[name] = both
    return merged


def _rests(one: Flat, two: Flat) -> tuple[Group, ...]:
    """`additionalProperties` speaks of keys that only a pattern of the other side matches, too:
    a condition beside that pattern."""
    return tuple(
        Group(keyword=_REST, schemas=(flat.additional, _declared(flat)), at=join(flat.at, _REST))
        for flat, other in ((one, two), (two, one))
        if flat.additional and other.patterns.keys() - flat.patterns.keys()
    )


def _declared(flat: Flat) -> Schema:
    """Whose rest the `additionalProperties` of a schema is."""
    names: dict[str, Json] = dict.fromkeys(flat.properties, True)
    patterns: dict[str, Json] = dict.fromkeys(flat.patterns, True)
    return Schema.of({"properties": names, "patternProperties": patterns}, f"{flat.at}#")


def _said(flat: Flat, name: str) -> Schema | None:
    """What a schema says of a key, its patterns aside: they stay beside the declared keys."""
    if name in flat.properties:
        return flat.properties[name]
    known = (matches(pattern, name) for pattern in flat.patterns)
    return flat.additional if all(found is False for found in known) else None


def _prefix(one: Flat, two: Flat) -> tuple[Schema, ...]:
    """Where only one side speaks of a place by its number, the other's `items` does too."""
    places = zip_longest(one.prefix, two.prefix)
    both = (_both(ours or one.items, theirs or two.items) for ours, theirs in places)
    return tuple(each for each in both if each is not None)


def _by_name(one: Mapping[str, Schema], two: Mapping[str, Schema]) -> dict[str, Schema]:
    shared = {name: one[name] & two[name] for name in one if name in two}
    return {**one, **two, **shared}
