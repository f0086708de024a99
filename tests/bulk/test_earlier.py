"""What runs leave for those that come after them: states and rejects, day after day."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from behaviour.faultserver import Fault, reply
from bulk.commandline import (
    ENVIRON,
    NAME,
    Command,
    EventServer,
    Ran,
    lines,
    module,
    package,
    taken,
    users,
)


def rule(user: str, times: int) -> Fault:
    if user.startswith("bad"):
        return reply(400, {"meta": {"errors": [f"no {user}"]}})
    return reply(401) if user.startswith("locked") else reply()


def described() -> Any:
    return import_module(f"{NAME}.__main__").PACKAGE


def state_before() -> Any:
    return module("bulk.earlier").earlier("e.jsonl.outbox", described(), "")


def rejected(run: Command, name: str) -> list[str]:
    return [each["event"]["userId"] for each in run.rejects(name)]


def test_a_job_of_every_day(run: Command) -> None:
    """Each day's rejects are beside its file, those of the days before are kept by number."""
    with EventServer(rule) as server:
        given = ("send", "people.jsonl", "--server", server.url)
        for day in ("bad1", "bad2", "bad3"):
            run.file("people.jsonl", lines([day, f"good-{day}"]))
            ran = run(*given)
            assert ran.code == 1
            assert rejected(run, "people.jsonl.rejects.jsonl") == [day]
        assert "people.jsonl.outbox: the run before, of another input, is done with 2 events, " in (
            ran.err
        )
        assert (
            "people.jsonl.rejects.jsonl, of a run before, is now people.jsonl.rejects.2.jsonl"
            in (ran.err)
        )
        run.file("people.jsonl", lines(["u"]))
        assert run(*given).code == 0
    assert [rejected(run, f"people.jsonl.rejects.{n}.jsonl") for n in (1, 2, 3)] == [
        ["bad1"],
        ["bad2"],
        ["bad3"],
    ]
    assert len(run.files()) == 4  # no state, and no rejects of today
    assert server.received == dict.fromkeys(server.received, 1)


def test_rejects_are_kept_after_their_run_has_come_to_a_good_end(run: Command) -> None:
    """With rejects that somebody has copied: of a state that is gone."""
    kept = '{"line":1,"event":{},"status":400,"errors":["x"]}\n'
    run.file("e.jsonl.rejects.jsonl", kept)
    run.file("e.jsonl.rejects.1.jsonl", "mine")
    run.file("e.jsonl", lines(["bad"]))
    with EventServer(rule) as server:
        assert run("send", "e.jsonl", "--server", server.url).code == 1
    assert (run.folder / "e.jsonl.rejects.2.jsonl").read_text() == kept
    assert (run.folder / "e.jsonl.rejects.1.jsonl").read_text() == "mine"


def test_rejects_of_another_run_are_kept_when_a_run_goes_on(run: Command) -> None:
    """With another place for its own than it had."""
    run.file("e.jsonl", lines(["bad", "locked"]))
    kept = '{"line":1,"event":{},"status":400,"errors":["x"]}\n'
    run.file("r.jsonl", kept)
    with EventServer(rule) as server:
        given = ("send", "e.jsonl", "--server", server.url)
        assert run(*given).code == 3
        server.rule = taken
        ran = run(*given, "--rejects", "r.jsonl")
        assert ran.code == 1
        assert "r.jsonl, of a run before, is now r.1.jsonl" in ran.err
    assert (run.folder / "r.1.jsonl").read_text() == kept
    assert rejected(run, "r.jsonl") == ["bad"]


def test_an_empty_file_is_a_place_for_rejects(run: Command) -> None:
    run.file("e.jsonl", lines(["bad"]))
    run.file("r", "")
    with EventServer(rule) as server:
        assert run("send", "e.jsonl", "--server", server.url, "--rejects", "r").code == 1
    assert rejected(run, "r") == ["bad"]


@pytest.mark.parametrize("name", ["folder", "/dev/null", "link"])
def test_what_is_no_plain_file_is_no_place_for_rejects(run: Command, name: str) -> None:
    run.file("e.jsonl", lines(["bad"]))
    (run.folder / "folder").mkdir()
    (run.folder / "link").symlink_to("/dev/null")
    ran = run("send", "e.jsonl", "--server", "http://127.0.0.1:9", "--rejects", name)
    assert (ran.code, ran.err) == (
        2,
        f"{name} is there, and holds no rejects: name another file for them with --rejects\n",
    )
    assert Path("/dev/null").is_char_device()


def test_rejects_that_were_never_written_are_not_lost(run: Command) -> None:
    """The run before was killed when all was sent: its rejects are written by the next."""
    run.file("e.jsonl", lines(["a", "bad1"]) + "{}\n")
    with EventServer(rule) as server:
        given = ("--server", server.url, "--skip-invalid")
        assert run("send", "e.jsonl", *given).code == 1
        (run.folder / "e.jsonl.rejects.jsonl").unlink()
        store = module("store.store").Store(str(run.folder / "e.jsonl.outbox"), "os", 0)
        store.add_many([], {"rejects": ""})
        store.close()
        run.file("e.jsonl", lines(["bad2"]))
        assert run("send", "e.jsonl", *given).code == 1
    found = run.rejects("e.jsonl.rejects.1.jsonl")
    assert [(each["line"], each["status"]) for each in found] == [(3, None), (2, 400)]
    assert rejected(run, "e.jsonl.rejects.jsonl") == ["bad2"]


def test_rejects_that_were_dealt_with_do_not_come_back(run: Command) -> None:
    run.file("e.jsonl", lines(["bad1"]))
    with EventServer(rule) as server:
        assert run("send", "e.jsonl", "--server", server.url).code == 1
        (run.folder / "e.jsonl.rejects.jsonl").unlink()
        run.file("e.jsonl", lines(["u"]))
        assert run("send", "e.jsonl", "--server", server.url).code == 0
    assert run.files() == ["e.jsonl"]


def test_what_is_delivered_after_all_is_rejected_no_more(run: Command) -> None:
    run.file("e.jsonl", lines(["bad", "a"]))
    with EventServer(rule) as server:
        assert run("send", "e.jsonl", "--server", server.url).code == 1
        server.rule = taken
        assert run("outbox", "retry", "e.jsonl.outbox").code == 0
        assert run("send", "e.jsonl.outbox").code == 0
    assert run.files() == ["e.jsonl"]


def test_pipes_one_after_the_other(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def feed(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    with EventServer(rule) as server:
        for text in (["bad1"], ["bad2"], ["bad2"]):
            feed(lines(text))
            ran = run("send", "-", "--server", server.url)
            assert ran.code == 1
        # The last one was the same once more: nothing of it is sent again.
        assert "stdin.outbox: all of this input was sent before" in ran.err
        assert server.received == {"bad1": 1, "bad2": 1}
    assert rejected(run, "stdin.rejects.1.jsonl") == ["bad1"]
    assert rejected(run, "stdin.rejects.jsonl") == ["bad2"]


def test_an_input_that_is_wrong_leaves_the_run_before_as_it_is(run: Command) -> None:
    run.file("e.jsonl", lines(["bad1"]))
    with EventServer(rule) as server:
        assert run("send", "e.jsonl", "--server", server.url).code == 1
        before = run.files()
        run.file("e.jsonl", "{}\n")
        assert run("send", "e.jsonl", "--server", server.url).code == 2
        assert run.files() == before
        assert run("outbox", "retry", "e.jsonl.outbox").out.startswith("1 put back")


def test_the_same_input_with_other_options_is_not_sent_twice(run: Command) -> None:
    run.file("e.jsonl", lines(["bad1", "a"]))
    with EventServer(rule) as server:
        assert run("send", "e.jsonl", "--server", server.url).code == 1
        ran = run("send", "e.jsonl", "--server", server.url, "--strict-mode")
        assert ran.code == 2
        assert "of the same input with other options (no --strict-mode)" in ran.err
        assert server.received == {"bad1": 1, "a": 1}


def test_a_state_is_gone_on_with_when_its_input_is_gone(run: Command) -> None:
    """With the server and the switches that the run was begun with."""
    run.file("e.jsonl", lines(users(5)))
    with EventServer(lambda user, times: reply(401)) as server:
        given = ("--server", server.url, "--strict-mode")
        assert run("send", "e.jsonl", *given).code == 3
        run.file("e.jsonl", lines(["other"]))
        ran = run("send", "e.jsonl", *given)
        assert ran.code == 2
        assert f"`python -m {NAME} send e.jsonl.outbox` delivers what is left there" in ran.err
        server.rule = taken
        ran = run("send", "e.jsonl.outbox", "--dry-run")
        assert (ran.code, ran.out) == (0, "5 events would be sent; nothing was\n")
        before = len(server.seen)
        ran = run("send", "e.jsonl.outbox")
        assert (ran.code, ran.err) == (0, "e.jsonl.outbox: going on, 0 of 5 are done\n")
        assert {seen.headers.get("x-strict-mode") for seen in server.seen[before:]} == {"1"}
    assert server.delivered == dict.fromkeys(users(5), 1)
    assert run.files() == ["e.jsonl"]


def test_options_that_differ_are_told_as_they_are_written(run: Command) -> None:
    run.file("e.csv", "id,the at,x\n1,2026-11-24T09:30:00Z,\n")
    given = ["--map", "id=userId", "--map", "the at=timestamp", "--ignore", "x"]
    event = ["--event", "User Deleted"]
    with EventServer(lambda user, times: reply(401)) as server:
        assert run("send", "e.csv", *event, *given, "--server", server.url).code == 3
        ran = run("send", "e.csv", "--event", "User Suppressed", "--server", server.url)
    assert (
        "with other options (--event 'User Deleted', --map id=userId --map 'the at=timestamp', "
        "--ignore x)."
    ) in ran.err


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (["--server", "eu"], "is the state of a run with other options (--server http://127"),
        (["--strict-mode"], "is the state of a run with other options (no --strict-mode)"),
        (["--event", "User Deleted"], "is the state of a run with other options (no --event)"),
        (["--state", "x"], "is a state itself: no --state beside it"),
        (["--rejects", "e.jsonl.outbox"], "--rejects e.jsonl.outbox is the state of the run"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_a_state_is_gone_on_with_as_it_was_begun(
    run: Command, option: list[str], said: str
) -> None:
    run.file("e.jsonl", lines(users(2)))
    with EventServer(lambda user, times: reply(401)) as server:
        assert run("send", "e.jsonl", "--server", server.url).code == 3
    ran = run("send", "e.jsonl.outbox", *option)
    assert ran.code == 2
    assert said in ran.err


def test_rejects_of_a_state_stand_beside_it(run: Command) -> None:
    run.file("e.jsonl", lines(["bad", "locked"]))
    with EventServer(rule) as server:
        assert run("send", "e.jsonl", "--server", server.url).code == 3
        server.rule = lambda user, times: reply(400)
        assert run("send", "e.jsonl.outbox").code == 1
    assert sorted(rejected(run, "e.jsonl.rejects.jsonl")) == ["bad", "locked"]
    assert "e.jsonl.rejects.1.jsonl" not in run.files()


def test_a_state_of_which_nothing_is_left(run: Command) -> None:
    run.file("e.jsonl", lines(["bad"]))
    with EventServer(rule) as server:
        assert run("send", "e.jsonl", "--server", server.url).code == 1
        ran = run("send", "e.jsonl.outbox")
    assert ran.code == 1
    assert ran.err.startswith("e.jsonl.outbox: nothing is left to be sent\n0 of 1 delivered, 1 rej")
    assert server.received == {"bad": 1}


def test_the_outbox_of_a_program_is_delivered_by_that(run: Command) -> None:
    module("store.store").Store(str(run.folder / "events.db"), "os", 0).close()
    ran = run("send", "events.db")
    assert (ran.code, ran.err) == (
        2,
        "events.db is an outbox, but of no run of `send`: whoever has it open delivers it\n",
    )


def test_the_state_of_another_package_is_left_to_that(run: Command) -> None:
    """Its operations may be called the same, and go elsewhere."""
    run.file("e.jsonl", lines(users(2)))
    with EventServer(lambda user, times: reply(401)) as server:
        assert run("send", "e.jsonl", "--server", server.url).code == 3
    store = module("store.store").Store(str(run.folder / "e.jsonl.outbox"), "os", 0)
    note = store.notes()["input"].replace(NAME, "other_events")
    store.add_many([], {"input": note})
    store.close()
    for file in ("e.jsonl", "e.jsonl.outbox"):
        ran = run("send", file)
        assert (ran.code, ran.err) == (
            2,
            f"e.jsonl.outbox is of a run of other_events, and this is {NAME}: that one goes on "
            "with it\n",
        )
    assert run("outbox", "status", "e.jsonl.outbox").out.endswith(" 2 events of other_events\n")


@pytest.mark.parametrize("note", ['{"name": "x"}', '{"later": 1}', "[]", "x"])
def test_the_state_of_another_version_is_left_to_that(run: Command, note: str) -> None:
    run.file("e.jsonl", lines(users(2)))
    store = module("store.store").Store(str(run.folder / "e.jsonl.outbox"), "os", 0)
    store.add_many([], {"input": note})
    store.close()
    for file in ("e.jsonl", "e.jsonl.outbox"):
        ran = run("send", file)
        assert ran.code == 2
        assert "e.jsonl.outbox is of a run of another version of the package: finish" in ran.err
    said = run("outbox", "status", "e.jsonl.outbox").out
    assert said.endswith("of         a run of another version of the package\n")
    assert run("outbox", "retry", "e.jsonl.outbox").code == 0


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--rejects", "./e.jsonl"], "--rejects ./e.jsonl is the input itself"),
        (["--rejects", "link"], "--rejects link is the input itself"),
        (["--rejects", "e.jsonl.outbox"], "--rejects e.jsonl.outbox is the state of the run"),
        (["--rejects", "s-wal", "--state", "s"], "--rejects s-wal is the state of the run"),
        (["--state", "e.jsonl"], "--state e.jsonl is the input itself"),
        (["--state", "r", "--rejects", "r"], "--rejects r is the state of the run"),
        (
            ["--state", "absent/s", "--rejects", "absent/r"],
            "absent/s cannot be written: there is no such folder; absent/r cannot be written: "
            "there is no such folder. Name another place with --state and --rejects",
        ),
    ],
)
def test_places_that_are_taken(run: Command, more: list[str], said: str) -> None:
    text = lines(users(2))
    run.file("e.jsonl", text)
    (run.folder / "link").symlink_to("e.jsonl")
    ran = run("send", "e.jsonl", "--server", "http://127.0.0.1:9", *more)
    assert ran.code == 2
    assert said in ran.err
    assert (run.folder / "e.jsonl").read_text() == text
    assert run.files() == ["e.jsonl", "link"]


def test_two_runs_that_replace_one_state(run: Command) -> None:
    """One of them does; the other finds a run under way, and leaves it alone."""
    run.file("e.jsonl", lines(["bad1"]))
    with EventServer(rule) as server:
        assert run("send", "e.jsonl", "--server", server.url).code == 1
        before = state_before()
        server.rule = lambda user, times: reply(401)
        run.file("e.jsonl", lines(["x"]))
        assert run("send", "e.jsonl", "--server", server.url).code == 3
    with pytest.raises(module("bulk.errors").CommandError, match="another run uses it"):
        before.give_way("r")
    assert state_before().pending == 1


def test_dead_letters_that_were_just_put_back_are_not_removed(run: Command) -> None:
    run.file("e.jsonl", lines(["bad1"]))
    with EventServer(rule) as server:
        assert run("send", "e.jsonl", "--server", server.url).code == 1
    before = state_before()
    run("outbox", "retry", "e.jsonl.outbox")
    with pytest.raises(module("bulk.errors").CommandError, match="another run uses it"):
        before.give_way("r")
    assert state_before().pending == 1


def test_the_name_of_a_state_that_is_filled_is_not_shown(run: Command) -> None:
    run.file("e.jsonl", lines(users(3)))
    state = "x" * 252  # with more behind it this is too long
    ran = run("send", "e.jsonl", "--server", "http://127.0.0.1:9", "--state", state)
    assert ran.code == 2
    assert ran.err.startswith(f"{state}: ")
    assert "File name too long" in ran.err
    assert ran.err.endswith("nothing was sent. --state names another place\n")
    assert ".part" not in ran.err


UNPRIVILEGED = f"""
import gettext, locale, os, sys  # the first two are needed later, and may lie where nobody may look
from {NAME}.__main__ import PACKAGE
from {NAME}._runtime.bulk.main import main
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
sys.exit(main(PACKAGE, sys.argv[1:]))
"""


def without_rights(folder: Path, *arguments: str) -> Ran:
    done = subprocess.run(
        [sys.executable, "-c", UNPRIVILEGED, *arguments],
        cwd=folder,
        env={**ENVIRON, "PYTHONPATH": str(package().parent)},
        capture_output=True,
        text=True,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may look into."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


@pytest.mark.skipif(os.name != "posix", reason="rights of files are those of POSIX")
def test_without_the_right_to_write(open_folder: Path) -> None:
    (open_folder / "e.jsonl").write_text(lines(["a"]))
    module("store.store").Store(str(open_folder / "e.db"), "os", 0).close()
    os.chmod(open_folder / "e.db", 0o444)
    os.chmod(open_folder, 0o555)
    ran = without_rights(open_folder, "send", "e.jsonl", "--server", "http://127.0.0.1:9")
    assert (ran.code, ran.err) == (
        2,
        "e.jsonl.outbox cannot be written: the folder is read-only; e.jsonl.rejects.jsonl cannot "
        "be written: the folder is read-only. Name another place with --state and --rejects\n",
    )
    for name in ("e.db", "the folder of e.db"):
        ran = without_rights(open_folder, "outbox", "status", "e.db")
        assert (ran.code, ran.err) == (
            2,
            f"{name} is read-only for this user, and an outbox is opened for writing, also to look "
            "into it\n",
        )
        os.chmod(open_folder / "e.db", 0o666)
    os.chmod(open_folder / "e.db", 0)
    ran = without_rights(open_folder, "outbox", "status", "e.db")
    assert (ran.code, ran.err) == (2, "e.db: cannot be opened: Permission denied\n")
