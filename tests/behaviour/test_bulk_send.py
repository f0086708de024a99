"""`python -m … send FILE`: what is sent, what is refused, what is left, and the exit codes."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from behaviour.bulk import (
    ENVIRON,
    KEY,
    NAME,
    Command,
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
from behaviour.faultserver import Fault, closed_port, reply, wait_until
from support import ROOT


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Command:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(KEY, "the-key")
    return Command(capsys, tmp_path)


def some_refused(user: str, times: int) -> Fault:
    if user.startswith("bad"):
        return reply(400, {"meta": {"errors": [f"no {user}", "\x1b[31mreally"]}})
    return reply()


def test_all_is_delivered_and_nothing_is_left(run: Command) -> None:
    run.file("e.jsonl", lines(users(50)))
    with EventServer() as server:
        ran = run("send", "e.jsonl", "--server", server.url)
    assert ran.code == 0
    assert ran.out == "50 of 50 delivered, in 0:00\n"
    assert ran.err == "e.jsonl: JSON Lines\n"
    assert server.received == dict.fromkeys(users(50), 1)
    assert run.files() == ["e.jsonl"]
    assert {seen.headers["authorization"] for seen in server.seen} == {"Basic dGhlLWtleTo="}


def test_the_lines_of_the_documentation(run: Command) -> None:
    run.file("people.csv", "id\n1\n2\n3\n")
    given = ["--event", "User Suppressed", "--map", "id=userId", "--concurrency", "32"]
    with EventServer() as server:
        ran = run("send", "people.csv", *given, "--rate", "200", "--server", server.url)
    assert ran.code == 0
    assert sorted(server.events, key=str) == [
        {"userId": user, "type": "track", "event": "User Suppressed"} for user in "123"
    ]


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


def test_what_the_server_rejects_is_told_with_its_line(run: Command) -> None:
    run.file("e.jsonl", lines([*users(3), "bad1", *users(3, "v"), "bad2"]))
    with EventServer(some_refused) as server:
        ran = run("send", "e.jsonl", "--server", server.url)
        assert ran.code == 1
        assert "6 of 8 delivered, 2 rejected: e.jsonl.rejects.jsonl" in ran.err
        assert f"python -m {NAME} outbox retry e.jsonl.outbox" in ran.err
        first, second = run.rejects("e.jsonl.rejects.jsonl")
        assert first == {
            "line": 4,
            "event": {"userId": "bad1", "type": "track", "event": "User Deleted"},
            "status": 400,
            "errors": ["no bad1", "\x1b[31mreally"],
        }
        assert second["line"] == 8
        # Nothing is sent again by mistake; what was rejected is, when that is wanted.
        again = run("send", "e.jsonl", "--server", server.url)
        assert again.code == 1
        assert "e.jsonl.outbox: all of this input was sent before" in again.err
        assert server.received == dict.fromkeys(server.received, 1)
        server.rule = taken
        assert run("outbox", "retry", "e.jsonl.outbox").code == 0
        assert run("send", "e.jsonl", "--server", server.url).code == 0
        assert run.files() == ["e.jsonl"]
    assert server.twice == 0
    assert sum(server.delivered.values()) == 8
    assert server.received["bad1"] == 2


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


@pytest.mark.parametrize("status", [401, 403, 302, 404])
def test_a_server_that_lets_nobody_in(run: Command, status: int) -> None:
    run.file("e.jsonl", lines(users(20)))
    with EventServer(lambda user, times: reply(status)) as server:
        ran = run("send", "e.jsonl", "--server", server.url, "--concurrency", "2")
        assert ran.code == 3
        assert len(server.seen) <= 4
        assert f"the server lets nobody in ({status} " in ran.err
        credential = f": mend the credential ({KEY}), then run the same line again to go on"
        other = ": mend that, then run the same line again to go on"
        assert (credential if status in (401, 403) else other) in ran.err
        assert "0 of 20 delivered; 20 are left, in e.jsonl.outbox" in ran.err
        assert "run the same line again to go on" in ran.err
        server.rule = taken
        ran = run("send", "e.jsonl", "--server", server.url)
        assert (ran.code, ran.out) == (0, "20 of 20 delivered, in 0:00\n")
    assert server.twice == 0
    assert run.files() == ["e.jsonl"]


def test_no_time_is_left(run: Command) -> None:
    run.file("e.jsonl", lines(users(20)))
    url = f"http://127.0.0.1:{closed_port()}"
    ran = run("send", "e.jsonl", "--server", url, "--timeout", "0.3")
    assert ran.code == 3
    assert "no time is left (cannot connect to 127.0.0.1:" in ran.err
    assert ran.err.endswith("refused): run the same line again to go on\n")


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


def test_an_outage_is_told_while_it_lasts_and_at_the_end(run: Command) -> None:
    run.file("e.jsonl", lines(users(40)))
    with EventServer(lambda user, times: reply(503)) as server:
        process = started(run.folder, "send", "e.jsonl", "--server", server.url, "--timeout", "4")
        wait_until(lambda: "stalled    HTTP 503" in run("outbox", "status", "e.jsonl.outbox").out)
        ran = finished(process)
    assert ran.code == 3
    assert "no time is left (HTTP 503): run the same line again to go on" in ran.err


def test_a_moment_of_weakness_is_no_rejection(run: Command) -> None:
    def weak(user: str, times: int) -> Fault:
        return reply(503) if user.endswith("7") and times < 3 else reply()

    run.file("e.jsonl", lines(users(60)))
    with EventServer(weak) as server:
        assert run("send", "e.jsonl", "--server", server.url).code == 0
    assert server.delivered == dict.fromkeys(users(60), 1)
    assert server.received["u7"] == 3


def test_another_input_is_refused_and_the_first_goes_on(run: Command) -> None:
    run.file("e.jsonl", lines(users(20)))
    with EventServer(lambda user, times: reply(401)) as server:
        run("send", "e.jsonl", "--server", server.url)
        run.file("e.jsonl", lines(users(21)))
        ran = run("send", "e.jsonl", "--server", server.url)
        assert ran.code == 2
        said = "e.jsonl.outbox still holds 20 events of another input (e.jsonl, as it was then). "
        said += f"`python -m {NAME} send e.jsonl.outbox` delivers what is left there; --state"
        assert ran.err.startswith(said)
        assert len(server.seen) <= 20
        server.rule = taken
        assert run("send", "e.jsonl", "--server", server.url, "--state", "other").code == 0
        assert server.delivered == dict.fromkeys(users(21), 1)
        run.file("e.jsonl", lines(users(20)))
        assert run("send", "e.jsonl", "--server", server.url).code == 0
    assert run.files() == ["e.jsonl"]


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (["--strict-mode"], "no --strict-mode"),
        (["--event", "User Deleted"], "no --event"),
        (["--skip-invalid"], "no --skip-invalid"),
    ],
)
def test_other_options_are_refused(run: Command, option: list[str], said: str) -> None:
    run.file("e.jsonl", lines(users(3)))
    with EventServer(lambda user, times: reply(401)) as server:
        run("send", "e.jsonl", "--server", server.url)
        ran = run("send", "e.jsonl", "--server", server.url, *option)
        assert ran.code == 2
        assert f"of the same input with other options ({said})" in ran.err
        server.rule = taken
        free = ["--concurrency", "3", "--rate", "1000", "--problems", "1", "--timeout", "60"]
        assert run("send", "e.jsonl", "--server", server.url, *free).code == 0


def test_a_state_that_is_none(run: Command) -> None:
    run.file("e.jsonl", lines(users(3)))
    content = b"something else, and more of that " * 40
    run.file("e.jsonl.outbox", content)
    ran = run("send", "e.jsonl", "--server", "http://127.0.0.1:9")
    assert ran.code == 2
    assert (run.folder / "e.jsonl.outbox").read_bytes() == content
    assert ran.err == (
        "e.jsonl.outbox is there and is no outbox; nothing of it was changed: name another place "
        "with --state\n"
    )


def test_the_outbox_of_a_program_is_no_state(run: Command) -> None:
    run.file("e.jsonl", lines(users(3)))
    made = module("store.store").Store(str(run.folder / "e.jsonl.outbox"), "os", 0)
    made.close()
    ran = run("send", "e.jsonl", "--server", "http://127.0.0.1:9")
    assert ran.code == 2
    assert "is an outbox, but of no run of `send`: name another place with --state" in ran.err


def test_a_file_of_something_else_is_not_written_over(run: Command) -> None:
    run.file("e.jsonl", lines(["bad"]))
    run.file("e.jsonl.rejects.jsonl", "mine")
    with EventServer(some_refused) as server:
        ran = run("send", "e.jsonl", "--server", server.url)
        assert (ran.code, server.seen) == (2, [])
        assert "e.jsonl.rejects.jsonl is there, and holds no rejects: name another" in ran.err
        for _ in range(2):
            assert run("send", "e.jsonl", "--server", server.url, "--rejects", "r").code == 1
        ran = run("send", "e.jsonl", "--server", server.url)
        assert (ran.code, len(server.seen)) == (2, 1)
    assert (run.folder / "e.jsonl.rejects.jsonl").read_text() == "mine"
    assert run.rejects("r")[0]["line"] == 1


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


def test_rows_that_are_wrong_one_and_all(run: Command) -> None:
    run.file("e.jsonl", "{}\n{}\n")
    ran = run("send", "e.jsonl", "--server", "us")
    assert ran.err.endswith("2 rows wrong, none right: nothing was sent\n")


def test_one_is_left(run: Command) -> None:
    run.file("e.jsonl", lines(["a"]))
    with EventServer(lambda user, times: reply(401)) as server:
        ran = run("send", "e.jsonl", "--server", server.url)
    assert "0 of 1 delivered; 1 is left, in e.jsonl.outbox" in ran.err


def test_rejects_that_cannot_be_written(run: Command) -> None:
    """They stay in the state, and the next run writes them."""

    def rule(user: str, times: int) -> Fault:
        (run.folder / "r").mkdir(exist_ok=True)
        return some_refused(user, times)

    run.file("e.jsonl", lines(["bad", "u"]))
    with EventServer(rule) as server:
        ran = run("send", "e.jsonl", "--server", server.url, "--rejects", "r")
        assert ran.code == 3
        assert "r is there, and holds no rejects" in ran.err
        (run.folder / "r").rmdir()
        assert run("send", "e.jsonl", "--server", server.url, "--rejects", "r").code == 1
    assert len(run.rejects("r")) == 1
    assert (run.folder / "r").stat().st_mode & 0o777 == 0o600
    assert server.received == {"bad": 1, "u": 1}
    assert run.files() == ["e.jsonl", "e.jsonl.outbox", "r"]


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


def test_a_rate(run: Command) -> None:
    run.file("e.jsonl", lines(users(11)))
    with EventServer() as server:
        began = time.monotonic()
        assert run("send", "e.jsonl", "--server", server.url, "--rate", "20").code == 0
        assert time.monotonic() - began > 0.45


def test_calls_at_a_time(run: Command) -> None:
    gate = Gate(0)
    most = 0

    def rule(user: str, times: int) -> Fault:
        nonlocal most
        inside = sum(server.received.values()) - sum(server.delivered.values())
        most = max(most, inside)
        if inside >= 12:
            gate.open()
        return gate(user, times)

    run.file("e.jsonl", lines(users(40)))
    with EventServer(rule) as server:
        given = ["--server", server.url, "--concurrency", "12"]
        assert run("send", "e.jsonl", *given).code == 0
    assert most == 12


def test_quiet(run: Command) -> None:
    run.file("e.jsonl", lines(users(5)))
    with EventServer(some_refused) as server:
        ran = run("send", "e.jsonl", "--server", server.url, "--quiet")
        assert (ran.code, ran.out, ran.err) == (0, "", "")
        run.file("e.jsonl", lines(["bad"]))
        ran = run("send", "e.jsonl", "--server", server.url, "--quiet")
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith("0 of 1 delivered, 1 rejected: e.jsonl.rejects.jsonl")


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


@pytest.mark.parametrize("count", [1_000, pytest.param(10_000, marks=pytest.mark.heavy)])
def test_many_events_with_faults_at_many(run: Command, count: int) -> None:
    """Some are refused, some weak at first; each is delivered once, or rejected with its line."""

    def rule(user: str, times: int) -> Fault:
        number = int(user)
        if number % 50 == 3:
            return reply(400, {"meta": {"errors": ["no"]}})
        if number % 40 == 7 and times == 1:
            return reply(503)
        return reply()

    everybody = [str(number) for number in range(count)]
    run.file("e.jsonl", lines(everybody))
    with EventServer(rule) as server:
        ran = run("send", "e.jsonl", "--server", server.url, "--concurrency", "16")
    assert ran.code == 1
    bad = {str(number) for number in range(3, count, 50)}
    assert server.delivered == dict.fromkeys(set(everybody) - bad, 1)
    found = run.rejects("e.jsonl.rejects.jsonl")
    assert {(each["event"]["userId"], each["line"]) for each in found} == {
        (user, int(user) + 1) for user in bad
    }


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
