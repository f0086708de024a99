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
    headers = json.dumps(dict(parcel.headers)) if parcel.headers else None
    values = (
        parcel.operation,
        parcel.key,
        parcel.body,
        parcel.content_type or None,
        parcel.target or None,
        headers,
        parcel.label or None,
    )
    return (*values, now, origin, _sum(*values))


def _sum(
    operation: str,
    key: str,
    body: bytes,
    content_type: str | None,
    target: str | None,
    headers: str | None,
    label: str | None,
) -> int:
    rest = (content_type or "", target or "", headers or "", label or "")
    texts = "\0".join((operation, key, *rest))
    return crc32(texts.encode("utf-8", "surrogatepass"), crc32(body))


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
    values = row[2:9]
    try:
        same = _sum(*values) == row[11]
    except (TypeError, ValueError):  # not even the types are those that were stored
        same = False
    if not same:
        raise Damaged(where, row[0])
    return Parcel(
        operation=values[0],
        key=values[1],
        body=values[2],
        content_type=values[3] or "",
        target=values[4] or "",
        headers=json.loads(values[5]) if values[5] else {},
        label=values[6] or "",
    )
