"""`check` tells apart what moved, says what mends it, and is right about it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from eventwright.cli import main as cli
from eventwright.config.config import ClientConfig
from eventwright.emit.templates import Override
from eventwright.model.model import Model
from eventwright.project import pipeline
from eventwright.quick.answers import LOCK_NAME, answer
from eventwright.quick.fingerprint import sha256
from small_document import document

CONFIG = '[[client]]\nspec = "spec.json"\noutput = "gen/pkg"\noverlays = ["fix.yaml"]\n'
OVERLAY = """\
overlay: 1.0.0
info: {title: t, version: "1"}
actions:
  - target: $.info
    update: {title: Better}
"""


@pytest.fixture
def project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Path:
    """A project that was just generated."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "eventwright.toml").write_text(CONFIG)
    (tmp_path / "spec.json").write_text(json.dumps(document()))
    (tmp_path / "fix.yaml").write_text(OVERLAY)
    assert cli.run(["generate"]) == 0
    capsys.readouterr()
    return tmp_path


Check = Callable[..., dict[str, str]]
Overrides = Mapping[str, Override]


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Check:
    def run(*options: str) -> dict[str, str]:
        """Kind → path of each problem, after a look at the exit code."""
        capsys.readouterr()
        code = cli.run(["check", "--format", "json", *options])
        report = json.loads(capsys.readouterr().out)
        problems = report["clients"][0]["problems"]
        assert code == bool(problems)
        assert report["status"] == report["clients"][0]["status"] == ["in-sync", "drift"][code]
        assert bool(answer(["check"])) == (not problems)
        return {problem["kind"]: problem["path"] for problem in problems}

    return run


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_in_sync(project: Path, check: Check) -> None:
    assert check() == {}
    assert check("--full") == {}


def test_stale_document(project: Path, check: Check) -> None:
    replace(project / "spec.json", "B Ended", "B Stopped")
    assert check() == {"stale-spec": "spec.json"}


def test_only_the_bytes_of_the_document(
    project: Path, check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "spec.json").write_text(json.dumps(document(), indent=1))
    assert check() == {"stale-spec": "spec.json"}
    assert cli.run(["check"]) == 1
    assert "generate would rewrite the lock only" in capsys.readouterr().out


def test_stale_overlay(project: Path, check: Check) -> None:
    replace(project / "fix.yaml", "Better", "Best")
    assert check() == {"stale-overlay": "fix.yaml"}


def test_stale_options(project: Path, check: Check) -> None:
    (project / "eventwright.toml").write_text(CONFIG + '[client.operations.send]\nname = "put"\n')
    assert check() == {"stale-config": "gen/pkg"}


def test_hand_edited(project: Path, check: Check) -> None:
    replace(project / "gen/pkg/events.py", "class BEnded", "class BFinished")
    assert check() == {"hand-edited": "gen/pkg/events.py"}


def test_line_endings_are_told_in_one_line(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (project / "gen/pkg").rglob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    replace(project / "gen/pkg/api.py", "operations", "operation")
    assert cli.run(["check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "gen/pkg: 2 problems"
    assert lines[1] == "  line-endings gen/pkg"
    assert re.fullmatch(
        r"    \d\d files with other line endings, and no other change: .*", lines[2]
    )
    assert lines[3] == (
        "    fix: add `gen/pkg/** -text` to .gitattributes, then: eventwright generate"
    )
    assert lines[4] == "  hand-edited gen/pkg/api.py"
    assert cli.run(["generate"]) == 1
    assert "gen/pkg/api.py: edited by hand" in capsys.readouterr().err
    replace(project / "gen/pkg/api.py", "operation", "operations")
    assert cli.run(["generate"]) == 0
    assert not [p for p in (project / "gen/pkg").rglob("*.py") if b"\r" in p.read_bytes()]


def test_documents_with_other_line_endings_are_the_same(project: Path) -> None:
    (project / "spec.json").write_text(json.dumps(document(), indent=1))
    assert cli.run(["generate"]) == 0
    lock = (project / "gen/pkg/eventwright.lock").read_bytes()
    for path in (project / "fix.yaml", project / "spec.json"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert answer(["check"]) is not None
    assert cli.run(["check"]) == 0
    assert cli.run(["generate"]) == 0
    assert (project / "gen/pkg/eventwright.lock").read_bytes() == lock


@pytest.mark.parametrize(
    "key", ["strict = true", 'source = "https://a.example/x"', "source_private = true"]
)
def test_options_that_shape_no_output_make_no_client_stale(project: Path, key: str) -> None:
    config = project / "eventwright.toml"
    config.write_text(config.read_text() + key + "\n")
    assert answer(["check"]) is not None
    assert cli.run(["check"]) == 0
    config.write_text(config.read_text() + 'events = ["send"]\n')
    assert cli.run(["check"]) == 1


def test_missing(project: Path, check: Check) -> None:
    (project / "gen/pkg/events.py").unlink()
    assert check() == {"missing": "gen/pkg/events.py"}


def test_extra(project: Path, check: Check) -> None:
    (project / "gen/pkg/NOTES.md").touch()
    (project / "gen/pkg/mine.py").touch()
    assert check() == {"extra": "gen/pkg/mine.py"}


def test_generate_has_nothing_to_do_about_an_extra_file(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "gen/pkg/mine.py").touch()
    assert cli.run(["check"]) == 1
    assert "  generate would change nothing\n" in capsys.readouterr().out
    before = (project / "gen/pkg/eventwright.lock").read_bytes()
    assert cli.run(["generate"]) == 0
    assert (project / "gen/pkg/eventwright.lock").read_bytes() == before


def test_a_client_that_is_named_no_more(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "eventwright.toml").write_text(CONFIG.replace("gen/pkg", "gen/new"))
    assert cli.run(["generate"]) == 0
    capsys.readouterr()
    assert cli.run(["check", "--full"]) == 0
    note = "note: gen/pkg was generated, but no client here is written to it\n"
    assert capsys.readouterr().err == note
    config = CONFIG.replace("gen/pkg", "gen/new") + CONFIG
    (project / "eventwright.toml").write_text(config)
    for options in ([], ["--client", "new"]):
        assert cli.run(["check", "--full", *options]) == 0
        assert capsys.readouterr().err == ""


def test_orphan(project: Path, check: Check) -> None:
    """A file that an earlier version of the generator made, and that nobody touched since."""
    (project / "gen/pkg/former.py").write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    replace(
        project / "gen/pkg" / LOCK_NAME, '"files": {', f'"files": {{\n    "former.py": "{empty}",'
    )
    replace(project / "spec.json", "B Ended", "B Stopped")
    assert check() == {"stale-spec": "spec.json", "orphan": "gen/pkg/former.py"}
    assert cli.run(["generate"]) == 0
    assert not (project / "gen/pkg/former.py").exists()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("generator", "generator-version"),
        ("templates_sha256", "templates-changed"),
        ("black", "tool-version"),
    ],
)
def test_what_it_was_made_with(project: Path, check: Check, name: str, kind: str) -> None:
    lock = project / "gen/pkg" / LOCK_NAME
    lock.write_text(re.sub(rf'("{name}": )"[^"]*"', r'\1"0.0.1"', lock.read_text()))
    assert check() == {kind: f"gen/pkg/{LOCK_NAME}"}


def test_never_generated(project: Path, check: Check) -> None:
    (project / "gen/pkg" / LOCK_NAME).unlink()
    assert check() == {"never-generated": "gen/pkg"}


def test_damaged_lock(project: Path, check: Check) -> None:
    replace(project / "gen/pkg" / LOCK_NAME, "{\n", "<<<<<<< ours\n{\n")
    assert check() == {"lock-damaged": f"gen/pkg/{LOCK_NAME}"}


def test_interrupted(project: Path, check: Check) -> None:
    """New files in place, the lock not yet: nothing that anyone edited by hand."""
    events, lock = project / "gen/pkg/events.py", project / "gen/pkg" / LOCK_NAME
    before = [sha256(path.read_bytes()) for path in (events, lock)]
    replace(events, "class BEnded", "class BFinished")
    after = sha256(events.read_bytes())
    new_lock = lock.read_text().replace(before[0], after)
    steps = [
        {"number": 0, "path": "events.py", "before": before[0], "after": after},
        {"number": 1, "path": LOCK_NAME, "before": before[1], "after": sha256(new_lock.encode())},
    ]
    stage = project / "gen/pkg/.eventwright"
    stage.mkdir()
    (stage / "new-1").write_text(new_lock)
    (stage / "journal.json").write_text(json.dumps(steps))
    assert check() == {"interrupted": "gen/pkg"}
    assert cli.run(["generate"]) == 0
    assert check() == {}


def test_the_code_alone_moved(project: Path, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a checkout of the generator, `--full` sees what the lock cannot."""
    real = pipeline.render

    def other(model: Model, client: ClientConfig, overrides: Overrides) -> pipeline.Generated:
        made = real(model, client, overrides)
        return pipeline.Generated(files={**made.files, "more.py": ""}, model=made.model)

    monkeypatch.setattr(pipeline, "render", other)
    assert cli.run(["check"]) == 0
    assert cli.run(["check", "--full"]) == 1


def test_text_names_problem_fix_and_diff(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replace(project / "gen/pkg/events.py", "class BEnded", "class BFinished")
    assert cli.run(["check", "--config", "eventwright.toml"]) == 1
    lines = capsys.readouterr().out.splitlines()
    command = "eventwright generate --config eventwright.toml --force"
    assert lines[:5] == [
        "gen/pkg: 1 problem",
        "  hand-edited gen/pkg/events.py",
        "    edited by hand since it was generated",
        f"    fix: move the edit elsewhere, then: {command}",
        "  generate would stop: 1 file in the way",
    ]
    assert lines[5:7] == [
        "--- gen/pkg/events.py (on disk)",
        "+++ gen/pkg/events.py (generated)",
    ]
    assert any(line.startswith("-class BFinished") for line in lines)
    assert any(line.startswith("+class BEnded") for line in lines)


def test_the_diff_is_bounded_and_safe(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (project / "gen/pkg/events.py").open("a") as file:
        file.write("# \x1b[31m\n" * 1000)
    assert cli.run(["check"]) == 1
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert out.splitlines()[-1] == "… the diff goes on after 200 lines"
    assert len(out.splitlines()) < 220


def test_a_broken_document_is_exit_2(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "spec.json").write_text('{"openapi": }')
    assert cli.run(["check"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("spec.json:1:13: error[E")


def test_a_byte_order_mark_in_the_configuration(project: Path, check: Check) -> None:
    (project / "eventwright.toml").write_bytes(b"\xef\xbb\xbf" + CONFIG.encode())
    assert check() == {}


def test_the_etag_stays_with_the_bytes_it_came_with(project: Path, check: Check) -> None:
    url = "https://example.com/spec.json"
    (project / "eventwright.toml").write_text(CONFIG + f'source = "{url}"\n')
    assert cli.run(["generate"]) == 0
    lock = project / "gen/pkg" / LOCK_NAME
    assert json.loads(lock.read_text())["source"] == {"url": url}
    replace(lock, f'"url": "{url}"', f'"etag": "1",\n    "url": "{url}"')
    assert check() == {}
    replace(project / "fix.yaml", "Better", "Best")
    assert cli.run(["generate"]) == 0
    assert json.loads(lock.read_text())["source"] == {"url": url, "etag": "1"}
    replace(project / "spec.json", "B Ended", "B Stopped")
    assert cli.run(["generate"]) == 0
    assert json.loads(lock.read_text())["source"] == {"url": url}


def test_check_changes_nothing(project: Path, check: Check) -> None:
    replace(project / "spec.json", "B Ended", "B Stopped")
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*")}
    check()
    assert {path: path.stat().st_mtime_ns for path in project.rglob("*")} == before


def test_every_fix_that_is_a_command_mends(
    project: Path, check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    replace(project / "spec.json", "B Ended", "B Stopped")
    os.remove(project / "gen/pkg/events.py")
    cli.run(["check", "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    fixes = {problem["fix"] for problem in report["clients"][0]["problems"]}
    assert fixes == {"eventwright generate"}
    assert cli.run(["generate"]) == 0
    capsys.readouterr()
    assert check() == {}
