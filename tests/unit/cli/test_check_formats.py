"""`check` in the formats of code hosts and CI systems."""

from __future__ import annotations

import json
import os
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from eventwright.cli import main as cli
from eventwright.cli.commands import FORMATS
from eventwright.report.formats.parts import Part, Trouble
from eventwright.report.several import render_parts
from small_document import document
from unit.project.test_moved import Git, commit, edit, git, project
from unit.report.sarif_schema import SARIF

__all__ = ["git", "project"]  # fixtures
EVIL = "x\n::error::pwned %0A\x1b[31m\u202e`` </failure>]]> [a](b) {0} \uffff"


def checked(format: str, capsys: pytest.CaptureFixture[str], code: int) -> str:
    capsys.readouterr()
    assert cli.run(["check", "--format", format]) == code
    return capsys.readouterr().out


@pytest.mark.parametrize("format", FORMATS)
def test_in_sync_is_well_formed(
    project: Path, capsys: pytest.CaptureFixture[str], format: str
) -> None:
    out = checked(format, capsys, 0)
    if format == "junit":
        assert ElementTree.fromstring(out).get("failures") == "0"
        assert "in sync" in out
    if format == "gitlab":
        assert json.loads(out) == []
    if format == "sarif":
        jsonschema.validate(json.loads(out), SARIF)
    assert out.endswith("\n") or (format, out) == ("github", "")


def test_problems_and_what_moved(
    project: Path, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(git)
    edit(project, "B Ended", "B Stopped")
    (project / "gen/pkg/api.py").write_text("# by hand\n")
    problems = {"stale-spec", "hand-edited"}
    rules = problems | {"EVENT_NAME_CHANGED"}
    lines = checked("github", capsys, 1).splitlines()
    assert {line.split("title=")[1].split("::")[0].split(" ")[0] for line in lines} == rules
    assert all(line.startswith("::error file=") for line in lines)
    issues = json.loads(checked("gitlab", capsys, 1))
    assert {issue["check_name"] for issue in issues} == rules
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    log = json.loads(checked("sarif", capsys, 1))
    jsonschema.validate(log, SARIF)
    for run in log["runs"]:
        for result in run["results"]:
            assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert {each["ruleId"] for run in log["runs"] for each in run["results"]} == rules
    suites = ElementTree.fromstring(checked("junit", capsys, 1))
    assert suites.get("failures") == str(len(suites.findall(".//failure"))) == "2"
    assert {each.get("type") for each in suites.iter("failure")} == problems
    text = checked("markdown", capsys, 1)
    assert "**stale-spec** `spec.json`" in text
    assert "## Drift: breaking" in text
    page = checked("html", capsys, 1)
    ElementTree.fromstring(page.partition("\n")[2])
    assert all(rule in page for rule in rules)


def test_outside_git_the_rest_is_said(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project.parent / ".git").rename(project.parent / "not-git")
    edit(project, "B Ended", "B Stopped")
    said = "it is in no git repository, where the document as it was could be looked up"
    for format in ("text", "github", "markdown", "html"):
        out = checked(format, capsys, 1)
        assert said in out
        assert "what it lets travel is not what it was" in out
        assert "eventwright diff COPY spec.json" in out
        assert "fatal" not in out


@pytest.mark.parametrize("format", ["github", "gitlab", "sarif", "junit", "markdown", "html"])
def test_no_text_acts(format: str) -> None:
    trouble = Trouble(kind="stale-spec", path=EVIL, message=EVIL, fix=EVIL)
    out = render_parts(format, "eventwright check", [
        Part(name=EVIL, said=EVIL, troubles=(trouble,), note=EVIL)])  # fmt: skip
    assert all(c.isprintable() or c == "\n" for c in out)
    if format in ("junit", "html"):
        ElementTree.fromstring(out)
    if format in ("gitlab", "sarif"):
        json.loads(out)
    assert "\n::error::pwned" not in out


def test_annotations_of_many_clients_keep_within_the_limit() -> None:
    parts = [
        Part(name=f"p{n}", said="", troubles=(Trouble(kind="missing", path="a", message=str(n)),))
        for n in range(25)
    ]
    lines = render_parts("github", "eventwright check", parts).splitlines()
    assert len(lines) == 10
    assert lines[-1].endswith("not shown as annotations: 16 more")


def test_failure_is_told_in_the_format(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "spec.json").write_text(json.dumps(document() | {"openapi": 3}))
    assert checked("github", capsys, 2).startswith("::error file=spec.json,")
    assert os.environ["NO_COLOR"]
