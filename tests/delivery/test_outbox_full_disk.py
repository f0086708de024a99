"""A disk that is full at each step of an outbox: nothing is lost, and all goes on later."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from customerio_events import AsyncClient
from customerio_events.outbox import AsyncOutbox, Backoff, OutboxError, OutboxFull, Stats
from delivery.receiver import OK, Counts, Receiver, Reply, counts, numbered, outbox, until
from delivery.test_outbox_life import Program

QUICK = Backoff(base=0.01, cap=0.05, pause=0.2)


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """Not a byte is left, for a while."""
    hog = folder / "hog"
    with hog.open("wb", buffering=0) as file:
        for size in (65_536, 4096, 1):
            with suppress(OSError):
                while file.write(b"x" * size) == size:
                    pass
    try:
        yield
    finally:
        hog.unlink()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not shutil.which("mount") or os.geteuid():
        pytest.skip("only root can make a file system that is small")
    options = ["-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    subprocess.run(["mount", *options], check=True)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_an_error_and_what_was_accepted_is_delivered(small_disk: Path) -> None:
    with Receiver() as receiver:
        with outbox(receiver, small_disk / "e.db", concurrency=0) as box:
            accepted = set[int]()
            error = ""
            while not error:
                try:
                    box.put(numbered(len(accepted)))
                    accepted.add(len(accepted))
                except OutboxFull as full:
                    error = str(full)
            assert "nothing was stored" in error
            assert box.stats().pending == len(accepted)
        assert len(accepted) > 100
        with outbox(receiver, small_disk / "e.db") as box:
            assert box.flush(60), box.stats()
    found = counts(receiver.arrived, accepted)
    assert (found.received, found.lost) == (len(accepted), set())


def test_a_disk_that_is_full_while_it_delivers_makes_no_flood_of_duplicates(
    small_disk: Path,
) -> None:
    with Receiver(lambda number, event: Reply(seconds=0.02)) as receiver:
        with outbox(receiver, small_disk / "e.db", concurrency=0) as box:
            box.put_many([numbered(number) for number in range(200)])
        box = outbox(receiver, small_disk / "e.db", concurrency=2)
        with full(small_disk):
            time.sleep(1.5)
        assert box.flush(30), box.stats()
        box.close()
    assert counts(receiver.arrived, set(range(200))) == Counts(200, 0, set(), True)


def test_what_is_put_in(small_disk: Path) -> None:
    with Receiver() as receiver, outbox(receiver, small_disk / "e.db") as box:
        box.put(numbered(0)).wait(10)
        with full(small_disk):
            time.sleep(0.2)  # how much is left is looked at ten times a second
            for put in (lambda: box.put(numbered(1)), lambda: box.put_many([numbered(1)])):
                with pytest.raises(OutboxFull, match="nothing was stored"):
                    put()
            assert (box.stats().pending, box.flush(1)) == (0, True)
        until(lambda: _put(lambda: box.put(numbered(2))))
        assert box.flush(10)
    assert counts(receiver.arrived, {0, 2}) == Counts(2, 0, set(), True)


def _put(put: Callable[[], object]) -> bool:
    with suppress(OutboxFull):
        put()
        return True
    return False


def test_an_outage_is_still_told_once(small_disk: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What other processes are to know of it is written down when there is room."""
    caplog.set_level(logging.INFO)
    path = small_disk / "e.db"
    ill = Receiver(lambda number, event: Reply(503))
    with ill as receiver, outbox(receiver, path, backoff=QUICK) as box:
        box.put_many([numbered(number) for number in range(50)])
        with outbox(receiver, path, concurrency=0) as other:
            until(lambda: other.stats().stalled)
            with full(small_disk):
                seen = len(receiver.arrived.times)
                until(lambda: len(receiver.arrived.times) > seen + 30)
                receiver.script = lambda number, event: OK
                until(lambda: receiver.arrived.events)
            assert box.flush(30)
            until(lambda: other.stats().stalled is None)
    said = [record.getMessage() for record in caplog.records]
    assert sum("cannot be noted" in each for each in said) == 1
    assert sum("gets through" in each for each in said) == 1
    assert counts(receiver.arrived, set(range(50))) == Counts(50, 0, set(), True)


def test_dead_letters_and_putting_them_back(
    small_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told = list[int]()
    with (
        Receiver(lambda number, event: Reply(503)) as receiver,
        outbox(
            receiver, small_disk / "e.db", backoff=QUICK, on_failure=lambda f: told.append(f.id)
        ) as box,
    ):
        box.put_many([numbered(number) for number in range(20)])
        until(lambda: receiver.arrived.times)
        with full(small_disk):
            receiver.script = lambda number, event: Reply(400)
            until(lambda: "may be sent once more" in caplog.text)
        assert box.flush(30)
        until(lambda: len(told) == 20)
        assert box.stats().dead == 20
        receiver.script = lambda number, event: OK
        with full(small_disk):
            with pytest.raises(OutboxFull, match="nothing was stored"):
                box.retry_dead()
            assert (box.stats().dead, box.stats().pending) == (20, 0)
        assert box.retry_dead() == 20
        assert box.flush(30)
    assert sorted(told) == list(range(1, 21))
    found = counts(receiver.arrived, set(range(20)))
    assert (found.received, found.duplicated, found.lost) == (20, 0, set())


@pytest.mark.parametrize("number", [1, 400])
def test_the_end_and_the_beginning(small_disk: Path, number: int) -> None:
    path = small_disk / "e.db"
    with Receiver() as receiver:
        box = outbox(receiver, path, concurrency=0)
        box.put_many([numbered(each) for each in range(number)])
        with full(small_disk):
            assert not box.close(1)
            with suppress(OutboxError):  # whether there is room for what processes share
                outbox(receiver, path, concurrency=0).close(0)
        with outbox(receiver, path) as box:
            assert box.flush(30)
    assert counts(receiver.arrived, set(range(number))) == Counts(number, 0, set(), True)


def test_a_new_one(small_disk: Path) -> None:
    path = small_disk / "e.db"
    with Receiver() as receiver:
        with full(small_disk), pytest.raises(OutboxFull, match="is full"):
            outbox(receiver, path)
        with outbox(receiver, path) as box:
            assert box.put(numbered(1)).wait(10).delivered


def test_whoever_wants_to_waits_for_room(small_disk: Path) -> None:
    options: Any = {"when_full": "wait", "sync": "disk"}
    with Receiver() as receiver, outbox(receiver, small_disk / "e.db", **options) as box:
        with full(small_disk):
            time.sleep(0.2)
            put = threading.Thread(target=lambda: box.put(numbered(1)))
            put.start()
            put.join(0.3)
            assert put.is_alive()
        put.join(30)
        assert box.flush(30)
    assert counts(receiver.arrived, {1}) == Counts(1, 0, set(), True)


def test_many_tasks_tell_it_once(small_disk: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def run(receiver: Receiver) -> Stats:
        sender = AsyncClient(api_key="s", server=receiver.url, trust_env=False)
        async with AsyncOutbox(small_disk / "e.db", client=sender, concurrency=8) as box:
            await box.put_many([numbered(number, f"u{number}") for number in range(60)])
            while not receiver.arrived.times:
                await asyncio.sleep(0.01)
            with full(small_disk):
                while not any("once more" in each.message for each in caplog.records):
                    await asyncio.sleep(0.01)
                await asyncio.sleep(0.5)
            assert await box.flush(30)
            return await box.stats()

    with Receiver(lambda number, event: Reply(seconds=0.1)) as receiver:
        stats = asyncio.run(run(receiver))
    assert (stats.delivered, stats.pending) == (60, 0)
    assert sum("once more" in each.message for each in caplog.records) == 1
    assert counts(receiver.arrived, set(range(60))) == Counts(60, 0, set(), True)


def test_a_process_that_is_killed_then(small_disk: Path) -> None:
    source = """
        from customerio_events.outbox import OutboxFull
        box, number = opened(), 0
        while True:
            try:
                put(box, [number])
                number += 1
            except OutboxFull:
                time.sleep(0.01)
    """
    with Receiver() as receiver:
        program = Program(source, small_disk / "e.db", receiver).after(200)
        with full(small_disk):
            time.sleep(0.3)
            accepted = program.ended(signal.SIGKILL)
        with outbox(receiver, small_disk / "e.db") as box:
            assert box.flush(30)
    found = counts(receiver.arrived, accepted)
    assert (found.lost, found.ordered) == (set(), True)
    assert found.duplicated <= 8
