"""Outboxes and signals: Ctrl-C at any moment of a call, handlers that use the outbox themselves."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from customerio_events import Timeouts
from customerio_events._runtime.outbox.senders import Sender
from customerio_events._runtime.store.journal import Journal
from customerio_events._runtime.store.store import Store
from customerio_events.outbox import OutboxError
from delivery.receiver import Receiver, counts, numbered, outbox

INSERT = "INSERT INTO note VALUES(?, '')"
PACKAGES = [str(Path(__file__).parents[2] / "generated"), str(Path(__file__).parents[1])]
BEGINNING = """
import faulthandler, random, signal, sys, threading, time
from customerio_events.outbox import OutboxError
from delivery.receiver import OK, Receiver, Reply, counts, numbered, outbox

faulthandler.dump_traceback_later(40, exit=True)
sys.unraisablehook = lambda _: None  # Ctrl-C while the collector of garbage is at work
"""


def run(source: str, path: Path) -> None:
    """Run a program in which signals come when they want to: it ends well, and in time."""
    ran = subprocess.run(
        [sys.executable, "-c", BEGINNING + textwrap.dedent(source), str(path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(PACKAGES)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]


INTERRUPTED = """
def interrupt(*_):
    raise KeyboardInterrupt

def neighbour(first):
    for number in range(first, first + 10**6):
        if stop.is_set():
            return
        box.put(numbered(number))  # what is interrupted is not theirs
        accepted.add(number)
        time.sleep(0.0005)

def put(number):
    box.put(numbered(number))
    accepted.add(number)

signal.signal(signal.SIGALRM, interrupt)
stop, accepted, interrupted = threading.Event(), set(), 0
with Receiver() as receiver, outbox(receiver, sys.argv[1]) as box:
    threads = [threading.Thread(target=neighbour, args=(n * 10**6,)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    calls = [
        put, put, put,
        lambda number: box.flush(0.001),
        lambda number: box.put(numbered(10**7 + number)).wait(0.001),
    ]
    for number in range({rounds}):
        try:
            signal.setitimer(signal.ITIMER_REAL, random.random() * 400e-6 + 1e-6)
            try:
                calls[number % len(calls)](number)
                time.sleep(0.0004)
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        except KeyboardInterrupt:
            interrupted += 1
        except TimeoutError:
            pass
    stop.set()
    for thread in threads:
        thread.join()
    assert interrupted > {rounds} / 2
    assert box.flush(20), box.stats()
    found = counts(receiver.arrived, accepted)
    assert (found.lost, found.duplicated) == (set(), 0), found
"""


@pytest.mark.parametrize("path", ["e.db", ":memory:"])
def test_ctrl_c_at_any_moment_leaves_it_usable(tmp_path: Path, path: str) -> None:
    where = tmp_path / path if path == "e.db" else Path(path)
    run(INTERRUPTED.replace("{rounds}", "3000"), where)


@pytest.mark.heavy
def test_ctrl_c_at_very_many_moments(tmp_path: Path) -> None:
    run(INTERRUPTED.replace("{rounds}", "20_000"), tmp_path / "e.db")


USING = """
def use(*_):
    global handled
    handled += 1
    mine = 10**6 + handled  # another signal may come in the midst of this one
    box.stats()
    try:
        box.put(numbered(mine))
        accepted.add(mine)
    except OutboxError as error:
        assert "signal handler" in str(error)  # in the midst of a write: said, not waited for

from customerio_events.outbox import OutboxError
handled, accepted = 0, set()
signal.signal(signal.SIGALRM, use)
with Receiver() as receiver, outbox(receiver, sys.argv[1]) as box:
    for number in range(1000):
        signal.setitimer(signal.ITIMER_REAL, random.random() * 200e-6 + 1e-6)
        box.put_many([numbered(number)])
        accepted.add(number)
    assert handled > 100
    assert box.flush(20), box.stats()
    assert counts(receiver.arrived, accepted).lost == set()
"""


def test_a_signal_handler_may_put_in(tmp_path: Path) -> None:
    run(USING, tmp_path / "e.db")


CLOSING = """
class Ended(Exception):
    pass

def close(*_):
    box.close(0.1)
    raise Ended

accepted, n = set(), 0
signal.signal(signal.SIGALRM, close)
with Receiver() as receiver:
    for round in range(4):
        box = outbox(receiver, sys.argv[1])
        signal.setitimer(signal.ITIMER_REAL, 0.02 + random.random() * 1e-3)
        try:
            while True:
                box.put(numbered(n), key="")
                accepted.add(n)
                n += 1
        except Ended:
            n += 1
    with outbox(receiver, sys.argv[1]) as box:
        assert box.flush(20), box.stats()
    assert counts(receiver.arrived, accepted).lost == set()
"""


@pytest.mark.heavy
def test_a_signal_handler_may_close_it(tmp_path: Path) -> None:
    run(CLOSING, tmp_path / "e.db")


def test_ctrl_c_just_before_the_bell_rings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one who was to be woken is not forgotten."""
    ring, here = Sender.ring, threading.get_ident()

    def interrupted(sender: Sender) -> None:
        if threading.get_ident() != here:
            return ring(sender)
        monkeypatch.setattr(Sender, "ring", ring)
        raise KeyboardInterrupt

    # It would wake by itself when an earlier request might have timed out.
    patient = Timeouts(connect=60, read=60)
    with Receiver() as receiver, outbox(receiver, tmp_path / "e.db", patient) as box:
        assert box.put(numbered(0)).wait(10).delivered
        while not getattr(box, "_sleeping"):  # noqa: B009 - it is to be asleep
            time.sleep(0.001)
        monkeypatch.setattr(Sender, "ring", interrupted)
        with pytest.raises(KeyboardInterrupt):
            box.put(numbered(1))
        assert box.put(numbered(2)).wait(10).delivered
    assert counts(receiver.arrived, {0, 1, 2}).lost == set()


@pytest.fixture
def on_alarm() -> Iterator[Callable[[Callable[[], None]], None]]:
    """Has a function called by SIGALRM."""
    before = signal.getsignal(signal.SIGALRM)

    def take(work: Callable[[], None]) -> None:
        signal.signal(signal.SIGALRM, lambda *_: work())

    yield take
    signal.signal(signal.SIGALRM, before)


def test_a_signal_handler_may_wait(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    on_alarm: Callable[[Callable[[], None]], None],
) -> None:
    """Also where it comes when a sender is being woken."""
    ring, here = Sender.ring, threading.get_ident()

    def interrupted(sender: Sender) -> None:
        if threading.get_ident() == here:
            monkeypatch.setattr(Sender, "ring", ring)
            signal.raise_signal(signal.SIGALRM)
        ring(sender)

    came: list[bool] = []
    with Receiver() as receiver, outbox(receiver, tmp_path / "e.db") as box:
        on_alarm(lambda: came.append(box.put(numbered(1)).wait(10).delivered))
        while not getattr(box, "_sleeping"):  # noqa: B009 - it is to be asleep
            time.sleep(0.001)
        monkeypatch.setattr(Sender, "ring", interrupted)
        assert box.put(numbered(0)).wait(10).delivered
    assert came == [True]


def test_a_signal_handler_that_would_wait_for_good(
    tmp_path: Path, on_alarm: Callable[[Callable[[], None]], None]
) -> None:
    """In the midst of a write, which nobody can go on with until it returns."""
    told: list[str] = []

    def wait() -> None:
        for waiting in (receipt.wait, box.flush):
            with pytest.raises(OutboxError, match="a signal handler cannot wait here") as raised:
                waiting(10)
            told.append(str(raised.value))

    with Receiver() as receiver, outbox(receiver, tmp_path / "e.db") as box:
        on_alarm(wait)
        store: Store = getattr(getattr(box, "_state"), "store")  # noqa: B009
        with store.lock:  # as whoever writes
            receipt = box.put(numbered(0))
            signal.raise_signal(signal.SIGALRM)
        assert receipt.wait(10).delivered
    assert len(told) == 2


class Alarmed(Exception):
    """As time limits raise it, those of Celery among them: no KeyboardInterrupt."""


@pytest.mark.parametrize("alarm", [Alarmed, TypeError])
def test_what_a_signal_handler_raises_is_raised_here_and_nothing_is_stored_twice(
    tmp_path: Path, alarm: type[Exception]
) -> None:
    store = Store(str(tmp_path / "e.db"), "os", 1)
    journal: Journal = getattr(store, "_journal")  # noqa: B009 - two threads have to meet in it

    def ring(*_: object) -> None:
        raise alarm

    def interrupted(connection: sqlite3.Connection) -> None:
        connection.execute(INSERT, ("mine",))
        signal.raise_signal(signal.SIGALRM)

    other = threading.Thread(target=journal.write, args=(lambda c: c.execute(INSERT, ("theirs",)),))
    before = signal.signal(signal.SIGALRM, ring)
    try:
        with store.lock:
            other.start()
            while not getattr(journal, "_waiting"):  # noqa: B009
                time.sleep(0.001)
            with pytest.raises(alarm):
                journal.write(interrupted)
    finally:
        signal.signal(signal.SIGALRM, before)
    other.join()
    assert store.notes() == {"theirs": ""}
    store.close()
