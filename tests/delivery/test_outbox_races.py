"""Others come in between: what was asked of a file is another matter when it is acted upon."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from math import inf
from pathlib import Path
from typing import Any

import pytest

from customerio_events import AsyncClient
from customerio_events._runtime.delivery.parcels import Parcel
from customerio_events._runtime.outbox import base, states
from customerio_events._runtime.outbox.desk import Desk
from customerio_events._runtime.outbox.senders import Sender
from customerio_events._runtime.store import forks
from customerio_events._runtime.store.errors import OutboxError
from customerio_events._runtime.store.journal import Journal
from customerio_events._runtime.store.memory import MemoryStore
from customerio_events._runtime.store.store import Store
from customerio_events.outbox import AsyncOutbox, Outbox, Receipt
from delivery.receiver import OK, Receiver, Reply, numbered, outbox

PARCEL = Parcel(operation="track", body=b"{}")
forking = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform")


def once(work: Callable[[], object]) -> Callable[[], None]:
    """Does it the first time only."""
    left = [work]

    def done() -> None:
        if left:
            left.pop()()

    return done


def around_connect(
    monkeypatch: pytest.MonkeyPatch,
    *,
    before: Callable[[], object] = lambda: None,
    after: Callable[[], object] = lambda: None,
) -> None:
    """Have something done before and after the next connection to a database is made."""
    plain = sqlite3.connect

    def connect(*given: Any, **named: Any) -> sqlite3.Connection:
        monkeypatch.setattr(sqlite3, "connect", plain)
        before()
        connection: sqlite3.Connection = plain(*given, **named)
        after()
        return connection

    monkeypatch.setattr(sqlite3, "connect", connect)


def stored(path: Path) -> int:
    """How many events a file has, if it is an outbox."""
    connection = sqlite3.connect(path)
    (found,) = connection.execute("SELECT count(*) FROM event").fetchone()
    connection.close()
    return int(found)


def let_go(store: Store) -> None:
    with store.lock:
        store.let_go()


def later(store: Store) -> None:
    """After the time in which the file is not looked at again."""
    time.sleep(0.12)
    store.add(PARCEL)


def test_others_close_the_file_before_it_is_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its log went with them, and the next one is no reason to refuse anything."""
    path = str(tmp_path / "e.db")
    store, other = Store(path, "os", 1), Store(path, "os", 2)
    let_go(store)

    def close() -> None:
        other.close()
        (tmp_path / "takes its number").touch()  # which the next log would have else

    around_connect(monkeypatch, before=close)
    store.add(PARCEL)
    later(store)
    store.close()
    assert stored(tmp_path / "e.db") == 2


def test_the_process_forks_when_the_log_was_just_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was seen is not the log that is there when the file is opened again."""
    path, stat = str(tmp_path / "e.db"), os.stat
    store = Store(path, "os", 1)

    @once
    def fork() -> None:
        let_go(store)
        (tmp_path / "takes its number").touch()  # which the next log would have else

    def slow(looked_at: Any, *given: Any, **named: Any) -> os.stat_result:
        found = stat(looked_at, *given, **named)
        if looked_at == f"{path}-wal":
            fork()
        return found

    monkeypatch.setattr(os, "stat", slow)
    store.add(PARCEL)
    later(store)
    store.close()
    assert stored(tmp_path / "e.db") == 2


def test_a_thread_looks_for_the_log_while_the_process_forks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(str(tmp_path / "e.db"), "os", 1)
    store.add(PARCEL)
    time.sleep(0.12)  # then the file is looked at again
    errors = list[Exception]()

    def put() -> None:
        try:
            store.add(PARCEL)
        except OutboxError as error:
            errors.append(error)

    thread, closed = threading.Thread(target=put), Journal.let_go

    def slow(journal: Journal) -> bool:
        done = closed(journal)
        thread.start()
        thread.join(0.5)  # it may have to wait for this one
        return done

    monkeypatch.setattr(Journal, "let_go", slow)
    let_go(store)
    thread.join()
    store.close()
    assert not errors
    assert stored(tmp_path / "e.db") == 2


def test_the_file_is_deleted_while_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is accepted is in the file that is there."""
    path = tmp_path / "e.db"
    Store(str(path), "os", 1).close()
    around_connect(monkeypatch, after=path.unlink)
    store = Store(str(path), "os", 1)
    store.add(PARCEL)
    store.close()
    assert stored(path) == 1


def test_the_file_is_replaced_while_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "e.db"
    Store(str(path), "os", 1).close()
    other = Store(str(tmp_path / "other.db"), "os", 1)
    other.add_many([PARCEL] * 3, {})
    other.close()
    around_connect(monkeypatch, after=lambda: (tmp_path / "other.db").replace(path))
    store = Store(str(path), "os", 1)
    store.add(PARCEL)
    store.close()
    assert stored(path) == 4


def test_the_file_is_deleted_before_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that takes its place is nobody else's to read either."""
    path = tmp_path / "e.db"
    path.touch(0o600)
    before = os.umask(0o022)
    try:
        around_connect(monkeypatch, before=path.unlink)
        store = Store(str(path), "os", 1)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    store.add(PARCEL)
    store.close()
    assert stored(path) == 1


def test_a_file_that_never_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, plain = tmp_path / "e.db", sqlite3.connect

    def connect(*given: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = plain(*given, **named)
        path.unlink()
        return connection

    monkeypatch.setattr(sqlite3, "connect", connect)
    with pytest.raises(OutboxError, match="again and again"):
        Store(str(path), "os", 1)


def test_what_is_closed_is_not_opened_again(tmp_path: Path) -> None:
    """Also where the process has forked since."""
    store = Store(str(tmp_path / "e.db"), "os", 1)
    store.close()
    let_go(store)
    with pytest.raises(OutboxError, match="is closed"):
        store.counts()
    with pytest.raises(OutboxError, match="is closed"):
        store.add(PARCEL)


OTHER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT count(*) FROM event").fetchall()
connection.close()
"""


def test_two_threads_make_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever closes a file takes the locks of its whole process away, SQLite's too."""
    path, made = tmp_path / "e.db", list[Outbox]()
    with Receiver() as receiver:
        fchmod = os.fchmod

        def make() -> None:
            made.append(outbox(receiver, path, concurrency=0))

        second = threading.Thread(target=make)

        def slow(file: int, mode: int) -> None:
            fchmod(file, mode)
            monkeypatch.setattr(os, "fchmod", fchmod)
            second.start()
            second.join(0.5)  # it may have to wait for this one

        monkeypatch.setattr(os, "fchmod", slow)
        make()
        second.join()
        made[0].put(numbered(1))
        # Another process that is the last to close a file takes its log away.
        subprocess.run([sys.executable, "-c", OTHER, str(path)], check=True, timeout=60)
        assert path.with_name("e.db-wal").exists()
        for box in made:
            box.close(0)
        assert stored(path) == 1


def open_files(path: Path) -> list[int]:
    """Those of this process that are that file."""
    wanted, found = path.stat(), list[int]()
    for number in range(3, 256):
        try:
            here = os.fstat(number)
        except OSError:
            continue
        if os.path.samestat(here, wanted):
            found.append(number)
    return found


@forking
def test_a_fork_while_another_thread_makes_an_outbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of the file is open in the child, as nothing of it could be used there."""
    path, inside, forked = tmp_path / "e.db", threading.Event(), threading.Event()
    state = states.State

    def slow(*given: Any, **named: Any) -> Any:
        made = state(*given, **named)
        inside.set()
        forked.wait(0.5)  # the fork may have to wait for this one
        return made

    with Receiver() as receiver, outbox(receiver, tmp_path / "other.db", concurrency=0):
        monkeypatch.setattr(base, "State", slow)
        made = list[Outbox]()
        maker = threading.Thread(target=lambda: made.append(outbox(receiver, path, concurrency=0)))
        maker.start()
        assert inside.wait(10)
        pid = os.fork()
        if not pid:
            os._exit(len(open_files(path)))
        forked.set()
        maker.join()
        status = os.waitpid(pid, 0)[1]
        made[0].put(numbered(1))
        made[0].close(0)
    assert status == 0
    assert stored(path) == 1


class Stopping:
    """What is stopped around a fork, and notes by which thread."""

    def __init__(self, reached: Callable[[], object], released: Callable[[], object]) -> None:
        self.lock = threading.RLock()
        self.steps = list[tuple[str, str]]()
        self._reached = reached
        self._released = released
        forks.at_fork(self.before, self.after, self.after)

    def before(self) -> None:
        self.lock.acquire()
        self._note("before")
        self._reached()

    def after(self) -> None:
        self._note("after")
        self.lock.release()
        self._released()

    def _note(self, step: str) -> None:
        self.steps.append((step, threading.current_thread().name))


@forking
def test_two_threads_fork_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each lets go of what it has stopped itself; else that would be stopped for good."""
    monkeypatch.setattr(forks, "_steps", {})
    begun, stopped, done = (threading.Event() for _ in range(3))

    def reached() -> None:
        if threading.current_thread().name == "second":
            stopped.set()
            done.wait(0.5)

    def released() -> None:
        if threading.current_thread().name == "first":
            stopped.wait(0.5)  # the second may have to wait for this one

    one, two = Stopping(begun.set, released), Stopping(reached, lambda: None)

    def fork() -> None:
        pid = os.fork()
        if not pid:
            os._exit(0)
        os.waitpid(pid, 0)

    def fork_first() -> None:
        fork()
        done.set()

    def fork_second() -> None:
        begun.wait(10)
        fork()

    first = threading.Thread(target=fork_first, name="first")
    second = threading.Thread(target=fork_second, name="second")
    for thread in (second, first):
        thread.start()
    for thread in (second, first):
        thread.join(20)
    expected = [(step, name) for step in ("after", "before") for name in ("first", "second")]
    assert sorted(one.steps) == sorted(two.steps) == expected


def test_a_lease_is_not_claimed_once_it_was_released(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a thread that is late; else nobody would deliver until it lapses."""
    release = Store.release

    def slow(store: Store, owner: str, *, wait: float) -> None:
        release(store, owner, wait=wait)
        late.start()
        late.join(0.5)  # it may have to wait for this one

    def claim() -> None:
        with suppress(OutboxError):
            box._keep(state)

    monkeypatch.setattr(Store, "release", slow)
    late = threading.Thread(target=claim)
    client = AsyncClient(api_key="secret", server="http://127.0.0.1:9", trust_env=False)
    box = AsyncOutbox(tmp_path / "e.db", client=client)
    state = box._state
    asyncio.run(box.aclose())
    late.join()
    connection = sqlite3.connect(tmp_path / "e.db")
    assert connection.execute("SELECT owner FROM state").fetchone() == ("",)
    connection.close()


def test_nobody_waits_while_one_takes_over_and_another_process_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever puts in, or the loop that sends, would have to wait for the lock."""
    pause, taking, over = Store.pause, threading.Event(), threading.Event()

    def held_up(store: Store, reason: str, **named: Any) -> None:
        taking.set()
        assert over.wait(20)
        pause(store, reason, **named)

    monkeypatch.setattr(Store, "pause", held_up)
    with Receiver() as receiver, outbox(receiver, tmp_path / "e.db") as box:
        state = box._own
        assert state is not None
        assert taking.wait(20)
        assert state.lock.acquire(timeout=5)
        state.lock.release()
        assert not receiver.arrived.times
        over.set()
        assert box.put(numbered(1)).wait(20).delivered


def test_what_comes_while_an_outbox_in_memory_is_closed_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else it would be accepted, and lost, and nobody told of it."""
    add = MemoryStore.add

    def late(store: MemoryStore, parcel: Parcel, **named: Any) -> int:
        box.close(0)
        return add(store, parcel, **named)

    monkeypatch.setattr(MemoryStore, "add", late)
    with Receiver() as receiver:
        box = outbox(receiver, ":memory:")
        with pytest.raises(OutboxError, match="is closed"):
            box.put(numbered(1))


def test_one_whose_lease_has_lapsed_says_no_more_how_it_stands(tmp_path: Path) -> None:
    """Whoever delivers by then knows better, and would not say it again."""
    late = lambda number, event: OK if number else Reply(401, seconds=1.0)  # noqa: E731
    with Receiver(late) as receiver, outbox(receiver, tmp_path / "e.db") as first:
        first.put(numbered(1))
        while not receiver.arrived.times:
            time.sleep(0.01)
        state = first._own
        assert state is not None
        state.claimed = inf  # it does not ask for it any more
        state.desk._until = 0.0
        state.store.release(state.owner)
        with outbox(receiver, tmp_path / "e.db") as second:
            assert second.flush(20)
            while state.desk.in_flight:
                time.sleep(0.01)
            assert second.stats().paused == ""


def test_something_comes_just_before_a_sender_falls_asleep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody rings for it, as it does not sleep yet."""
    take, turn = Desk.take, Sender.turn
    receipts, waits = list[Receipt](), list[float]()

    def slow(desk: Desk, *given: Any) -> Any:
        taken = take(desk, *given)
        if taken == inf:
            put()
        return taken

    def turns(sender: Sender, seconds: float) -> None:
        if receipts:
            waits.append(seconds)
        turn(sender, seconds)

    @once
    def put() -> None:
        other = threading.Thread(target=lambda: receipts.append(box.put(numbered(2))))
        other.start()
        other.join()

    with Receiver() as receiver, outbox(receiver, tmp_path / "e.db") as box:
        assert box.put(numbered(1)).wait(20).delivered
        monkeypatch.setattr(box, "_keep", lambda state: None)  # nobody looks from time to time
        state = box._own
        assert state is not None
        while not state.idle:
            time.sleep(0.01)
        monkeypatch.setattr(Desk, "take", slow)
        monkeypatch.setattr(Sender, "turn", turns)
        with state.lock:
            box._wake(state, everyone=True)
        while not waits:
            time.sleep(0.01)
        assert receipts[0].wait(20).delivered
    assert waits[0] == 0, "it does not wait"
