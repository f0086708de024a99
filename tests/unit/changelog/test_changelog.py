"""`eventwright changelog`, on real repositories: what was released when, and what that means."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import small_document
from eventwright.cli import main as cli
from eventwright.document.load import Document
from eventwright.drift.between import model_of
from eventwright.model.model import Model

SPEC = "spec/events.json"


class Repository:
    """A repository whose commits are a day apart, from 2030-01-01 on."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._day = 0
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        day = f"2030-01-{max(self._day, 1):02}T12:00:00Z"
        identity = {
            f"GIT_{who}_{what}": "x@y"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        dates = {"GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day}
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env=os.environ | identity | dates | {"GIT_CONFIG_GLOBAL": os.devnull},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def commit(self, content: dict[str, Any] | str, path: str = SPEC) -> str:
        """Write the document and commit it; the first ten digits of the commit."""
        file = self.root / path
        file.parent.mkdir(exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content, indent=1)
        file.write_text(text, "utf-8")
        return self.commit_all()

    def commit_all(self) -> str:
        self._day += 1
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", "x")
        return self.git("rev-parse", "HEAD")[:10]


def document(version: str, **more: Any) -> dict[str, Any]:
    """Two events; `required` of the first, and a further event, as asked for."""
    data: dict[str, Any] = small_document.document()
    data["info"]["version"] = version
    schemas = data["components"]["schemas"]
    schemas["a"]["required"] = ["event", *more.get("required", ())]
    if "event" in more:
        schemas["c"] = small_document.event(more["event"])
        body = data["paths"]["/e"]["post"]["requestBody"]["content"]["application/json"]
        body["schema"]["oneOf"].append({"$ref": "#/components/schemas/c"})
    return data


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    return Repository(tmp_path)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = cli.run(["changelog", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def headings(text: str) -> list[str]:
    return [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]


def test_each_change_is_told_the_newest_first(repository: Repository, run: Any) -> None:
    first = repository.commit(document("1"))
    repository.commit("no document", "README")
    second = repository.commit(document("2", required=["id"]))
    third = repository.commit(document("3", required=["id"], event="C Came"))
    code, out, err = run(SPEC)
    assert (code, err) == (0, "")
    assert (
        out
        == f"""# Changelog of `spec/events.json`

## 2030-01-04 (`{third}`, version `3`)

**additive**: 1 info, 1 docs. Suggested step: **minor**.

### New

- `C Came is new` (EVENT_ADDED)

Also: 1 change of words.

## 2030-01-03 (`{second}`, version `2`)

**breaking**: 1 error, 1 docs. Suggested step: **major**.

### Breaking

- ``A Began: `id` became required`` (REQ_PROPERTY_BECAME_REQUIRED)

Also: 1 change of words.

## 2030-01-01 (`{first}`, version `1`)

`first version: 2 events, 1 operation`
"""
    )


def test_all_up_to_a_tag_is_one_release(repository: Repository, run: Any) -> None:
    repository.commit(document("1"))
    repository.git("tag", "v1")
    repository.commit(document("2", required=["id"]))
    repository.commit(document("2", event="C Came"))
    repository.commit("later", "README")
    repository.git("tag", "--annotate", "v2", "-m", "x")
    last = repository.commit(document("3"))
    _, out, _ = run(SPEC)
    assert headings(out) == [
        f"2030-01-05 (`{last}`, version `3`)",
        "`v2` (2030-01-04, version `2`)",
        "`v1` (2030-01-01, version `1`)",
    ]
    assert "became required" not in out, "what came and went within a release is no news"
    assert "`C Came is new`" in out
    assert "EVENT_REMOVED" in out


def test_since_and_limit(repository: Repository, run: Any) -> None:
    commits = [repository.commit(document(str(number))) for number in range(4)]
    repository.git("tag", "v1", commits[1])

    def told(*arguments: str) -> list[str]:
        return re.findall(r"version `(\d)`", run(SPEC, *arguments)[1])

    assert told() == ["3", "2", "1"]
    assert told("--limit", "2") == ["3", "2"]
    assert told("--since", "v1") == ["3", "2"]
    assert told("--since", commits[2]) == ["3"]
    assert told("--since", "2030-01-04") == ["3"]
    assert "Nothing changed." in run(SPEC, "--since", "HEAD")[1]
    assert "first version" not in run(SPEC, "--since", "v1")[1]


def test_a_rename_is_followed_and_no_release(repository: Repository, run: Any) -> None:
    repository.commit(document("1"), "old.json")
    repository.git("mv", "old.json", "new.json")
    repository.commit_all()
    repository.commit(document("2", required=["id"]), "new.json")
    _, out, _ = run("new.json")
    assert re.findall(r"version `(\d)`", out) == ["2", "1"]
    assert "became required" in out


def test_what_a_merge_brought_is_one_change(repository: Repository, run: Any) -> None:
    repository.commit(document("1"))
    repository.git("switch", "--quiet", "--create", "side")
    repository.commit(document("2", required=["id"]))
    repository.commit(document("3", event="C Came"))
    repository.git("switch", "--quiet", "main")
    repository.commit("meanwhile", "README")
    repository.git("merge", "--quiet", "--no-ff", "side", "-m", "x")
    _, out, _ = run(SPEC)
    assert re.findall(r"version `(\d)`", out) == ["3", "1"]
    assert "became required" not in out


def test_a_version_that_cannot_be_read_is_one_line(repository: Repository, run: Any) -> None:
    good = repository.commit(document("1"))
    repository.commit("{")
    repository.commit(document("2", required=["id"]))
    (repository.root / SPEC).unlink()
    repository.commit_all()
    repository.commit(document("3", required=["id"]))
    code, out, err = run(SPEC)
    assert (code, err) == (0, "")
    assert "`cannot be compared: line 1: malformed JSON: the text ends too early`" in out
    assert f"`compared with {good}, the last version that can be read`" in out
    assert out.count("became required") == 1
    assert "`the document was removed`" in out
    _, out, _ = run(SPEC, "--limit", "3")
    assert "the version before it cannot be read: 2 events, 1 operation" in out


def test_each_version_is_read_once(
    repository: Repository, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        repository.commit(document(str(number)))
    read: list[str] = []

    def counted(version: Document) -> Model:
        read.append(version.path)
        return model_of(version)

    monkeypatch.setattr("eventwright.changelog.changes.model_of", counted)
    run(SPEC)
    assert len(read) == 5
    read.clear()
    run(SPEC, "--limit", "2")
    assert len(read) == 3


def test_why_there_is_none_is_said_in_plain_words(
    repository: Repository, run: Any, tmp_path: Path
) -> None:
    def refused(*arguments: str) -> str:
        code, out, err = run(*arguments)
        assert (code, out) == (2, "")
        return str(err)

    assert "nowhere.json: no such file" in refused("nowhere.json")
    assert "no/where.json: no such file" in refused("no/where.json")
    repository.commit("x", "README")
    assert "no such file, and git has had none by that name" in refused("nowhere.json")
    Path("untracked.json").write_text("{}")
    assert "git has no version of this file" in refused("untracked.json")
    assert "git has no version of this file" in refused("untracked.json", "--since", "HEAD")
    repository.commit(document("1"))
    assert "--since: yesterday is no revision and no date" in refused(SPEC, "--since", "yesterday")
    assert "is no revision" in refused(SPEC, "--since=--all")
    assert "name a file in a git repository" in refused("https://example.com/spec.json")
    assert "name a file in a git repository" in refused(f"git:HEAD:{SPEC}")


def test_outside_git(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    Path("spec.json").write_text(json.dumps(document("1")))
    code, _, err = run("spec.json")
    assert (code, "spec.json: this is no git repository" in err) == (2, True)
    code, _, err = run("other.json")
    assert (code, "other.json: no such file, and" in err) == (2, True)
    monkeypatch.setenv("PATH", str(tmp_path))
    code, _, err = run("spec.json")
    assert (code, "git is not installed" in err) == (2, True)


def test_a_shallow_clone_is_refused_where_its_history_ends_too_early(
    repository: Repository, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        repository.commit(document(str(number)))
    repository.git("clone", "--quiet", "--depth=2", f"file://{tmp_path}", "shallow")
    monkeypatch.chdir(tmp_path / "shallow")
    code, _, err = run(SPEC)
    assert code == 2
    assert "this clone is shallow, so the history ends too early" in err
    assert "git fetch --unshallow" in err
    code, out, _ = run(SPEC, "--limit", "1")
    assert (code, re.findall(r"version `(\d)`", out)) == (0, ["3"])
    code, _, err = run(SPEC, "--since", "v1")
    assert (code, "this clone is shallow" in err) == (2, True)


def test_the_configuration_s_policy_counts(repository: Repository, run: Any) -> None:
    repository.commit(document("1"))
    repository.commit(document("1", required=["id"]))
    Path("eventwright.toml").write_text(
        '[diff.severity]\nREQ_PROPERTY_BECAME_REQUIRED = "warning"\n', "utf-8"
    )
    _, out, _ = run(SPEC)
    assert "### To look at\n\n- ``A Began: `id` became required``" in out


def test_html_is_well_formed_and_text_is_inert(repository: Repository, run: Any) -> None:
    evil = "<script>alert(1)</script>\u202e`[x](http://evil)"
    repository.commit(document("1"))
    repository.git("tag", "v<b>1")
    repository.commit(document(evil, event=evil))
    code, out, err = run(SPEC, "--format", "html", "-o", "page.html")
    assert (code, out, err) == (0, "", "")
    text = Path("page.html").read_text("utf-8")
    assert "<script>alert" not in text
    assert "\u202e" not in text
    assert text.count("<script>") == 1
    root = ElementTree.fromstring(text)
    shown = "".join(root.itertext())
    assert "v<b>1" in shown
    assert r"\u202e" in shown
    _, markdown, _ = run(SPEC)
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", markdown)
    assert "script" not in outside
    assert "\u202e" not in markdown


def test_many_findings_are_counted(repository: Repository, run: Any) -> None:
    data = document("1")
    schema = data["components"]["schemas"]["a"]
    schema["properties"] |= {f"k{number}": {"type": "string"} for number in range(60)}
    first = repository.commit(data)
    schema["required"] += [f"k{number}" for number in range(60)]
    second = repository.commit(data)
    _, out, _ = run(SPEC)
    assert out.count("became required") == 40
    command = f"eventwright diff git:{first}:{SPEC} git:{second}:{SPEC}"
    assert f"- … and 20 more: `{command}` shows all" in out
    _, page, _ = run(SPEC, "--format", "html")
    assert page.count("<li data-severity") == 40
    assert command in page
