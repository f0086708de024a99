"""Queries to a database by way of any driver of the DB-API (PEP 249)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from inspect import isawaitable, iscoroutine
from typing import Any, Final, Protocol

_STYLES: Final = {
    "qmark": "?",
    "numeric": ":{}",
    "numeric_dollar": "${}",
    "named": ":p{}",
}


class Connection(Protocol):
    """What `put` uses of a DB-API connection."""

    def cursor(self) -> Any:
        """See PEP 249."""
        ...


class OwnConnection(Connection, Protocol):
    """What is used of a connection of one's own."""

    def commit(self) -> Any:
        """See PEP 249."""
        ...

    def rollback(self) -> Any:
        """See PEP 249."""
        ...

    def close(self) -> Any:
        """See PEP 249."""
        ...


class Transaction:
    """One on a connection of one's own: committed, or rolled back where something is raised."""

    def __init__(self, connection: OwnConnection) -> None:
        self._connection = connection

    def __enter__(self) -> Any:
        self._cursor = self._connection.cursor()
        return self._cursor

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._cursor.close()
            self._connection.commit()
            return
        with suppress(Exception):
            self._connection.rollback()


def cursor_of(connection: Connection) -> Any:
    """Its cursor. Raises TypeError for an async connection."""
    try:
        return connection.cursor()
    except (AttributeError, TypeError):  # asyncpg's wants a query
        came = type(connection).__name__
        raise TypeError(
            f"PostgresTable needs a sync connection of the DB-API, not {came}"
        ) from None


def execute(cursor: Any, query: str, given: Sequence[object]) -> Any:
    """The cursor, with what came of a query that is written with %s for what is given.

    Raises TypeError for an async one.
    """
    style = _style(cursor)
    marks = [_STYLES[style].format(n + 1) for n in range(len(given))] if style else []
    for mark in marks:
        query = query.replace("%s", mark, 1)
    parameters: Any = given
    if style == "named":
        parameters = {f"p{n + 1}": value for n, value in enumerate(given)}
    waiting = cursor.execute(query, parameters) if given else cursor.execute(query)
    if isawaitable(waiting):
        if iscoroutine(waiting):
            waiting.close()
        raise TypeError(
            "PostgresTable needs a sync connection; of an async session of SQLAlchemy take that in "
            "run_sync"
        )
    return cursor


def _style(cursor: Any) -> str:
    """How the driver marks parameters, if otherwise than by %s."""
    module = type(cursor).__module__
    for name in (module, module.partition(".")[0]):
        style: Any = getattr(import_module(name), "paramstyle", None)
        if style is not None:
            return style if style in _STYLES else ""
    return ""
