"""JSON Schemas and tracking plans are taken as events, where it is said which server they go to."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from eventwright.cli import main as cli
from eventwright.quick import answers

CONFIG = """\
[[client]]
spec = "%s"
output = "%s"
send_to = "https://api.example.com/v1/track"
"""
PLAN = {
    "name": "Plan",
    "rules": {
        "events": [
            {
                "name": "Order Completed",
                "rules": {
                    "$schema": "http://json-schema.org/draft-07/schema#",
                    "type": "object",
                    "required": ["properties"],
                    "properties": {
                        "properties": {
                            "type": "object",
                            "required": ["total"],
                            "properties": {
                                "total": {"type": "number"},
                                "address": {"$ref": "#/$defs/Address"},
                            },
                        }
                    },
                },
            },
            {"name": "User Signed Up", "rules": {"type": "object"}},
        ]
    },
    "$defs": {"Address": {"type": "object", "properties": {"city": {"type": "string"}}}},
}
IGLU = {
    "self": {
        "vendor": "com.acme",
        "name": "order_placed",
        "format": "jsonschema",
        "version": "1-0-0",
    },
    "type": "object",
    "properties": {"id": {"type": "string", "maxLength": 3}},
    "required": ["id"],
    "additionalProperties": False,
}
SONG = {
    "title": "Song Played",
    "type": "object",
    "properties": {"song": {"$ref": "shared.yaml#/$defs/Song"}},
    "required": ["song"],
}
Make = Callable[[str, Mapping[str, Any]], ModuleType]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))

    def made(spec: str, files: Mapping[str, Any]) -> ModuleType:
        name = "p_" + "".join(filter(str.isalnum, tmp_path.name))
        for path, content in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            text = content if isinstance(content, str) else json.dumps(content)
            (tmp_path / path).write_text(text, "utf-8")
        (tmp_path / "eventwright.toml").write_text(CONFIG % (spec, name))
        assert cli.run(["generate"]) == 0
        sys.modules.pop(name, None)
        return importlib.import_module(name)

    return made


def sent(package: ModuleType, event: Any) -> tuple[str, Any]:
    testing: Any = importlib.import_module(f"{package.__name__}.testing")
    client = testing.RecordingClient([testing.answer(200)])
    client.track(event)
    (request,) = client.requests
    return request.target, json.loads(request.body)


def test_a_tracking_plan(make: Make) -> None:
    package: Any = make("plan.json", {"plan.json": PLAN})
    event = package.OrderCompleted(properties={"total": 3, "address": {"city": "Basel"}})
    assert sent(package, event) == (
        "/v1/track",
        {"event": "Order Completed", "properties": {"total": 3, "address": {"city": "Basel"}}},
    )
    with pytest.raises(package.ValidationError):
        package.OrderCompleted(properties={"total": "3"})
    assert type(package.parse_event({"event": "User Signed Up"})).__name__ == "UserSignedUp"


def test_a_folder_as_iglu_has_it(make: Make) -> None:
    path = "iglu/com.acme/order_placed/jsonschema/"
    later = {**IGLU, "self": {**IGLU["self"], "version": "1-0-1"}}  # type: ignore[dict-item]
    package: Any = make("iglu", {f"{path}1-0-0": IGLU, f"{path}1-0-1": later})
    uri = "iglu:com.acme/order_placed/jsonschema/1-0-0"
    event = package.parse_event({"schema": uri, "data": {"id": "a"}})
    assert sent(package, event)[1] == {"schema": uri, "data": {"id": "a"}}
    with pytest.raises(package.ValidationError):
        package.parse_event({"schema": uri, "data": {"id": "long"}})


def test_a_folder_of_schemas_and_what_they_share(make: Make, tmp_path: Path) -> None:
    files = {
        "schemas/song_played.schema.json": SONG,
        "schemas/stopped.yaml": "properties: {event_type: {const: stopped}}\n"
        "required: [event_type]\n",
        "schemas/shared.yaml": "$defs: {Song: {type: object, properties: {id: {type: string}}}}\n",
        "schemas/README.md": "# Ours\n",
    }
    package: Any = make("schemas", files)
    assert sent(package, package.SongPlayed(song={"id": "1"}))[1] == {
        "event": "Song Played",
        "song": {"id": "1"},
    }
    assert sent(package, package.Stopped())[1] == {"event_type": "stopped"}
    lock = json.loads((tmp_path / package.__name__ / "eventwright.lock").read_text())
    assert len(lock["documents"]) == 3


def test_definitions_alone_are_events(make: Make) -> None:
    definitions = {"Began": {"type": "object", "properties": {"at": {"type": "integer"}}}}
    package: Any = make("a.json", {"a.json": {"$defs": definitions}})
    assert sent(package, package.Began(at=1))[1] == {"event": "Began", "at": 1}


def test_check_sees_a_file_that_is_new_gone_or_other(make: Make, tmp_path: Path) -> None:
    make("s", {"s/a.json": {"type": "object"}, "s/b.json": {"type": "object"}})
    assert answers.answer(["check"]) is not None
    for path, content in (("s/b.json", '{"type": "object", "title": "C"}'), ("s/c.json", "{}")):
        kept = (tmp_path / path).read_text() if (tmp_path / path).exists() else None
        (tmp_path / path).write_text(content)
        assert answers.answer(["check"]) is None
        assert cli.run(["check"]) == 1
        if kept is None:
            (tmp_path / path).unlink()
        else:
            (tmp_path / path).write_text(kept)
    assert cli.run(["check"]) == 0
    (tmp_path / "s/b.json").unlink()
    assert cli.run(["check"]) == 1


def test_what_describes_no_event_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.json").write_text('{"a": 1}')
    (tmp_path / "eventwright.toml").write_text(CONFIG % ("a.json", "pkg"))
    assert cli.run(["generate"]) == 2
    assert "error[E028]: no event is described here" in capsys.readouterr().err
    (tmp_path / "a.json").write_text('{"type": "object", "properties": {"a": {"$ref": "#/no"}}}')
    assert cli.run(["generate"]) == 2
    assert "a.json:1:41: error[E020]" in capsys.readouterr().err
    (tmp_path / "eventwright.toml").write_text(CONFIG.replace("https://", "") % ("a.json", "pkg"))
    assert cli.run(["generate"]) == 2
    assert "error[C007]" in capsys.readouterr().err
