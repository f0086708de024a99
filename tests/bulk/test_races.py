"""Two commands on one state: one comes between two steps of the other."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from behaviour.faultserver import Fault, reply
from bulk.commandline import NAME, Command, EventServer, lines, module


def rule(user: str, times: int) -> Fault:
    return reply(400 if user.startswith("bad") else 200)


@pytest.fixture
def done(run: Command) -> Command:
    """A run is done, and one of its events was rejected, so that its state is there."""
    run.file("e.jsonl", lines(["a", "bad"]))
    with EventServer(rule) as server:
        assert run("send", "e.jsonl", "--server", server.url).code == 1
    return run


def store() -> Any:
    return module("store.store").Store(str(Path("e.jsonl.outbox").absolute()), "os", 0)


def after(monkeypatch: pytest.MonkeyPatch, statement: str, work: Callable[[], object]) -> None:
    """Have something done once a statement is executed for the first time."""
    plain = sqlite3.connect

    class Slow(sqlite3.Connection):
        def execute(self, sql: str, /, *given: Any) -> sqlite3.Cursor:
            found = super().execute(sql, *given)
            if sql == statement:
                found.fetchall()
                monkeypatch.setattr(sqlite3, "connect", plain)
                work()
            return found

    monkeypatch.setattr(sqlite3, "connect", partial(plain, factory=Slow))


def test_a_state_is_opened_while_it_is_about_to_be_removed(
    done: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what is put back then is put into a file that is gone."""
    state, opened = module("bulk.state"), list[Any]()
    after(monkeypatch, "PRAGMA journal_mode = DELETE", lambda: opened.append(store()))
    retired = state.retire("e.jsonl.outbox", state.identity_of("e.jsonl.outbox"))
    opened[0].revive()
    opened[0].close()
    assert not retired
    assert Path("e.jsonl.outbox").exists()
    again = store()
    assert again.counts().pending == 1
    again.close()


def test_a_state_that_has_just_gone_is_not_made_anew_to_look_at_it(
    done: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run would find an outbox that is of no run, and refuse it."""
    maintenance = module("bulk.maintenance")
    check = maintenance.check_writable

    def gone(path: str) -> None:
        check(path)
        Path(path).unlink()

    monkeypatch.setattr(maintenance, "check_writable", gone)
    ran = done("outbox", "status", "e.jsonl.outbox")
    assert ran.code == 2
    assert "it is not there any more" in ran.err
    assert done.files() == ["e.jsonl", "e.jsonl.rejects.jsonl"]


def test_the_state_of_a_run_that_has_just_begun_is_left_alone(
    done: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One run finds its state gone, and a third puts its own there before it has said so."""
    delivering, stores = module("bulk.delivering"), module("store.store").Store
    identity_of, notes = delivering.identity_of, stores.notes

    def begins(opened: Any) -> Any:
        found = notes(opened)
        if Path("third").exists():
            Path("third").rename("e.jsonl.outbox")
        return found

    def gone(path: str) -> Any:
        found = identity_of(path)
        Path(path).unlink()
        monkeypatch.setattr(stores, "notes", begins)
        return found

    done.file("third.jsonl", lines(["x", "y"]))
    done.file("e.jsonl", lines(["z"]))
    with EventServer(lambda user, times: reply(401)) as server:
        given = ("--server", server.url)
        assert done("send", "third.jsonl", *given, "--state", "third").code == 3
        monkeypatch.setattr(delivering, "identity_of", gone)
        ran = done("send", "e.jsonl", *given)
    assert ran.code == 2
    assert "is gone: another run has finished it" in ran.err
    assert [each for each in done.files() if each in ("third", "e.jsonl.outbox")]


def test_rejects_of_the_next_run_are_not_written_for_the_one_before(
    done: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs replace one state: the second finds that of the first."""
    earlier, package = module("bulk.earlier"), import_module(f"{NAME}.__main__").PACKAGE
    Path("e.jsonl.rejects.jsonl").unlink()
    opened = store()
    opened.add_many([], {"rejects": ""})
    opened.close()
    before = earlier.earlier("e.jsonl.outbox", package, "")
    Path("e.jsonl.outbox").rename("before")
    done.file("e.jsonl", lines(["bad2"]))
    with EventServer(rule) as server:
        given = ("--server", server.url, "--rejects", "next")
        assert done("send", "e.jsonl", *given).code == 1
    with pytest.raises(module("bulk.errors").CommandError, match="another run uses it"):
        before.give_way("r")
    assert not Path("r").exists()
