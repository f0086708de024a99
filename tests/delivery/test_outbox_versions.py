"""Files that another version of the package has filled, or another package."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from customerio_events import AsyncClient
from customerio_events._runtime.outbox import desk
from customerio_events._runtime.store.rows import COLUMNS, row_of, stored_of
from customerio_events.outbox import AsyncOutbox, Backoff, Failure, OutboxError, UnusableFile
from delivery.documents import with_batches
from delivery.receiver import OK, Receiver, Reply, numbered, outbox, until
from support import generate_package, load_module

QUICK = Backoff(base=0.001, cap=0.001, pause=0.2, attempts=2)


def renamed(path: Path, operation: str, ids: str) -> None:
    """Have some events be of an operation that this package does not know."""
    with closing(sqlite3.connect(path)) as file, file:
        read = f"SELECT id, faults, {COLUMNS} FROM event WHERE id IN ({ids})"
        for row in file.execute(read).fetchall():
            stored = stored_of(row)
            parcel = replace(stored.parcel, operation=operation)
            values = row_of(parcel, stored.created, stored.origin)
            marks = ", ".join("?" * len(values))
            write = f"UPDATE event SET ({COLUMNS}) = ({marks}) WHERE id = ?"
            file.execute(write, (*values, row[0]))


def filled(receiver: Receiver, path: Path, number: int = 6) -> None:
    with outbox(receiver, path, concurrency=0) as box:
        box.put_many([numbered(n, f"u{n}") for n in range(number)])


def test_an_operation_that_is_not_known_is_no_dead_letter(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "e.db"
    failures: list[Failure] = []
    with Receiver() as receiver:
        filled(receiver, path)
        renamed(path, "track_\x1b[31mnewer", "1, 4")
        with outbox(receiver, path, backoff=QUICK, on_failure=failures.append) as box:
            until(lambda: box.stats().pending == 2)
            time.sleep(1.5)  # tried again and again, and nobody is to blame
            stats = box.stats()
            assert (stats.pending, stats.dead, stats.delivered) == (2, 0, 4)
            box.close(0)
        assert failures
        assert {failure.kind for failure in failures} == {"paused"}
        assert "has no operation" in failures[0].reason
        assert "Deliver with the version that put it in" in failures[0].reason
        assert "\x1b" not in caplog.text
        assert "ERROR" in {record.levelname for record in caplog.records}
        # Whoever knows the operation delivers them, be the server ill at first.
        renamed(path, "track", "1, 4")
        with outbox(receiver, path, backoff=QUICK) as box:
            assert box.flush(10)
            assert box.stats().dead == 0
    assert sorted(event["n"] for event in receiver.arrived.events) == list(range(6))


def test_what_is_not_known_holds_up_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As where an older version takes over after a deployment; with the pauses of every day."""
    caplog.set_level(logging.INFO)
    path = tmp_path / "e.db"
    failures: list[Failure] = []
    with Receiver(lambda number, event: OK if number else Reply(503)) as receiver:
        filled(receiver, path, 60)
        renamed(path, "gone", ", ".join(map(str, range(1, 51))))
        caplog.clear()
        with outbox(receiver, path, on_failure=failures.append) as box:
            until(lambda: box.stats().delivered == 10)
            box.put(numbered(60, "u60")).wait(10)
            assert (box.stats().pending, box.stats().paused) == (50, "")
            assert not box.close(10), "what nobody can deliver in that time is not waited for"
    (record,) = caplog.records[:-1]
    assert record.levelname == "ERROR"
    assert "paused for one operation, the others go on" in record.getMessage()
    assert "50 events are left in the file" in caplog.records[-1].getMessage()
    assert [failure.kind for failure in failures] == ["paused"]


def test_more_than_is_held_of_what_is_not_known_holds_up_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "_MOST_HELD", 100)
    path = tmp_path / "e.db"
    with Receiver() as receiver:
        with outbox(receiver, path, concurrency=0) as box:
            box.put_many([numbered(n, f"u{n}") for n in range(600)])
            box.put_many([numbered(n, "u7") for n in range(600, 605)])  # its first is not known
            box.put_many([numbered(n, f"u{n}") for n in range(605, 700)])
        renamed(path, "gone", ", ".join(map(str, range(1, 601))))
        with outbox(receiver, path, backoff=QUICK) as box:
            until(lambda: box.stats().delivered == 95)
            box.put(numbered(700, "u7"))
            box.put(numbered(701, "u701")).wait(20)
            assert (box.stats().pending, box.stats().dead) == (606, 0)
            box.close(0)
        assert sorted(event["n"] for event in receiver.arrived.events) == [*range(605, 700), 701]
        renamed(path, "track", ", ".join(map(str, range(1, 601))))
        with outbox(receiver, path, backoff=QUICK) as box:
            assert box.flush(30)
    came = [event["n"] for event in receiver.arrived.events]
    assert sorted(came) == list(range(702)), "nothing is lost, and nothing came twice"
    of_one = [n for n in came if n in {7, 700, *range(600, 605)}]
    assert of_one == [7, *range(600, 605), 700]


def test_all_wait_where_none_is_known(tmp_path: Path) -> None:
    async def run(path: Path, receiver: Receiver) -> None:
        sender = AsyncClient(api_key="s", server=receiver.url, trust_env=False)
        async with AsyncOutbox(path, client=sender, backoff=QUICK) as box:
            await asyncio.sleep(1.0)
            stats = await box.stats()
            assert (stats.pending, stats.dead) == (6, 0)
            assert "has no operation 'gone'" in stats.paused
            await box.aclose(0)

    with Receiver(lambda number, event: OK) as receiver:
        filled(receiver, tmp_path / "e.db")
        renamed(tmp_path / "e.db", "gone", "1, 2, 3, 4, 5, 6")
        asyncio.run(run(tmp_path / "e.db", receiver))
        assert receiver.arrived.times == []


def test_a_file_belongs_to_one_package(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    path = tmp_path / "e.db"
    folder = generate_package(with_batches(), tmp_path, features=("outbox",))
    other: Any = load_module(folder, "outbox")
    with Receiver() as receiver:
        filled(receiver, path)
        sender = other.Client(server=receiver.url, trust_env=False)
        refused: tuple[type[Exception], ...] = (other.UnusableFile,)
        with pytest.raises(refused, match="the package 'customerio_events', and this is") as caught:
            other.Outbox(path, client=sender)
        assert "a file of its own" in str(caught.value)
        with outbox(receiver, path) as box:
            assert box.flush(10), "nothing of it was changed"
        # One without a word about it, as of an earlier version, is that of the first that comes.
        with closing(sqlite3.connect(path)) as file, file:
            file.execute("DELETE FROM meta")
        other.Outbox(path, client=sender).close()
        with pytest.raises(UnusableFile, match="'customerio_events'"):
            outbox(receiver, path)
    assert issubclass(UnusableFile, OutboxError)
