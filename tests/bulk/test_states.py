"""Files that `send` finds or leaves: states of other runs, rejects, and what is of others."""

from __future__ import annotations

import pytest

from behaviour.faultserver import Fault, reply
from bulk.commandline import (
    NAME,
    Command,
    EventServer,
    lines,
    module,
    some_refused,
    taken,
    users,
)


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
