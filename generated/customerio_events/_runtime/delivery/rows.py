"""Rows of an outbox's file: how parcels are stored, and how it is seen that a row is what it was.

SQLite does not notice a bit that the disk has lost. What has changed since then is not sent.
"""

from __future__ import annotations

import json
from typing import Any, Final, TypeAlias
from zlib import crc32

from .parcels import Parcel
from .storage import DeadLetter, Stored

COLUMNS: Final = (
    "operation, key, body, content_type, target, headers, label, created, origin, sum"
)
Row: TypeAlias = tuple[Any, ...]


class Damaged(Exception):
    """A row is not what was stored. `where`: its table; `id`: of its event."""

    def __init__(self, where: str, id: object) -> None:
        super().__init__()
        self.where = where
        self.id = id


def row_of(parcel: Parcel, now: float, origin: int) -> Row:
    """The `COLUMNS` of a parcel that is put in now."""
    operation, key, body = parcel.operation, parcel.key, parcel.body
    content_type, target, label = parcel.content_type, parcel.target, parcel.label
    headers = json.dumps(dict(parcel.headers)) if parcel.headers else ""
    texts = f"{operation}\0{key}\0{content_type}\0{target}\0{headers}\0{label}"
    return (
        operation,
        key,
        body,
        content_type or None,
        target or None,
        headers or None,
        label or None,
        now,
        origin,
        crc32(texts.encode(), crc32(body)),
    )


def stored_of(row: Row) -> Stored:
    """What a row has behind id and faults. Raises Damaged."""
    return Stored(row[0], _parcel(row, "event"), row[9], row[1], row[10])


def letter_of(row: Row) -> DeadLetter:
    """The same of one that is dead, with what is known of that behind it. Raises Damaged."""
    try:
        errors = tuple(json.loads(row[15]))
    except (TypeError, ValueError):
        raise Damaged("dead", row[0]) from None
    return DeadLetter(
        id=row[0],
        parcel=_parcel(row, "dead"),
        created=row[9],
        died=row[12],
        status=row[13],
        reason=row[14],
        errors=errors,
    )


def _parcel(row: Row, where: str) -> Parcel:
    """The parcel of a row of a table. Raises Damaged."""
    operation, key, body, *rest = row[2:9]
    content_type, target, headers, label = (text or "" for text in rest)
    texts = f"{operation}\0{key}\0{content_type}\0{target}\0{headers}\0{label}"
    try:
        same = crc32(texts.encode(), crc32(body)) == row[11]
    except TypeError:  # no bytes
        same = False
    if not same:
        raise Damaged(where, row[0])
    return Parcel(
        operation=operation,
        key=key,
        body=body,
        content_type=content_type,
        target=target,
        headers=json.loads(headers) if headers else {},
        label=label,
    )
