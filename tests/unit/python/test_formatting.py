"""The output is what Black makes of it, though Black sees little of it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import black
import black.mode
import pytest
import yaml

from behaviour.hostile import HOSTILE
from eventwright.python import formatting
from eventwright.python.formatting import format_source
from eventwright.python.layout import LINE_LENGTH
from random_schemas import Schemas
from support import FLAGSHIP_CONFIG, event, event_document, flagship_document, generate_from

PYDANTIC = {"flavours": ["pydantic"]}
_MODE = black.Mode(target_versions={black.mode.TargetVersion.PY310}, line_length=LINE_LENGTH)
_CASES = sorted(
    path
    for path in (Path(__file__).parents[2] / "cases").glob("*/openapi.yaml")
    if not (path.parent / "stderr.txt").exists()
)


def by_black(source: str) -> str:
    return black.format_str(source, mode=_MODE)


def assert_black(generated: dict[str, str]) -> None:
    for path, text in generated.items():
        if path.endswith(".py") and not path.startswith(("_", "transports")):
            assert text == by_black(text), path


@pytest.mark.parametrize("case", _CASES, ids=lambda path: path.parent.name)
def test_cases(case: Path) -> None:
    config = case.parent / "eventwright.toml"
    keys = tomllib.loads(config.read_text("utf-8"))["client"][0] if config.exists() else {}
    assert_black(dict(generate_from(yaml.safe_load(case.read_bytes()), **keys | PYDANTIC).files))


def test_the_flagship() -> None:
    assert_black(dict(generate_from(flagship_document(), **FLAGSHIP_CONFIG, **PYDANTIC).files))


@pytest.mark.parametrize(
    "length", [1, 48, *(pytest.param(n, marks=pytest.mark.heavy) for n in range(20, 95, 3))]
)
def test_names_of_every_length(length: int) -> None:
    """Each name is in lines of many kinds; at some length each line is one character too long."""
    assert_black(dict(generate_from(_named("n" * length), **PYDANTIC).files))


def _named(name: str) -> dict[str, Any]:
    """Every kind of member, alone and beside another, called by that name."""
    kinds: list[dict[str, Any]] = [
        {"type": "string"},
        {"type": "integer", "minimum": 1, "maximum": 9},
        {"type": "string", "enum": [name, "b"]},
        {"type": "array", "items": {"type": "string", "format": "date-time"}},
        {"type": "object", "properties": {name: {"type": "number"}}, "required": [name]},
        {"type": ["object", "null"], "additionalProperties": {"type": "boolean"}},
    ]
    events = [
        event(f"E {name} {index}", {name: kind} | other, required=[name] * required)
        for index, kind in enumerate(kinds)
        for other in ({}, {"a": {"type": "string", "description": f'{name} "{name}"'}})
        for required in (0, 1)
    ]
    components = {f"c{index}": schema for index, schema in enumerate(events)}
    for index, schema in enumerate(events):
        schema["properties"]["event"]["enum"] = [f"{name} {index}"]
    arms = [{"$ref": f"#/components/schemas/{key}"} for key in components]
    document = event_document({"oneOf": arms}, components=components)
    operation = document["paths"]["/events"]["post"]
    operation["operationId"] = name
    operation["description"] = f"{name} " * 10
    operation["parameters"] = [
        {"name": name, "in": "query", "schema": {"type": "string", "default": name}}
    ]
    document["servers"] = [{"url": f"https://{name[:60]}.example/{name}"}]
    document["components"]["securitySchemes"] = {name: {"type": "http", "scheme": "bearer"}}
    document["security"] = [{name: []}]
    return document


@pytest.mark.parametrize(
    "text", [text for text in HOSTILE if text != "\ud800"], ids=lambda text: ascii(text[:20])
)
def test_words_and_constants(text: str) -> None:
    property_ = {"type": "string", "description": text, "enum": [text, "b"]}
    document = event_document(event(text, {"a": property_, f"other{text}x": {}}, description=text))
    document["info"]["title"] = text
    assert_black(dict(generate_from(document, **PYDANTIC).files))


@pytest.mark.parametrize("seed", range(4))
def test_random_schemas(seed: int) -> None:
    schemas = Schemas(seed)
    document = event_document(event("E", {"value": schemas.whole()}))
    assert_black(dict(generate_from(document, **PYDANTIC).files))


@pytest.mark.parametrize(
    "source",
    [
        "x = 1\n",
        "\n\n\nx = 1\n\n\n\n\ny = 2\n\n\n",
        "class A:\n    x: int = 1\n\n\n\n    y: int = 2\n",
        f"x = f({', '.join(['argument'] * 12)})\n",
        f"if (\n    a\n):\n    x = f({', '.join(['argument'] * 12)})\n",
        f"def f({', '.join(f'argument{n}: int' for n in range(9))}) -> None:\n    pass\n",
        "x = (\n    1\n)\n",
        "x = (\n    1,\n    2,\n)\n",
        'def f():\n    """"a" and \\""""\n',
        'def f():\n    """' + "long " * 30 + 'end"""\n',
        "# " + "long " * 30 + "\nx = 1\n",
        f'x = f("{"長い" * 20}", 1)\n',
        f'x = {{"{"a" * 30}": "(", "{"b" * 30}": \'"""\', "c": "["}}\n',
        "x = 1\ny = 2",
    ],
)
def test_statements(source: str) -> None:
    assert format_source(source) == by_black(source)


def test_black_sees_what_no_rule_foresees_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def by_black(statement: str, depth: int) -> str:
        seen.append(statement)
        return statement

    monkeypatch.setattr(formatting, "_by_black", by_black)
    call = f"    x = f({', '.join(['argument'] * 12)})"
    long = f"    x = {' or '.join(['argument'] * 12)}"
    format_source(f'class A:\n    """Words."""\n\n{call}\n{long}\n    y = (\n        1,\n    )\n')
    assert seen == [long]
