"""A command that fails says so in the format that its report would have had."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from eventwright.cli import failures
from eventwright.cli import main as cli
from eventwright.diagnostics import diagnostic as diagnostics
from eventwright.report.formats import jsonreport
from small_document import document
from unit.report.sarif_schema import SARIF

Captured = pytest.CaptureFixture[str]
CONFIG = '[[client]]\nspec = "spec.yaml"\noutput = "pkg"\nsource = "https://example.com/a"\n'
EVIL = r"\u202e\n::stop]]><"
BROKEN = f'openapi: 3.1.0\ninfo: {{title: T}}\npaths: {{}}\n"{EVIL}": 1\n'
SCHEMA: dict[str, Any] = json.loads(
    Path(jsonreport.__file__).with_name("report.schema.json").read_text("utf-8")
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "eventwright.toml").write_text(CONFIG)
    (tmp_path / "spec.yaml").write_text(BROKEN)
    return tmp_path


def diff(format: str, capsys: Captured) -> str:
    assert cli.run(["diff", "spec.yaml", "spec.yaml", "--format", format]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("spec.yaml:2:")
    return captured.out


COMMANDS = {
    "checkVersion": ["check"],
    "inspectVersion": ["inspect"],
    "reportVersion": ["diff", "spec.yaml", "spec.yaml"],
}


def test_only_what_is_shown_is_worked_out(
    project: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    schemas = "".join(f"    S{n}: {{requred: []}}\n    T{n}: {{type: txt}}\n" for n in range(700))
    head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n"
    (project / "spec.yaml").write_text(head + schemas)
    seen: list[Any] = []

    def counted(found: diagnostics.Found) -> diagnostics.Diagnostic:
        seen.append(found)
        return worked_out(found)

    worked_out = diagnostics.worked_out
    for module in (failures, diagnostics):
        monkeypatch.setattr(module, "worked_out", counted)
    monkeypatch.setattr(failures, "TOLD", 20)
    assert cli.run(["inspect"]) == 2
    assert len(seen) == 5
    capsys.readouterr()
    assert cli.run(["inspect", "--format", "json"]) == 2
    assert len(seen) == 5 + 20 + 5
    told = json.loads(capsys.readouterr().out)["diagnostics"]
    assert len(told) == 21
    (rest,) = [each for each in told if not each["code"]]
    assert rest["message"] == "680 more problems, which are told when these are mended"


@pytest.mark.parametrize("key", COMMANDS)
def test_a_broken_document_as_json(project: Path, capsys: Captured, key: str) -> None:
    assert cli.run([*COMMANDS[key], "--format", "json"]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("spec.yaml:2:1: error[E030]: ")
    place = {"path": "spec.yaml", "line": 2, "column": 1, "pointer": "/info"}
    told = json.loads(captured.out)
    assert list(told) == [key, "status", "diagnostics"]
    assert (told[key], told["status"]) == (1, "error")
    assert captured.out.isascii()
    assert told["diagnostics"][0] == {
        "code": "E030",
        "severity": "error",
        **place,
        "message": "'version' is required here",
        "help": "",
    }


@pytest.mark.parametrize("key", ["checkVersion", "inspectVersion", "pullVersion"])
def test_a_broken_configuration_as_json(project: Path, capsys: Captured, key: str) -> None:
    (project / "eventwright.toml").write_text(CONFIG + "flavors = []\nspek = 1\n")
    assert cli.run([key.removesuffix("Version"), "--format", "json"]) == 2
    told = json.loads(capsys.readouterr().out)
    found = [(each["code"], each["line"], each["pointer"]) for each in told["diagnostics"]]
    assert found == [("C004", 5, "/client/0/flavors"), ("C004", 6, "/client/0/spek")]
    assert told[key] == 1


def test_what_is_about_the_command_has_no_place(project: Path, capsys: Captured) -> None:
    assert cli.run(["check", "--format", "json", "--client", "pgk"]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("error: no client is called 'pgk'")
    (told,) = json.loads(captured.out)["diagnostics"]
    assert told["message"] == "no client is called 'pgk'; did you mean 'pkg'?"
    assert [told[key] for key in ("code", "path", "line", "column", "pointer")] == [None] * 5


def test_a_fault_of_the_disk(project: Path, capsys: Captured) -> None:
    folder = project / "folder"
    folder.mkdir()
    (project / "spec.yaml").write_text(json.dumps(document()))
    assert cli.run(["diff", "spec.yaml", "spec.yaml", "--format", "json", "-o", "folder"]) == 2
    (told,) = json.loads(capsys.readouterr().out)["diagnostics"]
    assert told["message"] == "Is a directory: folder"


def test_the_published_schema_knows_it(project: Path, capsys: Captured) -> None:
    jsonschema.validate(json.loads(diff("json", capsys)), SCHEMA)
    assert cli.run(["diff", "git:", "spec.yaml", "--format", "json"]) == 2
    jsonschema.validate(json.loads(capsys.readouterr().out), SCHEMA)


@pytest.mark.parametrize("format", ["text", "markdown"])
def test_people_read_stderr(project: Path, capsys: Captured, format: str) -> None:
    assert diff(format, capsys) == ""


def test_github(project: Path, capsys: Captured) -> None:
    first, evil = diff("github", capsys).splitlines()
    assert first == "::error file=spec.yaml,line=2,col=1,title=E030::'version' is required here"
    assert evil.startswith("::error file=spec.yaml,line=4,col=1,title=E030::the key ")


def test_gitlab(project: Path, capsys: Captured) -> None:
    first, second = json.loads(diff("gitlab", capsys))
    assert first["location"] == {"path": "spec.yaml", "lines": {"begin": 2}}
    assert first["fingerprint"] != second["fingerprint"]


def test_sarif(project: Path, capsys: Captured) -> None:
    log = json.loads(diff("sarif", capsys))
    jsonschema.validate(log, SARIF)
    (invocation,) = log["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    first, _ = invocation["toolConfigurationNotifications"]
    assert first["descriptor"] == {"id": "E030"}
    assert first["locations"][0]["physicalLocation"]["region"]["startLine"] == 2


def test_junit(project: Path, capsys: Captured) -> None:
    suites = ElementTree.fromstring(diff("junit", capsys).encode())
    assert suites.get("errors") == "2"
    first = suites.find("testsuite/testcase/error")
    assert first is not None
    assert first.get("message") == "'version' is required here"
