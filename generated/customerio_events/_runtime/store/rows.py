"""Rows of an outbox's file: how parcels are stored, and how it is seen that a row is what it was.

SQLite does not notice a bit that the disk has lost. What has changed since then is not sent. The
name of the operation may: people may have to change it, and one that is none is noticed anyway.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias
from zlib import crc32

from ..delivery.parcels import Parcel
from .storage import Counts, DeadLetter, Page, Stored

COLUMNS: Final = (
    "operation, key, body, content_type, target, headers, label, created, origin"
)
NEXT: Final = (
    "max(ifnull((SELECT max(id) FROM event), 0), (SELECT highest FROM state)) + 1"
)
"""Ids are never used twice, also where the newest event is gone."""
READ: Final = f"SELECT id, faults, {COLUMNS} FROM event"
_ENDS: Final = """
    SELECT (SELECT min(id) FROM event WHERE id > ?), (SELECT max(id) FROM event)
"""
_SPAN: Final = 20_000
"""So many ids are looked through at a time, lest others wait."""
_MOST_BYTES: Final = 4_000_000
_SUMMED: Final = 1 << 62
"""Marks an `origin` that holds a checksum in its lower half: those of old have none."""
_SUM: Final = (1 << 32) - 1
Row: TypeAlias = tuple[Any, ...]


class Damaged(Exception):
    """A row is not what was stored; the text says what helps.

    `where`: its table; `id`: of its event, None where that says nothing.
    """

    def __init__(self, where: str, id: object = None) -> None:
        mend = f"DELETE FROM {where} WHERE id = {id}"
        if where == "event":
            mend += "; UPDATE state SET settled = settled + 1"
        helps = (
            f'and give that one up with `sqlite3 FILE "{mend}"`: then the others go on'
            if id is not None
            else "and try `sqlite3 FILE .recover` on that; or go on with another file"
        )
        super().__init__(
            f"it is damaged: {where} {id or ''} is not what was stored. Nothing of it was changed, "
            f"and nothing is taken in now. Stop what uses it, keep a copy, {helps}"
        )


def origin_of(number: int) -> int:
    """What marks the rows of an outbox object, of a number by chance."""
    return _SUMMED | (number & (_SUMMED - 1) & ~_SUM)


def row_of(parcel: Parcel, now: float, origin: int) -> Row:
    """The `COLUMNS` of a parcel that is put in now. `origin`: as `origin_of` gives it."""
    key, body = parcel.key, parcel.body
    content_type, target, label = parcel.content_type, parcel.target, parcel.label
    headers = json.dumps(dict(parcel.headers)) if parcel.headers else ""
    texts = f"{key}\0{content_type}\0{target}\0{headers}\0{label}"
    # Of bytes and None `sqlite3` asks each time whether they are to be adapted, which takes a tenth
    # of all that `put` does; of these it does not.
    return (
        parcel.operation,
        key,
        bytearray(body),
        content_type,
        target,
        headers,
        label,
        now,
        origin | crc32(texts.encode(), crc32(body)),
    )


def stored_of(row: Row) -> Stored:
    """What a row has behind id and faults. Raises Damaged."""
    origin = row[10] & ~_SUM if row[10] & _SUMMED else row[10]
    return Stored(row[0], _parcel(row, "event"), row[9], row[1], origin)


def letter_of(row: Row) -> DeadLetter:
    """The same of one that is dead, with what is known of that behind it. Raises Damaged."""
    try:
        errors = tuple(json.loads(row[14]))
    except (TypeError, ValueError):
        raise Damaged("dead", row[0]) from None
    return DeadLetter(
        id=row[0],
        parcel=_parcel(row, "dead"),
        created=row[9],
        died=row[11],
        status=row[12],
        reason=row[13],
        errors=errors,
    )


def _parcel(row: Row, where: str) -> Parcel:
    """The parcel of a row of a table. Raises Damaged."""
    operation, key, body, *rest = row[2:9]
    content_type, target, headers, label = (text or "" for text in rest)
    texts = f"{key}\0{content_type}\0{target}\0{headers}\0{label}"
    try:
        same = (
            not row[10] & _SUMMED
            or crc32(texts.encode(), crc32(body)) == row[10] & _SUM
        )
    except TypeError:  # not even the types are those that were stored
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


def page_of(
    connection: sqlite3.Connection, after: int, most: int, without: Sequence[str]
) -> Page:
    """Some of the events beyond an id, but for those of some keys. Raises Damaged."""
    first, last = connection.execute(_ENDS, (after,)).fetchone()
    if first is None:
        return Page([], after, False)
    end = min(last, first - 1 + _SPAN)
    marks = f"AND key NOT IN ({', '.join('?' * len(without))})" if without else ""
    query = f"{READ} WHERE id > ? AND id <= ? {marks} ORDER BY id LIMIT ?"
    rows = connection.execute(query, (after, end, *without, most + 1))
    found, whole = some_of(rows, most)
    if not whole:
        end = found[-1].id
    return Page(found, end, end < last)


def some_of(rows: Iterator[Row], most: int) -> tuple[list[Stored], bool]:
    """As many as are read at a time, and whether that is all of them. Raises Damaged."""
    found: list[Stored] = []
    size = 0
    for row in rows:
        if len(found) == most or size > _MOST_BYTES:
            return found, False
        found.append(stored_of(row))
        size += len(row[4])
    return found, True


def counts_of(connection: sqlite3.Connection) -> Counts:
    """How many there are of all kinds."""
    query = f"""SELECT {NEXT} - 1 - settled, delivered, (SELECT count(*) FROM dead),
        (SELECT created FROM event ORDER BY id LIMIT 1) FROM state"""
    pending, delivered, dead, oldest = connection.execute(query).fetchone()
    return Counts(pending=pending, delivered=delivered, dead=dead, oldest=oldest)
