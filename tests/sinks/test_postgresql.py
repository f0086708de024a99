"""Events in a table of a real PostgreSQL, in the caller's transactions, and faults of delivery.

Of each fault it is counted what was accepted, received, duplicated and lost; lost is always 0.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator
from typing import Any

import pg8000.dbapi
import psycopg
import pytest
from psycopg.rows import dict_row, namedtuple_row

from behaviour.faultserver import drop, reply, reset, slow
from customerio_events import UserDeleted, UserSuppressed, UserUnsuppressed
from customerio_events.outbox import Backoff, Relay
from customerio_events.relay import SinkError
from customerio_events.sinks.postgresql import Connection, PostgresTable
from sinks import servers
from sinks.receiving import (
    KEY,
    QUICK,
    UNKNOWN,
    Failures,
    Receiver,
    accept,
    always,
    client,
    events,
    running,
    script,
)
from sinks.servers import PostgresServer, until

pytestmark = pytest.mark.heavy
server = servers.for_module(PostgresServer)


@pytest.fixture
def connection(server: PostgresServer) -> Iterator[psycopg.Connection]:
    with server.connect() as connected:
        connected.execute("DROP SCHEMA public CASCADE")
        connected.execute("CREATE SCHEMA public")
        connected.execute(PostgresTable().create_sql())
        connected.commit()
        yield connected


def table_of(server: PostgresServer, **options: Any) -> PostgresTable:
    return PostgresTable(connect=server.connect, **{"lease": 2.0, **options})


def relay_of(server: PostgresServer, receiver: Receiver, **options: Any) -> Relay[Connection]:
    table = options.pop("table", None) or table_of(server)
    return Relay(table, client=client(receiver), **{"backoff": QUICK, **options})


def left(connection: psycopg.Connection) -> tuple[int, int]:
    """How many wait, and how many dead letters there are."""
    counts = [
        _one(connection, f"SELECT count(*) FROM events_outbox{more}") for more in ("", "_dead")
    ]
    return counts[0], counts[1]


def _one(connection: psycopg.Connection, query: str) -> Any:
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


@pytest.mark.parametrize("fault", [reply(500), reply(429), drop, reset])
def test_faults_that_pass(
    server: PostgresServer, connection: psycopg.Connection, fault: Any
) -> None:
    with Receiver(always(fault, 3)) as receiver:
        relay = relay_of(server, receiver)
        put(relay, connection, events(50))
        with running(relay):
            receiver.wait(50)
            nothing_left(connection)
    assert set(receiver.delivered().values()) == {1}
    assert len(receiver.arrived) == 53


def test_no_request_while_the_server_wants_none(
    server: PostgresServer, connection: psycopg.Connection
) -> None:
    """Of the one that was told so, and of other processes."""
    refused = reply(429, headers={"Retry-After": "1.0, 0"})
    with Receiver(always(refused, 1)) as receiver:
        relay = relay_of(server, receiver)
        arguments = (server.dsn, receiver.url, "5")
        with (
            script("postgresql_worker.py", *arguments),
            script("postgresql_worker.py", *arguments),
        ):
            put(relay, connection, [UserSuppressed(user_id="first")])
            until(lambda: receiver.arrived, "nothing came")
            time.sleep(0.1)  # what is under way to the others
            put(relay, connection, events(100))
            receiver.wait(101)
        first = receiver.arrived[0].at
        assert not [each for each in receiver.arrived[1:] if each.at < first + 1.0]
    assert set(receiver.delivered().values()) == {1}


def test_one_poisonous_event_among_500(
    server: PostgresServer, connection: psycopg.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    refused = reply(400, {"meta": {"errors": ["no such person"]}})
    told = Failures()
    with Receiver(lambda n, user: refused if user == "u250" else reply(200)) as receiver:
        table = table_of(server)
        relay = relay_of(server, receiver, table=table, on_failure=told)
        put(relay, connection, events(500))
        with running(relay), caplog.at_level(logging.WARNING, "customerio_events"):
            receiver.wait(499)
            nothing_left(connection)
            assert left(connection) == (0, 1)
            query = "SELECT id, key, status, errors FROM events_outbox_dead"
            (letter,) = connection.execute(query).fetchall()
            assert letter[1:] == ("u250", 400, '["no such person"]')
            receiver.judge = accept
            assert table.retry_dead(connection) == 1
            connection.commit()
            receiver.wait(500)
            nothing_left(connection)
    assert left(connection) == (0, 0)
    assert set(receiver.delivered().values()) == {1}
    (failure,) = told.told
    assert (failure.kind, failure.id, failure.errors) == ("dead", letter[0], ("no such person",))
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_server_that_lets_nobody_in(
    server: PostgresServer, connection: psycopg.Connection
) -> None:
    told = Failures()
    with Receiver(always(reply(401))) as receiver:
        relay = relay_of(server, receiver, on_failure=told)
        put(relay, connection, events(100))
        with running(relay):
            until(lambda: told.told, "nobody was told")
            time.sleep(1.0)
            assert len(receiver.arrived) < 20
            receiver.judge = accept
            receiver.wait(100)
            nothing_left(connection)
    assert [failure.kind for failure in told.told] == ["paused"]
    assert left(connection) == (0, 0)


def test_senders_that_are_killed(server: PostgresServer, connection: psycopg.Connection) -> None:
    """kill -9 in the middle: what it had is another's when its lease is over."""
    with Receiver(lambda n, user: slow(0.01, reply(200))) as receiver:
        relay = relay_of(server, receiver)
        put(relay, connection, events(600))
        arguments = (server.dsn, receiver.url, "1")
        with script("postgresql_worker.py", *arguments) as first:
            until(lambda: len(receiver.arrived) > 100, "it does not deliver")
            first.kill()
        with script("postgresql_worker.py", *arguments) as second:
            receiver.wait(600)
            nothing_left(connection)
            assert second.terminate() == 0
    duplicated = [user for user, times in receiver.delivered().items() if times > 1]
    assert len(duplicated) <= 16  # those whose acknowledgement was lost


def test_a_sender_that_is_asked_to_stop(
    server: PostgresServer, connection: psycopg.Connection
) -> None:
    with Receiver(lambda n, user: slow(0.05, reply(200))) as receiver:
        relay = relay_of(server, receiver)
        put(relay, connection, events(300))
        arguments = (server.dsn, receiver.url, "60")
        with script("postgresql_worker.py", *arguments) as first:
            until(lambda: len(receiver.arrived) > 50, "it does not deliver")
            assert first.terminate() == 0
        with script("postgresql_worker.py", *arguments):
            receiver.wait(300)
            nothing_left(connection)
    assert set(receiver.delivered().values()) == {1}


def test_order_of_a_key_with_several_senders(
    server: PostgresServer, connection: psycopg.Connection
) -> None:
    """Some are killed, and the server fails now and then."""
    with Receiver(lambda n, user: slow(0.002, reply(500 if n % 9 == 0 else 200))) as receiver:
        relay = relay_of(server, receiver)
        made = (UserSuppressed, UserUnsuppressed, UserDeleted)
        given = [
            made[number % 3](user_id=f"k{number % 4}", extra={"messageId": str(number)})
            for number in range(160)
        ]
        put(relay, connection, given)
        arguments = (server.dsn, receiver.url, "1")
        with (
            script("postgresql_worker.py", *arguments),
            script("postgresql_worker.py", *arguments),
            script("postgresql_worker.py", *arguments) as third,
        ):
            until(lambda: receiver.delivered().total() > 30, "it does not deliver")
            third.kill()
            nothing_left(connection)
    numbers: dict[str, list[int]] = {}
    for seen, come in zip(receiver.seen, receiver.arrived, strict=True):
        if come.accepted:
            numbers.setdefault(come.user, []).append(int(json.loads(seen.body)["messageId"]))
    for key, found in numbers.items():
        assert list(dict.fromkeys(found)) == [n for n in range(160) if n % 4 == int(key[1])]


def test_postgresql_gone_for_a_while(server: PostgresServer) -> None:
    """`run` waits and goes on; what was committed is there."""
    with server.connect() as connection:
        connection.execute(PostgresTable("again").create_sql())
    with Receiver(lambda n, user: slow(0.005, reply(200))) as receiver:
        relay = relay_of(server, receiver, table=PostgresTable("again", connect=server.connect))
        with server.connect() as connection:
            put(relay, connection, events(400))
        with running(relay):
            until(lambda: len(receiver.arrived) > 50, "it does not deliver")
            server.kill()
            time.sleep(1.0)
            server.start()
            with server.connect() as connection:
                put(relay, connection, events(10, "later"))
            receiver.wait(410)
            with server.connect() as connection:
                until(lambda: not _one(connection, "SELECT count(*) FROM again"), "some are left")


def test_a_long_call_is_not_taken_over(
    server: PostgresServer, connection: psycopg.Connection
) -> None:
    with Receiver(lambda n, user: slow(2.0, reply(200))) as receiver:
        first, second = (
            relay_of(server, receiver, table=table_of(server, lease=0.5)) for _ in range(2)
        )
        put(first, connection, events(1))
        with running(first), running(second):
            receiver.wait(1)
            nothing_left(connection)
    assert len(receiver.arrived) == 1


def test_what_waits_behind_many_events_of_one_key(
    server: PostgresServer, connection: psycopg.Connection
) -> None:
    """It is found, though only so many rows are looked at together; in the order of the key."""
    with Receiver(lambda n, user: slow(3.0 if user == "hot" else 0, reply(200))) as receiver:
        relay = relay_of(server, receiver)
        put(relay, connection, [UserSuppressed(user_id="hot") for _ in range(3500)])
        put(relay, connection, events(40))
        with running(relay):
            receiver.wait(40, 20)
    assert receiver.delivered()["hot"] <= 3
    assert _one(connection, "SELECT count(*) FROM events_outbox WHERE key = 'hot'") > 3490


class Stalled:
    """A connection that stands still before it commits that it has taken something, as one whose
    host is gone.
    """

    def __init__(self, server: PostgresServer) -> None:
        self._connection = server.connect()
        self._server = server
        self.stands = threading.Event()

    def commit(self) -> None:
        query = "SELECT count(*) FROM pg_locks WHERE pid = %s AND mode = 'RowExclusiveLock'"
        with self._server.connect() as other:
            row = other.execute(query, (self._connection.info.backend_pid,)).fetchone()
        if row is not None and row[0] and not self.stands.is_set():
            self.stands.set()
            time.sleep(5)
        self._connection.commit()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def test_a_sender_that_is_cut_off_within_a_transaction(
    server: PostgresServer, connection: psycopg.Connection
) -> None:
    """Its locks go with its lease."""
    stalled = Stalled(server)
    made = iter([stalled])
    with Receiver() as receiver:
        table = PostgresTable(connect=lambda: next(made, None) or server.connect(), lease=0.5)
        first, second = relay_of(server, receiver, table=table), relay_of(server, receiver)
        put(first, connection, events(5))
        with running(first):
            assert stalled.stands.wait(10)
            assert receiver.arrived == []
            began = time.monotonic()
            with running(second):
                receiver.wait(5)
            assert time.monotonic() - began < 4
            nothing_left(connection)


def test_a_newer_version_is_left_to_newer_senders(
    server: PostgresServer, connection: psycopg.Connection
) -> None:
    with Receiver() as receiver:
        relay = relay_of(server, receiver)
        put(relay, connection, events(2))
        connection.execute("UPDATE events_outbox SET version = 2 WHERE key = 'u0'")
        connection.commit()
        with running(relay):
            receiver.wait(1)
            time.sleep(0.5)
    assert left(connection) == (1, 0)


def test_an_operation_that_is_not_known_holds_up_nobody(
    server: PostgresServer, connection: psycopg.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    """With the pauses of every day."""
    with Receiver() as receiver:
        table = table_of(server)
        relay = relay_of(server, receiver, table=table, backoff=Backoff())
        for _ in range(20):
            table.put(UNKNOWN, connection)
        put(relay, connection, events(20))
        with running(relay), caplog.at_level(logging.INFO, "customerio_events"):
            receiver.wait(20)
            until(lambda: left(connection) == (20, 0), "something else is left")
    (record,) = caplog.records
    assert "paused for one operation, the others go on" in record.getMessage()


def test_an_outage_is_told_once(
    server: PostgresServer, connection: psycopg.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    with Receiver(always(drop)) as receiver:
        relay = relay_of(server, receiver)
        put(relay, connection, events(30))
        with running(relay), caplog.at_level(logging.INFO, "customerio_events"):
            until(lambda: caplog.records, "nobody was told")
            seen = len(receiver.arrived)
            until(lambda: len(receiver.arrived) > seen + 20, "it is not tried again")
            receiver.judge = accept
            receiver.wait(30)
            nothing_left(connection)
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


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
