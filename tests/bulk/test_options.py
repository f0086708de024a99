"""What `send` is told: what it may mean, what is refused, and what is said of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bulk.commandline import (
    ENVIRON,
    KEY,
    NAME,
    Command,
    EventServer,
    finished,
    lines,
    module,
    package,
    some_refused,
    started,
    users,
)
from support import ROOT


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["send"],
        ["sned", "e.jsonl"],
        ["send", "e.jsonl", "--rate", "0"],
        ["send", "e.jsonl", "--rate", "nan"],
        ["send", "e.jsonl", "--rate", "fast"],
        ["send", "e.jsonl", "--concurrency", "0"],
        ["send", "e.jsonl", "--concurrency", "100000"],
        ["send", "e.jsonl", "--timeout", "-1"],
        ["send", "e.jsonl", "--map", "id"],
        ["send", "e.jsonl", "--map", "id=a..b"],
        ["send", "e.jsonl", "--delimiter", "ab"],
        ["send", "e.jsonl", "--delimiter", '"'],
        ["send", "e.jsonl", "--format", "xml"],
        ["send", "e.jsonl", "--api-key", "k"],
        ["send", "e.jsonl", "--server", "nowhere"],
        ["send", "e.jsonl", "--server", "http://user:pw@x.example"],
        ["send", "e.jsonl", "--event", "Nobody"],
        ["send", "e.jsonl", "--map", "id=userId"],
        ["send", "e.jsonl", "--format", "csv"],
        ["send", "absent.jsonl"],
        ["send", "."],
        ["send", "e.jsonl", "--state", "absent/x"],
        ["send", "e.jsonl", "--rejects", "absent/x"],
        ["outbox"],
        ["outbox", "status", "absent"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_meant(run: Command, arguments: list[str]) -> None:
    run.file("e.jsonl", lines(users(3)))
    ran = run(*arguments)
    assert ran.code == 2
    assert ran.err
    assert "Traceback" not in ran.err
    assert run.files() == ["e.jsonl"]


@pytest.mark.parametrize("option", ["--map", "--argument"])
def test_an_option_that_says_two_things(run: Command, option: str) -> None:
    run.file("e.csv", "id\n1\n")
    said = [option, "id=userId", option, "id=userId", option, "id=x"]
    ran = run("send", "e.csv", "--event", "User Deleted", *said)
    assert (ran.code, ran.err) == (2, f"{option} says two things of 'id': 'userId' and 'x'\n")


@pytest.mark.parametrize("server", ["nowhere", "uss"])
def test_a_server_that_is_none(run: Command, server: str) -> None:
    run.file("e.jsonl", lines(users(3)))
    ran = run("send", "e.jsonl", "--server", server)
    hint = " (did you mean 'us'?)" if server == "uss" else ""
    said = f"--server: there is no server {server!r}{hint}: give one of us, eu, or a URL\n"
    assert (ran.code, ran.err.splitlines(keepends=True)[-1].partition("argument ")[2]) == (2, said)
    assert run("send", "e.jsonl", "--server", "US", "--dry-run").code == 0


def test_credentials_come_from_the_environment(
    run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.file("e.jsonl", lines(users(3)))
    for value in (None, ""):
        monkeypatch.delenv(KEY, raising=False)
        if value is not None:
            monkeypatch.setenv(KEY, value)
        ran = run("send", "e.jsonl")
        assert (ran.code, run.files()) == (2, ["e.jsonl"])
        assert ran.err == f"not in the environment: {KEY}\n"
    assert KEY in run("send", "--help").out


def test_the_key_is_shown_and_stored_nowhere(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, "sesame-123")
    run.file("e.jsonl", lines(["bad", *users(3)]))
    with EventServer(some_refused) as server:
        ran = run("send", "e.jsonl", "--server", server.url)
    assert ran.code == 1
    written = b"".join(path.read_bytes() for path in run.folder.iterdir())
    assert b"sesame" not in written + (ran.out + ran.err).encode()
    assert b"c2VzYW1lLTEyMzo" not in written


def test_switches_and_methods_of_the_document(run: Command) -> None:
    run.file("e.jsonl", lines(users(2)))
    with EventServer() as server:
        assert run("send", "e.jsonl", "--server", server.url, "--strict-mode").code == 0
        assert {seen.headers.get("x-strict-mode") for seen in server.seen} == {"1"}
        assert run("send", "e.jsonl", "--server", server.url).code == 0
        assert server.seen[-1].headers.get("x-strict-mode") is None


def test_quiet(run: Command) -> None:
    run.file("e.jsonl", lines(users(5)))
    with EventServer(some_refused) as server:
        ran = run("send", "e.jsonl", "--server", server.url, "--quiet")
        assert (ran.code, ran.out, ran.err) == (0, "", "")
        run.file("e.jsonl", lines(["bad"]))
        ran = run("send", "e.jsonl", "--server", server.url, "--quiet")
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith("0 of 1 delivered, 1 rejected: e.jsonl.rejects.jsonl")


@pytest.mark.parametrize("flag", ["-O", "-OO"])
def test_optimised_python(tmp_path: Path, flag: str) -> None:
    (tmp_path / "p.csv").write_text("id,at\n1,2026-11-24 09:30:00Z\nbad,\n")
    given = ["--event", "User Suppressed", "--map", "id=userId", "--map", "at=timestamp"]
    with EventServer(some_refused) as server:
        process = started(tmp_path, "send", "p.csv", "--server", server.url, *given, flags=[flag])
        ran = finished(process)
    assert ran.code == 1, ran.err
    assert "2026-11-24T09:30:00Z" in {event.get("timestamp") for event in server.events}


def test_help_under_optimised_python(tmp_path: Path) -> None:
    ran = finished(started(tmp_path, "send", "--help", flags=["-OO"]))
    assert (ran.code, ran.err) == (0, "")
    assert "exit codes" in ran.out


def test_the_documentation_names_what_there_is(run: Command) -> None:
    """Its options, all of them, and its exit codes."""
    documented = (ROOT / "docs/bulk.md").read_text("utf-8")
    helps = [["send"], *(["outbox", action] for action in ("status", "retry", "export", "purge"))]
    said = " ".join(run(*each, "--help").out for each in helps)
    options = set(re.findall(r"--[a-z][a-z-]+", said))
    others = {"--from", "--to"}  # of other commands
    others |= {"--operation", "--batch", "--batch-size"}  # of packages with several operations
    assert set(re.findall(r"--[a-z][a-z-]+", documented)) - others == options
    codes = module("bulk.terminal")
    known = (codes.DELIVERED, codes.REJECTED, codes.UNUSABLE, codes.UNFINISHED, codes.INTERRUPTED)
    assert tuple(map(int, re.findall(r"^\| (\d+) \|", documented, re.MULTILINE))) == known
    assert (
        tuple(map(int, re.findall(r"^  (\d+) ", run("send", "--help").out, re.MULTILINE))) == known
    )


@pytest.mark.parametrize("stream", [0, 1, 2])
def test_without_a_standard_stream(tmp_path: Path, stream: int) -> None:
    (tmp_path / "e.jsonl").write_text(lines(["bad", *users(5)]))
    with EventServer(some_refused) as server:
        given = ("send", "e.jsonl", "--server", server.url)
        process = started(tmp_path, *given, preexec_fn=lambda: os.close(stream))
        ran = finished(process)
    assert (ran.code, len(server.seen)) == (1, 6)
    assert "Traceback" not in ran.err
    assert (tmp_path / "e.jsonl.rejects.jsonl").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_streams_that_take_nothing(tmp_path: Path) -> None:
    """Whether somebody could read it or not: what was sent was sent."""
    (tmp_path / "e.jsonl").write_text(lines(users(5)))
    given = ("send", "e.jsonl", "--server")
    with EventServer() as server, open("/dev/full", "w") as full:
        command = [sys.executable, "-m", NAME, *given, server.url]
        environ = {**ENVIRON, "PYTHONPATH": str(package().parent)}
        for stream, code in (("stderr", 0), ("stdout", 3)):
            streams: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, stream: full}
            done = subprocess.run(command, cwd=tmp_path, env=environ, text=True, **streams)
            assert done.returncode == code
            assert done.stderr is None or "Traceback" not in done.stderr
    assert server.received == dict.fromkeys(users(5), 2)


def test_texts_of_anybody_are_no_commands_to_the_terminal(run: Command) -> None:
    hostile = "\x1b[2J\x9b31m\u202e\x07"
    run.file("e.jsonl", lines(["bad"]))
    name = f"a{hostile}.csv"
    run.file(name, f"userId,x{hostile}\n1,2\n")
    with EventServer(some_refused) as server:
        said = [run("send", "e.jsonl", "--server", server.url)]
        given = ["--server", server.url, "--event", "User Deleted"]
        said += [
            run("send", name, *given),
            run("send", name, *given, "--extra", "--dry-run"),
            run("send", name, "--server", server.url, "--event", hostile),
            run("send", "e.jsonl", "--server", server.url, "--event", "User Deleted"),
            run("outbox", "status", "e.jsonl.outbox"),
            run("outbox", "status", hostile),
        ]
    for ran in said:
        text = (ran.out + ran.err).replace("\n", "")
        assert text.isprintable(), ascii(text)
