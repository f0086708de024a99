"""`python -m … outbox status|retry|export|purge FILE`, on the outboxes of runs and of programs."""

from __future__ import annotations

import json
import os
import pty
import sqlite3
import subprocess
import sys
import termios
import time
from contextlib import closing
from fcntl import ioctl
from select import select
from typing import Any

import pytest

from behaviour.faultserver import Fault, reply, wait_until
from bulk.commandline import (
    ENVIRON,
    NAME,
    Command,
    EventServer,
    Gate,
    finished,
    lines,
    module,
    package,
    started,
    users,
)


def rule(user: str, times: int) -> Fault:
    if user.startswith("bad"):
        return reply(400, {"meta": {"errors": [f"no {user}"]}})
    return reply()


@pytest.fixture
def outbox(run: Command) -> str:
    """Of a run: three dead letters, and one that waits."""
    run.file("e.jsonl", lines(["bad1", "a", "bad2", "b", "bad3", "c"]))
    with EventServer(rule) as server:
        assert run("send", "e.jsonl", "--server", server.url).code == 1
    assert run("outbox", "retry", "e.jsonl.outbox", "--id", "5").code == 0
    return "e.jsonl.outbox"


def status(run: Command, outbox: str) -> dict[str, Any]:
    ran = run("outbox", "status", outbox, "--json")
    assert ran.code == 0
    found: dict[str, Any] = json.loads(ran.out)
    return found


def test_status(run: Command, outbox: str) -> None:
    ran = run("outbox", "status", outbox)
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "pending    1, the oldest for 0:00",
        "delivered  3",
        "dead       2",
        f"of         e.jsonl: 6 events of {NAME}",
    ]
    found = status(run, outbox)
    assert 0 <= found.pop("oldest") < 60
    assert found == {
        "file": outbox,
        "pending": 1,
        "delivered": 3,
        "dead": 2,
        "paused": None,
        "stalled": None,
    }


def test_status_of_one_that_is_paused(run: Command) -> None:
    run.file("e.jsonl", lines(users(3)))
    with EventServer(lambda user, times: reply(401)) as server:
        assert run("send", "e.jsonl", "--server", server.url).code == 3
    assert "paused     401" in run("outbox", "status", "e.jsonl.outbox").out
    assert status(run, "e.jsonl.outbox")["paused"].startswith("401")


def test_dead_letters_are_put_back_and_sent(run: Command, outbox: str) -> None:
    ran = run("outbox", "retry", outbox)
    assert (ran.code, ran.out.split(";")[0]) == (0, "2 put back")
    assert status(run, outbox)["dead"] == 0
    assert run("outbox", "retry", outbox).out.startswith("0 put back")


def test_an_id_that_is_no_dead_letter(run: Command, outbox: str) -> None:
    ran = run("outbox", "retry", outbox, "--id", "1", "--id", "99")
    assert ran.code == 1
    assert ran.out.startswith("1 put back")
    assert ran.err == "99 is no dead letter: see `outbox export`\n"


def test_export(run: Command, outbox: str) -> None:
    ran = run("outbox", "export", outbox)
    assert ran.code == 0
    first, second = map(json.loads, ran.out.splitlines())
    assert first.pop("created") <= first.pop("died")
    assert first == {
        "id": 1,
        "label": "1",
        "operation": "track",
        "event": {"userId": "bad1", "type": "track", "event": "User Deleted"},
        "status": 400,
        "reason": "400 Bad Request: no bad1",
        "errors": ["no bad1"],
    }
    assert second["label"] == "3"
    (waiting,) = map(json.loads, run("outbox", "export", outbox, "--pending").out.splitlines())
    assert waiting["event"]["userId"] == "bad3"


def test_many_are_exported(run: Command) -> None:
    run.file("e.jsonl", lines(users(2_500)))
    with EventServer(lambda user, times: reply(401)) as server:
        run("send", "e.jsonl", "--server", server.url)
    found = run("outbox", "export", "e.jsonl.outbox", "--pending").out.splitlines()
    assert [json.loads(row)["event"]["userId"] for row in found] == users(2_500)


def test_purge_deletes_dead_letters_alone(run: Command, outbox: str) -> None:
    ran = run("outbox", "purge", outbox)
    assert ran.code == 2
    assert "nothing was deleted; --yes does it without asking" in ran.err
    assert status(run, outbox)["dead"] == 2
    ran = run("outbox", "purge", outbox, "--yes")
    assert (ran.code, ran.out) == (0, "2 dead letters deleted\n")
    found = status(run, outbox)
    assert (found["dead"], found["pending"]) == (0, 1)


def test_what_was_purged_was_not_delivered(run: Command, outbox: str) -> None:
    run("outbox", "purge", outbox, "--pending", "--yes")
    (run.folder / "e.jsonl.rejects.jsonl").unlink()
    ran = run("send", outbox)
    assert ran.code == 0
    assert ran.out.startswith("3 of 6 delivered")


def test_purge_of_those_that_died_long_ago(run: Command, outbox: str) -> None:
    assert run("outbox", "purge", outbox, "--yes", "--older-than", "1h").out.startswith("0 dead")
    time.sleep(0.02)
    assert run("outbox", "purge", outbox, "--yes", "--older-than", "0.01s").out.startswith("2 dead")


def test_purge_of_what_waits_is_said_twice(run: Command, outbox: str) -> None:
    ran = run("outbox", "purge", outbox, "--pending", "--yes")
    assert ran.out == "2 dead letters deleted, and 1 event that waited\n"
    found = status(run, outbox)
    assert (found["dead"], found["pending"]) == (0, 0)


@pytest.mark.parametrize(
    "more",
    [["--older-than", "1"], ["--older-than", "xd"], ["--pending", "--older-than", "1d"]],
    ids=" ".join,
)
def test_purge_that_cannot_be_meant(run: Command, outbox: str, more: list[str]) -> None:
    assert run("outbox", "purge", outbox, "--yes", *more).code == 2
    assert status(run, outbox)["dead"] == 2


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        ("no\n", 2, "nothing was deleted"),
        (" Yes\n", 0, ""),
        ("\x04", 2, "nothing was deleted"),
        ("\x03", 130, "stopped"),
    ],
    ids=["no", "yes", "Ctrl-D", "Ctrl-C"],
)
def test_asked_at_a_terminal(run: Command, outbox: str, typed: str, code: int, said: str) -> None:
    """The question is seen where the result goes to a file, and it is what `typed` answers."""
    main, other = pty.openpty()
    with closing(os.fdopen(main, "rb", buffering=0)) as terminal:
        process = subprocess.Popen(
            [sys.executable, "-m", NAME, "outbox", "purge", outbox],
            env={**ENVIRON, "PYTHONPATH": str(package().parent)},
            stdin=other,
            stdout=subprocess.PIPE,
            stderr=other,
            start_new_session=True,
            preexec_fn=lambda: ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(other)
        shown = b""
        while not shown.endswith(b"delete 2 dead letters for good? Type yes: "):
            if not select([terminal], [], [], 20)[0]:
                process.kill()
                pytest.fail(f"not asked: {shown!r}")
            shown += terminal.read(1024)
        os.write(main, typed.encode())
        result = process.communicate(timeout=30)[0].decode()
        after = terminal.read(4096).decode()
    assert process.returncode == code
    assert said in after
    assert "Traceback" not in after
    assert result == ("" if code else "2 dead letters deleted\n")
    assert status(run, outbox)["dead"] == (2 if code else 0)


def test_without_standard_streams(run: Command, outbox: str) -> None:
    """As a program may start a command; what it would show goes nowhere, and nobody agrees."""
    for action, code in (("status", 0), ("export", 0), ("purge", 2)):
        words = f"exec {sys.executable} -m {NAME} outbox {action} {outbox} <&- >&-"
        process = subprocess.run(
            ["sh", "-c", words],
            env={**ENVIRON, "PYTHONPATH": str(package().parent)},
            stderr=subprocess.PIPE,
            text=True,
            timeout=30,
            check=False,
        )
        assert process.returncode == code
        assert "Traceback" not in process.stderr


@pytest.mark.parametrize("action", ["status", "retry", "export", "purge"])
def test_files_that_are_none(run: Command, action: str) -> None:
    run.file("text", b"something else, and more of it " * 40)
    more = ["--yes"] if action == "purge" else []
    for name in ("absent", "text", "."):
        ran = run("outbox", action, name, *more)
        assert ran.code == 2
        assert name in ran.err
        assert "Traceback" not in ran.err
    assert run.files() == ["text"]


def test_what_is_near_an_outbox(run: Command, outbox: str) -> None:
    """The input instead of its outbox, and names of nothing: what is meant is said."""
    run.file("empty", "")
    os.mkfifo(run.folder / "pipe")
    (run.folder / "folder").mkdir()
    for name, said in (
        ("e.jsonl", "is no outbox; nothing of it was changed; did you mean e.jsonl.outbox?"),
        ("empty", "is empty, and no outbox; nothing of it was changed"),
        ("folder", "is a folder, and an outbox is a file"),
        ("pipe", "is empty, and no outbox; nothing of it was changed"),
    ):
        ran = run("outbox", "status", name)
        assert (ran.code, ran.err) == (2, f"{name} {said}\n")
    (run.folder / "e.jsonl").unlink()
    ran = run("outbox", "status", "e.jsonl")
    assert ran.err == "e.jsonl: there is no such file; did you mean e.jsonl.outbox?\n"
    assert (run.folder / "empty").read_bytes() == b""


def test_outboxes_that_cannot_be_read(run: Command, outbox: str) -> None:
    """Of a newer version, of another program, and damaged: nothing of them changes."""
    content = (run.folder / outbox).read_bytes()
    run.file("cut", content[:3000])
    with closing(sqlite3.connect("newer")) as newer, newer:
        newer.execute("PRAGMA application_id = 0x65777278")
        newer.execute("PRAGMA user_version = 9")
    with closing(sqlite3.connect("foreign")) as foreign, foreign:
        foreign.execute("CREATE TABLE x(a)")
    for name, said in (
        ("cut", "malformed. Nothing of it was changed"),
        ("newer", "an outbox of version 9, and this package knows 1"),
        ("foreign", "a database of something else, not an outbox"),
    ):
        before = (run.folder / name).read_bytes()
        for action in ("status", "retry", "export", "purge"):
            more = ["--yes"] if action == "purge" else []
            ran = run("outbox", action, name, *more)
            assert (ran.code, ran.out) == (2, "")
            assert said in ran.err
        assert (run.folder / name).read_bytes() == before


def test_an_outbox_that_is_in_use(run: Command) -> None:
    """By a run that sends from it, and by one that writes."""
    run.file("e.jsonl", lines(users(50)))
    with EventServer(Gate(10)) as server:
        process = started(run.folder, "send", "e.jsonl", "--server", server.url)
        wait_until(lambda: server.held == 8, 20)
        with closing(sqlite3.connect("e.jsonl.outbox", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert status(run, "e.jsonl.outbox")["pending"] >= 40
            found = run("outbox", "export", "e.jsonl.outbox", "--pending").out.splitlines()
            assert len(found) >= 40
            other.execute("ROLLBACK")
        assert run("outbox", "retry", "e.jsonl.outbox").code == 0
        assert run("outbox", "purge", "e.jsonl.outbox", "--yes").code == 0
        server.rule.open()
        assert finished(process).code == 0
    assert server.received == dict.fromkeys(users(50), 1)


@pytest.mark.parametrize("id", ["0", "9223372036854775807", "9" * 30])
def test_ids_that_nothing_can_have(run: Command, outbox: str, id: str) -> None:
    ran = run("outbox", "retry", outbox, "--id", id, "--id", id, "--id", "1")
    assert (ran.code, ran.err) == (1, f"{id} is no dead letter: see `outbox export`\n")
    assert ran.out.startswith("1 put back; ")
    ran = run("outbox", "retry", outbox, "--id", "1", "--id", id)  # it has another id now
    assert (ran.out, ran.err) == (
        "0 put back\n",
        f"1, {id} are no dead letters: see `outbox export`\n",
    )


def test_the_outbox_of_a_program(run: Command) -> None:
    """Bodies that are no JSON are shown as text, and what sends them is not `send`."""
    store = module("store.store").Store(str(run.folder / "events.db"), "os", 0)
    parcel = module("delivery.parcels").Parcel(operation="track", body=b"a=1&b=\xff")
    store.add(parcel)
    store.close()
    (row,) = map(json.loads, run("outbox", "export", "events.db", "--pending").out.splitlines())
    assert row["event"] == r"a=1&b=\xff"
    assert run("outbox", "retry", "events.db").out == "0 put back\n"
    store = module("store.store").Store(str(run.folder / "events.db"), "os", 0)
    storage = module("store.storage")
    letter = storage.DeadLetter(
        id=1, parcel=parcel, created=0.0, died=0.0, status=400, reason="no", errors=()
    )
    store.settle(storage.Settled(dead=[letter]))
    store.close()
    ran = run("outbox", "retry", "events.db")
    assert ran.out == "1 put back; whoever has the outbox open sends them\n"
    assert "of    " not in run("outbox", "status", "events.db").out


def test_a_reader_that_goes_away(run: Command) -> None:
    run.file("e.jsonl", lines(users(3_000)))
    with EventServer(lambda user, times: reply(401)) as server:
        run("send", "e.jsonl", "--server", server.url)
    process = started(run.folder, "outbox", "export", "e.jsonl.outbox", "--pending")
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    ran = finished(process)
    assert "Traceback" not in ran.err
    assert ran.err == ""
