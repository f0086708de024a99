"""Writes to an SQLite database, those of several threads committed together."""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from time import monotonic, sleep
from typing import Any, Final, TypeVar

from .errors import Busy, OutboxError, OutboxFull, UnusableFile

_T = TypeVar("_T")
PATIENCE: Final = 30.0
"""Seconds to wait for other processes that write."""
LEAVE: Final = 1.0
"""The same for who lets go of the lease: it ends by itself, too."""
_NAP = 0.001
_MOST_TOGETHER = 512
_UNSTORABLE = (OutboxError, ValueError, TypeError, OverflowError, MemoryError)
"""What writing raises: all else is raised by signal handlers."""
_UNREADABLE = "Could not decode"
"""What Python says of a text that is none; the text itself follows."""
_DAMAGED = (
    _UNREADABLE,
    "malformed",
    "not a database",
    "no such table",
    "no such column",
)


class _Transaction:
    """Whether it was committed, for all tickets in it at once: Ctrl-C may come between any two."""

    __slots__ = ("committed",)

    def __init__(self) -> None:
        self.committed = False


class _Ticket:
    """What a thread wants written, and what came of it."""

    __slots__ = ("error", "result", "transaction", "work")

    def __init__(self, work: Callable[[sqlite3.Connection], Any]) -> None:
        self.work = work
        self.transaction: _Transaction | None = None
        self.result: Any = None
        self.error: Exception | None = None

    @property
    def done(self) -> bool:
        """Whether it was written, or cannot be."""
        written = self.transaction is not None and self.transaction.committed
        return written or self.error is not None


class Journal:
    """One connection, which threads share: whoever gets it writes for all who wait.

    Args:
        opened: makes a connection in autocommit mode, which does not wait for others.
        path: what the database is called in errors.
        waits: a commit waits for the disk, so that it is worth while to share one.
    """

    def __init__(
        self, opened: Callable[[], sqlite3.Connection], path: str, *, waits: bool
    ) -> None:
        self._opened = opened
        self._connection: sqlite3.Connection | None = opened()
        self.lock = threading.RLock()
        """Held by whoever uses the connection; its signal handlers may use it too."""
        self._path = path
        self._waiting: deque[_Ticket] = deque()
        self._waits = waits
        self._in_use = self._closed = False

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection, made again if it was let go of. Raises what making it raises."""
        connection = self._connection
        if connection is None:
            if self._closed:
                raise OutboxError(f"{self._path}: this outbox is closed")
            connection = self._connection = self._opened()
        return connection

    def let_go(self) -> bool:
        """Close the connection until it is used again, unless it is in use; whether it is closed.

        The lock is held.
        """
        if self._in_use or self._connection is None:
            return False
        with suppress(sqlite3.Error):
            self._connection.close()
        self._connection = None
        return True

    def close(self) -> None:
        """Close the connection for good."""
        with self.lock:
            self._closed = True
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def read(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """What a function reads.

        Raises:
            OutboxError: it cannot be read.
        """
        with self.lock, translated(self._path):
            before = self._in_use
            try:
                self._in_use = True
                return work(self.connection)
            finally:
                self._in_use = before

    def insert(self, statement: str, row: tuple[Any, ...], wait: float) -> int:
        """Insert a row, and return its id once it is committed. Arguments and errors: see `write`.

        A transaction by itself costs less than half of one that others may share.
        """
        if not self._waits or not (self._waiting or self._in_use):
            with self.lock:
                if not self._in_use:  # by whom a signal handler has interrupted
                    id = self._inserted(statement, row)
                    if id is not None:
                        return id
        return self.write(lambda c: c.execute(statement, row).lastrowid, wait=wait) or 0

    def _inserted(self, statement: str, row: tuple[Any, ...]) -> int | None:
        """The id of a row; None: that cannot be now. Errors: see `write`. The lock is held."""
        try:
            self._in_use = True
            connection = self._connection or self.connection
            return connection.execute(statement, row).lastrowid or 0
        except sqlite3.Error as error:
            if not _passes(error):
                raise _meant(self._path, str(error)) from None
        finally:
            self._in_use = False
        return None

    def write(
        self, work: Callable[[sqlite3.Connection], _T], *, wait: float = PATIENCE
    ) -> _T:
        """Have a function write, and return once it is committed.

        Args:
            work: is called again where the database was in use.
            wait: seconds to wait for other processes that write.

        Raises:
            Busy: others were writing for all that time; nothing was written.
            OutboxError: nothing of it was written.
        """
        ticket = _Ticket(work)
        deadline = monotonic() + wait
        try:
            self._waiting.append(ticket)
            while not self._served(ticket, monotonic() >= deadline):
                sleep(_NAP)
        finally:
            if ticket in self._waiting:  # Ctrl-C may come before it is in there
                self._waiting.remove(ticket)
        if ticket.error is not None:
            raise ticket.error
        result: _T = ticket.result
        return result

    def _served(self, ticket: _Ticket, last: bool) -> bool:
        """Write for all who wait, unless the database is in use; `last`: then give up."""
        with self.lock:
            if self._in_use:
                raise Busy(
                    f"{self._path}: a signal handler came in the midst of a write"
                )
            try:
                self._in_use = True
                while not ticket.done:
                    if not self._commit(self._next()):
                        if last:
                            raise Busy(
                                f"{self._path}: another process is writing for too long"
                            )
                        return False
            finally:
                self._in_use = False
        return True

    def _commit(self, tickets: list[_Ticket]) -> bool:
        """Write for those who wait; False: the database is in use.

        What a signal handler raises, such as Ctrl-C, leaves those of other threads waiting: one of
        them goes on.
        """
        try:
            self._run(tickets)
        except Busy:
            return False
        except _UNSTORABLE as error:
            waiting = [ticket for ticket in tickets if not ticket.done]
            if len(waiting) > 1:  # one of them is to blame
                if not all(self._commit([ticket]) for ticket in waiting):
                    return False
                waiting = [ticket for ticket in waiting if ticket.error]
            elif waiting:
                waiting[0].error = error  # it is raised by whose it is
            if not waiting:
                raise
        return True

    def _run(self, tickets: list[_Ticket]) -> None:
        try:
            self._together(tickets)
        except OutboxFull:
            self._make_room()
            self._together(tickets)

    def _make_room(self) -> None:
        """Move what is in the log into the file: mostly it is far less there."""
        with suppress(sqlite3.Error):
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _next(self) -> list[_Ticket]:
        """Those who came first; each stays in there until its own thread goes on."""
        waiting = [ticket for ticket in self._waiting.copy() if not ticket.done]
        return waiting[:_MOST_TOGETHER]

    def _together(self, tickets: list[_Ticket]) -> None:
        connection, transaction, complete = self.connection, _Transaction(), False
        with translated(self._path):
            try:
                connection.execute("BEGIN IMMEDIATE")
                for ticket in tickets:
                    ticket.transaction = transaction
                    ticket.result = ticket.work(connection)
                complete = True
                connection.execute("COMMIT")
            except sqlite3.Error:
                complete = False
                raise
            finally:  # Ctrl-C may come between any two calls, also behind the last
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                else:
                    transaction.committed = complete


def _passes(error: sqlite3.Error) -> bool:
    """Whether it is worth another try: others write, or the disk is full."""
    return "locked" in str(error) or "is full" in str(error)


@contextmanager
def translated(path: str) -> Generator[None, None, None]:
    """Errors of SQLite as errors of an outbox, with what helps."""
    try:
        yield
    except sqlite3.Error as error:
        raise _meant(path, str(error)) from None
    except UnicodeDecodeError:  # of an error that names what is damaged
        raise _meant(path, f"{_UNREADABLE} it") from None


def _meant(path: str, text: str) -> OutboxError:
    if "is full" in text:
        return OutboxFull(f"{path}: {text}; nothing was stored")
    if any(sign in text for sign in _DAMAGED):
        if text.startswith(_UNREADABLE):
            text = "a text in it is damaged"
        return UnusableFile(
            f"{path}: {text}. Nothing of it was changed. Stop what uses it, keep a copy, and "
            "try `sqlite3 FILE .recover` on that; or go on with another file"
        )
    if "disk I/O" in text:
        return OutboxError(f"{path}: {text}: the disk is full, or it fails")
    if "locked" in text:
        return Busy(f"{path}: {text}")
    if "closed database" in text:  # by a signal handler, in the midst
        return OutboxError(f"{path}: this outbox is closed")
    return OutboxError(f"{path}: {text}")
