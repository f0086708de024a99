"""The schemas of a document: where they begin, and which stand in which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..text.pointers import Tokens
from ..validation.references import objects

_ONE = frozenset(
    "items not additionalProperties propertyNames contains if then else unevaluatedItems "
    "unevaluatedProperties contentSchema".split()
)
_LIST = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAP = frozenset(
    "properties patternProperties $defs definitions dependentSchemas dependencies".split()
)


def roots(data: Any) -> Iterator[Tokens]:
    """Where schemas begin: components first, so that a fault is told where it is defined."""
    components = data.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    named = schemas if isinstance(schemas, dict) else {}
    yield from (("components", "schemas", name) for name in named)
    for at, value in objects(data):
        if isinstance(value.get("schema"), dict):
            yield (*at, "schema")


def below(at: Tokens, schema: dict[str, Any]) -> Iterator[tuple[Tokens, Any]]:
    """What stands directly in a schema, not through references."""
    for key, value in schema.items():
        if key in _ONE:
            yield (*at, key), value
        elif key in _LIST and isinstance(value, list):
            yield from (((*at, key, str(index)), arm) for index, arm in enumerate(value))
        elif key in _MAP and isinstance(value, dict):
            yield from (((*at, key, name), item) for name, item in value.items())
