"""Bodies of one JSON text after the other: `application/x-ndjson` and its like."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Mapping
from typing import Any, TypeAlias, TypeVar

from ..calls.requests import Filling
from ..http.streamed import Streamed
from ..http.uploads import AsyncSource, IterableSource, Upload
from ..kinds.base import Kind
from .json_bodies import json_body

_T = TypeVar("_T")
BodyLines: TypeAlias = Iterable[_T]
"""One item a line."""
AsyncBodyLines: TypeAlias = Iterable[_T] | AsyncIterable[_T]
"""The same, also from an async iterable."""


def lines_body(
    values: Any, kind: Kind, lead: bytes = b"", fill: Filling | None = None
) -> bytes | Streamed:
    """The JSON of each item, in a line of its own; what is no list is streamed as it comes.

    Args:
        kind: of an item.
        fill: what events among them lack.
        lead: what comes before each: nothing, or the record separator of `application/json-seq`.

    Raises:
        TypeError: nothing that can be iterated.
        ValidationError: an item that the document does not allow; of a stream when its turn comes.
    """
    given: object = values
    if isinstance(given, AsyncIterable):
        return Upload(AsyncSource(_async_lines(values, kind, lead, fill)))
    if isinstance(given, (str, bytes, Mapping)) or not isinstance(given, Iterable):
        came = type(values).__name__
        raise TypeError(f"expected an iterable of items, got {came}")
    lines = _lines(values, kind, lead, fill)
    listed = isinstance(given, (list, tuple))
    return b"".join(lines) if listed else Upload(IterableSource(lines))


def _lines(
    values: Iterable[Any], kind: Kind, lead: bytes, fill: Filling | None
) -> Iterator[bytes]:
    for value in values:
        yield b"%b%b\n" % (lead, json_body(value, kind, fill))


async def _async_lines(
    values: AsyncIterable[Any], kind: Kind, lead: bytes, fill: Filling | None
) -> AsyncIterator[bytes]:
    async for value in values:
        yield b"%b%b\n" % (lead, json_body(value, kind, fill))
