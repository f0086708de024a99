"""What is surely meant by an `enum` that by the letter leaves no value at all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .jsontypes import is_of


def with_values_meant(data: Mapping[str, Any], kinds: Sequence[str]) -> Mapping[str, Any]:
    """A schema whose `enum` has values of other types only, read so that some value fits.

    `kinds`: the types it allows. What cannot be read as such values is left out.
    """
    values = data.get("enum")
    if not values or any(is_of(kind, value) for kind in kinds for value in values):
        return data
    rest = {key: value for key, value in data.items() if key != "enum"}
    read = [each for value in values for each in _read(value, kinds)]
    if len(read) == len(values):
        return {**rest, "enum": read}
    items = data.get("items", {})
    if "array" in kinds and isinstance(items, dict) and not items.keys() & {"$ref", "enum"}:
        return {**rest, "items": {**items, "enum": values}}
    return rest


def _read(value: Any, kinds: Sequence[str]) -> Iterator[Any]:
    """The value as one of these types; none where it spells no such."""
    if "string" in kinds and isinstance(value, bool | int | float):
        yield json.dumps(value)
    elif isinstance(value, str) and not {"integer", "number"}.isdisjoint(kinds):
        try:
            number = json.loads(value)
        except ValueError:
            return
        if any(is_of(kind, number) for kind in kinds):
            yield number
