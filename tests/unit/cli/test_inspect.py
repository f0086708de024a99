"""`inspect` shows the model: a summary as tables, all of it as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eventwright.cli import main as cli
from eventwright.cli.printing import inspection as inspect
from eventwright.model import model as m
from small_document import document

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "eventwright.toml").write_text('[[client]]\nspec = "s.json"\noutput = "pkg"\n')
    (tmp_path / "s.json").write_text(json.dumps(document()))
    return tmp_path


def test_tables(project: Path, capsys: Captured) -> None:
    assert cli.run(["inspect"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert rows[0] == ["pkg:", "T", "1,", "from", "s.json"]
    assert ["A", "Began", "ABegan", "id"] in rows
    assert ["B", "Ended", "BEnded", "-"] in rows
    assert ["send", "POST", "/e"] in rows
    assert rows[-1][-1] == "https://example.com"


@pytest.mark.parametrize(("config", "called"), [("", "b.list"), ("groups = false\n", "list")])
def test_operations_are_shown_as_they_are_called(
    project: Path, capsys: Captured, config: str, called: str
) -> None:
    data: dict[str, Any] = document()
    answers = {"responses": {"204": {"description": ""}}}
    for tag, name in (("a", "get"), ("b", "list")):
        data["paths"][f"/{tag}"] = {"get": {"operationId": name, "tags": [tag], **answers}}
    (project / "s.json").write_text(json.dumps(data))
    with (project / "eventwright.toml").open("a") as file:
        file.write(config)
    assert cli.run(["inspect"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [called, "GET", "/b"] in rows
    assert ["send", "POST", "/e"] in rows


def test_nothing_is_cut_without_a_terminal(project: Path, capsys: Captured) -> None:
    long = "x" * 300
    text = json.dumps(document()).replace("https://example.com", f"https://example.com/{long}")
    (project / "s.json").write_text(text)
    assert cli.run(["inspect"]) == 0
    assert f"https://example.com/{long}" in capsys.readouterr().out


def test_json_is_the_whole_model(project: Path, capsys: Captured) -> None:
    assert cli.run(["inspect", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["inspectVersion"] == 1
    [client] = data["clients"]
    assert (client["spec"], client["output"]) == ("s.json", "pkg")
    model = client["model"]
    assert model.keys() == set(m.Model.__dataclass_fields__)
    first = model["events"][0]
    assert (first["literal"], first["tag"]) == ("A Began", "event")
    fields = {field["wire"]: field["type"] for field in model["objects"][first["key"]]["fields"]}
    assert fields["event"]["kind"] == "EnumType"
    assert fields["event"]["values"] == ["A Began"]
    assert fields["id"]["kind"] == "StringType"


def test_nothing_is_written(project: Path) -> None:
    assert cli.run(["inspect"]) == 0
    assert sorted(path.name for path in project.iterdir()) == ["eventwright.toml", "s.json"]


def test_plain_values() -> None:
    node = m.NullableType(inner=m.StringType(min_length=1))
    data = inspect.plain(node)
    assert isinstance(data, dict)
    assert data["kind"] == "NullableType"
    assert data["inner"]["kind"] == "StringType"
    assert data["inner"]["min_length"] == 1
    assert json.loads(json.dumps(data)) == data
