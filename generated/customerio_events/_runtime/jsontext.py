"""JSON text (RFC 8259): compact, UTF-8; numbers as precise as Python's int and float."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from json import encoder
from typing import Any

quote: Callable[[str], str] = encoder.encode_basestring
"""A string as JSON text, quotes included."""

dumps: Callable[[Any], str] = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")
).encode
"""Any JSON value as JSON text. One encoder for all calls: making one costs more than using it."""


def to_bytes(text: str) -> bytes:
    """UTF-8. A lone surrogate, which UTF-8 has no form for, stays the JSON escape it came as."""
    return text.encode("utf-8", "backslashreplace")


def loads(data: bytes | bytearray | str) -> Any:
    """The value a JSON text holds.

    Raises:
        ValueError: not JSON, not UTF-8, a key twice in one object, NaN or an infinity.
    """
    try:
        return _decode(data if isinstance(data, str) else bytes(data).decode("utf-8"))
    except RecursionError:
        raise ValueError("JSON nested too deeply") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one JSON object")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_decode: Callable[[str], Any] = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_no_constant
).decode


def members(values: Mapping[str, Any]) -> str:
    """The members of an object as JSON text, each led by a comma: `,"a":1,"b":2`."""
    return f",{dumps(values)[1:-1]}" if values else ""
