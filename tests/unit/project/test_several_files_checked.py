"""The files that a document is made of are in the lock, and all commands look at them."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from eventwright.cli import main as cli
from eventwright.quick import answers

Captured = pytest.CaptureFixture[str]
ENTRY = """\
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a: {$ref: paths/a.yaml}
"""
PATH = """\
get:
  operationId: a
  responses:
    200:
      description: ok
      content: {application/json: {schema: {$ref: ../../common/thing.json}}}
"""
THING = '{"type": "object", "properties": {"id": {"type": "string"}}}\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    for name, text in {
        "eventwright.toml": '[[client]]\nspec = "spec/api.yaml"\noutput = "pkg"\n',
        "spec/api.yaml": ENTRY,
        "spec/paths/a.yaml": PATH,
        "common/thing.json": THING,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    assert cli.run(["generate"]) == 0
    capsys.readouterr()
    return tmp_path


def test_the_lock_has_each_file(project: Path) -> None:
    lock = json.loads((project / "pkg/eventwright.lock").read_text("utf-8"))
    assert list(lock["documents"]) == ["common/thing.json", "spec/paths/a.yaml"]


def test_the_quick_check_and_the_full_one_see_each_file(project: Path, capsys: Captured) -> None:
    assert answers.answer(["check"]) == "pkg: in sync with spec/api.yaml\n"
    for name in ("spec/paths/a.yaml", "common/thing.json"):
        kept = (project / name).read_text("utf-8")
        (project / name).write_text(kept + "\n", "utf-8")
        assert answers.answer(["check"]) is None
        assert cli.run(["check"]) == 1
        assert f"stale-spec {name}" in capsys.readouterr().out
        (project / name).write_text(kept.replace("\n", "\r\n"), "utf-8", newline="")
        assert answers.answer(["check"]) is not None, "line endings are git's business"
        (project / name).unlink()
        assert answers.answer(["check"]) is None
        assert cli.run(["check"]) == 2
        (project / name).write_text(kept, "utf-8")
        capsys.readouterr()
    assert cli.run(["check", "--full"]) == 0


def test_what_moved_is_compared_with_all_files_as_they_were(
    project: Path, capsys: Captured
) -> None:
    _commit(project)
    thing = project / "common/thing.json"
    thing.write_text(THING.replace("string", "integer"), "utf-8")
    assert cli.run(["check"]) == 1
    assert "RESP_TYPE_CHANGED" in capsys.readouterr().out
    assert cli.run(["diff", "git:HEAD:spec/api.yaml", "spec/api.yaml"]) == 1
    said = capsys.readouterr().out
    assert re.search(r"git:HEAD:common/thing\.json:1:\d+ -> common/thing\.json:1:\d+", said)


def test_git_revisions_are_read_whole_from_a_folder_too(
    project: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    _commit(project)
    monkeypatch.chdir(project / "spec")
    assert cli.run(["diff", "git:HEAD:./api.yaml", "git:HEAD:spec/api.yaml"]) == 0


def test_the_changelog_reads_files_as_they_were(project: Path, capsys: Captured) -> None:
    _commit(project)
    (project / "common/thing.json").write_text(THING.replace("string", "integer"), "utf-8")
    (project / "spec/api.yaml").write_text(ENTRY.replace("'1'", "'2'"), "utf-8")
    _commit(project)
    assert cli.run(["changelog", "spec/api.yaml"]) == 0
    assert "RESP_TYPE_CHANGED" in capsys.readouterr().out


def _commit(project: Path) -> None:
    git = ["git", "-c", "user.email=a@example.com", "-c", "user.name=a", "-C", str(project)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "x"], check=True)
