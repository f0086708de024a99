"""An outbox whose process forks: what the locks of SQLite do not outlive."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from customerio_events._runtime.delivery.parcels import Parcel
from customerio_events._runtime.store.store import Store
from customerio_events.outbox import Outbox, OutboxError, UnusableFile
from delivery.receiver import Receiver, counts, numbered, outbox

if not hasattr(os, "fork"):  # as on Windows
    pytest.skip("no fork on this platform", allow_module_level=True)


@contextmanager
def child(work: Callable[[], object]) -> Iterator[Callable[[], object]]:
    """A child that does some work once the function that is given is called; it ends well."""
    go, ready = os.pipe()
    pid = os.fork()
    if not pid:
        code = 1
        try:
            os.read(go, 1)
            work()
            code = 0
        finally:
            os._exit(code)
    yield lambda: os.write(ready, b"!")
    assert os.waitpid(pid, 0)[1] == 0
    os.close(go)
    os.close(ready)


def waiting(path: Path) -> int:
    connection = sqlite3.connect(path)
    (found,) = connection.execute("SELECT count(*) FROM event").fetchone()
    connection.close()
    return int(found)


def put(box: Outbox, numbers: range) -> None:
    for number in numbers:
        box.put(numbered(number))


def test_a_child_goes_on_where_its_parent_has_closed_the_file(tmp_path: Path) -> None:
    path = tmp_path / "e.db"
    with Receiver() as receiver:
        box = outbox(receiver, path, concurrency=0)
        put(box, range(5))
        with child(lambda: put(box, range(10, 40))) as go:
            box.put(numbered(5))
            # The last that closes a file takes its log away: that was not the last.
            box.close(0)
            go()
        assert waiting(path) == 36
        with outbox(receiver, path) as box:
            assert box.flush(20)
        assert counts(receiver.arrived, {*range(6), *range(10, 40)}).lost == set()


def test_a_child_goes_on_where_others_come_and_go(tmp_path: Path) -> None:
    path = tmp_path / "e.db"
    with Receiver() as receiver:
        box = outbox(receiver, path, concurrency=0)

        def often() -> None:
            for number in range(20):
                box.put(numbered(number))
                assert waiting(path) == number + 1  # opens and closes it, in another way

        with child(often) as go:
            box.close(0)
            go()
        assert waiting(path) == 20


def test_a_file_that_is_gone_when_the_process_forks_is_kept_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "e.db"
    with Receiver() as receiver:
        box = outbox(receiver, path, concurrency=0)
        put(box, range(3))
        for file in tmp_path.iterdir():
            file.unlink()
        with child(lambda: None) as go:
            go()
        assert box.stats().pending == 3
        with pytest.raises(UnusableFile, match="deleted, moved or replaced"):
            box.put(numbered(3))
        box.close(0)


def test_a_file_that_is_replaced_after_the_fork_is_let_be(tmp_path: Path) -> None:
    path = tmp_path / "e.db"
    with Receiver() as receiver:
        box = outbox(receiver, path, concurrency=0)
        put(box, range(3))
        with child(lambda: None) as go:
            go()
        path.unlink()  # nobody has it open now
        with outbox(receiver, path, concurrency=0) as other:
            put(other, range(1))
            with pytest.raises(OutboxError, match="deleted, moved or replaced"):
                box.stats()
            with pytest.raises(UnusableFile, match="deleted, moved or replaced"):
                box.put(numbered(3))
            box._closed = True
        assert waiting(path) == 1


def test_what_others_write_around_a_fork_is_seen(tmp_path: Path) -> None:
    path = str(tmp_path / "e.db")
    store, other = Store(path, "os", 1), Store(path, "os", 2)
    before = store.version()
    for _ in range(3):  # each connection counts anew
        with store.lock:
            store.let_go()
        other.add(Parcel(operation="track", body=b"{}"))
        after = store.version()
        assert after != before
        before = after
    store.close()
    other.close()
