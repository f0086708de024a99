"""Events in a table of a real PostgreSQL, in the caller's transactions, by any driver."""

from __future__ import annotations

import time
from typing import Any

import pg8000.dbapi
import psycopg
import pytest
from psycopg.rows import dict_row, namedtuple_row

from behaviour.faultserver import reply
from customerio_events import UserSuppressed
from customerio_events.outbox import Relay
from customerio_events.relay import SinkError
from customerio_events.sinks.postgresql import PostgresTable
from sinks import servers
from sinks.receiving import (
    KEY,
    Receiver,
    client,
    events,
    running,
)
from sinks.servers import PostgresServer
from sinks.tables import left, nothing_left, put, relay_of, tables_made

pytestmark = pytest.mark.heavy
server = servers.for_module(PostgresServer)
connection = tables_made()


def test_what_is_rolled_back_was_never_put_in(
    server: PostgresServer, connection: psycopg.Connection
) -> None:
    with Receiver() as receiver:
        relay = relay_of(server, receiver)
        with running(relay):
            relay.put(UserSuppressed(user_id="gone"), connection)
            time.sleep(0.5)
            connection.rollback()
            relay.put(UserSuppressed(user_id="there"), connection)
            time.sleep(0.5)
            assert receiver.arrived == []  # it is not committed yet
            connection.commit()
            receiver.wait(1)
            nothing_left(connection)
    assert set(receiver.delivered()) == {"there"}


def test_nothing_of_the_client_is_stored(
    server: PostgresServer, connection: psycopg.Connection
) -> None:
    with Receiver() as receiver:
        put(relay_of(server, receiver), connection, events(1))
    row = connection.execute("SELECT * FROM events_outbox").fetchone()
    assert KEY not in str(row)


@pytest.mark.parametrize("style", ["psycopg", "pg8000", "pg8000 named", "pg8000 qmark"])
def test_drivers(server: PostgresServer, connection: psycopg.Connection, style: str) -> None:
    """Both as the caller's connection and as one's own."""
    driver, _, marks = style.partition(" ")
    connect: Any = server.connect
    with pytest.MonkeyPatch.context() as patch:
        if driver == "pg8000":
            dbapi: Any = pg8000.dbapi
            patch.setattr(dbapi, "paramstyle", marks or "format")

            def connect() -> Any:
                return dbapi.connect("test", "127.0.0.1", "postgres", server.port)

        with Receiver() as receiver:
            table = PostgresTable(connect=connect)
            relay = relay_of(server, receiver, table=table)
            own = connect()
            refused = reply(400, {"meta": {"errors": ["50 % of \0 it"]}})
            receiver.judge = lambda n, user: refused if user == "u3" else reply(200)
            put(relay, own, events(5))
            own.close()
            with running(relay):
                receiver.wait(4)
                nothing_left(connection)
            assert left(connection) == (0, 1)


def test_keys_of_every_kind(server: PostgresServer, connection: psycopg.Connection) -> None:
    keys = ["a\0b", "ä\U0001f511", "x" * 100_000, "%s", "'; DROP TABLE events_outbox; --"]
    with Receiver() as receiver:
        relay = relay_of(server, receiver)
        put(relay, connection, [UserSuppressed(user_id=key) for key in keys])
        with running(relay):
            receiver.wait(len(keys))
            nothing_left(connection)
    assert set(receiver.delivered()) == set(keys)


def test_what_is_no_event(server: PostgresServer, connection: psycopg.Connection) -> None:
    connection.execute(
        "INSERT INTO events_outbox (version, key, parcel) VALUES (1, '', 'a') , (1, '', '{}')"
    )
    connection.commit()
    with Receiver() as receiver:
        relay = relay_of(server, receiver)
        put(relay, connection, events(1))
        with running(relay):
            receiver.wait(1)
            nothing_left(connection)
    assert left(connection) == (0, 2)


def test_a_table_of_another_version(server: PostgresServer, connection: psycopg.Connection) -> None:
    with Receiver() as receiver:
        relay = relay_of(server, receiver)
        put(relay, connection, events(1))
        connection.execute("UPDATE events_outbox_state SET version = 2")
        connection.commit()
        with pytest.raises(SinkError, match="of version 2, and this package knows 1"):
            relay.run()
        connection.execute("DROP TABLE events_outbox_state")
        connection.commit()
        with pytest.raises(SinkError, match="create_sql"):
            relay.run()
    assert left(connection) == (1, 0)


def test_tables_of_a_schema_and_with_odd_names(
    server: PostgresServer, connection: psycopg.Connection
) -> None:
    connection.execute("CREATE SCHEMA IF NOT EXISTS app")
    for name in ("app.Order", "select"):
        table = PostgresTable(name, connect=server.connect)
        connection.execute(table.create_sql())
        connection.execute(table.create_sql())  # is there already
        connection.commit()
        with Receiver() as receiver:
            relay = relay_of(server, receiver, table=table)
            put(relay, connection, events(2))
            with running(relay):
                receiver.wait(2)


@pytest.mark.parametrize(
    "name", ["", 'a"; DROP TABLE x; --', "a b", "a.b.c", "%s", "1a", "a" * 51, "ä", "a\n"]
)
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(ValueError, match="letters, digits and _"):
        PostgresTable(name)


def test_an_async_connection_is_refused(
    server: PostgresServer, connection: psycopg.Connection
) -> None:
    import asyncio

    async def main() -> None:
        with Receiver() as receiver:
            relay: Any = relay_of(server, receiver)
            async with await psycopg.AsyncConnection.connect(server.dsn) as other:
                with pytest.raises(TypeError, match="sync connection"):
                    relay.put(UserSuppressed(user_id="1"), other)

    asyncio.run(main())
    assert left(connection) == (0, 0)


class OfAsyncpg:
    def cursor(self, query: str) -> None:
        return


@pytest.mark.parametrize("given", [None, "host=127.0.0.1", OfAsyncpg()])
def test_what_is_no_connection_is_refused(server: PostgresServer, given: Any) -> None:
    with Receiver() as receiver:
        relay = relay_of(server, receiver)
        with pytest.raises(TypeError, match="needs a sync connection of the DB-API, not"):
            relay.put(UserSuppressed(user_id="42"), given)


@pytest.mark.parametrize("rows", [dict_row, namedtuple_row])
def test_rows_of_another_kind(
    server: PostgresServer, connection: psycopg.Connection, rows: Any
) -> None:
    def connect() -> Any:
        return psycopg.connect(server.dsn, row_factory=rows)

    with Receiver() as receiver:
        relay = relay_of(server, receiver, table=PostgresTable(connect=connect))
        with connect() as other:
            put(relay, other, events(20))
        with running(relay):
            nothing_left(connection)
    assert set(receiver.delivered().values()) == {1}


def test_who_delivers_needs_connections_of_its_own() -> None:
    with Receiver() as receiver:
        relay = Relay(PostgresTable(), client=client(receiver))
        with pytest.raises(SinkError, match="connect="):
            relay.run()
