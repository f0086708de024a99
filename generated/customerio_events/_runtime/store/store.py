"""What is waiting to be delivered, and what could not be, in SQLite."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from time import monotonic, time
from typing import Any, TypeVar

from ..delivery.parcels import Parcel
from ..delivery.settings import Sync
from .byhand import MOST_RECENT, REMEMBER, discard, outcome, purge, purge_older, revive
from .errors import Gone, UnusableFile
from .files import opened
from .ground import Ground
from .journal import LEAVE, PATIENCE, Journal, translated
from .rows import (
    COLUMNS,
    NEXT,
    READ,
    Damaged,
    Row,
    counts_of,
    letter_of,
    origin_of,
    page_of,
    row_of,
    some_of,
)
from .storage import Counts, DeadLetter, Page, Settled, Stored

_ADD = f"INSERT INTO event(id, {COLUMNS}) VALUES({NEXT}, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_KNOW = "INSERT OR REPLACE INTO meta VALUES(?, ?)"
_STALLED = "stalled"
_HELD_UNTIL = "held until"
_PACKAGE = "package"
_T = TypeVar("_T")


class Store:
    """An outbox's file. Safe to use from several threads; not after a fork.

    Args:
        path: absolute.
        sync: whether a commit outlives the process ("os") or the machine ("disk").
        origin: marks what is put in here.
        create: whether it is made where there is none.

    Raises:
        Gone: there is none, and none is to be made.
        OutboxError: it cannot be used.
    """

    def __init__(
        self, path: str, sync: Sync, origin: int, *, create: bool = True
    ) -> None:
        self.path = path
        self._sync: Sync = sync
        self._create = create
        self._origin = origin_of(origin)
        self._ground = Ground(path)
        self._identity: object = None
        self._openings = 0
        self._damage = ""
        self._journal = Journal(self._opened, path, waits=sync == "disk")
        self.lock = self._journal.lock

    def _opened(self) -> sqlite3.Connection:
        if self._openings:
            self._ground.check_file()
        try:
            connection, file = opened(self.path, self._sync, create=self._create)
        except Gone:
            if self._openings:
                raise self._ground.replaced(self.path) from None
            raise
        with translated(self.path):
            query = "SELECT value FROM meta WHERE name = 'identity'"
            found = connection.execute(query).fetchone()
            # From now on the journal waits, and lets others on.
            connection.execute("PRAGMA busy_timeout = 0")
        if self._identity not in (None, found):  # while it was closed
            connection.close()
            raise self._ground.replaced(self.path)
        self._create = False
        self._ground.opened(file)
        self._identity = found
        self._openings += 1
        return connection

    def let_go(self) -> None:
        """Close the file until it is next used, as locks of SQLite do not outlive a fork.

        Not while this thread uses it, nor where another file is there by now. The lock is held.
        """
        if self._ground.holds() and self._journal.let_go():
            self._ground.forget_log()

    def add(self, parcel: Parcel, *, wait: float = PATIENCE) -> int:
        """Store a parcel; its id. It is durable when this returns. `wait`: see `Journal.write`."""
        self._check()
        row = row_of(parcel, time(), self._origin)
        return self._journal.insert(_ADD, row, wait)

    def add_many(
        self,
        parcels: Iterable[Parcel],
        notes: Mapping[str, str],
        *,
        wait: float = PATIENCE,
    ) -> list[int]:
        """Store parcels and notes in one transaction: all of it, or nothing; the ids."""
        self._check()
        now = time()
        rows = [row_of(parcel, now, self._origin) for parcel in parcels]
        return self._journal.write(lambda c: _add(c, rows, notes), wait=wait)

    def _check(self) -> None:
        """Refuse what would not be kept, or not be delivered. Raises OutboxError."""
        try:
            self._ground.check()
        except UnusableFile:
            with (
                self.lock
            ):  # while the process forks, the file is closed, and its log gone
                self._ground.check()
        if self._damage:
            raise UnusableFile(self._damage)

    def _read(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """What is read, unless it is not what was stored. Raises OutboxError."""
        try:
            return self._journal.read(work)
        except (Damaged, UnusableFile) as error:
            self._damage = str(error)
        except TypeError:  # a row is missing that is always there
            self._damage = str(Damaged("state"))
        if not self._damage.startswith(self.path):
            self._damage = f"{self.path}: {self._damage}"
        raise UnusableFile(self._damage)

    def notes(self) -> dict[str, str]:
        """What was noted, by name."""
        query = "SELECT name, value FROM note"
        return self._read(lambda c: dict(c.execute(query).fetchall()))

    def read(self, after: int, most: int, without: Sequence[str] = ()) -> Page:
        """Some of the next ones beyond an id, fewer where they are large.

        `without`: keys of which none is wanted; to leave them out is much faster than to read them.
        """
        return self._read(lambda c: page_of(c, after, most, without))

    def read_of_key(self, key: str, first: int, last: int, most: int) -> list[Stored]:
        """Those of a key, from one id to another, fewer where they are large."""
        query = f"{READ} WHERE id BETWEEN ? AND ? AND key = ? ORDER BY id LIMIT ?"
        given = (first, last, key, most)
        return self._read(lambda c: some_of(c.execute(query, given), most)[0])

    def settle(self, settled: Settled, *, wait: float = PATIENCE) -> None:
        """Remember what came of parcels; those that another process has settled are let be."""
        self._journal.write(lambda c: self._settle(c, settled), wait=wait)

    def _settle(self, connection: sqlite3.Connection, settled: Settled) -> None:
        gone = [stored.id for stored, _ in settled.delivered]
        delivered = _removed(connection, gone)
        foreign = [
            (stored.id, status)
            for stored, status in settled.delivered
            if stored.origin != self._origin
        ]
        if foreign:
            connection.executemany(REMEMBER, foreign)
            connection.execute(
                "DELETE FROM recent WHERE id < (SELECT max(id) FROM recent) - ?",
                (MOST_RECENT,),
            )
        dead = sum(_bury(connection, letter) for letter in settled.dead)
        if settled.failed:
            faults = [(stored.faults, stored.id) for stored in settled.failed]
            connection.executemany("UPDATE event SET faults = ? WHERE id = ?", faults)
        highest = max([*gone, *(letter.id for letter in settled.dead)], default=0)
        connection.execute(
            "UPDATE state SET settled = settled + ?, delivered = delivered + ?, "
            "highest = max(highest, ?)",
            (delivered + dead, delivered, highest),
        )

    def counts(self) -> Counts:
        """How many there are: as fast for a million as for one."""
        return self._read(counts_of)

    def pending(self) -> int:
        """How many wait: what `counts` has, for less."""
        query = f"SELECT {NEXT} - 1 - settled FROM state"
        return self._read(lambda c: int(c.execute(query).fetchone()[0]))

    def last(self) -> int:
        """The highest id that was ever given."""
        return self._read(lambda c: int(c.execute(f"SELECT {NEXT} - 1").fetchone()[0]))

    def waits(self, last: int) -> bool:
        """Whether one up to that id is not settled."""
        query = "SELECT EXISTS(SELECT 1 FROM event WHERE id <= ?)"
        return self._read(lambda c: bool(c.execute(query, (last,)).fetchone()[0]))

    def version(self) -> int:
        """Another number than before if another process has written since."""
        query = "PRAGMA data_version"
        counted = self._read(lambda c: int(c.execute(query).fetchone()[0]))
        return self._openings << 32 | counted  # each connection counts for itself

    def outcome(self, id: int) -> DeadLetter | int | bool | None:
        """What became of one: see `Storage`. One that was revived is what it has become since."""
        return self._read(lambda c: outcome(c, id))

    def dead_letters(self, *, after: int = 0, most: int = 1000) -> list[DeadLetter]:
        """The dead letters beyond an id."""
        query = f"""SELECT id, faults, {COLUMNS}, died, status, reason, errors FROM dead
            WHERE id > ? ORDER BY id LIMIT ?"""
        return self._read(
            lambda c: [letter_of(row) for row in c.execute(query, (after, most))]
        )

    def revive(self, ids: Sequence[int] | None = None) -> int:
        """Put dead letters back, as the newest; all of them, or those. How many that were."""
        return self._journal.write(lambda c: revive(c, ids))

    def purge(
        self, ids: Sequence[int] | None = None, *, before: float | None = None
    ) -> int:
        """Delete dead letters for good; all of them, or those. How many that were.

        `before`: of all of them, those that died before that, in seconds since 1970.
        """
        if ids is not None:
            return self._journal.write(lambda c: purge(c, ids))
        limit = time() + 1e9 if before is None else before
        return self._journal.write(lambda c: purge_older(c, limit))

    def discard(self) -> int:
        """Delete all that waits for good; how many that were."""
        return self._journal.write(discard)

    def claim(self, owner: str, seconds: float, dead: Callable[[str], bool]) -> bool:
        """Become, or stay, the one that delivers, for so long; whether that is so.

        `dead`: tells of another owner whether it surely is no more.
        """
        return self._journal.write(lambda c: _claim(c, owner, seconds, dead))

    def release(self, owner: str, *, wait: float = LEAVE) -> None:
        """Let another deliver. `wait`: see `Journal.write`."""
        query = "UPDATE state SET owner = '', until = 0 WHERE owner = ?"
        self._journal.write(lambda c: c.execute(query, (owner,)), wait=wait)

    def hold(self, seconds: float, *, wait: float = PATIENCE) -> None:
        """Remember, for another process too, that the server wants nothing for so long."""

        until = repr(monotonic() + seconds)
        query = "UPDATE state SET held_since = ?, held_for = ?"

        def held(connection: sqlite3.Connection) -> None:
            connection.execute(query, (time(), seconds))
            connection.execute(_KNOW, (_HELD_UNTIL, until))

        self._journal.write(held, wait=wait)

    def held(self) -> float:
        """Seconds for which the server wants nothing; never more than it said at first."""
        query = """SELECT held_since, held_for,
            (SELECT CAST(value AS REAL) FROM meta WHERE name = ?) FROM state"""
        given = (_HELD_UNTIL,)
        since, length, until = self._read(lambda c: c.execute(query, given).fetchone())
        # One clock may have been set meanwhile; the other begins anew with the machine.
        steady = (until or 0.0) - monotonic()
        left = max(since + length - time(), steady if steady <= length else 0.0)
        return max(0.0, min(float(left), float(length)))

    def pause(self, reason: str, *, wait: float = PATIENCE) -> None:
        """Remember why nothing is sent; empty: it is. `wait`: see `Journal.write`."""
        query = "UPDATE state SET paused = ?"
        self._journal.write(lambda c: c.execute(query, (reason,)), wait=wait)

    def paused(self) -> str:
        """Why nothing is sent, as far as the one that delivers says; empty: it is."""
        query = "SELECT paused FROM state"
        return str(self._read(lambda c: c.execute(query).fetchone()[0]))

    def stall(self, text: str) -> None:
        """Remember what keeps everything back for the moment; empty: nothing does.

        It is a word in passing. Raises Busy where others are writing, and does not wait for them.
        """
        self._journal.write(lambda c: c.execute(_KNOW, (_STALLED, text)), wait=0.0)

    def stalled(self) -> str:
        """What keeps everything back, as far as the one that delivers says; empty: nothing."""
        return self._known(_STALLED)

    def belong_to(self, package: str) -> None:
        """Be the file of a package, the first that opens it.

        Raises:
            UnusableFile: it is that of another, whose operations it does not know.
        """
        query = "INSERT OR IGNORE INTO meta VALUES(?, ?)"
        if not self._known(_PACKAGE):
            self._journal.write(lambda c: c.execute(query, (_PACKAGE, package)))
        known = self._known(_PACKAGE)
        if known != package:
            raise UnusableFile(
                f"{self.path}: the outbox of the package {known!r}, and this is {package!r}. "
                "Nothing of it was changed; give each package a file of its own. Of one that was "
                "only renamed: sqlite3 FILE \"UPDATE meta SET value = 'NEW NAME' WHERE name = "
                "'package'\""
            )

    def _known(self, name: str) -> str:
        query = "SELECT value FROM meta WHERE name = ?"
        found = self._read(lambda c: c.execute(query, (name,)).fetchone())
        return "" if found is None else str(found[0])

    def shut(self) -> None:
        """Nothing is lost that is in the file."""

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self._journal.close()
            self._ground.forget_log()


def _add(
    connection: sqlite3.Connection, rows: Iterable[Row], notes: Mapping[str, str]
) -> list[int]:
    if notes:
        query = "INSERT OR REPLACE INTO note VALUES(?, ?)"
        connection.executemany(query, list(notes.items()))
    return [connection.execute(_ADD, row).lastrowid or 0 for row in rows]


def _removed(connection: sqlite3.Connection, ids: Sequence[int]) -> int:
    delete = "DELETE FROM event WHERE id = ?"
    if len(ids) == 1:
        return connection.execute(delete, ids).rowcount
    return connection.executemany(delete, [(id,) for id in ids]).rowcount if ids else 0


def _bury(connection: sqlite3.Connection, letter: DeadLetter) -> int:
    said = (letter.died, letter.status, letter.reason, json.dumps(letter.errors))
    moved = connection.execute(
        "INSERT OR IGNORE INTO dead SELECT *, ?, ?, ?, ? FROM event WHERE id = ?",
        (*said, letter.id),
    )
    _removed(connection, [letter.id])
    return moved.rowcount


def _claim(
    connection: sqlite3.Connection, owner: str, seconds: float, dead: Any
) -> bool:
    now = monotonic()
    holder, until = connection.execute("SELECT owner, until FROM state").fetchone()
    # A time that lies too far ahead was written before the machine was started again.
    lapsed = not now <= until <= now + seconds
    if holder not in ("", owner) and not lapsed and not dead(holder):
        return False
    connection.execute("UPDATE state SET owner = ?, until = ?", (owner, now + seconds))
    return True
