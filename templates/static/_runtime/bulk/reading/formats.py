"""Which format an input has."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

JSON_LINES: Final = "jsonl"
JSON_ARRAY: Final = "json"
TABLE: Final = "csv"
FORMATS: Final = (JSON_LINES, JSON_ARRAY, TABLE)

_TABLES = (".csv", ".tsv", ".tab")
_LINES = (".jsonl", ".ndjson")


def recognised(name: str, head: bytes, *, columns: bool = False) -> str:
    """The format of an input: by its name, or else by what it begins with.

    `columns`: something is said of them, which tells where it is empty.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix in _TABLES:
        return TABLE
    first = head.lstrip()[:1]
    if first == b"[" and suffix not in _LINES:
        return JSON_ARRAY
    if not first:
        return TABLE if columns and suffix not in (*_LINES, ".json") else JSON_LINES
    return JSON_LINES if first == b"{" or suffix in (*_LINES, ".json") else TABLE
