"""What was taken of an engine, and whose it is: where a process stands still, or an answer of the
engine gets lost, nothing is sent twice, and nothing is held up until a lease ends.
"""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from behaviour.faultserver import Fault, reply
from customerio_events import UserSuppressed
from customerio_events.sinks.postgresql import PostgresTable
from customerio_events.sinks.redis import RedisStream
from sinks import servers, streams, tables
from sinks.receiving import Receiver, Worker, events, running, script
from sinks.servers import PostgresServer, RedisServer, until

pytestmark = pytest.mark.heavy
postgres = servers.for_module(PostgresServer)
redis_server = servers.for_module(RedisServer)
AT_A_TIME = 8


@pytest.fixture
def connection(postgres: PostgresServer) -> Any:
    yield from tables.emptied(postgres)


@pytest.fixture
def engine(redis_server: RedisServer) -> Any:
    yield from streams.emptied(redis_server)


class Holding:
    """Answers to the first requests only when it is told to; with 200, as to all others."""

    def __init__(self) -> None:
        self.go = threading.Event()

    def __call__(self, number: int, user: str) -> Fault:
        return self._late if number < AT_A_TIME else reply(200)

    def _late(self, sock: Any, stop: threading.Event) -> bool:
        self.go.wait(30)
        return reply(200)(sock, stop)


def stands_still(
    receiver: Receiver,
    holding: Holding,
    worker: Callable[[], Worker],
    put: Callable[[list[Any]], None],
) -> None:
    """A process is stopped for longer than its lease, with as much under way as in hand."""
    put(events(2 * AT_A_TIME))
    with worker() as first:
        until(lambda: len(receiver.arrived) == AT_A_TIME, "it does not deliver")
        os.kill(first.pid, signal.SIGSTOP)
        with worker() as second:
            receiver.wait(2 * AT_A_TIME)
            assert second.terminate() == 0
        holding.go.set()
        os.kill(first.pid, signal.SIGCONT)
        put(events(1, "later"))  # what it has in hand goes before that
        receiver.wait(2 * AT_A_TIME + 1)
    under_way = {come.user for come in receiver.arrived[:AT_A_TIME]}
    twice = {user for user, times in receiver.delivered().items() if times > 1}
    assert twice <= under_way


def test_a_sender_that_stands_still(
    postgres: PostgresServer, connection: psycopg.Connection
) -> None:
    """What it had not sent yet is the other's, who took it over: it comes once."""
    holding = Holding()
    with Receiver(holding) as receiver:
        relay = tables.relay_of(postgres, receiver)
        arguments = (postgres.dsn, receiver.url, "1")
        stands_still(
            receiver,
            holding,
            lambda: script("postgresql_worker.py", *arguments),
            lambda given: tables.put(relay, connection, given),
        )


def test_a_consumer_that_stands_still(redis_server: RedisServer, engine: Any) -> None:
    holding = Holding()
    with Receiver(holding) as receiver:
        relay = streams.relay_of(engine, receiver)
        arguments = (str(redis_server.port), receiver.url, "1", "")
        stands_still(
            receiver,
            holding,
            lambda: script("redis_worker.py", *arguments),
            lambda given: streams.put(relay, given),
        )


class Breaking:
    """A connection that breaks when it has committed that it has taken something."""

    def __init__(self, server: PostgresServer) -> None:
        self._connection = server.connect()
        self._server = server

    def commit(self) -> None:
        self._connection.commit()
        query = "SELECT count(*) FROM events_outbox WHERE taken_by IS NOT NULL"
        with self._server.connect() as other:
            if tables.one(other, query):
                self._connection.close()
                raise psycopg.OperationalError("the connection is lost")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def test_rows_whose_taking_was_not_heard_of(
    postgres: PostgresServer, connection: psycopg.Connection
) -> None:
    """They are taken again at once, by the same process; not when the lease is over."""
    made = iter([Breaking(postgres)])
    table = PostgresTable(connect=lambda: next(made, None) or postgres.connect(), lease=600)
    with Receiver() as receiver:
        relay = tables.relay_of(postgres, receiver, table=table)
        tables.put(relay, connection, events(5))
        with running(relay):
            receiver.wait(5)
            tables.nothing_left(connection)
    assert set(receiver.delivered().values()) == {1}


class Forgetful:
    """A client that loses the first answer with something in it, and asks again: as redis-py."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self.lost = False

    def execute_command(self, *given: Any, **options: Any) -> Any:
        came = self._engine.execute_command(*given, **options)
        if given[0] == "XREADGROUP" and given[-1] == ">" and came and not self.lost:
            self.lost = True
            return self._engine.execute_command(*given, **options)
        return came


@pytest.mark.parametrize("count", [2, 20])
def test_entries_whose_reading_was_not_heard_of(engine: Any, count: int) -> None:
    """They are the first, as they were in the stream: also where nothing else is in it."""
    forgetful = Forgetful(engine)
    stream = RedisStream(forgetful, "events", claim_after=600)
    with Receiver() as receiver:
        relay = streams.relay_of(engine, receiver, stream=stream, concurrency=1)
        for number in range(count):
            relay.put(UserSuppressed(user_id="one", extra={"messageId": str(number)}))
        with running(relay):
            until(lambda: len(receiver.arrived) == count, "some are left")
            streams.nothing_left(engine)
    assert forgetful.lost
    assert [json.loads(seen.body)["messageId"] for seen in receiver.seen] == [
        str(number) for number in range(count)
    ]
