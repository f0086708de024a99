"""The objects of a document, and its schemas: where they begin, and which stand in which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..text.jsonvalues import Json
from ..text.pointers import Tokens

_MAPS = frozenset(
    "properties patternProperties $defs definitions dependentSchemas dependencies schemas "
    "responses parameters headers callbacks links requestBodies securitySchemes pathItems "
    "examples content paths "
    "webhooks encoding mediaTypes".split()
)
"""Keywords whose keys are names of the author's, so that a property may be called `default`."""

_DATA = frozenset("example default enum const value".split())
"""Keywords that hold data: a `$ref` in it is not a reference."""

_HOLDERS = (dict, list)
"""Asked of every value there is, so it is no union, which is made anew each time."""

_ONE = frozenset(
    "items not additionalProperties propertyNames contains if then else unevaluatedItems "
    "unevaluatedProperties contentSchema".split()
)
_LIST = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAP = frozenset(
    "properties patternProperties $defs definitions dependentSchemas dependencies".split()
)


def objects(data: Json) -> Iterator[tuple[Tokens, dict[str, Any]]]:
    """Every OpenAPI object, schemas included, with its place; not what is data, not `x-*`."""
    stack: list[tuple[Tokens, Any, bool]] = [((), data, False)]
    while stack:
        at, value, named = stack.pop()
        if isinstance(value, dict) and not named:
            yield at, value
        stack += reversed(parts(at, value, named))


def parts(at: Tokens, value: Json, named: bool) -> list[tuple[Tokens, Any, bool]]:
    """What stands directly in an object or array that is no data: its place, and whether its keys
    are names. `named`: whether those of `value` are."""
    if isinstance(value, list):
        return [
            ((*at, str(index)), item, False)
            for index, item in enumerate(value)
            if isinstance(item, _HOLDERS)
        ]
    if not isinstance(value, dict):
        return []
    paths = at == ("paths",)
    return [
        ((*at, key), item, not named and key in _MAPS)
        for key, item in value.items()
        if isinstance(item, _HOLDERS)
        and not (key.startswith("x-") if paths else not named and _is_data(key, item))
    ]


def keywords(at: Tokens) -> Iterator[int]:
    """Which tokens of a place are keys of OpenAPI's; the others are names, or places in lists."""
    named = False
    for index, token in enumerate(at):
        if named:
            named = False
        elif not token.isdecimal():
            yield index
            named = token in _MAPS


def _is_data(key: str, value: Any) -> bool:
    # A list of examples is data; a map of them is one of Example Objects.
    return key in _DATA or key.startswith("x-") or (key == "examples" and isinstance(value, list))


def roots(data: Any, found: Iterable[tuple[Tokens, dict[str, Any]]]) -> Iterator[Tokens]:
    """Where schemas begin: components first, so that a fault is told where it is defined.

    `found`: the `objects` of `data`.
    """
    components = data.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    named = schemas if isinstance(schemas, dict) else {}
    yield from (("components", "schemas", name) for name in named)
    for at, value in found:
        if isinstance(value.get("schema"), dict):
            yield (*at, "schema")


def below(at: Tokens, schema: dict[str, Any]) -> list[tuple[Tokens, Any]]:
    """What stands directly in a schema, not through references."""
    found: list[tuple[Tokens, Any]] = []
    for key, value in schema.items():
        if key in _ONE:
            found.append(((*at, key), value))
        elif key in _LIST and isinstance(value, list):
            found += [((*at, key, str(index)), arm) for index, arm in enumerate(value)]
        elif key in _MAP and isinstance(value, dict):
            found += [((*at, key, name), item) for name, item in value.items()]
    return found
