"""The hooks of this repository, run by the real pre-commit in another one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

from small_document import document
from support import ROOT

pytestmark = pytest.mark.heavy

CONFIG = """\
repos:
  - repo: {repo}
    rev: {rev}
    hooks:
      - id: eventwright-check
      - id: eventwright-generate
        stages: [manual]
"""
Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "A")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "a@example.com")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "cache"))

    def run(folder: Path, *arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=True)
        return done.stdout.decode()

    return run


def commit(git: Git, folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--no-verify", "--message", "m")


@pytest.fixture
def hooks(tmp_path: Path, git: Git) -> tuple[Path, str]:
    """A repository with what the wheel is built from, as it stands in this checkout; its commit."""
    folder = tmp_path / "hooks"
    folder.mkdir()
    parts = "generator templates pyproject.toml README.md LICENSE .pre-commit-hooks.yaml".split()
    listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard", *parts)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())
    git(folder, "init", "--quiet")
    commit(git, folder)
    return folder, git(folder, "rev-parse", "HEAD").strip()


@pytest.fixture
def pre_commit(tmp_path: Path) -> list[str]:
    """The command, in an environment of its own."""
    folder = tmp_path / "venv"
    venv.create(folder, with_pip=True)
    pip = [str(folder / "bin/python"), "-m", "pip", "install", "--quiet", "pre-commit>=4"]
    subprocess.run(pip, check=True)
    return [str(folder / "bin/python"), "-m", "pre_commit"]


def test_the_hooks(
    tmp_path: Path, git: Git, hooks: tuple[Path, str], pre_commit: list[str]
) -> None:
    repo = tmp_path / "repo"
    repo.mkdir()
    git(repo, "init", "--quiet")
    (repo / "eventwright.toml").write_text("[[client]]\nspec = 'x.json'\noutput = 'gen/pkg'\n")
    (repo / "x.json").write_text(json.dumps(document()))
    (repo / ".pre-commit-config.yaml").write_text(CONFIG.format(repo=hooks[0], rev=hooks[1]))
    subprocess.run([sys.executable, "-m", "eventwright", "generate"], cwd=repo, check=True)
    commit(git, repo)

    def run(*arguments: str) -> tuple[int, str]:
        command = [*pre_commit, *arguments]
        done = subprocess.run(command, cwd=repo, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    assert run("run", "--all-files")[0] == 0
    # As a hook of git: a document that moved without its client does not get in.
    assert run("install")[0] == 0
    (repo / "x.json").write_text(json.dumps(document()).replace("B Ended", "B Stopped"))
    git(repo, "add", "--all")
    commit_it = ["git", "commit", "--quiet", "--message", "moved"]
    done = subprocess.run(commit_it, cwd=repo, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "stale-spec x.json" in done.stderr + done.stdout
    assert "[EVENT_NAME_CHANGED]" in done.stderr + done.stdout
    # The other hook mends it, and fails once because it changed files.
    code, out = run("run", "eventwright-generate", "--hook-stage", "manual", "--all-files")
    assert (code, "files were modified by this hook" in out) == (1, True)
    git(repo, "add", "--all")
    assert run("run", "--all-files")[0] == 0
    subprocess.run(commit_it, cwd=repo, check=True)
    assert git(repo, "status", "--porcelain") == ""
