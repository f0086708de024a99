"""Inputs of `send` as they come: arrays, pipes, empty ones, and those that are wrong."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bulk.commandline import (
    ENVIRON,
    KEY,
    NAME,
    Command,
    EventServer,
    finished,
    lines,
    package,
    some_refused,
    started,
    users,
)


def test_an_array(run: Command) -> None:
    run.file("e.json", "[\n" + ",\n".join(lines(users(5)).splitlines()) + "\n]\n")
    with EventServer() as server:
        assert run("send", "e.json", "--server", server.url).code == 0
    assert server.received == dict.fromkeys(users(5), 1)


def test_stdin(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def feed(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    with EventServer(some_refused) as server:
        feed(lines(users(5)))
        assert run("send", "-", "--server", server.url).code == 0
        assert run.files() == []
        feed(lines(["bad", "u9"]))
        assert run("send", "-", "--server", server.url).code == 1
        assert run.files() == ["stdin.outbox", "stdin.rejects.jsonl"]
        feed(lines(["u10"]))
        assert run("send", "-", "--server", server.url).code == 0
        assert run.files() == ["stdin.rejects.1.jsonl"]


def test_nothing_is_sent_of_an_input_that_is_wrong(run: Command) -> None:
    text = lines(["a"]) + "{\n" + lines(["b"]) + '{"type": "track", "event": "User Deletd"}\n'
    text += '{"type": "track", "event": "Device Deleted", "context": {"device": {}}}\n'
    run.file("e.jsonl", text)
    with EventServer() as server:
        ran = run("send", "e.jsonl", "--server", server.url)
    assert ran.code == 2
    assert not server.seen
    assert run.files() == ["e.jsonl"]
    assert ran.err.splitlines()[1:] == [
        "e.jsonl:2: not JSON: Expecting property name enclosed in double quotes at character 2; "
        "JSON Lines has one object a line: `jq -c .` writes it so",
        "e.jsonl:4: unknown event 'User Deletd'; did you mean 'User Deleted'?",
        "e.jsonl:5: $.userId: expected a string, got nothing (it is required)",
        "e.jsonl:5: $.context.device.token: expected a string, got nothing (it is required)",
        "3 rows wrong, 2 right: nothing was sent. --skip-invalid sends the others",
    ]


def test_problems_are_shown_up_to_a_number(run: Command) -> None:
    run.file("e.jsonl", "{}\n" * 832)
    with EventServer() as server:
        ran = run("send", "e.jsonl", "--server", server.url)
        assert len([line for line in ran.err.splitlines() if line.startswith("e.jsonl:")]) == 21
        assert "… and 812 more" in ran.err
        ran = run("send", "e.jsonl", "--server", server.url, "--problems", "0")
    assert ran.err.splitlines()[1] == "… and 832 more"


def test_the_others_are_sent_where_that_is_said(run: Command) -> None:
    run.file("e.jsonl", lines(["a", "bad"]) + '{"n": 0.10000000000000000555}\n\n{\n' + lines(["b"]))
    with EventServer(some_refused) as server:
        ran = run("send", "e.jsonl", "--server", server.url, "--skip-invalid")
        assert ran.code == 1
        assert server.delivered == {"a": 1, "b": 1}
        assert "2 of 5 delivered, 3 rejected: e.jsonl.rejects.jsonl" in ran.err
        found = run.rejects("e.jsonl.rejects.jsonl")
        assert [(each["line"], each["status"]) for each in found] == [
            (3, None),
            (5, None),
            (2, 400),
        ]
        assert (found[0]["event"], found[1]["event"]) == ({"n": 0.1}, "{")
        assert '{"n":0.10000000000000000555}' in (run.folder / "e.jsonl.rejects.jsonl").read_text()
        assert run("send", "e.jsonl", "--server", server.url, "--skip-invalid").code == 1
        assert run.rejects("e.jsonl.rejects.jsonl") == found


def test_where_all_is_wrong_nothing_is_sent(run: Command) -> None:
    run.file("e.jsonl", "{}\n{}\n")
    with EventServer() as server:
        ran = run("send", "e.jsonl", "--server", server.url, "--skip-invalid")
    assert (ran.code, server.seen) == (1, [])
    assert len(run.rejects("e.jsonl.rejects.jsonl")) == 2


def test_an_empty_input(run: Command) -> None:
    run.file("e.jsonl", "\n")
    run.file("e.json", "[]")
    run.file("e.csv", "userId\n")
    for name in run.files():
        ran = run("send", name, "--server", "http://127.0.0.1:9", "--event", "User Deleted")
        assert (ran.code, ran.out) == (0, "0 of 0 delivered, in 0:00\n")


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ([], 0, "0 of 0 delivered, in 0:00\n"),
        (["--map", "id=userId"], 2, "stdin: it is empty: there is no header\n"),
        (["--format", "csv"], 2, "stdin: it is empty: there is no header\n"),
    ],
    ids=str,
)
def test_an_empty_pipe(run: Command, options: list[str], code: int, said: str) -> None:
    """As of a file that is empty: a list of none, unless it is said to be a table."""
    more = ["--event", "User Deleted", *options]
    ran = run("send", os.devnull, "--server", "http://127.0.0.1:9", *more)
    assert (ran.code, ran.out or ran.err) == (code, said)


def test_a_line_that_is_too_long_stops_no_other(run: Command) -> None:
    long = '{"userId": "' + "x" * (16 << 20) + '"}\n'
    run.file("e.jsonl", lines(["a"]) + long + lines(["b"]))
    with EventServer() as server:
        ran = run("send", "e.jsonl", "--server", server.url)
        assert (ran.code, server.seen) == (2, [])
        assert "e.jsonl:2: the line has more than 16 MiB\n1 row wrong, 2 right" in ran.err
        assert run("send", "e.jsonl", "--server", server.url, "--skip-invalid").code == 1
    assert server.delivered == {"a": 1, "b": 1}
    assert [each["line"] for each in run.rejects("e.jsonl.rejects.jsonl")] == [2]


def test_a_dry_run_sends_and_writes_nothing(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY)
    run.file("e.jsonl", lines(users(7)))
    with EventServer() as server:
        ran = run("send", "e.jsonl", "--server", server.url, "--dry-run")
        assert (ran.code, ran.out) == (0, "7 events would be sent; nothing was\n")
        run.file("e.jsonl", lines(users(7)) + "{}\n")
        assert run("send", "e.jsonl", "--server", server.url, "--dry-run").code == 2
        ran = run("send", "e.jsonl", "--server", server.url, "--dry-run", "--skip-invalid")
        assert (ran.code, server.seen) == (0, [])
        assert "and 1 row left out" in ran.out
    assert run.files() == ["e.jsonl"]


def test_half_of_a_surrogate_pair(run: Command) -> None:
    """JSON can say it, and databases cannot: in a key, in a row that is wrong, in a rejection."""
    rows = [
        '{"event":"User Deleted","userId":"\\ud800"}',
        '{"event":"x\\ud800","userId":"\\ud801"}',
    ]
    rows.append('{"event":"User Deleted","userId":"bad\\ud800"}')
    run.file("e.jsonl", "\n".join(rows))
    with EventServer(some_refused) as server:
        ran = run("send", "e.jsonl", "--server", server.url, "--skip-invalid")
        assert ran.code == 1, ran.err
        assert server.delivered == {"\ud800": 1}
    found = run.rejects("e.jsonl.rejects.jsonl")
    assert [each["event"]["userId"] for each in found] == ["\ud801", "bad\ud800"]


def test_rows_that_are_wrong_one_and_all(run: Command) -> None:
    run.file("e.jsonl", "{}\n{}\n")
    ran = run("send", "e.jsonl", "--server", "us")
    assert ran.err.endswith("2 rows wrong, none right: nothing was sent\n")


def test_invalid_rows_among_ten_thousand(run: Command) -> None:
    rows: list[str] = lines(str(number) for number in range(10_000)).splitlines()
    wrong = set(range(11, 10_000, 97))
    for number in wrong:
        rows[number] = json.dumps({"type": "track", "event": "User Deleted", "userId": number})
    run.file("e.jsonl", "\n".join(rows))
    ran = run("send", "e.jsonl", "--server", "us", "--problems", "1000")
    assert ran.code == 2
    told = [line for line in ran.err.splitlines() if "$.userId" in line]
    assert told == [
        f"e.jsonl:{number + 1}: $.userId: expected a string, got {number} (int)"
        for number in sorted(wrong)
    ]


def test_what_another_command_writes(tmp_path: Path) -> None:
    """As in `send <(zcat FILE)`: nothing is written beside it."""
    with EventServer(some_refused) as server:
        script = (
            f"{sys.executable} -m {NAME} send <(printf '%s\\n' userId a bad) "
            f"--event 'User Deleted' --server {server.url}"
        )
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=tmp_path,
            env={**ENVIRON, "PYTHONPATH": str(package().parent)},
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "stdin.outbox",
        "stdin.rejects.jsonl",
    ]


def test_no_standard_input(tmp_path: Path) -> None:
    process = started(
        tmp_path, "send", "-", "--server", "http://127.0.0.1:9", preexec_fn=lambda: os.close(0)
    )
    ran = finished(process)
    assert (ran.code, ran.err) == (2, "stdin: there is no standard input\n")
