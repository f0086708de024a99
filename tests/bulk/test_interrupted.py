"""A run that is stopped, killed or without room goes on where it was: none lost, none twice."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from behaviour.faultserver import closed_port, reply, wait_until
from bulk.commandline import (
    ENVIRON,
    NAME,
    EventServer,
    Gate,
    finished,
    lines,
    module,
    package,
    started,
    taken,
    users,
)

SENDERS = 8


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def limited(size: int) -> Callable[[], None]:
    """For the child: no file may grow beyond so many bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_killed_three_times(tmp_path: Path) -> None:
    everybody = users(900)
    (tmp_path / "e.jsonl").write_text(lines(everybody))
    under_way: set[str] = set()
    with EventServer() as server:
        given = ("send", "e.jsonl", "--server", server.url, "--concurrency", str(SENDERS))
        for _ in range(3):
            server.rule = gate = Gate(200)
            process = started(tmp_path, *given)
            wait_until(lambda gate=gate: gate.left == 0 and server.held == SENDERS, 20)  # type: ignore[misc]
            process.send_signal(signal.SIGKILL)
            assert finished(process).code == -signal.SIGKILL
            under_way |= server.waiting()
            gate.open()
            wait_until(lambda: server.held == 0)
        server.rule = taken
        ran = finished(started(tmp_path, *given))
    assert ran.code == 0, ran.err
    assert "900 of 900 delivered" in ran.out
    # Lost: 0. Twice: none whose acknowledgement had come.
    assert set(server.delivered) == set(everybody)
    assert {user for user, times in server.received.items() if times > 1} <= under_way
    assert sum(server.received.values()) <= 900 + 3 * SENDERS
    assert files(tmp_path) == ["e.jsonl"]


def test_killed_while_the_server_is_down(tmp_path: Path) -> None:
    (tmp_path / "e.jsonl").write_text(lines(users(300)))
    with EventServer(lambda user, times: reply(503)) as server:
        given = ("send", "e.jsonl", "--server", server.url)
        process = started(tmp_path, *given)
        wait_until(lambda: len(server.seen) >= 5, 20)
        process.send_signal(signal.SIGKILL)
        finished(process)
        for _ in range(5):  # what it has sent last is answered, also what is accepted only now
            time.sleep(0.1)
            wait_until(lambda: server.connections == 0)
        server.rule = taken
        assert finished(started(tmp_path, *given)).code == 0
    assert server.delivered == dict.fromkeys(users(300), 1)


def test_killed_while_the_input_is_checked(tmp_path: Path) -> None:
    everybody = users(30_000)
    (tmp_path / "e.jsonl").write_text(lines(everybody))
    with EventServer() as server:
        given = ("send", "e.jsonl", "--server", server.url, "--timeout", "0.5")
        process = started(tmp_path, *given)
        wait_until(lambda: any(name.endswith(".part") for name in files(tmp_path)), 20)
        process.send_signal(signal.SIGKILL)
        finished(process)
        assert server.seen == []
        assert "e.jsonl.outbox" not in files(tmp_path)
        assert finished(started(tmp_path, *given)).code == 3
    assert server.twice == 0
    assert not [name for name in files(tmp_path) if name.endswith((".part", ".part-wal"))]


def test_what_a_killed_run_has_left_is_removed(tmp_path: Path) -> None:
    """But not what one has that still runs."""
    gone = subprocess.Popen(["true"])
    gone.wait()
    (tmp_path / "e.jsonl").write_text(lines(users(3)))
    for name in (f"e.jsonl.outbox.{gone.pid}.part", f"e.jsonl.outbox.{gone.pid}.part-wal"):
        (tmp_path / name).write_bytes(b"")
    others = [f"e.jsonl.outbox.{os.getpid()}.part", "e.jsonl.outbox.x.part", "other.1.part"]
    for name in others:
        (tmp_path / name).write_bytes(b"")
    with EventServer() as server:
        given = ("send", "e.jsonl", "--server", server.url)
        assert finished(started(tmp_path, *given)).code == 0
    assert files(tmp_path) == sorted(["e.jsonl", *others])


@pytest.mark.parametrize(
    ("sent", "code"), [("SIGINT", 130), ("SIGTERM", 3), ("SIGHUP", 3)], ids=lambda each: str(each)
)
def test_stopped(tmp_path: Path, sent: str, code: int) -> None:
    """What is under way is brought to its end: nothing is sent twice."""
    (tmp_path / "e.jsonl").write_text(lines(users(400)))
    with EventServer(Gate(100)) as server:
        given = ("send", "e.jsonl", "--server", server.url, "--concurrency", str(SENDERS))
        process = started(tmp_path, *given)
        wait_until(lambda: server.held == SENDERS, 20)
        process.send_signal(getattr(signal, sent))
        time.sleep(0.3)
        server.rule.open()
        ran = finished(process)
        assert ran.code == code
        assert "108 of 400 delivered; 292 are left, in e.jsonl.outbox" in ran.err
        assert "stopped: run the same line again to go on" in ran.err
        assert "Traceback" not in ran.err
        server.rule = taken
        assert finished(started(tmp_path, *given)).code == 0
    assert server.received == dict.fromkeys(users(400), 1)


def test_stopped_twice_is_stopped_at_once(tmp_path: Path) -> None:
    (tmp_path / "e.jsonl").write_text(lines(users(20)))
    with EventServer(Gate(0)) as server:
        process = started(tmp_path, "send", "e.jsonl", "--server", server.url)
        wait_until(lambda: server.held == 8, 20)
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        ran = finished(process)
        assert time.monotonic() - began < 8
    assert ran.code == 130
    assert "what was under way may be sent once more" in ran.err
    assert "e.jsonl.outbox" in files(tmp_path)


@pytest.mark.parametrize(("sent", "code"), [("SIGINT", 130), ("SIGTERM", 3)])
def test_stopped_again_and_again(tmp_path: Path, sent: str, code: int) -> None:
    """Up to the very end of the process the exit code is that of the first."""
    (tmp_path / "e.jsonl").write_text(lines(users(20)))
    with EventServer(Gate(0)) as server:
        process = started(tmp_path, "send", "e.jsonl", "--server", server.url)
        wait_until(lambda: server.held == 8, 20)
        while process.poll() is None:
            process.send_signal(getattr(signal, sent))
            time.sleep(0.001)
        ran = finished(process)
    assert ran.code == code, ran.err
    assert "Traceback" not in ran.err


def test_who_was_told_to_end_is_not_told_again() -> None:
    """What comes between the end of the run and that of the process changes nothing."""
    signals = module("bulk.signals")
    heeded = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {each: signal.getsignal(each) for each in heeded}
    try:
        told = signals.Signals()
        told.gently()
        with signals.heeding(told):
            os.kill(os.getpid(), signal.SIGTERM)
            assert told.came.wait(5)
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@pytest.mark.parametrize(("sent", "code"), [("SIGINT", 130), ("SIGTERM", 3)])
def test_stopped_while_the_input_is_checked(tmp_path: Path, sent: str, code: int) -> None:
    read, write = os.pipe()
    process = started(
        tmp_path, "send", "-", "--server", f"http://127.0.0.1:{closed_port()}", stdin=read
    )
    os.close(read)
    # More than is read at once, and no end.
    os.write(write, lines(users(2_000)).encode())
    wait_until(lambda: any(name.endswith(".part") for name in files(tmp_path)), 20)
    process.send_signal(getattr(signal, sent))
    ran = finished(process)
    os.close(write)
    assert ran.code == code
    assert ran.err.endswith("stopped: nothing was sent\n")
    assert files(tmp_path) == []


def test_below_nohup(tmp_path: Path) -> None:
    (tmp_path / "e.jsonl").write_text(lines(users(20)))
    with EventServer(Gate(5)) as server:
        ignore = lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)  # noqa: E731
        process = started(tmp_path, "send", "e.jsonl", "--server", server.url, preexec_fn=ignore)
        wait_until(lambda: server.held == 8, 20)
        process.send_signal(signal.SIGHUP)
        time.sleep(0.1)
        server.rule.open()
        assert finished(process).code == 0


GROWING = f"""
import sys
from {NAME} import __main__ as package
from {NAME}._runtime.bulk import main, targets
put = targets.Filling.put
def growing(self, read):
    with open("e.jsonl", "a") as file:
        file.write("{{}}\\n")
    put(self, read)
targets.Filling.put = growing
sys.exit(main.main(package.PACKAGE))
"""


def test_a_file_that_grows_while_it_is_read(tmp_path: Path) -> None:
    """Nobody knows whether its last row is one."""
    text = lines(users(1))
    (tmp_path / "e.jsonl").write_text(text)
    with EventServer() as server:
        given = ("send", "e.jsonl", "--server", server.url, "--skip-invalid")
        ran = finished(running(tmp_path, GROWING, *given))
        assert server.seen == []
    assert ran.code == 2
    said = f"e.jsonl: it has changed while it was read, from {len(text)} bytes to {len(text) + 3}"
    assert said in ran.err
    assert files(tmp_path) == ["e.jsonl"]


@pytest.mark.parametrize("text", [lines(users(20_000)), "{}\n" * 20_000], ids=["right", "wrong"])
def test_no_room_for_the_state(tmp_path: Path, text: str) -> None:
    (tmp_path / "e.jsonl").write_text(text)
    with EventServer() as server:
        given = ("send", "e.jsonl", "--server", server.url, "--skip-invalid", "--problems", "0")
        ran = finished(started(tmp_path, *given, preexec_fn=limited(500_000)))
        assert (ran.code, server.seen) == (2, [])
    assert "nothing was sent. --state names another place" in ran.err
    assert "e.jsonl.outbox: " in ran.err
    assert ".part" not in ran.err
    assert "Traceback" not in ran.err
    assert files(tmp_path) == ["e.jsonl"]


def test_no_room_to_open_a_state(tmp_path: Path) -> None:
    (tmp_path / "e.jsonl").write_text(lines(users(3)))
    with EventServer(lambda user, times: reply(401)) as server:
        given = ("send", "e.jsonl", "--server", server.url)
        assert finished(started(tmp_path, *given)).code == 3
        for command in (given, ("outbox", "status", "e.jsonl.outbox")):
            ran = finished(started(tmp_path, *command, preexec_fn=limited(10)))
            assert ran.code == 2
            assert "disk I/O error: the disk is full, or it fails" in ran.err
        server.rule = taken
        assert finished(started(tmp_path, *given)).code == 0


def running(folder: Path, program: str, *arguments: str, **options: Any) -> Any:
    """A program that changes something about the command before it runs it."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        cwd=folder,
        env={**ENVIRON, "PYTHONPATH": str(package().parent)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


STUCK = f"""
import sys
from {NAME} import __main__ as package
from {NAME}._runtime.bulk import main, watching
watching._STUCK = 1.0
sys.exit(main.main(package.PACKAGE))
"""


def test_no_room_while_sending(tmp_path: Path) -> None:
    """What cannot be written down is not sent for ever: the run ends, and the next goes on."""
    (tmp_path / "e.jsonl").write_text(lines(users(600)))
    with EventServer(lambda user, times: reply(401)) as server:
        given = ("send", "e.jsonl", "--server", server.url, "--concurrency", str(SENDERS))
        assert finished(started(tmp_path, *given)).code == 3
        server.rule = taken
        size = (tmp_path / "e.jsonl.outbox").stat().st_size
        before = sum(server.received.values())
        limit = limited(max(size // 2, 150_000))
        process = running(tmp_path, STUCK, *given, preexec_fn=limit)
        ran = finished(process)
        assert ran.code == 3, ran.err
        assert "run the same line again to go on" in ran.err
        first = sum(server.received.values()) - before
        assert 0 < first < 600
        assert finished(started(tmp_path, *given)).code == 0
    assert set(server.delivered) == set(users(600))
    assert server.twice <= SENDERS


def test_two_runs_at_once(tmp_path: Path) -> None:
    """One sends, the other helps or waits; nothing is sent twice."""
    (tmp_path / "e.jsonl").write_text(lines(users(400)))
    with EventServer(Gate(50)) as server:
        given = ("send", "e.jsonl", "--server", server.url)
        one = started(tmp_path, *given)
        wait_until(lambda: server.held == 8, 20)
        two = started(tmp_path, *given)
        assert two.stderr is not None
        assert "going on" in two.stderr.readline()
        time.sleep(0.5)
        server.rule.open()
        ran = [finished(one), finished(two)]
    assert [each.code for each in ran] == [0, 0], ran
    assert server.received == dict.fromkeys(users(400), 1)
    assert files(tmp_path) == ["e.jsonl"]


OVERTAKEN = f"""
import os, sys
from {NAME} import __main__ as package
from {NAME}._runtime.bulk import main, send
resumed = send.Send._resumed
def overtaken(self, before, stream):
    made = resumed(self, before, stream)
    os.unlink("e.jsonl.outbox")
    return made
send.Send._resumed = overtaken
sys.exit(main.main(package.PACKAGE))
"""


def test_another_run_that_finishes_first(tmp_path: Path) -> None:
    """What it has sent is not sent again, and not said to be this run's."""
    (tmp_path / "e.jsonl").write_text(lines(users(5)))
    with EventServer(lambda user, times: reply(401)) as server:
        given = ("send", "e.jsonl", "--server", server.url)
        assert finished(started(tmp_path, *given)).code == 3
        before = len(server.seen)
        ran = finished(running(tmp_path, OVERTAKEN, *given))
        assert (ran.code, len(server.seen)) == (2, before)
    assert "e.jsonl.outbox is gone: another run has finished it" in ran.err
    assert files(tmp_path) == ["e.jsonl"]


REPLACED = f"""
import os, sys
from {NAME} import __main__ as package
from {NAME}._runtime.bulk import delivering, main
end = delivering.Delivery._finished
def replaced(self, made, ended):
    os.rename("e.jsonl.outbox", "finished")
    os.rename("next", "e.jsonl.outbox")
    return end(self, made, ended)
delivering.Delivery._finished = replaced
sys.exit(main.main(package.PACKAGE))
"""


def test_a_state_that_is_in_use_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "e.jsonl").write_text(lines(["bad"]))
    with EventServer(lambda user, times: reply(400 if user == "bad" else 200)) as server:
        given = ("send", "e.jsonl", "--server", server.url)
        assert finished(started(tmp_path, *given)).code == 1
        (tmp_path / "e.jsonl").write_text(lines(["a"]))
        with closing(sqlite3.connect(tmp_path / "e.jsonl.outbox")) as other:
            other.execute("SELECT * FROM dead").fetchall()
            ran = finished(started(tmp_path, *given))
        assert (ran.code, ran.err.splitlines()[-1]) == (
            2,
            "e.jsonl.outbox: another run uses it at this moment",
        )
        assert finished(started(tmp_path, *given)).code == 0
    assert server.received == {"bad": 1, "a": 1}


@pytest.mark.parametrize("user", ["a", "bad"])
def test_the_state_of_the_next_run_is_left_alone(tmp_path: Path, user: str) -> None:
    """It has come where that of a run was, which is about to end."""
    with EventServer(lambda user, times: reply(401)) as server:
        given = ("send", "e.jsonl", "--server", server.url)
        (tmp_path / "e.jsonl").write_text(lines(users(3)))
        assert finished(started(tmp_path, *given)).code == 3
        os.rename(tmp_path / "e.jsonl.outbox", tmp_path / "next")
        server.rule = lambda user, times: reply(400 if user == "bad" else 200)
        (tmp_path / "e.jsonl").write_text(lines([user]))
        ran = finished(running(tmp_path, REPLACED, *given))
        assert ran.code == (0 if user == "a" else 1), ran.err
        assert files(tmp_path) == ["e.jsonl", "e.jsonl.outbox", "finished"]
        ran = finished(started(tmp_path, "send", "e.jsonl.outbox"))
        assert ran.code == 0, ran.err
        assert server.delivered == {
            **dict.fromkeys(users(3), 1),
            **({"a": 1} if user == "a" else {}),
        }


@pytest.mark.heavy
def test_a_hundred_megabytes_in_flat_memory(tmp_path: Path) -> None:
    row = "{},somebody@example.com,2026-11-24T09:30:00Z,a note of some length for the sake of it\n"
    with (tmp_path / "p.csv").open("w") as file:
        file.write("id,email,at,note\n")
        for number in range(1_150_000):
            file.write(row.format(number))
    assert (tmp_path / "p.csv").stat().st_size > 100_000_000
    given = ["--event", "User Suppressed", "--map", "id=userId", "--map", "at=timestamp"]
    given += ["--map", "email=properties.email", "--map", "note=properties.note"]
    with EventServer() as server:
        process = started(tmp_path, "send", "p.csv", "--server", server.url, *given)
        highest = 0
        while process.poll() is None:
            highest = max(highest, _high_water_mark(process.pid))
            time.sleep(0.05)
            if len(server.seen) > 1_000:
                process.send_signal(signal.SIGTERM)
    assert finished(process).code == 3
    assert len(server.seen) > 100
    assert 10_000 < highest < 80_000


def _high_water_mark(process: int) -> int:
    """The most KiB that it had in memory so far; 0 where that cannot be told any more."""
    status = Path(f"/proc/{process}/status").read_text()
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(found[0]) if found else 0
