"""What is done by hand to what an outbox's file holds, and what is known of an event afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from .rows import COLUMNS, NEXT, letter_of
from .storage import DeadLetter

REMEMBER: Final = "INSERT OR REPLACE INTO recent VALUES(?, ?)"
MOST_RECENT: Final = 10_000
DELETED: Final = 0


def revive(connection: sqlite3.Connection, ids: Sequence[int] | None) -> int:
    """Put dead letters back, as the newest: see `Store.revive`."""
    if ids is None:
        ids = [id for (id,) in connection.execute("SELECT id FROM dead ORDER BY id")]
    revived = 0
    for id in ids:
        added = connection.execute(
            f"INSERT INTO event(id, {COLUMNS}) SELECT {NEXT}, {COLUMNS} FROM dead WHERE id = ?",
            (id,),
        )
        if added.rowcount:
            revived += 1
            connection.execute("DELETE FROM dead WHERE id = ?", (id,))
            connection.execute(REMEMBER, (id, -(added.lastrowid or 0)))
    return revived


def purge(connection: sqlite3.Connection, ids: Sequence[int]) -> int:
    """Delete those dead letters; how many that were."""
    gone = 0
    for id in ids:
        if connection.execute("DELETE FROM dead WHERE id = ?", (id,)).rowcount:
            gone += 1
            connection.execute(REMEMBER, (id, DELETED))
    return gone


def purge_older(connection: sqlite3.Connection, limit: float) -> int:
    """Delete the dead letters that died before a time; how many that were."""
    query = "SELECT id FROM dead WHERE died < ? ORDER BY id DESC LIMIT ?"
    gone = connection.execute(query, (limit, MOST_RECENT)).fetchall()
    connection.executemany(REMEMBER, [(id, DELETED) for (id,) in gone])
    return connection.execute("DELETE FROM dead WHERE died < ?", (limit,)).rowcount


def discard(connection: sqlite3.Connection) -> int:
    """Delete all that waits; how many that were."""
    highest = connection.execute(f"SELECT {NEXT} - 1").fetchone()[0]
    query = "SELECT id FROM event ORDER BY id DESC LIMIT ?"
    gone = connection.execute(query, (MOST_RECENT,)).fetchall()
    connection.executemany(REMEMBER, [(id, DELETED) for (id,) in gone])
    removed = connection.execute("DELETE FROM event").rowcount
    connection.execute(
        "UPDATE state SET settled = settled + ?, highest = ?", (removed, highest)
    )
    return removed


def outcome(connection: sqlite3.Connection, id: int) -> DeadLetter | int | bool | None:
    """What became of one: see `Store.outcome`. Raises Damaged."""
    if connection.execute("SELECT 1 FROM event WHERE id = ?", (id,)).fetchone():
        return None
    row = connection.execute(
        f"SELECT id, faults, {COLUMNS}, died, status, reason, errors FROM dead WHERE id = ?",
        (id,),
    ).fetchone()
    if row is not None:
        return letter_of(row)
    found = connection.execute(
        "SELECT status FROM recent WHERE id = ?", (id,)
    ).fetchone()
    if found is None or found[0] is None:
        return True
    status = int(found[0])
    return outcome(connection, -status) if status < 0 else status
