"""The file of an outbox: who may read it, what is refused, what happens where there is no room."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from customerio_events._runtime.delivery.parcels import Parcel
from customerio_events._runtime.store.files import opened
from customerio_events._runtime.store.storage import Settled
from customerio_events._runtime.store.store import Store
from customerio_events.outbox import Outbox, OutboxError, OutboxFull, UnusableFile
from delivery.receiver import OK, Counts, Receiver, Reply, client, counts, numbered, outbox
from delivery.test_outbox_life import BEGINNING, PACKAGES


@pytest.mark.parametrize("mask", [0o000, 0o777])
@pytest.mark.parametrize("link", [False, True])
def test_nobody_else_may_read_it(tmp_path: Path, mask: int, link: bool) -> None:
    (tmp_path / "link.db").symlink_to("e.db")
    path = tmp_path / ("link.db" if link else "e.db")
    before = os.umask(mask)
    try:
        with Receiver() as receiver, outbox(receiver, path) as box:
            box.put(numbered(1))
            files = list(tmp_path.glob("e.db*"))
            modes = {stat.S_IMODE(file.stat().st_mode) for file in files}
    finally:
        os.umask(before)
    assert len(files) == 3, "the file, its log, and what processes share of it"
    assert modes == {0o600}


@pytest.mark.parametrize(
    "moment",
    ["SELECT count(*) FROM sqlite_master", "PRAGMA application_id", "PRAGMA user_version"],
)
def test_another_process_makes_it_at_the_very_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Between any two of the questions whether it is an outbox."""
    path = str(tmp_path / "e.db")
    plain = sqlite3.connect
    other = threading.Thread(target=lambda: opened(path, "os")[0].close())

    class Slow(sqlite3.Connection):
        def execute(self, sql: str, /, *given: Any) -> sqlite3.Cursor:
            found = super().execute(sql, *given)
            if sql == moment and not other.ident:
                monkeypatch.setattr(sqlite3, "connect", plain)
                other.start()
                other.join(0.3)  # it may have to wait for this one
            return found

    monkeypatch.setattr(sqlite3, "connect", partial(plain, factory=Slow))
    opened(path, "os")[0].close()
    other.join()


def other_database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE person(name TEXT)")
    connection.close()


def newer(path: Path) -> None:
    with Receiver() as receiver, outbox(receiver, path) as box:
        box.put(numbered(1))
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()


def damaged(path: Path) -> None:
    with Receiver() as receiver, outbox(receiver, path, concurrency=0) as box:
        box.put_many([numbered(number) for number in range(2000)])
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 3000)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.write_bytes(b"id,name\n" * 1000), "not a database"),
        (other_database, "of something else"),
        (newer, "written by a newer one"),
        (damaged, "recover"),
    ],
)
def test_what_is_no_outbox_is_refused_and_left_alone(
    tmp_path: Path, make: object, words: str
) -> None:
    path = tmp_path / "e.db"
    assert callable(make)
    make(path)
    before = path.read_bytes()
    with (
        Receiver() as receiver,
        pytest.raises(UnusableFile, match="Nothing of it was changed") as error,
    ):
        outbox(receiver, path)
    assert words in str(error.value)
    assert str(path) in str(error.value)
    assert path.read_bytes() == before


def modes(path: Path) -> set[int]:
    """Those of the file and of what is beside it, three in all."""
    found = [stat.S_IMODE(each.stat().st_mode) for each in path.parent.glob(f"{path.name}*")]
    assert len(found) == 3
    return set(found)


@pytest.mark.parametrize(
    ("mode", "then"), [(0o644, 0o600), (0o666, 0o660), (0o660, 0o660), (0o755, 0o700)]
)
@pytest.mark.parametrize("linked", [False, True])
def test_a_file_that_others_may_read_is_closed_to_them(
    tmp_path: Path, mode: int, then: int, linked: bool
) -> None:
    path = tmp_path / "e.db"
    given = tmp_path / "link" if linked else path
    if linked:
        given.symlink_to(path)
    with Receiver() as receiver, outbox(receiver, path, concurrency=0) as first:
        first.put(numbered(1))
        for each in tmp_path.glob("e.db*"):
            each.chmod(mode)
        with outbox(receiver, given) as second:
            assert modes(path) == {then}
            assert second.flush(10)
            first.put(numbered(2))
            assert second.flush(10)


def test_a_file_of_somebody_else_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "e.db"
    with Receiver() as receiver:
        outbox(receiver, path).close()
        path.chmod(0o644)
        me = os.geteuid()
        monkeypatch.setattr(os, "geteuid", lambda: me + 1)
        with outbox(receiver, path) as box:
            assert box.put(numbered(1)).wait(10).delivered
            assert modes(path) == {0o644}


def test_the_mode_of_what_is_no_outbox_stays(tmp_path: Path) -> None:
    path = tmp_path / "e.db"
    other_database(path)
    path.chmod(0o644)
    with Receiver() as receiver, pytest.raises(UnusableFile):
        outbox(receiver, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with Receiver() as receiver, pytest.raises(OutboxError, match="cannot be created"):
        outbox(receiver, tmp_path / "no" / "e.db")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with Receiver() as receiver, pytest.raises(OutboxError, match="it is a folder"):
        outbox(receiver, tmp_path)


@pytest.mark.parametrize("mode", [0o444, 0o000])
def test_a_file_that_may_not_be_written(
    tmp_path: Path, mode: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "e.db"
    path.touch(mode)
    if not os.geteuid():  # who may do everything
        monkeypatch.setattr(os, "access", lambda path, wanted: False)
    with Receiver() as receiver, pytest.raises(OutboxError, match="may not read and write it"):
        outbox(receiver, path)


def test_an_empty_file_becomes_an_outbox(tmp_path: Path) -> None:
    (tmp_path / "e.db").touch()
    with Receiver() as receiver, outbox(receiver, tmp_path / "e.db") as box:
        assert box.put(numbered(1)).wait(5).status == 200


def test_the_path_holds_wherever_the_program_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Receiver() as receiver, outbox(receiver, "e.db") as box:
        monkeypatch.chdir("/")
        box.put(numbered(1))
    assert (tmp_path / "e.db").exists()


def test_a_full_queue_is_an_error(tmp_path: Path) -> None:
    with (
        Receiver() as receiver,
        outbox(receiver, tmp_path / "e.db", concurrency=0, max_pending=3) as box,
    ):
        for number in range(3):
            box.put(numbered(number))
        with pytest.raises(OutboxFull, match="3 events wait already"):
            box.put(numbered(3))
        assert box.stats().pending == 3


def test_a_full_queue_can_be_waited_for(tmp_path: Path) -> None:
    with (
        Receiver(lambda number, event: Reply(seconds=0.01)) as receiver,
        outbox(receiver, tmp_path / "e.db", concurrency=1, max_pending=5, when_full="wait") as box,
    ):
        most = 0
        for number in range(50):
            box.put(numbered(number))
            most = max(most, box.stats().pending)
        assert box.flush(10)
    assert most <= 5
    assert counts(receiver.arrived, set(range(50))) == Counts(50, 0, set(), True)


def test_a_clock_that_steps_back_delays_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from customerio_events._runtime.outbox import desk, stats
    from customerio_events._runtime.store import store

    with Receiver() as receiver, outbox(receiver, tmp_path / "e.db") as box:
        for number in range(20):
            box.put(numbered(number))
        assert box.flush(5)
        for module in (desk, stats, store):
            monkeypatch.setattr(module, "time", lambda: time.time() - 86_400)
        receiver.script = lambda number, event: Reply(503) if number < 22 else OK
        for number in range(20, 40):
            box.put(numbered(number))
        assert box.flush(5)
    assert counts(receiver.arrived, set(range(40))) == Counts(40, 0, set(), True)


@pytest.mark.parametrize("step", [-86_400, 365 * 86_400])
def test_retry_after_holds_across_a_restart_and_a_clock_that_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: float
) -> None:
    from customerio_events._runtime.store import store

    script = lambda number, event: Reply(429, "Retry-After: 2\r\n") if not number else OK  # noqa: E731
    with Receiver(script) as receiver:
        box = outbox(receiver, tmp_path / "e.db")
        box.put(numbered(1))
        while not receiver.arrived.times:
            time.sleep(0.01)
        time.sleep(0.1)
        assert not box.close(0)
        monkeypatch.setattr(store, "time", lambda: time.time() + step)
        with outbox(receiver, tmp_path / "e.db") as box:
            assert box.flush(10)
    first, second = receiver.arrived.times
    assert 2 <= second - first < 6


def test_receipts_of_another_process(tmp_path: Path) -> None:
    """What the one that delivers knows is told to the one that put in."""
    refuse = lambda number, event: Reply(400) if event["n"] == 2 else Reply(202)  # noqa: E731
    with (
        Receiver(refuse) as receiver,
        outbox(receiver, tmp_path / "e.db", concurrency=0) as box,
        outbox(receiver, tmp_path / "e.db"),
    ):
        good, bad = box.put(numbered(1)), box.put(numbered(2))
        assert (good.wait(5).delivered, good.wait(5).status) == (True, 202)
        outcome = bad.wait(5)
        assert (outcome.delivered, outcome.status) == (False, 400)
        assert outcome.errors == ("no such person",)


def test_dead_letters_can_be_tried_again(tmp_path: Path) -> None:
    with (
        Receiver(lambda number, event: Reply(400)) as receiver,
        outbox(receiver, tmp_path / "e.db") as box,
    ):
        for number in range(5):
            box.put(numbered(number), label=f"line {number}")
        assert box.flush(5)
        assert [letter.parcel.label for letter in box.dead_letters()] == [
            f"line {number}" for number in range(5)
        ]
        receiver.script = lambda number, event: OK
        assert box.retry_dead([box.dead_letters()[2].id]) == 1
        assert box.flush(5)
        assert [event["n"] for event in receiver.arrived.events] == [2]
        assert box.retry_dead() == 4
        assert box.flush(5)
        assert (box.stats().dead, box.stats().delivered) == (0, 5)


def test_ids_are_never_given_twice(tmp_path: Path) -> None:
    with Receiver() as receiver:
        seen = list[int]()
        for _ in range(3):
            with outbox(receiver, tmp_path / "e.db") as box:
                seen.append(box.put(numbered(1)).id)
                assert box.flush(5)
    assert seen == [1, 2, 3]


def test_what_was_noted_is_stored_with_the_events(tmp_path: Path) -> None:
    with Receiver() as receiver:
        with outbox(receiver, tmp_path / "e.db", concurrency=0) as box:
            box.put_many([numbered(1)], labels=["1"], notes={"read": "1"})
            box.put_many([numbered(2)], labels=["2"], notes={"read": "2"})
        with outbox(receiver, tmp_path / "e.db", concurrency=0) as box:
            assert box.notes() == {"read": "2"}
            assert box.stats().pending == 2


def test_bodies_of_megabytes(tmp_path: Path) -> None:
    with Receiver() as receiver, outbox(receiver, tmp_path / "e.db", concurrency=2) as box:
        for number in range(12):
            event = numbered(number)
            box.put(type(event)(user_id="1", extra={"n": number, "text": "x" * 3_000_000}))
        assert box.flush(30)
    assert [event["n"] for event in receiver.arrived.events] == list(range(12))


def test_the_log_stays_small_and_the_room_in_the_file_is_used_again(tmp_path: Path) -> None:
    path = tmp_path / "e.db"
    store = Store(str(path), "os", 1)
    large = Parcel(operation="track", body=b"x" * 12_000_000)
    sizes = []
    for _ in range(3):
        store.add(large)
        found = store.read(0, 10).found
        store.settle(Settled([(each, 200) for each in found]))
        for _ in range(3):
            store.add(Parcel(operation="track", body=b"{}"))
        sizes.append((path.stat().st_size, (tmp_path / "e.db-wal").stat().st_size))
    store.close()
    assert max(size for size, _ in sizes) < 14_000_000
    assert sizes[-1][1] < 5_000_000


def test_it_is_closed_once_and_for_all(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    with Receiver() as receiver:
        box = outbox(receiver, tmp_path / "e.db")
        assert box.close()
        assert box.close()
        with pytest.raises(RuntimeError, match="closed"):
            box.put(numbered(1))
        assert repr(box).endswith("e.db closed>")
    new = set(threading.enumerate()) - before
    assert not [thread for thread in new if "outbox" in thread.name]


@pytest.mark.heavy
@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
def test_with_sync_disk_the_disk_has_it_before_put_returns(tmp_path: Path) -> None:
    source = f"""{BEGINNING}
box = opened(sync="disk", concurrency=0)
for number in range(5):
    put(box, [number])
"""
    trace = tmp_path / "trace"
    command = ["strace", "-f", "-o", str(trace), "-e", "trace=fdatasync,fsync,write"]
    subprocess.run(
        [*command, sys.executable, "-c", source, str(tmp_path / "e.db"), "http://127.0.0.1:9"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(PACKAGES)},
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=60,
    )
    calls = [
        line for line in trace.read_text().splitlines() if "sync(" in line or "write(1" in line
    ]
    said = [index for index, line in enumerate(calls) if "write(1" in line]
    assert len(said) == 5
    assert all("sync(" in calls[index - 1] for index in said)


def test_with_a_client_that_is_disabled_nothing_of_a_file_is_taken_for_sent(tmp_path: Path) -> None:
    with Receiver() as receiver:
        with outbox(receiver, tmp_path / "e.db", concurrency=0) as box:
            box.put(numbered(1))
        disabled = client(receiver, disabled=True)
        with Outbox(tmp_path / "e.db", client=disabled) as box:
            assert box.put(numbered(2)).wait(5).delivered
            with pytest.raises(TypeError, match="expected an event"):
                box.put(7)  # type: ignore[arg-type]
        with outbox(receiver, tmp_path / "e.db") as box:
            assert box.flush(5)
    assert [event["n"] for event in receiver.arrived.events] == [1]


@pytest.mark.parametrize("attempt", range(3))
def test_processes_that_open_a_new_file_at_once(tmp_path: Path, attempt: int) -> None:
    source = f"""{BEGINNING}
while time.time() < float(sys.argv[3]):
    pass
opened(concurrency=0).close(0)
"""
    start = str(time.time() + 1)
    command = [sys.executable, "-c", source, str(tmp_path / "e.db"), "http://127.0.0.1:9", start]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(PACKAGES)}
    processes = [subprocess.Popen(command, env=environment) for _ in range(6)]
    assert [process.wait(30) for process in processes] == [0] * 6


def test_a_receipt_that_comes_later_than_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread that puts in may stand still between its commit and the receipt."""
    from customerio_events._runtime.store.store import Store

    add = Store.add

    def slow(store: Store, parcel: Parcel, **options: float) -> int:
        id = add(store, parcel, **options)
        if id == 1:
            threading.Thread(target=lambda: box.put(numbered(2))).start()
            while len(receiver.arrived.times) < 2:
                time.sleep(0.01)
            time.sleep(0.1)
        return id

    monkeypatch.setattr(Store, "add", slow)
    with Receiver() as receiver, outbox(receiver, tmp_path / "e.db") as box:
        assert box.put(numbered(1)).wait(5).status == 200
