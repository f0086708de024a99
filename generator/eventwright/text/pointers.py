"""JSON pointers (RFC 6901): taken apart, put together, and read out of a reference."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias
from urllib.parse import unquote

from ..diagnostics.diagnostic import nearest
from .jsonvalues import Json

Pointer: TypeAlias = str
"""A JSON pointer (RFC 6901) into the document, without the leading `#`. Never compared."""

Tokens: TypeAlias = tuple[str, ...]
"""A pointer taken apart and unescaped; an array index is a decimal string."""


def split_pointer(pointer: str) -> Tokens:
    """`/paths/~1track` → `("paths", "/track")`; "" is the root."""
    parts = pointer.split("/")[1:]
    if "~" not in pointer:
        return tuple(parts)
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in parts)


def join_pointer(tokens: Iterable[str | int]) -> str:
    """The reverse of `split_pointer`; indexes may be integers."""
    return "".join([f"/{str(token).replace('~', '~0').replace('/', '~1')}" for token in tokens])


def join(pointer: str, *tokens: str | int) -> str:
    """The pointer one or more levels below another."""
    return pointer + join_pointer(tokens)


def nearest_pointer(pointer: str, known: Iterable[str]) -> str:
    """The one of `known` that has one other token, and a similar one; "" where there is none.

    Whole pointers are no measure: those of one document have most of their text in common.
    """
    tokens = split_pointer(pointer)
    choices: dict[str, dict[str, str]] = {}
    for each in known:
        other = split_pointer(each)
        different = [(a, b) for a, b in zip(tokens, other, strict=False) if a != b]
        if len(tokens) == len(other) and len(different) == 1:
            ((wrong, there),) = different
            choices.setdefault(wrong, {})[there] = each
    for wrong, offered in choices.items():
        near = nearest(wrong, offered)
        if near:
            return offered[near]
    return ""


def target(ref: str) -> str:
    """The pointer in a local reference: `#/components/schemas/a%20b`."""
    return unquote(ref.removeprefix("#"))


def resolve(data: Json, tokens: Tokens) -> Any:
    """The value at `tokens`. Raises LookupError if there is none."""
    value: Any = data
    for token in tokens:
        if isinstance(value, dict):
            value = value[token]
        elif isinstance(value, list) and token.isdecimal() and token == str(int(token)):
            value = value[int(token)]
        else:
            raise LookupError(token)
    return value


def destination(data: Json, ref: Any) -> Tokens | None:
    """Where a reference leads to in the document itself; None for one that does not."""
    if not isinstance(ref, str) or not (ref == "#" or ref.startswith("#/")):
        return None
    tokens = split_pointer(target(ref))
    try:
        resolve(data, tokens)
    except LookupError:
        return None
    return tokens


def chain(data: Json, value: Any, at: Tokens) -> list[tuple[dict[str, Any], Tokens]]:
    """An object, then what its reference leads to, and so on: each with its place, and once."""
    found: dict[Tokens, dict[str, Any]] = {}
    place: Tokens | None = at
    while place is not None and place not in found and isinstance(value, dict):
        found[place] = value
        place = destination(data, value.get("$ref"))
        value = None if place is None else resolve(data, place)
    return [(each, place) for place, each in found.items()]
