"""JSON text (RFC 8259): compact, UTF-8; every number as it came."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from json import encoder
from typing import Any, TypeGuard

from .numbers import WireNumber, parse_real

quote: Callable[[str], str] = encoder.encode_basestring
"""A string as JSON text, quotes included."""

_SETTINGS: dict[str, Any] = {
    "ensure_ascii": False,
    "allow_nan": False,
    "check_circular": False,
    "separators": (",", ":"),
}
_encoder = json.JSONEncoder(**_SETTINGS)


def _cached_encoder() -> Callable[[Any], str]:
    """`JSONEncoder.encode`, which makes a new encoder in C for every call, with one for all."""
    make: Any = getattr(encoder, "c_make_encoder", None)
    if make is None:
        return _encoder.encode
    order = (None, ":", ",", False, False, False)
    parts: Callable[[Any, int], Iterable[str]]
    parts = make(None, _encoder.default, quote, *order)
    return lambda value: "".join(parts(value, 0))


_encode = _cached_encoder()
_PLAIN = frozenset({str, int, float, bool, type(None)})


def dumps(value: Any) -> str:
    """Any JSON value as JSON text."""
    if _is_object(value) and len(value) <= _FEW:
        return f"{{{members(value)}}}"
    return _exact(value) if _is_beyond_float(value) else _encode(value)


_FEW = 8
"""Of so many members the text is made faster one by one than by an encoder."""


def members(values: dict[str, Any]) -> str:
    """The members of an object as JSON text: `"a":1,"b":2`."""
    if len(values) > _FEW:
        return dumps(values)[1:-1]
    text = ""
    for key, value in values.items():
        if key.__class__ is not str:  # another kind of key, or a text that may lie
            return _encode(values)[1:-1]
        kind = value.__class__
        if kind is str:
            text += f",{quote(key)}:{quote(value)}"
        elif kind is bool:
            text += f",{quote(key)}:{'true' if value else 'false'}"
        else:
            text += f",{quote(key)}:{'null' if value is None else dumps(value)}"
    return text[1:]


def _is_beyond_float(value: Any) -> bool:
    """Whether a WireNumber is in it: the encoder would write the nearest float."""
    if value.__class__ in _PLAIN:
        return False
    if _is_object(value):
        parts: Collection[Any] = value.values()
    elif _is_array(value):
        parts = value
    else:
        return isinstance(value, WireNumber)
    # Most objects and lists hold plain values only: one look at all their classes tells.
    return not _PLAIN.issuperset(map(type, parts)) and any(map(_is_beyond_float, parts))


def _exact(value: Any) -> str:
    if isinstance(value, WireNumber):
        return value.text
    if _is_object(value):
        pairs = (f"{quote(key)}:{_exact(item)}" for key, item in value.items())
        return f"{{{','.join(pairs)}}}"
    if _is_array(value):
        return f"[{','.join(map(_exact, value))}]"
    return _encode(value)


# What the encoder writes as an object and as an array.
def _is_object(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _is_array(value: object) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    return isinstance(value, (list, tuple))


def ascii_text(value: Any) -> str:
    """What a document says itself, as ASCII: names of keys, and values that never vary."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def to_bytes(text: str) -> bytes:
    """UTF-8. A lone surrogate, which UTF-8 has no form for, stays the JSON escape it came as."""
    return text.encode("utf-8", "backslashreplace")


def loads(data: bytes | bytearray | str) -> Any:
    """The value a JSON text holds.

    Raises:
        ValueError: not JSON, not UTF-8, a key twice in one object, NaN or an infinity.
    """
    text = data if isinstance(data, str) else data.decode("utf-8")
    try:
        if "\\" not in text:
            value, end = _scan(text, 0)
            # Each text has two quotes, in a key that stands twice and its value too.
            if end == len(text) and text.count('"') == 2 * _texts_in(value):
                return value
        return _decode(text)
    except StopIteration:  # it begins with no value: `_decode` says where
        return _decode(text)
    except RecursionError:
        raise ValueError("JSON nested too deeply") from None


def _texts_in(value: Any) -> int:
    """How many texts a value has in it, keys included."""
    items: Collection[Any]
    if value.__class__ is dict:
        items, found = value.values(), len(value)
    elif value.__class__ is list:
        items, found = value, 0
    else:
        return 1 if value.__class__ is str else 0
    for item in items:
        kind = item.__class__
        if kind is str:
            found += 1
        elif kind is dict or kind is list:
            found += _texts_in(item)
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one JSON object")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_NUMBERS: dict[str, Any] = {"parse_float": parse_real, "parse_constant": _no_constant}
_decode: Callable[[str], Any] = json.JSONDecoder(
    object_pairs_hook=_unique, **_NUMBERS
).decode
_decoder: Any = json.JSONDecoder(**_NUMBERS)
# Twice as fast as one that looks at each pair of a key and a value.
_scan: Callable[[str, int], tuple[Any, int]] = _decoder.scan_once
