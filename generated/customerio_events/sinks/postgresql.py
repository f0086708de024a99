"""Events wait in a table of PostgreSQL: what is put in belongs to the caller's own transaction.

Rolled back, it was never put in. Senders take rows with `FOR UPDATE SKIP LOCKED`, for a time that
they extend while they live; of events with one key only the oldest that is there, so that their
order is kept whatever the number of senders. Delivery is at least once.
"""

from __future__ import annotations

import json
import os
import re
import socket
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from secrets import token_hex
from time import sleep
from typing import Any, Final

from .._runtime.delivery.parcels import Parcel
from .._runtime.http.messages import positive
from .._runtime.relay.databases import (
    Connection,
    OwnConnection,
    Transaction,
    cursor_of,
    execute,
)
from .._runtime.relay.parceljson import VERSION, written
from .._runtime.relay.pump import Pump
from .._runtime.relay.sinks import Dead, Delivery, SinkError, Taken, Ticket

__all__ = ["Connection", "OwnConnection", "PostgresTable", "SinkError"]

_SCHEMA: Final = 1
_NAME: Final = re.compile(
    r"(?:[A-Za-z_][A-Za-z0-9_]{0,62}\.)?[A-Za-z_][A-Za-z0-9_]{0,49}"
)
_LONGEST_KEY: Final = 200
_NEEDED: Final = ("SELECT", "INSERT")
_LOOK: Final = 1000
"""So many rows are looked at together: what a look costs does not grow with what waits."""


class PostgresTable:
    """A `Sink` on a table of PostgreSQL. Dead letters are in the table `{name}_dead`.

    Args:
        name: of the table, as in `events_outbox` or `app.events_outbox`; see `create_sql`.
        connect: makes a connection for whoever delivers; `put` takes the caller's.
        lease: seconds after which what a process has taken is another's, if nothing was heard of
            it. A process says so three times within them.
        poll: seconds between two looks for something new, where there was nothing.

    Raises:
        ValueError: a name that is none, or a time that is not above 0.
    """

    def __init__(
        self,
        name: str = "events_outbox",
        *,
        connect: Callable[[], OwnConnection] | None = None,
        lease: float = 60.0,
        poll: float = 0.2,
    ) -> None:
        if not _NAME.fullmatch(name):
            raise ValueError(
                f"a table is called by letters, digits and _, up to 50 of them, not {name!r}"
            )
        self._name = name
        self._table = _quoted(name)
        self._dead, self._state = _quoted(f"{name}_dead"), _quoted(f"{name}_state")
        self._connect = connect
        self.lease = positive("lease", lease)
        self._poll = positive("poll", poll)
        self._me = ""
        self._mine = set[Ticket]()
        self._seen = 0
        """Where the last look beyond the front ended, if there is more; 0: there is not."""
        self._own: OwnConnection | None = None
        self._delivery: Delivery | None = None

    def create_sql(self) -> str:
        """What makes the tables, for a migration; where they are there it changes nothing."""
        table, dead, state = self._table, self._dead, self._state
        index = _quoted(f"{self._name.rpartition('.')[2]}_key")
        return f"""\
CREATE TABLE IF NOT EXISTS {table} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version smallint NOT NULL,
    key text NOT NULL,
    parcel text NOT NULL,
    created timestamptz NOT NULL DEFAULT clock_timestamp(),
    taken_until timestamptz,
    taken_by text
) WITH (fillfactor = 70);
CREATE INDEX IF NOT EXISTS {index} ON {table} (key, id) WHERE key <> '';
CREATE TABLE IF NOT EXISTS {dead} (
    id bigint PRIMARY KEY,
    version smallint NOT NULL,
    key text NOT NULL,
    parcel text NOT NULL,
    created timestamptz NOT NULL,
    died timestamptz NOT NULL DEFAULT clock_timestamp(),
    status integer,
    reason text NOT NULL,
    errors text NOT NULL
);
CREATE TABLE IF NOT EXISTS {state} (version integer NOT NULL, held_until timestamptz);
INSERT INTO {state} (version) SELECT {_SCHEMA} WHERE NOT EXISTS (SELECT FROM {state});
"""

    def join(self, delivery: Delivery, /) -> None:
        """See `Sink.join`."""
        self._delivery = delivery

    def put(self, parcel: Parcel, into: Connection, /) -> None:
        """See `Sink.put`: durable when the transaction of the connection is committed.

        Raises:
            TypeError: no connection, or an async one.
            What the driver raises.
        """
        query = f"INSERT INTO {self._table} (version, key, parcel) VALUES (%s, %s, %s)"
        given = (VERSION, _ordering(parcel.key), written(parcel))
        execute(cursor_of(into), query, given).close()

    def run(self, stopped: Callable[[], bool], /) -> None:
        """See `Sink.run`."""
        if self._delivery is None or self._connect is None:
            raise SinkError(
                "to deliver, make a Relay with PostgresTable(…, connect=…), such as "
                "connect=lambda: psycopg.connect(…)"
            )
        self._me = f"{socket.gethostname()}-{os.getpid()}-{token_hex(4)}"
        self._mine.clear()
        Pump(self, self._delivery, stopped).run()

    def retry_dead(self, connection: Connection) -> int:
        """Put the dead letters into the table again, behind all else; how many that were.

        `connection`: in its transaction.
        """
        columns = "version, key, parcel, created"
        query = f"""WITH gone AS (DELETE FROM {self._dead} RETURNING id, {columns})
            INSERT INTO {self._table} ({columns}) SELECT {columns} FROM gone ORDER BY id
            RETURNING id"""
        cursor = execute(cursor_of(connection), query, ())
        moved = len(cursor.fetchall())
        cursor.close()
        return moved

    def is_away(self, error: Exception) -> bool:
        """See `Queue.is_away`."""
        # `Error` is the base of what any driver raises: PEP 249.
        names = {kind.__name__ for kind in type(error).__mro__}
        return isinstance(error, OSError) or "Error" in names

    def open(self) -> None:
        """See `Queue.open`."""
        self.close()
        assert self._connect is not None
        self._own = self._connect()
        for setting in self._settings():
            self._done(setting)
        there = self._rows("SELECT to_regclass(%s) IS NOT NULL", self._state)[0][0]
        found = self._rows(f"SELECT version FROM {self._state}") if there else []
        if not found:
            raise SinkError(
                f"there is no table {self._state}: run what PostgresTable.create_sql() gives"
            )
        if found[0][0] != _SCHEMA:
            raise SinkError(
                f"{self._table} is of version {found[0][0]}, and this package knows {_SCHEMA}: "
                "nothing was touched; deliver with the package that made it, or a newer one"
            )
        may = "has_any_column_privilege(to_regclass(%s), %s)"
        if not all(
            self._rows(f"SELECT {may}", self._dead, what)[0][0] for what in _NEEDED
        ):
            raise SinkError(
                f"dead letters could not be put into {self._dead}: GRANT SELECT, INSERT on it"
            )

    def _settings(self) -> Iterator[str]:
        characteristics = "SET SESSION CHARACTERISTICS AS TRANSACTION"
        yield f"{characteristics} ISOLATION LEVEL READ COMMITTED"
        # However old the statistics are: what is next is found by the indexes alone.
        yield "SET enable_seqscan = off"
        yield "SET enable_bitmapscan = off"
        # What that makes look expensive would be compiled, each time; before 11 there is no jit.
        yield "SELECT set_config(name, 'off', false) FROM pg_settings WHERE name = 'jit'"
        # Of a sender that is cut off within a transaction, the locks go too.
        milliseconds = max(1, int(self.lease * 1000))
        yield f"SET idle_in_transaction_session_timeout = {milliseconds}"

    def take(self, most: int, wait: float) -> Sequence[Taken]:
        """See `Queue.take`: from the front, and on from where the last look ended."""
        found, end = self._look(0, most)
        if len(found) < most and end:
            start = max(end, self._seen)
            more, self._seen = self._look(start, most - len(found))
            found += more
        self._mine.update(taken.ticket for taken in found)
        if not found and wait:
            sleep(min(wait, self._poll))
        return found

    def _look(self, after: int, most: int) -> tuple[list[Taken], int]:
        """Take from the next rows beyond an id; and the last one looked at, if there may be more.

        What waits behind another one of its key is passed over. What was taken when the connection
        broke is this process's, and nobody here knows of it: it is taken again.
        """
        table = self._table
        free = """(taken_until IS NULL OR taken_until < clock_timestamp()
                OR (taken_by = %s AND id <> ALL(%s)))"""
        mine = (self._me, [*self._mine])
        query = f"""WITH seen AS MATERIALIZED (
                SELECT id, key FROM {table}
                WHERE id > %s AND version <= {VERSION} AND {free} ORDER BY id LIMIT {_LOOK}),
            next AS MATERIALIZED (
                SELECT id FROM seen
                WHERE key = '' OR id = (SELECT min(id) FROM {table} AS same
                    WHERE same.key = seen.key AND same.key <> '')
                ORDER BY id LIMIT %s),
            mine AS MATERIALIZED (
                SELECT id FROM {table} WHERE id IN (SELECT id FROM next) AND {free}
                FOR UPDATE SKIP LOCKED),
            taken AS (
                UPDATE {table} AS t
                SET taken_until = clock_timestamp() + %s * interval '1 second', taken_by = %s
                FROM mine WHERE t.id = mine.id RETURNING t.id, t.parcel)
            SELECT id, parcel FROM taken
            UNION ALL SELECT max(id), NULL FROM seen HAVING count(*) = {_LOOK}"""
        rows = self._rows(query, after, *mine, most, *mine, self.lease, self._me)
        ends = [id for id, parcel in rows if parcel is None]
        found = sorted(row for row in rows if row[1] is not None)
        taken = [Taken(ticket=id, text=text) for id, text in found]
        return taken, ends[0] if ends else 0

    def settle(self, delivered: Sequence[Ticket], dead: Sequence[Dead]) -> None:
        """See `Queue.settle`."""
        if delivered:  # by itself, whatever is wrong with a dead letter
            self._done(f"DELETE FROM {self._table} WHERE id = ANY(%s)", [*delivered])
            self._mine.difference_update(delivered)
        if not dead:
            return
        with self._transaction() as cursor:
            columns = "id, version, key, parcel, created"
            query = f"""WITH gone AS (DELETE FROM {self._table} WHERE id = %s RETURNING {columns})
                INSERT INTO {self._dead} ({columns}, status, reason, errors)
                SELECT {columns}, %s, %s, %s FROM gone ON CONFLICT (id) DO NOTHING"""
            for each in dead:
                execute(cursor, query, (each.ticket, *_reasons(each)))
        self._mine.difference_update(each.ticket for each in dead)

    def renew(self, tickets: Sequence[Ticket], *, late: bool) -> Collection[Ticket]:
        """See `Queue.renew`."""
        query = f"""UPDATE {self._table}
            SET taken_until = clock_timestamp() + %s * interval '1 second'
            WHERE id = ANY(%s) AND taken_by = %s RETURNING id"""
        rows = self._rows(query, self.lease, [*tickets], self._me)
        if not late:
            return ()
        lost = set(tickets).difference(id for (id,) in rows)
        self._mine -= lost
        return lost

    def release(self, tickets: Sequence[Ticket]) -> None:
        """See `Queue.release`."""
        query = f"""UPDATE {self._table} SET taken_until = NULL
            WHERE id = ANY(%s) AND taken_by = %s"""
        self._done(query, [*tickets], self._me)
        self._mine.difference_update(tickets)

    def hold(self, seconds: float) -> None:
        """See `Queue.hold`."""
        until = "clock_timestamp() + %s * interval '1 second'"
        query = f"UPDATE {self._state} SET held_until = greatest(held_until, {until})"
        self._done(query, seconds)

    def held(self) -> float:
        """See `Queue.held`."""
        left = "extract(epoch FROM held_until - clock_timestamp())"
        rows = self._rows(f"SELECT coalesce({left}, 0) FROM {self._state}")
        return max(0.0, float(rows[0][0])) if rows else 0.0

    def close(self) -> None:
        """See `Queue.close`."""
        own, self._own = self._own, None
        if own is not None:
            with suppress(Exception):
                own.close()

    def _rows(self, query: str, *given: object) -> list[Any]:
        with self._transaction() as cursor:
            found: list[Any] = execute(cursor, query, given).fetchall()
        # Of connections whose rows are mappings, the values are in the order of the columns.
        return [tuple(row.values()) if hasattr(row, "values") else row for row in found]

    def _done(self, query: str, *given: object) -> None:
        with self._transaction() as cursor:
            execute(cursor, query, given)

    def _transaction(self) -> Transaction:
        assert self._own is not None
        return Transaction(self._own)

    def __repr__(self) -> str:
        return f"<PostgresTable {self._name}>"


def _quoted(name: str) -> str:
    return ".".join(f'"{part}"' for part in name.split("."))


def _ordering(key: str) -> str:
    """A key as a text that any database takes and any index has room for."""
    text = key.encode("unicode_escape").decode("ascii")
    return text if len(text) <= _LONGEST_KEY else sha256(text.encode()).hexdigest()


def _reasons(dead: Dead) -> tuple[object, ...]:
    verdict = dead.verdict
    reason = verdict.reason.encode("utf-8", "replace").decode().replace("\0", "�")
    return verdict.status, reason, json.dumps(verdict.errors)
