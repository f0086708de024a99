"""Relays with a table of PostgreSQL, and what is left in it, for whoever tests them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from customerio_events.outbox import Relay
from customerio_events.sinks.postgresql import Connection, PostgresTable
from sinks.receiving import (
    QUICK,
    Receiver,
    client,
)
from sinks.servers import PostgresServer, until


def table_of(server: PostgresServer, **options: Any) -> PostgresTable:
    return PostgresTable(connect=server.connect, **{"lease": 2.0, **options})


def relay_of(server: PostgresServer, receiver: Receiver, **options: Any) -> Relay[Connection]:
    table = options.pop("table", None) or table_of(server)
    return Relay(table, client=client(receiver), **{"backoff": QUICK, **options})


def left(connection: psycopg.Connection) -> tuple[int, int]:
    """How many wait, and how many dead letters there are."""
    counts = [
        one(connection, f"SELECT count(*) FROM events_outbox{more}") for more in ("", "_dead")
    ]
    return counts[0], counts[1]


def one(connection: psycopg.Connection, query: str) -> Any:
    row = connection.execute(query).fetchone()
    connection.commit()
    assert row is not None
    return row[0]


def nothing_left(connection: psycopg.Connection) -> None:
    until(lambda: left(connection)[0] == 0, "the table is not empty")


def put(relay: Relay[Connection], connection: psycopg.Connection, given: Any) -> None:
    for event in given:
        relay.put(event, connection)
    connection.commit()


def emptied(server: PostgresServer) -> Iterator[psycopg.Connection]:
    """A connection to it, with empty tables."""
    with server.connect() as connected:
        connected.execute("DROP SCHEMA public CASCADE")
        connected.execute("CREATE SCHEMA public")
        connected.execute(PostgresTable().create_sql())
        connected.commit()
        yield connected


def tables_made() -> Callable[..., Iterator[psycopg.Connection]]:
    """A fixture: a connection to the `server` of the module, with empty tables."""

    @pytest.fixture
    def connection(server: PostgresServer) -> Iterator[psycopg.Connection]:
        yield from emptied(server)

    return connection
