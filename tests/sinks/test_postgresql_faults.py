"""Faults while events are delivered from a table of a real PostgreSQL.

Of each it is counted what was accepted, received, duplicated and lost; lost is always 0.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from typing import Any

import psycopg
import pytest

from behaviour.faultserver import drop, reply, reset, slow
from customerio_events import UserDeleted, UserSuppressed, UserUnsuppressed
from customerio_events._runtime.delivery.verdicts import Meaning, Verdict
from customerio_events._runtime.relay.sinks import Dead
from customerio_events.outbox import Backoff
from customerio_events.relay import SinkError
from customerio_events.sinks.postgresql import PostgresTable
from sinks import servers
from sinks.receiving import (
    UNKNOWN,
    Failures,
    Receiver,
    accept,
    always,
    events,
    run,
    running,
    script,
)
from sinks.servers import PostgresServer, until
from sinks.tables import left, nothing_left, one, put, relay_of, table_of, tables_made

pytestmark = pytest.mark.heavy
server = servers.for_module(PostgresServer)
connection = tables_made()


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
                until(lambda: not one(connection, "SELECT count(*) FROM again"), "some are left")


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
    assert one(connection, "SELECT count(*) FROM events_outbox WHERE key = 'hot'") > 3490


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


@pytest.mark.parametrize("granted", ["", "SELECT", "INSERT"])
def test_dead_letters_that_cannot_be_put_aside(
    server: PostgresServer, connection: psycopg.Connection, granted: str
) -> None:
    """That is said before the first one comes."""
    connection.execute("DROP ROLE IF EXISTS poor")
    connection.execute("CREATE ROLE poor")
    connection.execute("GRANT USAGE ON SCHEMA public TO poor")
    connection.execute("GRANT ALL ON events_outbox, events_outbox_state TO poor")
    if granted:
        connection.execute(f"GRANT {granted} ON events_outbox_dead TO poor")
    connection.commit()

    def connect() -> psycopg.Connection:
        made = server.connect()
        made.execute("SET ROLE poor")
        made.commit()
        return made

    with Receiver() as receiver:
        relay = relay_of(server, receiver, table=PostgresTable(connect=connect))
        with pytest.raises(SinkError, match=r'into "events_outbox_dead": GRANT SELECT, INSERT'):
            run(relay)


def test_what_is_wrong_with_a_dead_letter_brings_back_no_other(
    server: PostgresServer, connection: psycopg.Connection
) -> None:
    """What was delivered is gone, be it that a dead letter cannot be put aside."""
    connection.execute("ALTER TABLE events_outbox_dead ADD CHECK (status <> 400)")
    connection.commit()
    table = table_of(server)
    with Receiver() as receiver:
        put(relay_of(server, receiver, table=table), connection, events(2))
    table.open()
    bad, good = table.take(2, 0)
    refused = Verdict(meaning=Meaning.REJECTED, status=400, reason="400 Bad Request")
    with pytest.raises(psycopg.Error, match="check constraint"):
        table.settle([good.ticket], [Dead(ticket=bad.ticket, text=bad.text, verdict=refused)])
    table.close()
    assert left(connection) == (1, 0)


def test_nothing_is_compiled_for_a_look(
    server: PostgresServer, connection: psycopg.Connection
) -> None:
    """As it was for each, where the tables looked expensive."""
    made = server.connect()
    with Receiver() as receiver:
        relay = relay_of(server, receiver, table=PostgresTable(connect=lambda: made))
        put(relay, connection, events(1))
        made.close, close = (lambda: None), made.close  # type: ignore[method-assign]
        with running(relay):
            receiver.wait(1)
        assert one(made, "SHOW jit") == "off"
        close()
