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
_NAP = 0.001
_MOST_TOGETHER = 512
_DAMAGED = ("malformed", "not a database", "no such table", "no such column")


class _Ticket:
    """What a thread wants written, and what came of it."""

    __slots__ = ("done", "error", "result", "single", "work")

    def __init__(self, work: Callable[[sqlite3.Connection], Any], single: bool) -> None:
        self.work = work
        self.single = single
        self.done = False
        self.result: Any = None
        self.error: BaseException | None = None


class Journal:
    """One connection, which threads share: whoever gets it writes for all who wait.

    Args:
        connection: in autocommit mode, which does not wait for others.
        path: what the database is called in errors.
    """

    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        self.connection = connection
        self.lock = threading.Lock()
        """Held by whoever uses the connection."""
        self._path = path
        self._waiting: deque[_Ticket] = deque()

    def read(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """What a function reads.

        Raises:
            OutboxError: it cannot be read.
        """
        with self.lock, translated(self._path):
            return work(self.connection)

    def write(
        self,
        work: Callable[[sqlite3.Connection], _T],
        *,
        single: bool = False,
        wait: float = PATIENCE,
    ) -> _T:
        """Have a function write, and return once it is committed.

        Args:
            work: is called again where the database was in use.
            single: it is one statement, which may be a transaction by itself.
            wait: seconds to wait for other processes that write.

        Raises:
            Busy: others were writing for all that time; nothing was written.
            OutboxError: nothing of it was written.
        """
        if single and not self._waiting and self.lock.acquire(blocking=False):
            try:  # nobody else writes: mostly that is all
                return work(self.connection)
            except sqlite3.OperationalError as error:
                if not _passes(error):
                    raise _meant(self._path, str(error)) from None
            except sqlite3.Error as error:
                raise _meant(self._path, str(error)) from None
            finally:
                self.lock.release()
        ticket = _Ticket(work, single)
        self._waiting.append(ticket)
        deadline = monotonic() + wait
        while not self._served(ticket, monotonic() >= deadline):
            sleep(_NAP)
        if ticket.error is not None:
            raise ticket.error
        result: _T = ticket.result
        return result

    def _served(self, ticket: _Ticket, last: bool) -> bool:
        """Write for all who wait, unless the database is in use; `last`: then give up."""
        with self.lock:
            while not ticket.done:
                if self._commit():
                    continue
                if last:
                    self._waiting.remove(ticket)
                    ticket.error = Busy(
                        f"{self._path}: another process is writing for too long"
                    )
                    return True
                return False
        return True

    def _commit(self) -> bool:
        """Write for those who come first; False: the database is in use."""
        tickets = self._next()
        alone = len(tickets) == 1 and tickets[0].single
        failure: BaseException | None = OutboxError(f"{self._path}: interrupted")
        try:
            try:
                self._run(tickets, alone)
            except OutboxFull:
                self._make_room()
                self._run(tickets, alone)
            failure = None
        except Busy:
            self._waiting.extendleft(reversed(tickets))
            tickets = []
            return False
        except OutboxError as error:
            failure = error
        finally:
            for ticket in tickets:
                ticket.error = failure
                ticket.done = True
        return True

    def _run(self, tickets: list[_Ticket], alone: bool) -> None:
        with translated(self._path):
            if alone:
                tickets[0].result = tickets[0].work(self.connection)
            else:
                self._together(tickets)

    def _make_room(self) -> None:
        """Move what is in the log into the file: mostly it is far less there."""
        with suppress(sqlite3.Error):
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _next(self) -> list[_Ticket]:
        tickets: list[_Ticket] = []
        with suppress(IndexError):  # that was all
            while len(tickets) < _MOST_TOGETHER:
                tickets.append(self._waiting.popleft())
        return tickets

    def _together(self, tickets: list[_Ticket]) -> None:
        connection = self.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            for ticket in tickets:
                ticket.result = ticket.work(connection)
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):  # SQLite may have rolled back itself
                connection.execute("ROLLBACK")
            raise


def _passes(error: sqlite3.OperationalError) -> bool:
    """Whether it is worth another try: others write, or the disk is full."""
    return "locked" in str(error) or "is full" in str(error)


@contextmanager
def translated(path: str) -> Generator[None, None, None]:
    """Errors of SQLite as errors of an outbox, with what helps."""
    try:
        yield
    except sqlite3.Error as error:
        raise _meant(path, str(error)) from None


def _meant(path: str, text: str) -> OutboxError:
    if "is full" in text:
        return OutboxFull(f"{path}: {text}; nothing was stored")
    if any(sign in text for sign in _DAMAGED):
        return UnusableFile(
            f"{path}: {text}. Nothing of it was changed. Stop what uses it, keep a copy, and "
            "try `sqlite3 FILE .recover` on that; or go on with another file"
        )
    if "locked" in text:
        return Busy(f"{path}: {text}")
    return OutboxError(f"{path}: {text}")
