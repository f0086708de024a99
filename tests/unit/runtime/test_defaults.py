"""A default that breaks its schema is told, and never sent unasked."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import pytest

from support import event, event_document, generate_from, import_package

BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "type": ({"type": "integer", "default": "many"}, "expected an integer, got 'many'"),
    "integer": ({"type": "integer", "default": 1.5}, "expected an integer, got 1.5 (float)"),
    "int32": (
        {"type": "integer", "format": "int32", "default": 2**31},
        "expected at most 2147483647, got 2147483648 (int)",
    ),
    "minimum": ({"type": "number", "minimum": 5, "default": 1}, "expected at least 5, got 1 (int)"),
    "length": (
        {"type": "string", "maxLength": 2, "default": "abc"},
        "expected at most 2 characters, got 'abc'",
    ),
    "pattern": (
        {"type": "string", "pattern": "^a$", "default": "b"},
        "expected text that matches ^a$, got 'b'",
    ),
    "enum": ({"enum": ["a", "b"], "default": "c"}, "expected one of 'a', 'b', got 'c'"),
    "time": (
        {"type": "string", "format": "time", "default": "13:00:00"},
        "expected a time of RFC 3339, as in 09:30:00Z, got '13:00:00'",
    ),
    "uri": (
        {"type": "string", "format": "uri", "default": "/rel"},
        "expected an absolute URI, got '/rel'",
    ),
    "byte": (
        {"type": "string", "format": "byte", "default": "%%%"},
        "expected base64 text, got '%%%'",
    ),
    "not": (
        {"type": "string", "not": {"enum": ["a"]}, "default": "a"},
        "expected a value that `not` allows, got 'a'",
    ),
    "null": ({"type": "string", "default": None}, "expected a string, got null"),
    "list": (
        {"type": "array", "items": {"type": "integer"}, "default": ["a"]},
        "at $[0] expected an integer, got 'a'",
    ),
    "object": (
        {"type": "object", "properties": {"a": {"type": "string"}}, "default": {"a": 1}},
        "at $.a expected a string, got 1 (int)",
    ),
}


def remarks(schema: dict[str, Any], **config: Any) -> list[tuple[str, str, str]]:
    document = event_document(event("Made", {"key": schema}), **config)
    return [(each.code, each.at, each.message) for each in generate_from(document).model.remarks]


AT = "/paths/~1events/post/requestBody/content/application~1json/schema/properties/key/default"


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_default_is_a_note_and_is_not_sent(name: str, tmp_path: Path) -> None:
    schema, words = BROKEN[name]
    message = f"the default breaks its schema, so it is never sent: {words}"
    assert remarks(schema) == [("N204", AT, message)]
    module = import_package(event_document(event("Made", {"key": schema})), tmp_path)
    held(module, b'{"event":"Made"}')


HELD: dict[str, tuple[dict[str, Any], bytes]] = {
    "time": ({"type": "string", "format": "time", "default": "13:00:00Z"}, b'"13:00:00Z"'),
    "uri": ({"type": "string", "format": "uri", "default": "urn:a"}, b'"urn:a"'),
    "pattern": ({"type": "string", "pattern": "^a$", "default": "a"}, b'"a"'),
    "unknown": ({"type": "string", "pattern": r"^\p{L}$", "default": "1"}, b'"1"'),
    "number": ({"type": "number", "multipleOf": 0.1, "default": 0.3}, b"0.3"),
    "enum": ({"enum": ["a", 1], "default": 1}, b"1"),
}


@pytest.mark.parametrize("name", HELD)
def test_what_a_builder_holds_it_can_read_back(name: str, tmp_path: Path) -> None:
    schema, text = HELD[name]
    assert [code for code, _, _ in remarks(schema) if code == "N204"] == []
    module = import_package(event_document(event("Made", {"key": schema})), tmp_path)
    held(module, b'{"event":"Made","key":' + text + b"}")


def held(module: Any, text: bytes) -> None:
    built = module.Made()
    assert built.to_json() == text
    assert module.parse_event(text) == built
    assert module.Made.from_dict(built.to_dict()).to_json() == text
    assert pickle.loads(pickle.dumps(built)).to_json() == text
    assert copy.deepcopy(built).to_json() == copy.copy(built).to_json() == text


def test_a_default_is_held_against_all_that_is_said_of_its_place() -> None:
    schema = {"allOf": [{"type": "integer", "default": 5}, {"minimum": 10}]}
    [(code, _, message)] = remarks(schema)
    assert code == "N204"
    assert message.endswith("expected at least 10, got 5 (int)")


def test_null_is_a_default_where_it_is_a_value() -> None:
    schema = {"type": "string", "nullable": True, "default": None}
    assert remarks(schema, version="3.0.3") == []


def test_a_shared_default_is_told_once() -> None:
    components = {"Kind": {"type": "string", "enum": ["a"], "default": "b"}}
    both = {
        "one": {"$ref": "#/components/schemas/Kind"},
        "two": {"$ref": "#/components/schemas/Kind"},
    }
    document = event_document(event("Made", both), components=components)
    [remark] = generate_from(document).model.remarks
    assert (remark.code, remark.at) == ("N204", "/components/schemas/Kind/default")


def test_the_place_is_that_of_the_default() -> None:
    components = {
        "Kind": {"allOf": [{"type": "string"}, {"default": 5}]},
        "Other": {"$ref": "#/components/schemas/Kind"},
    }
    schema = {"$ref": "#/components/schemas/Other"}
    document = event_document(event("Made", {"one": schema}), components=components)
    [remark] = generate_from(document).model.remarks
    assert remark.at == "/components/schemas/Kind/allOf/1/default"
