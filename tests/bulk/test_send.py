"""`python -m … send FILE`: what is sent, what is refused, what is left, and the exit codes."""

from __future__ import annotations

import json
import time

import pytest

from behaviour.faultserver import Fault, closed_port, reply, wait_until
from bulk.commandline import (
    KEY,
    NAME,
    Command,
    EventServer,
    Gate,
    finished,
    lines,
    module,
    some_refused,
    started,
    taken,
    users,
)


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


def test_one_that_alone_is_let_in_nowhere(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """All others are delivered, and then the run ends, as that one may be refused for ever."""
    monkeypatch.setattr(module("delivery.pacing").Backoff, "wait", lambda self, failures: 0.02)
    run.file("e.jsonl", lines(["locked", *users(100), "locked"]))
    with EventServer(
        lambda user, times: reply(403) if user == "locked" and times < 1000 else reply()
    ) as server:
        ran = run("send", "e.jsonl", "--server", server.url)
        assert (ran.code, ran.out) == (3, "")
        command, state = "python -m bulk_events outbox", "e.jsonl.outbox"
        assert ran.err.splitlines()[-2:] == [
            f"100 of 102 delivered; 2 are left, in {state}",
            "the server takes others, and not what is left (HTTP 403): mend that, then run the "
            f"same line again to go on. `{command} export --pending {state}` shows it, and "
            f"`{command} purge --pending {state}` gives it up, with what was rejected",
        ]
        shown = run("outbox", "export", "--pending", "e.jsonl.outbox").out.splitlines()
        assert [json.loads(each)["event"]["userId"] for each in shown] == ["locked"] * 2
        server.rule = taken
        assert run("send", "e.jsonl", "--server", server.url).code == 0
        assert server.delivered == {**dict.fromkeys(users(100), 1), "locked": 2}


def test_no_time_is_left(run: Command) -> None:
    run.file("e.jsonl", lines(users(20)))
    url = f"http://127.0.0.1:{closed_port()}"
    ran = run("send", "e.jsonl", "--server", url, "--timeout", "0.3")
    assert ran.code == 3
    assert "no time is left (cannot connect to 127.0.0.1:" in ran.err
    assert ran.err.endswith("refused): run the same line again to go on\n")


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
