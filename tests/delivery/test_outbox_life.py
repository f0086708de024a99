"""Outboxes and the life of processes: killed, ended, forked, several on one file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from delivery.receiver import BREAK, Counts, Receiver, counts, numbered, outbox

PACKAGES = [str(Path(__file__).parents[2] / "generated"), str(Path(__file__).parents[1])]
BEGINNING = """
import multiprocessing, os, signal, sys, threading, time
from customerio_events import Client, UserSuppressed
from customerio_events.outbox import Backoff, Outbox

path, url = sys.argv[1:3]

def opened(**options):
    return Outbox(path, client=Client(api_key="secret", server=url, trust_env=False), **options)

def put(box, numbers):
    for number in numbers:
        box.put(UserSuppressed(user_id=f"u{number % 50}", extra={"n": number}))
        os.write(1, b"%d\\n" % number)  # it was accepted
"""


class Program:
    """A process that puts events in and says which were accepted."""

    def __init__(self, source: str, path: Path, receiver: Receiver) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", BEGINNING + textwrap.dedent(source), str(path), receiver.url],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(PACKAGES)},
        )
        self.accepted = set[int]()

    def after(self, number: int) -> Program:
        """Wait until so many were accepted."""
        assert self.process.stdout
        while len(self.accepted) < number:
            line = self.process.stdout.readline()
            assert line, "it ended too soon"
            self.accepted.add(int(line))
        return self

    def ended(self, signalled: int = 0) -> set[int]:
        """Send a signal, wait for the end, and return what was accepted."""
        if signalled:
            self.process.send_signal(signalled)
        assert self.process.stdout
        with self.process.stdout as output:
            # A process that was killed may have said half of a number.
            lines = output.read().splitlines(keepends=True)
        self.accepted |= {int(line) for line in lines if line.endswith(b"\n")}
        assert self.process.wait(60) == -signalled
        return self.accepted


FOREVER = "box = opened(); put(box, range(10**6))"


def delivered_later(receiver: Receiver, path: Path, accepted: set[int]) -> Counts:
    """What had come when another process has delivered the rest."""
    with outbox(receiver, path) as box:
        assert box.flush(30), box.stats()
    return counts(receiver.arrived, accepted)


@pytest.mark.parametrize("moment", [1, 50, 700])
def test_killed_in_the_midst(tmp_path: Path, moment: int) -> None:
    with Receiver() as receiver:
        program = Program(FOREVER, tmp_path / "e.db", receiver).after(moment)
        accepted = program.ended(signal.SIGKILL)
        found = delivered_later(receiver, tmp_path / "e.db", accepted)
    assert found.lost == set()
    assert found.ordered
    assert found.duplicated <= 8, "those that were under way"
    assert len(accepted) >= moment


def test_killed_in_an_outage(tmp_path: Path) -> None:
    with Receiver(lambda number, event: BREAK) as receiver:
        accepted = Program(FOREVER, tmp_path / "e.db", receiver).after(2000).ended(signal.SIGKILL)
        assert counts(receiver.arrived, accepted).received == 0
        receiver.script = Receiver().script
        found = delivered_later(receiver, tmp_path / "e.db", accepted)
    # One may have been accepted whose number was not said any more.
    assert found == Counts(found.received, 0, set(), True)
    assert found.received - len(accepted) in (0, 1)


def test_ended_by_sigterm(tmp_path: Path) -> None:
    with Receiver() as receiver:
        accepted = Program(FOREVER, tmp_path / "e.db", receiver).after(300).ended(signal.SIGTERM)
        found = delivered_later(receiver, tmp_path / "e.db", accepted)
    assert (found.lost, found.ordered) == (set(), True)
    assert found.duplicated <= 8


def test_a_handler_of_the_program_can_close_it(tmp_path: Path) -> None:
    source = """
    box = opened()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with box:
        put(box, range(200))
        os.write(1, b"200\\n")
        time.sleep(60)
    """
    with Receiver() as receiver:
        program = Program(source, tmp_path / "e.db", receiver).after(201)
        program.process.send_signal(signal.SIGTERM)
        accepted = program.ended() - {200}
        assert counts(receiver.arrived, accepted) == Counts(200, 0, set(), True)


@pytest.mark.parametrize("path", ["e.db", ":memory:"])
def test_an_end_without_flush(tmp_path: Path, path: str) -> None:
    where = tmp_path / path if path == "e.db" else Path(path)
    with Receiver() as receiver:
        accepted = Program("box = opened(); put(box, range(2000))", where, receiver).ended()
        assert len(accepted) == 2000
        assert counts(receiver.arrived, accepted) == Counts(2000, 0, set(), True)


def test_an_exception_without_flush(tmp_path: Path) -> None:
    with Receiver() as receiver:
        program = Program(
            "box = opened(); put(box, range(100)); sys.exit(3)", tmp_path / "e.db", receiver
        )
        assert program.process.stdout
        with program.process.stdout:
            assert program.process.wait(30) == 3
        assert counts(receiver.arrived, set(range(100))) == Counts(100, 0, set(), True)


def test_os_exit_loses_nothing(tmp_path: Path) -> None:
    with Receiver() as receiver:
        accepted = Program(
            "box = opened(); put(box, range(500)); os._exit(0)", tmp_path / "e.db", receiver
        ).ended()
        found = delivered_later(receiver, tmp_path / "e.db", accepted)
    assert (len(accepted), found.lost, found.ordered) == (500, set(), True)
    assert found.duplicated <= 8


FORKS = """
box = opened()
def child(first):
    put(box, range(first, first + 100))
    box.close(20)
    os._exit(0)
stop = threading.Event()
def busy():  # somebody is always in the midst of something
    number = 100_000
    while not stop.is_set():
        put(box, [number]); number += 1
threads = [threading.Thread(target=busy)]
for thread in threads: thread.start()
children = []
for n in range(6):
    pid = os.fork()
    if not pid: child(n * 100)
    children.append(pid)
    time.sleep(0.02)
for pid in children: assert os.waitpid(pid, 0)[1] == 0
stop.set()
for thread in threads: thread.join()
box.close(20)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform")
def test_forks_while_threads_put_in(tmp_path: Path) -> None:
    with Receiver() as receiver:
        accepted = Program(FORKS, tmp_path / "e.db", receiver).ended()
        assert {*range(600)} <= accepted
        found = delivered_later(receiver, tmp_path / "e.db", accepted)
    assert (found.lost, found.duplicated) == (set(), 0)


PREFORK = """
box = opened()  # as with gunicorn's --preload
put(box, [10_000])
workers = []
for n in range(4):
    pid = os.fork()
    if not pid:
        put(box, range(n * 200, n * 200 + 200))
        receipt = box.put(UserSuppressed(user_id="last", extra={"n": 20_000 + n}))
        outcome = receipt.wait(20)
        assert (outcome.delivered, outcome.status) == (True, 200), outcome
        sys.exit(0)
    workers.append(pid)
for pid in workers: assert os.waitpid(pid, 0)[1] == 0
box.close(20)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform")
def test_workers_that_are_forked_of_one_that_has_the_outbox(tmp_path: Path) -> None:
    with Receiver() as receiver:
        accepted = Program(PREFORK, tmp_path / "e.db", receiver).ended()
        found = counts(receiver.arrived, accepted)
    assert len(accepted) == 801
    assert found == Counts(805, 0, set(), found.ordered)


MULTIPROCESSING = """
def work(first):
    box = opened()
    put(box, range(first, first + 150))
    box.close(20)
if __name__ == "__main__":
    context = multiprocessing.get_context("{method}")
    processes = [context.Process(target=work, args=(n * 150,)) for n in range(3)]
    for process in processes: process.start()
    for process in processes: process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing(tmp_path: Path, method: str) -> None:
    program = tmp_path / "program.py"
    program.write_text(BEGINNING + MULTIPROCESSING.format(method=method))
    with Receiver() as receiver:
        ran = subprocess.run(
            [sys.executable, str(program), str(tmp_path / "e.db"), receiver.url],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(PACKAGES)},
            stdout=subprocess.DEVNULL,
            timeout=60,
        )
        assert ran.returncode == 0
        found = delivered_later(receiver, tmp_path / "e.db", set(range(450)))
    assert found == Counts(450, 0, set(), found.ordered)


SHARING = (
    "box = opened(); first = int(sys.argv[3]); put(box, range(first, first + 400)); box.close(20)"
)


def test_several_processes_share_a_file_and_one_of_them_is_killed(tmp_path: Path) -> None:
    """Whichever delivers: the first is killed, and another takes over at once."""
    with Receiver() as receiver:
        first = Program(FOREVER, tmp_path / "e.db", receiver).after(100)
        others = [
            Program(
                SHARING.replace("int(sys.argv[3])", str(10**6 * n)), tmp_path / "e.db", receiver
            )
            for n in (2, 3, 4)
        ]
        others[0].after(50)
        accepted = first.ended(signal.SIGKILL)
        for other in others:
            accepted |= other.ended()
        begun = time.monotonic()
        found = delivered_later(receiver, tmp_path / "e.db", accepted)
        assert time.monotonic() - begun < 8, "a lease of ten seconds was waited for"
    assert found.lost == set()
    assert found.duplicated <= 8


WAITING = """
box = opened()
put(box, range(20))
box.flush()
os.write(1, b"1000\\n")  # nothing is under way
time.sleep(60)
"""


@pytest.mark.heavy
def test_a_process_that_is_stopped_loses_its_lease_and_sends_nothing_after(tmp_path: Path) -> None:
    with Receiver() as receiver:
        program = Program(WAITING, tmp_path / "e.db", receiver).after(21)
        program.process.send_signal(signal.SIGSTOP)
        with outbox(receiver, tmp_path / "e.db") as box:
            for number in range(20, 40):
                box.put(numbered(number))
            assert box.flush(20), "its lease ends"
            program.process.send_signal(signal.SIGCONT)
            for number in range(40, 200):
                box.put(numbered(number))
                time.sleep(0.001)
            assert box.flush(15)
        program.process.kill()
        program.process.wait()
        assert program.process.stdout
        program.process.stdout.close()
    found = counts(receiver.arrived, set(range(200)))
    assert found == Counts(200, 0, set(), found.ordered)


def test_eight_threads(tmp_path: Path) -> None:
    with Receiver() as receiver, outbox(receiver, tmp_path / "e.db") as box:

        def work(first: int) -> None:
            for number in range(first, first + 100):
                box.put(numbered(number, f"thread{first}"))

        threads = [threading.Thread(target=work, args=(n * 100,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert box.flush(30)
    assert counts(receiver.arrived, set(range(800))) == Counts(800, 0, set(), True)


BACKLOG = """
def peak():  # not ru_maxrss: a process begins with that of the one that started it
    status = dict(line.split(":", 1) for line in open("/proc/self/status"))
    return int(status["VmHWM"].split()[0])
box = opened(concurrency=0)
def event(n):
    return UserSuppressed(user_id=f"u{n}", extra={"n": n})
for first in range(0, 200_000, 1000):
    box.put_many(map(event, range(first, first + 1000)))
box.close(0)
begun = time.monotonic()
box = opened()
took = time.monotonic() - begun
time.sleep(2)
assert box.stats().delivered > 100
box.close(0)
os.write(1, b"%d\\n%d\\n" % (took * 1000, peak()))
"""


@pytest.mark.heavy
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc")
def test_memory_is_bounded_whatever_waits(tmp_path: Path) -> None:
    with Receiver() as receiver:
        program = Program(BACKLOG, tmp_path / "e.db", receiver)
        assert program.process.stdout
        milliseconds, kilobytes = map(int, program.process.stdout.read().split())
        assert program.process.wait(30) == 0
        program.process.stdout.close()
    assert milliseconds < 1000
    assert kilobytes < 100_000
