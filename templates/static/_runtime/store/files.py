"""The file of an outbox: created, opened, and refused where it is not one."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeAlias, cast
from urllib.parse import quote

from ..delivery.checks import kind
from ..delivery.settings import Sync
from .errors import Gone, OutboxError, UnusableFile
from .journal import PATIENCE, translated

Identity: TypeAlias = tuple[int, int]
"""Which file it is: its device, and its number there."""
MEMORY: Final = ":memory:"
_APPLICATION: Final = 0x65777278
"""Says in the header of the file what it is: `ewrx`."""
_VERSION: Final = 1
_PAGE: Final = 1024
"""Bytes of a page, the least that is written: an event is mostly smaller."""
_LOG: Final = 4_194_304
"""Bytes that the log grows to before it is written back."""
RESERVE: Final = 2 * _LOG
"""Bytes of the disk that are left free."""
_TRIES: Final = 10
"""So often a file is opened that is another one each time."""
_LEVELS: Final = {"os": "NORMAL", "disk": "FULL"}
_PARCEL = """
    operation TEXT NOT NULL,
    key TEXT NOT NULL,
    body BLOB NOT NULL,
    content_type TEXT,
    target TEXT,
    headers TEXT,
    label TEXT,
    created REAL NOT NULL,
    faults INTEGER NOT NULL DEFAULT 0,
    origin INTEGER NOT NULL
"""
_META: Final = (
    "CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value TEXT NOT NULL)"
)
"""Came later than the others: a version of the package that does not know it is not harmed."""
_IDENTITY: Final = "INSERT OR IGNORE INTO meta VALUES('identity', hex(randomblob(16)))"
_TABLES: Final = (
    f"CREATE TABLE event(id INTEGER PRIMARY KEY, {_PARCEL})",
    f"""CREATE TABLE dead(
        id INTEGER PRIMARY KEY, {_PARCEL},
        died REAL NOT NULL, status INTEGER, reason TEXT NOT NULL, errors TEXT NOT NULL
    )""",
    "CREATE TABLE recent(id INTEGER PRIMARY KEY, status INTEGER)",
    "CREATE TABLE note(name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    _META,
    _IDENTITY,
    """CREATE TABLE state(
        highest INTEGER NOT NULL DEFAULT 0,
        settled INTEGER NOT NULL DEFAULT 0,
        delivered INTEGER NOT NULL DEFAULT 0,
        owner TEXT NOT NULL DEFAULT '',
        until REAL NOT NULL DEFAULT 0,
        held_since REAL NOT NULL DEFAULT 0,
        held_for REAL NOT NULL DEFAULT 0,
        paused TEXT NOT NULL DEFAULT ''
    )""",
    "INSERT INTO state DEFAULT VALUES",
    f"PRAGMA application_id = {_APPLICATION}",
    f"PRAGMA user_version = {_VERSION}",
)
"""`event`: what is to be delivered. `dead`: what the server does not want. `recent`: what was
delivered of late for other processes, with its status; 0 where it was deleted by hand, and where a
dead letter was put back the negative of its new id. `note`: what whoever puts in wants to
remember. `meta`: what the outbox itself does, and which it is. `state`: one row of what is known of
all: the highest id that is gone, how many left `event`, how many of them were delivered, who
delivers and until when on the monotonic clock, within which time the server wants nothing, and why
nothing is sent."""


def opened(
    path: str, sync: Sync, *, create: bool = True
) -> tuple[sqlite3.Connection, Identity]:
    """A connection to the outbox in a file, which waits for others, and which file that is.

    Args:
        path: absolute.
        sync: what a commit outlives.
        create: whether it is made where there is none.

    Raises:
        Gone: there is none, and none is to be made.
        UnusableFile: the file is something else, damaged, or of a newer version.
        OutboxError: it cannot be opened or created.
    """
    for _ in range(_TRIES):
        if create:
            _create(path)
        before = identity_of(path)
        if before is None:
            if create:
                continue
            raise Gone(f"{path}: it is not there any more")
        try:
            connection = _connected(path, sync)
        except OutboxError:
            if identity_of(path) == before:
                raise
            continue
        if identity_of(path) == before:
            return connection, before
        connection.close()  # it is another one by now: what is put in here would be lost
    raise OutboxError(f"{path}: it is deleted or replaced again and again")


def identity_of(path: str) -> Identity | None:
    """Which file it is, whatever is called so later; None: there is none."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OutboxError(f"{path}: {error.strerror}; nothing was stored") from None
    return found.st_dev, found.st_ino


def existing(path: str) -> str:
    """The URI by which SQLite opens a file and makes none, as it would do for all to read."""
    return f"file:{quote(os.fsencode(path), safe='')}?mode=rw"


def _connected(path: str, sync: Sync) -> sqlite3.Connection:
    with translated(path):
        connection = sqlite3.connect(
            existing(path),
            uri=True,
            timeout=PATIENCE,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            connection.execute(f"PRAGMA page_size = {_PAGE}")
            _prepare(connection, path)
            _journal(connection)
            _keep_private(path)
            connection.execute(f"PRAGMA synchronous = {_LEVELS[sync]}")
            connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG // _PAGE}")
            # One event may be larger than that: the log does not stay as large.
            connection.execute(f"PRAGMA journal_size_limit = {_LOG}")
        except BaseException:
            connection.close()
            raise
    return connection


def _create(path: str) -> None:
    """An empty file that nobody else may read: SQLite gives its others the same mode."""
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_CLOEXEC", 0)
    try:
        # A symbolic link may lead to what is not there yet.
        file = os.open(os.path.realpath(path), flags, 0o600)
        try:
            if hasattr(os, "fchmod"):
                os.fchmod(file, 0o600)  # a umask may have taken it from oneself
        finally:
            os.close(file)
    except FileExistsError:
        _check_access(path)
    except OSError as error:
        raise OutboxError(f"{path}: cannot be created: {error.strerror}") from None


def _keep_private(path: str) -> None:
    """Take from others what they may do with one's own outbox, and with what is beside it.

    As of a copy, or of one that was made by hand. A group that may write keeps that: reading alone
    is of no use for an outbox, so this one is meant to share it. No file is opened for it, as the
    locks of SQLite would go when that is closed.
    """
    if not hasattr(os, "geteuid"):
        return
    real = os.path.realpath(path)
    most = 0o700
    for each in (real, f"{real}-wal", f"{real}-shm"):
        with suppress(OSError):  # not there, or on a disk that knows no modes
            found = os.stat(each)
            mode = stat.S_IMODE(found.st_mode)
            if each == real and mode & stat.S_IWGRP:
                most = 0o770
            if mode & ~most and found.st_uid == os.geteuid():
                os.chmod(each, mode & most)


def _check_access(path: str) -> None:
    """Refuse what SQLite would open, if at all, and fail to write to."""
    if os.path.isdir(path):
        raise OutboxError(f"{path}: it is a folder")
    if not os.access(path, os.R_OK | os.W_OK):
        raise OutboxError(f"{path}: this process may not read and write it")


def _prepare(connection: sqlite3.Connection, path: str) -> None:
    """Make the tables of a new outbox; refuse what is none."""
    connection.execute("BEGIN")  # all of one moment: another process may be making it
    made = _is_outbox(connection, path) and _has_meta(connection)
    connection.execute("COMMIT")
    if made:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        known = _is_outbox(connection, path)  # another process may have been faster
        for statement in (_META, _IDENTITY) if known else _TABLES:
            connection.execute(statement)
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _has_meta(connection: sqlite3.Connection) -> bool:
    query = "SELECT EXISTS(SELECT 1 FROM sqlite_master WHERE name = 'meta')"
    return bool(connection.execute(query).fetchone()[0])


def _is_outbox(connection: sqlite3.Connection, path: str) -> bool:
    """Whether it is one; False for an empty database. Raises UnusableFile for anything else."""
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != _APPLICATION:
        if application or version or tables:
            raise UnusableFile(
                f"{path}: a database of something else, not an outbox. Nothing of it was changed; "
                "give the outbox a file of its own"
            )
        return False
    if version > _VERSION:
        raise UnusableFile(
            f"{path}: an outbox of version {version}, and this package knows {_VERSION}: it was "
            "written by a newer one. Nothing of it was changed; deliver it with that, or give this "
            "one another file"
        )
    return True


def _journal(connection: sqlite3.Connection) -> None:
    """Have commits go to a log beside the file; others may be about to do the same."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() >= deadline:
                raise
            time.sleep(0.01)


def absolute(path: Any) -> str:
    """The path of an outbox wherever the program goes; None or ":memory:" for memory.

    Raises:
        TypeError: bytes, or no path at all.
        ValueError: an empty one, or one with a null character.
    """
    if path is None:
        return MEMORY
    try:
        text = cast("object", os.fspath(path))
    except TypeError:
        text = None
    if not isinstance(text, str):
        raise TypeError(
            f"path must be a str or os.PathLike[str], or None for memory, not {kind(path)}"
        )
    if not text or "\0" in text:
        raise ValueError(
            f"path must be that of a file, or None for memory, not {text!r}"
        )
    return text if text == MEMORY else str(Path(text).absolute())
