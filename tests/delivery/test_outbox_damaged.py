"""Files of outboxes that a disk has damaged: refused with what helps, or delivered whole."""

from __future__ import annotations

import random
import re
import sqlite3
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from customerio_events._runtime.delivery.parcels import Parcel
from customerio_events._runtime.store.store import Store
from customerio_events.outbox import OutboxError, UnusableFile
from delivery.receiver import Receiver, numbered, outbox

PARCELS = [
    Parcel(
        operation="track",
        body=b'{"n":%d}' % n,
        content_type="application/json",
        target=f"/v1/track?n={n}",
        headers={"X-Strict-Mode": "1"},
        key=f"u{n}",
        label="é",
    )
    for n in range(60)
]


def changed(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(statement)
    connection.close()


@pytest.mark.parametrize(
    "what",
    [
        "body = CAST('{}' AS BLOB)",
        "body = 'a text'",
        "key = 'other'",
        "target = '/elsewhere'",
        "headers = '{}'",
        "label = NULL",
        "operation = CAST(x'ff' AS TEXT)",
        "origin = origin + 1",
    ],
)
def test_what_has_changed_since_it_was_put_in_is_not_sent(
    tmp_path: Path, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "e.db"
    with Receiver() as receiver:
        with outbox(receiver, path, concurrency=0) as box:
            for number in range(3):
                box.put(numbered(number), label="a label")
        changed(path, f"UPDATE event SET {what} WHERE id = 2")
        with outbox(receiver, path, concurrency=1) as box:
            assert not box.flush(0.5)
            with pytest.raises(UnusableFile, match="damaged"):
                box.put(numbered(3))
            assert box.stats().delivered == 0
            assert not receiver.arrived.events
            box.close(0.1)
        assert not any(record.exc_info for record in caplog.records)
        assert "number" not in caplog.text


def test_what_is_said_to_help_does(tmp_path: Path) -> None:
    path = tmp_path / "e.db"
    with Receiver() as receiver:
        with outbox(receiver, path, concurrency=0) as box:
            for number in range(3):
                box.put(numbered(number))
        changed(path, "UPDATE event SET key = 'other' WHERE id = 2")
        store = Store(str(path), "os", 1)
        with pytest.raises(UnusableFile) as raised:
            store.read(0, 10)
        store.close()
        statement = re.search('"(.*)"', str(raised.value))
        assert statement
        changed(path, statement[1])
        with outbox(receiver, path) as box:
            assert box.flush(10)
            assert (box.stats().pending, box.stats().delivered) == (0, 2)
    assert sorted(event["n"] for event in receiver.arrived.events) == [0, 2]


def outcome(path: Path) -> str:
    """What comes of reading a file: never something else than what was stored."""
    try:
        store = Store(str(path), "os", 1)
    except OutboxError:
        return "refused"
    try:
        found = list[Parcel]()
        after, more = 0, True
        while more:
            page = store.read(after, 1000)
            # A name that is none waits until there is one.
            found += [replace(stored.parcel, operation="track") for stored in page.found]
            after, more = page.end, page.more
        pending = store.counts().pending
    except OutboxError:
        return "refused"
    finally:
        store.close()
    assert all(parcel in PARCELS for parcel in found)
    return "whole" if found == PARCELS else f"told: {pending > len(found)}"


def test_a_bit_that_is_lost_anywhere(tmp_path: Path) -> None:
    path = tmp_path / "whole.db"
    store = Store(str(path), "os", 1)
    store.add_many(PARCELS, {})
    store.close()
    whole, chance, counted = path.read_bytes(), random.Random(7), Counter[str]()
    for number in range(250):
        damaged = bytearray(whole)
        damaged[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        other = tmp_path / f"{number}.db"
        other.write_bytes(damaged)
        counted[outcome(other)] += 1
    assert counted["refused"] > 50
    assert counted["whole"] > 50
    # One bit in a thousand has SQLite itself not find what is there.
    assert counted["told: False"] <= 2, counted
