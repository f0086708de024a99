"""Read one schema object: its keywords, in 3.1 spelling, whatever the document's version."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any

from ..text.jsonvalues import Json
from ..text.pointers import Pointer, join
from .meant import with_values_meant
from .schema import Flat, Group, Schema, identity

ANNOTATIONS = frozenset(
    "title description deprecated readOnly writeOnly default example examples".split()
)
_BOUNDS = frozenset(
    "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern "
    "format minItems maxItems uniqueItems minProperties maxProperties".split()
)
_COUNTS = frozenset("minLength maxLength minItems maxItems minProperties maxProperties".split())
_READ_BELOW = frozenset(
    "type enum const nullable properties required patternProperties additionalProperties "
    "unevaluatedProperties unevaluatedItems items prefixItems oneOf anyOf not if then else "
    "contains minContains maxContains propertyNames dependentRequired dependentSchemas "
    "dependencies discriminator".split()
)
_MEANINGLESS = frozenset(
    "$schema $id $anchor $dynamicAnchor $defs definitions $comment $vocabulary".split()
)
_NOTHING = {"minLength": 0, "minItems": 0, "minProperties": 0, "uniqueItems": False, "pattern": ""}


def read(data: Mapping[str, Any], at: Pointer, *, legacy: bool) -> Flat:
    """`legacy`: OpenAPI 3.0's `nullable` and boolean `exclusiveMinimum` are understood."""
    types = _types(data, legacy)
    data = data if types is None else with_values_meant(data, sorted(types))
    return Flat(
        key=at,
        at=at,
        types=types,
        values=_values(data),
        scalars=_scalars(data),
        properties=_schemas(data, "properties", at),
        required=tuple(dict.fromkeys(data.get("required") or ())),
        patterns=_schemas(data, "patternProperties", at),
        additional=constraining(data, "additionalProperties", at),
        items=constraining(data, "items", at),
        prefix=_list(data, "prefixItems", at),
        groups=tuple(_groups(data, at)),
        notes={key: data[key] for key in data if key in ANNOTATIONS},
        other={key: data[key] for key in data if _unknown(key)},
    )


def _types(data: Mapping[str, Any], legacy: bool) -> frozenset[str] | None:
    said = data.get("type")
    if said is None:
        return None
    types = {said} if isinstance(said, str) else set(said)
    if legacy and data.get("nullable") is True:
        types.add("null")
    if "number" in types:
        types.discard("integer")  # every integer is a number
    return frozenset(types)


def _each_once(values: Iterable[Json]) -> tuple[Json, ...]:
    found: dict[Hashable, Json] = {}
    for value in values:
        found.setdefault(identity(value), value)
    return tuple(found.values())


def _values(data: Mapping[str, Any]) -> tuple[Json, ...] | None:
    listed = _each_once(data["enum"]) if "enum" in data else None
    if "const" not in data:
        return listed
    constant = data["const"]
    fits = listed is None or identity(constant) in map(identity, listed)
    return (constant,) if fits else ()


def _scalars(data: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: data[key] for key in _BOUNDS & data.keys()}
    found |= {key: int(found[key]) for key in _COUNTS & found.keys()}  # 2.0 is a number of items
    for exclusive, inclusive in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if found.get(exclusive) is True and inclusive in found:  # 3.0: a flag on the bound
            found[exclusive] = found.pop(inclusive)
        elif isinstance(found.get(exclusive), bool):
            del found[exclusive]
    return {key: value for key, value in found.items() if _NOTHING.get(key) != value}


def constraining(data: Mapping[str, Any], keyword: str, at: Pointer) -> Schema | None:
    """The schema at a keyword, if there is one that says anything."""
    value = data.get(keyword)
    if value is None or value is True or value == {}:
        return None  # constrains nothing
    return Schema.of(value, join(at, keyword))


def _schemas(data: Mapping[str, Any], keyword: str, at: Pointer) -> dict[str, Schema]:
    values: Mapping[str, Json] = data.get(keyword) or {}
    return {name: Schema.of(value, join(at, keyword, name)) for name, value in values.items()}


def _list(data: Mapping[str, Any], keyword: str, at: Pointer) -> tuple[Schema, ...]:
    values: list[Json] = data.get(keyword) or []
    return tuple(Schema.of(value, join(at, keyword, i)) for i, value in enumerate(values))


def _groups(data: Mapping[str, Any], at: Pointer) -> Iterator[Group]:
    for keyword in ("oneOf", "anyOf"):
        if data.get(keyword):
            yield Group(
                keyword=keyword,
                schemas=_list(data, keyword, at),
                discriminator=data.get("discriminator"),
                at=join(at, keyword),
            )
    for keyword in ("not", "propertyNames"):
        if keyword in data:
            inner = Schema.of(data[keyword], join(at, keyword))
            yield Group(keyword=keyword, schemas=(inner,), at=join(at, keyword))
    yield from _conditions(data, at)
    yield from _dependencies(data, at)


def _conditions(data: Mapping[str, Any], at: Pointer) -> Iterator[Group]:
    if "if" in data and ("then" in data or "else" in data):
        arms = [Schema.of(data.get(k, True), join(at, k)) for k in ("if", "then", "else")]
        yield Group(keyword="if", schemas=tuple(arms), at=join(at, "if"))
    if "contains" in data:
        inner = Schema.of(data["contains"], join(at, "contains"))
        most = data.get("maxContains")
        bounds = (int(data.get("minContains", 1)), None if most is None else int(most))
        yield Group(keyword="contains", schemas=(inner,), bounds=bounds, at=join(at, "contains"))


def _dependencies(data: Mapping[str, Any], at: Pointer) -> Iterator[Group]:
    # `dependencies` is what both were before 2019-09, and may still be.
    for keyword in ("dependentRequired", "dependentSchemas", "dependencies"):
        for name, value in sorted((data.get(keyword) or {}).items()):
            pointer = join(at, keyword, name)
            if isinstance(value, list):
                yield Group(keyword="dependentRequired", names=(name, *value), at=pointer)
            else:
                inner = Schema.of(value, pointer)
                yield Group(keyword="dependentSchemas", schemas=(inner,), names=(name,), at=pointer)


def _unknown(key: str) -> bool:
    known = key in _BOUNDS or key in _READ_BELOW or key in _MEANINGLESS or key in ANNOTATIONS
    return not (known or key.startswith("x-") or key in ("$ref", "allOf"))
