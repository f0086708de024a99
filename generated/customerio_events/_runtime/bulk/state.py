"""The state of a run: an outbox beside the input, which also says what it was made from.

It is filled under another name, and gets its own when it is complete: what is there is whole.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from ..store.files import Identity, existing
from ..store.journal import translated
from ..store.storage import Storage
from ..values.jsontext import dumps, loads
from .errors import CommandError
from .reading.source import Fault

_NOTE = "input"
_TABLE = """CREATE TABLE invalid(
    line INTEGER NOT NULL, came TEXT NOT NULL, errors TEXT NOT NULL
)"""
_WAITS = "SELECT EXISTS(SELECT 1 FROM event)"
_PATIENCE = 0.5
"""Seconds to wait for others that have a state open."""
_TOGETHER = 500
"""Rows that are written in one go."""
FILES: Final = ("", "-wal", "-shm")
"""What SQLite adds to the name of a database for the files beside it."""
_PART = ".part"
_ASIDE = ".old"
"""Behind a state and the number of a process: what that fills, and what it removes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a state was made from, as it is kept in it.

    Attributes:
        package: whose events they are, by the last part of its name.
        name: what the input was called.
        sha256: of all its bytes.
        making: the options that say which requests are made of it.
        total: how many events it has.
        invalid: how many rows were left out.
    """

    package: str
    name: str
    sha256: str
    making: Mapping[str, Any] = field(default_factory=dict[str, Any])
    total: int
    invalid: int

    def notes(self) -> dict[str, str]:
        """The same for the outbox to keep."""
        return {_NOTE: json.dumps(asdict(self))}


@contextmanager
def filling(state: str) -> Generator[str, None, None]:
    """A path to fill a new state at; nothing is left there."""
    path = f"{state}.{os.getpid()}{_PART}"
    with suppress(OSError):  # whoever makes the file says it better
        remove(path)
    try:
        yield path
    finally:
        with suppress(OSError):
            remove(path)


class Invalid:
    """The rows of an input that were left out, kept in a table of the outbox's file."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._rows: list[tuple[int, str, str]] = []
        with _connected(path) as connection:
            connection.execute(_TABLE)

    def add(self, fault: Fault) -> None:
        """Keep a row."""
        row = fault.line, _storable(dumps(fault.came)), json.dumps(fault.messages)
        self._rows.append(row)
        if len(self._rows) >= _TOGETHER:
            self.flush()

    def flush(self) -> None:
        """Write all that were added."""
        with _connected(self._path) as connection:
            connection.executemany("INSERT INTO invalid VALUES(?, ?, ?)", self._rows)
        self._rows.clear()


def _storable(text: str) -> str:
    """JSON with half of a surrogate pair written out, which no database takes."""
    return text.encode("utf-8", "backslashreplace").decode()


def publish(path: str, state: str) -> None:
    """Give a filled state its name. Raises CommandError where another run was faster."""
    try:
        give_name(path, state)
    except FileExistsError:
        raise CommandError(
            f"{state} has appeared meanwhile: another run sends this input"
        ) from None
    except OSError as error:
        raise CommandError(f"{state}: cannot be created: {error.strerror}") from None


def give_name(path: str, name: str) -> None:
    """Give a file a name that no other has. Raises FileExistsError, OSError."""
    try:
        os.link(path, name)
    except OSError:
        if os.path.lexists(name):
            raise FileExistsError from None
        os.rename(path, name)  # a file system without links
    else:
        os.unlink(path)


def remembered(store: Storage) -> Manifest | None:
    """What an outbox was made from; None for one that no run has made.

    Raises:
        CommandError: another version of the package has made it.
        OutboxError: it cannot be read.
    """
    said = store.notes().get(_NOTE)
    try:
        return None if said is None else Manifest(**json.loads(said))
    except (TypeError, ValueError):
        raise CommandError(
            f"{store.path} is of a run of another version of the package: finish it with that one, "
            "or delete it to give its events up"
        ) from None


def is_of_run(store: Storage) -> bool:
    """Whether a run has made an outbox, of whatever version. Raises OutboxError."""
    return _NOTE in store.notes()


def left_out(path: str) -> Iterator[Fault]:
    """The rows that were left out."""
    query = "SELECT line, came, errors FROM invalid ORDER BY line"
    with _connected(path) as connection:
        for line, came, errors in connection.execute(query):
            yield Fault(line, tuple(json.loads(errors)), loads(came))


@contextmanager
def _alone(state: str) -> Generator[sqlite3.Connection, None, None]:
    """Nobody else has a state open meanwhile. Raises sqlite3.OperationalError where one has."""
    name = existing(os.path.abspath(state))
    opened = sqlite3.connect(name, uri=True, isolation_level=None, timeout=_PATIENCE)
    with closing(opened) as connection:
        # Only the last connection can do without the log; and then there is none to be left over.
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("BEGIN EXCLUSIVE")
        if connection.execute("PRAGMA journal_mode").fetchone() != ("delete",):
            # Somebody has come between the two, and with a log nobody is kept out.
            raise sqlite3.OperationalError("it is in use")
        yield connection


@contextmanager
def _connected(path: str) -> Generator[sqlite3.Connection, None, None]:
    with translated(path):
        opened = sqlite3.connect(existing(os.path.abspath(path)), uri=True)
        with closing(opened) as connection, connection:
            yield connection


def identity_of(state: str) -> Identity | None:
    """Which file a state is, whatever is called so later; None: there is none."""
    try:
        found = os.stat(state)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def retire(state: str, identity: Identity | None) -> bool:
    """Delete a state of which all is delivered or rejected; whether it was deleted.

    It is not while others use it, nor if it has become another file, or has events again. A run
    that does the same at this moment waits, and finds another file, or none.
    """
    aside = f"{state}.{os.getpid()}{_ASIDE}"
    try:
        with _alone(state) as connection:
            (waits,) = connection.execute(_WAITS).fetchone()
            if waits or identity_of(state) != identity:
                return False
            os.rename(state, aside)
    except sqlite3.OperationalError:  # it is in use, or gone
        return False
    remove(aside)
    return True


def remove(path: str) -> None:
    """Delete a file of SQLite."""
    for suffix in FILES:
        with suppress(FileNotFoundError):
            os.unlink(path + suffix)


def clear_abandoned(state: str) -> None:
    """Delete what runs have left that were killed while they filled or removed a state."""
    folder, name = os.path.split(os.path.abspath(state))
    with suppress(OSError):
        for each in os.listdir(folder):
            process, suffix = os.path.splitext(each.removeprefix(f"{name}."))
            is_ours = each == f"{name}.{process}{suffix}" and suffix in (_PART, _ASIDE)
            if is_ours and process.isdecimal() and _is_gone(int(process)):
                remove(os.path.join(folder, each))


def _is_gone(process: int) -> bool:
    if os.name != "posix":  # where a signal of 0 would end it
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
