"""Rows of the tables of an outbox, as what they stand for."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

from .parcels import Parcel
from .storage import DeadLetter, Stored

Row: TypeAlias = tuple[Any, ...]
"""Id, faults and the columns of a parcel; of a dead letter, then, what became of it."""


def stored(row: Row) -> Stored:
    """What waits."""
    id, faults = row[:2]
    return Stored(id, parcel_of(row), row[9], faults, row[10])


def parcel_of(row: Row) -> Parcel:
    """What is sent of it."""
    return Parcel(
        operation=row[2],
        key=row[3],
        body=row[4],
        content_type=row[5] or "",
        target=row[6] or "",
        headers=json.loads(row[7]) if row[7] else {},
        label=row[8] or "",
    )


def letter(row: Row) -> DeadLetter:
    """What is dead."""
    return DeadLetter(
        id=row[0],
        parcel=parcel_of(row),
        created=row[9],
        died=row[11],
        status=row[12],
        reason=row[13],
        errors=tuple(json.loads(row[14])),
    )
