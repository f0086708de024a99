"""The types of JSON Schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def is_of(kind: str, value: object) -> bool:
    """Whether a JSON value is of a type; 1.0 is an integer, true is no number."""
    return _TYPES[kind](value)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: _number(value) and value == value // 1,
    "number": _number,
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
