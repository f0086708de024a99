"""On a stale client, `check` says what moved in the document, if git has the old one."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eventwright.cli import main as cli
from eventwright.fetch import githistory
from eventwright.quick.fingerprint import sha256
from small_document import document

CONFIG = '[[client]]\nspec = "spec.json"\noutput = "gen/pkg"\n'
OVERLAY = """\
overlay: 1.0.0
info: {{title: t, version: "1"}}
actions: [{{target: $.info, update: {{title: {}}}}}]
"""
Git = Callable[..., str]
Check = Callable[[], dict[str, Any]]


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "A")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "a@example.com")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")

    def run(*arguments: str, cwd: Path = tmp_path / "repo") -> str:
        done = subprocess.run(["git", *arguments], cwd=cwd, capture_output=True, check=True)
        return done.stdout.decode()

    return run


@pytest.fixture
def project(tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project below the top of a repository, generated and not committed yet."""
    folder = tmp_path / "repo/sub"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("NO_COLOR", "1")
    (folder / "eventwright.toml").write_text(CONFIG)
    (folder / "spec.json").write_text(json.dumps(document()))
    git("init", "--quiet", "--initial-branch=main")
    assert cli.run(["generate"]) == 0
    return folder


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Check:
    def run() -> dict[str, Any]:
        """What the JSON report says of what moved; it must be stale."""
        capsys.readouterr()
        assert cli.run(["check", "--format", "json"]) == 1
        moved: dict[str, Any] = json.loads(capsys.readouterr().out)["clients"][0]["moved"]
        return moved

    return run


def commit(git: Git, message: str = "m") -> None:
    git("add", "--all")
    git("commit", "--quiet", "--allow-empty", "--message", message)


def edit(project: Path, old: str, new: str, path: str = "spec.json") -> None:
    text = (project / path).read_text()
    assert old in text
    (project / path).write_text(text.replace(old, new))


def rules(moved: dict[str, Any]) -> list[str]:
    return [finding["rule"] for finding in moved["report"]["findings"]]


def test_from_head(
    project: Path, git: Git, check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(git)
    edit(project, "B Ended", "B Stopped")
    moved = check()
    assert (moved["known"], moved["sameContract"]) == (True, False)
    assert moved["origin"] == "git:HEAD:./spec.json"
    assert rules(moved) == ["EVENT_NAME_CHANGED"]
    assert cli.run(["check"]) == 1
    out = capsys.readouterr().out
    assert "  what moved in spec.json, compared with git:HEAD:./spec.json: breaking\n" in out
    assert "[EVENT_NAME_CHANGED]\n    suggested step: major\n" in out
    # The origin is one that diff takes.
    assert cli.run(["diff", moved["origin"], "spec.json"]) == 1


def test_the_severest_first(
    project: Path, git: Git, check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(git)
    edit(project, '"id": {', '"more": {"type": "string"}, "id": {')
    edit(project, "https://example.com", "https://example.org")
    assert rules(check()) == ["SERVER_URL_CHANGED", "REQ_PROPERTY_ADDED_OPTIONAL"]
    assert cli.run(["check"]) == 1
    assert re.findall(r"^  +(error|info) ", capsys.readouterr().out, re.M) == ["error", "info"]


def test_from_the_index(project: Path, git: Git, check: Check) -> None:
    git("add", "--all")
    edit(project, "B Ended", "B Stopped")
    assert check()["origin"] == "spec.json in the index of git"


def test_from_history(project: Path, git: Git, check: Check) -> None:
    commit(git)
    for old, new in (("B Ended", "B Stopped"), ("B Stopped", "B Finished")):
        edit(project, old, new)
        commit(git)
    second = git("rev-parse", "HEAD~1")[:12]
    moved = check()
    assert moved["origin"] == f"git:{second}~:./spec.json"
    assert [finding["old"] for finding in moved["report"]["findings"]] == ["B Ended"]


def test_from_the_other_side_of_a_merge(project: Path, git: Git, check: Check) -> None:
    """A pull request in CI: a merge of two commits whose parents were not fetched."""
    commit(git)
    base = git("rev-parse", "HEAD").strip()
    git("checkout", "--quiet", "-b", "topic")
    edit(project, "B Ended", "B Stopped")
    commit(git)
    git("checkout", "--quiet", "main")
    (project / "other").touch()
    commit(git)
    git("checkout", "--quiet", "topic")
    git("merge", "--quiet", "--no-edit", "main")
    shallow = project.parent / ".git/shallow"
    parents = git("rev-parse", "HEAD^1", "HEAD^2")
    shallow.write_text(parents)
    assert base not in git("rev-list", "--all")
    assert rules(check()) == ["EVENT_NAME_CHANGED"]


def test_checked_out_with_other_line_endings(project: Path, git: Git, check: Check) -> None:
    path = project / "spec.json"
    text = json.dumps(document(), indent=1)
    path.write_bytes(text.encode())
    commit(git)
    path.write_bytes(text.replace("\n", "\r\n").encode())
    assert cli.run(["generate"]) == 0
    path.write_bytes(text.replace("B Ended", "B Stopped").encode())
    assert rules(check()) == ["EVENT_NAME_CHANGED"]


def test_only_the_spelling(
    project: Path, git: Git, check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(git)
    (project / "spec.json").write_text(json.dumps(document(), indent=2))
    moved = check()
    assert (moved["sameContract"], rules(moved)) == (True, [])
    assert cli.run(["check"]) == 1
    assert "    nothing that counts: spelling, order or layout\n" in capsys.readouterr().out


def test_an_overlay_moved(project: Path, git: Git, check: Check) -> None:
    (project / "eventwright.toml").write_text(CONFIG + 'overlays = ["fix.yaml"]\n')
    (project / "fix.yaml").write_text(OVERLAY.format("Good"))
    assert cli.run(["generate"]) == 0
    commit(git)
    (project / "fix.yaml").write_text(OVERLAY.format("Better"))
    (finding,) = check()["report"]["findings"]
    assert (finding["rule"], finding["old"], finding["new"]) == (
        "DOCS_INFO_CHANGED",
        "Good",
        "Better",
    )


def test_without_git(
    project: Path,
    check: Check,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    edit(project, "B Ended", "B Stopped")
    monkeypatch.setenv("PATH", str(project))
    moved = check()
    assert moved == {
        "known": False,
        "note": "git is not installed",
        "sameContract": False,
        "origin": "",
        "report": None,
    }
    assert cli.run(["check"]) == 1
    out = capsys.readouterr().out
    assert "  what moved in spec.json is not known: git is not installed\n" in out
    assert "    what it lets travel is not what it was\n" in out
    (project / "spec.json").write_text(json.dumps(document(), indent=2))
    assert check()["sameContract"] is True


def test_no_repository(project: Path, check: Check) -> None:
    (project.parent / ".git").rename(project.parent / "not-git")
    edit(project, "B Ended", "B Stopped")
    assert check()["note"].startswith("it is in no git repository")


def test_not_in_git(project: Path, git: Git, check: Check) -> None:
    edit(project, "B Ended", "B Stopped")
    assert check()["note"] == "git does not have spec.json as it was, in 0 versions"
    commit(git)
    assert check()["note"] == "git does not have spec.json as it was, in 1 versions"
    (project.parent / ".git/shallow").write_text(git("rev-parse", "HEAD"))
    assert check()["note"].endswith("; fetch more of its history (fetch-depth: 0)")


def test_git_that_hangs(project: Path, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    program = project / "bin/git"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexec sleep 5\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    monkeypatch.setattr(githistory, "_SECONDS", 0.2)
    edit(project, "B Ended", "B Stopped")
    assert check()["note"] == "git took too long"


def test_inside_a_hook_of_another_repository(
    project: Path, git: Git, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(git)
    edit(project, "B Ended", "B Stopped")
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere")
    assert rules(check()) == ["EVENT_NAME_CHANGED"]


def test_a_path_that_looks_like_a_pattern(project: Path, git: Git) -> None:
    (project / ":(glob)*").write_text("x")
    (project / "-p").write_text("y")
    commit(git)
    assert githistory.find(str(project), ":(glob)*", sha256(b"x")).data == b"x"
    assert githistory.find(str(project), "-p", sha256(b"y")).data == b"y"
