"""JSON pointers (RFC 6901): taken apart, put together, and read out of a reference."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias
from urllib.parse import unquote

Tokens: TypeAlias = tuple[str, ...]
"""A pointer taken apart and unescaped; an array index is a decimal string."""


def split_pointer(pointer: str) -> Tokens:
    """`/paths/~1track` → `("paths", "/track")`; "" is the root."""
    parts = pointer.split("/")[1:]
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in parts)


def join_pointer(tokens: Iterable[str | int]) -> str:
    """The reverse of `split_pointer`; indexes may be integers."""
    parts = (str(token).replace("~", "~0").replace("/", "~1") for token in tokens)
    return "".join(f"/{part}" for part in parts)


def join(pointer: str, *tokens: str | int) -> str:
    """The pointer one or more levels below another."""
    return pointer + join_pointer(tokens)


def target(ref: str) -> str:
    """The pointer in a local reference: `#/components/schemas/a%20b`."""
    return unquote(ref.removeprefix("#"))
