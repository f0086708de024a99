"""Bodies that are bytes, however they come."""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, Iterable
from typing import Any, TypeAlias

from ..http.streamed import Streamed
from ..http.uploads import Upload, source_of

RawBody: TypeAlias = bytes | os.PathLike[str] | Iterable[bytes]
"""Bytes, the path of a file, an open binary file, or an iterable of bytes."""
AsyncRawBody: TypeAlias = RawBody | AsyncIterable[bytes]
"""The same, or an async iterable of bytes."""


def raw_body(value: Any) -> bytes | Streamed:
    """What is sent of bytes, a file, a path or an iterable of bytes: streamed unless it is bytes.

    Raises:
        TypeError: nothing of that kind.
        OSError: there is no such file.
    """
    given: object = value
    if isinstance(given, (bytes, bytearray, memoryview)):
        return bytes(value)
    source = source_of(value)
    if source is None:
        wanted = "bytes, a binary file, a path or an iterable of bytes"
        raise TypeError(f"expected {wanted}, got {type(value).__name__}")
    return Upload(source)
