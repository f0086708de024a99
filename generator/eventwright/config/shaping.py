"""What a well-formed configuration says, as the classes that declare its keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import is_dataclass
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_args, get_type_hints

T = TypeVar("T")

_SCHEMA = Path(__file__).parent.parent / "eventwright.schema.json"


def shaped(shape: type[T], data: Mapping[str, Any]) -> T | None:
    """The configuration, if it keeps the JSON Schema that is made from `shape`; else None."""
    from jsonschema_rs import validator_for

    # To JSON Schema 30.0 is a whole number, and it knows no dates.
    if not _is_plain(data) or not validator_for(json.loads(_SCHEMA.read_bytes())).is_valid(data):
        return None
    made: T = _made(shape, data)
    return made


def _is_plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return isinstance(value, str | bool | int)


def _made(hint: Any, value: Any) -> Any:
    """A value of the schema as what the type says: tables as classes, arrays as tuples."""
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        return hint(**{key: _made(hints[key], each) for key, each in value.items()})  # type: ignore[operator]
    if hint is Any:
        return value
    kinds = get_args(hint)
    if isinstance(hint, UnionType):  # of something and None, which no file can say
        return _made(kinds[0], value)
    if isinstance(value, list):
        return tuple(_made(kinds[0], each) for each in value)
    if isinstance(value, dict):
        return {key: _made(kinds[1], each) for key, each in value.items()}
    return value
