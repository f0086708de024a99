"""Editors complete eventwright.toml by a JSON Schema that says what the tool accepts."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import eventwright
from eventwright.cli import main as cli
from eventwright.config.configschema import URL, schema_text

SHIPPED = Path(eventwright.__file__).with_name("eventwright.schema.json")
ROOT = Path(__file__).parents[3]
SCHEMA: Any = json.loads(SHIPPED.read_text())


def test_what_is_shipped_is_what_the_keys_say() -> None:
    command = (
        "python -m eventwright.config.configschema > generator/eventwright/eventwright.schema.json"
    )
    assert SHIPPED.read_text() == schema_text(), command


def test_every_key_has_words() -> None:
    for name in ("ClientKeys", "OperationConfig", "AuthConfig"):
        for key, schema in SCHEMA["$defs"][name]["properties"].items():
            assert schema["description"].endswith("."), key


def test_real_configurations_obey_it() -> None:
    documented = (ROOT / "docs/configuration.md").read_text().split("```toml\n")[1].split("```")[0]
    for text in ((ROOT / "eventwright.toml").read_text(), documented):
        jsonschema.validate(tomllib.loads(text), SCHEMA)


@pytest.mark.parametrize(
    "text",
    ["client = 1", "[[client]]\nspec = 's'", "[[client]]\nspec = 's'\noutput = 'o'\nspce = 1"],
)
def test_what_the_tool_refuses_it_refuses(text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(text), SCHEMA)


def test_init_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run(["init", "--spec", "s.json", "--output", "pkg"]) == 0
    assert Path("eventwright.toml").read_text().splitlines()[0] == f"#:schema {URL}"


@pytest.mark.parametrize("command", ["", *cli.COMMANDS])
def test_help_leads_to_the_documentation(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run([*([command] if command else []), "--help"]) == 0
    assert f"Documentation: {eventwright.DOCUMENTATION}" in capsys.readouterr().out
