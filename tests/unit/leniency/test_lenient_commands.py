"""The commands read a document that is a little invalid where they are told to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eventwright.cli import main as cli
from eventwright.diagnostics.diagnostic import DocumentError
from eventwright.document.load import load_bytes
from eventwright.leniency.reading import validated

FAULTY = """\
openapi: 3.1.0
info: {title: T}
paths:
  /a:
    get:
      operationId: getA
      responses:
        200: {}
        4xx: {description: Wrong.}
"""
CONFIG = '[[client]]\nspec = "api.yaml"\noutput = "pkg"\n'
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "eventwright.toml").write_text(CONFIG)
    (tmp_path / "api.yaml").write_text(FAULTY)
    return tmp_path


def test_a_refusal_says_that_there_is_a_way(project: Path, capsys: Captured) -> None:
    assert cli.run(["generate"]) == 2
    said = capsys.readouterr().err
    assert "error[E030]: 'version' is required here" in said
    assert said.endswith(
        "all that is wrong in api.yaml can be read as it is meant: --lenient, or "
        "`lenient = true` under [[client]]\n"
    )


def test_by_option_and_by_configuration(project: Path, capsys: Captured) -> None:
    assert cli.run(["generate", "--lenient"]) == 0
    said = capsys.readouterr().out
    assert "api.yaml:2:1: note[N405]: 'version' is missing: taken as unknown" in said
    assert "api.yaml:8:9: note[N433]: this response has no description" in said
    assert "api.yaml:9:9: note[N431]: '4xx' is taken as 4XX" in said
    assert cli.run(["inspect"]) == 2
    assert cli.run(["inspect", "--lenient"]) == 0
    (project / "eventwright.toml").write_text(CONFIG + "lenient = true\n")
    assert cli.run(["generate"]) == 0
    assert cli.run(["check"]) == 0
    assert cli.run(["check", "--full"]) == 0
    (project / "api.yaml").write_text(FAULTY + "        503: {}\n")
    capsys.readouterr()
    assert cli.run(["check"]) == 1
    assert "api.yaml" in capsys.readouterr().out


def test_strict_takes_what_was_read_so_for_errors(project: Path, capsys: Captured) -> None:
    assert cli.run(["generate", "--lenient", "--strict"]) == 2
    assert "api.yaml:9:9: error[N431]: '4xx' is taken as 4XX" in capsys.readouterr().err


def test_diff(project: Path, capsys: Captured) -> None:
    (project / "new.yaml").write_text(FAULTY.replace("Wrong.", "Not so."))
    assert cli.run(["diff", "api.yaml", "new.yaml"]) == 2
    assert cli.run(["diff", "api.yaml", "new.yaml", "--lenient", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [each["rule"] for each in found] == ["DOCS_DESCRIPTION_CHANGED"]


def test_init_writes_it_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api.yaml").write_text(FAULTY)
    assert cli.run(["init", "--spec", "api.yaml", "--output", "pkg", "--lenient"]) == 0
    assert cli.run(["generate"]) == 0


@pytest.mark.parametrize(
    "fault",
    [
        "      requestBodyy: {}\n",  # like a key that there is
        "      parameters: [{$ref: '#/components/parameters/No'}]\n",
        "      requestBody: {content: {a/b: {schema: {type: thing}}}}\n",
        "      deprecated: perhaps\n",
    ],
)
def test_what_is_not_on_the_list_stops_all_the_same(fault: str) -> None:
    document = load_bytes((FAULTY + fault).encode(), "api.yaml")
    with pytest.raises(DocumentError) as refused:
        validated(document, lenient=True)
    assert [each.code for each in refused.value.diagnostics] != []
    assert refused.value.advice == ""
    with pytest.raises(DocumentError) as refused:
        validated(document)
    assert refused.value.advice == ""


def test_a_valid_document_is_the_one_that_was_read() -> None:
    sound = FAULTY.replace("title: T", "title: T, version: '1'").replace("4xx", "4XX")
    document = load_bytes(sound.replace("200: {}", "200: {description: ''}").encode(), "api.yaml")
    assert validated(document, lenient=True) is document
