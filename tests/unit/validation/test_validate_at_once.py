"""Every stage of validation tells what it found in one run, and works out only what is shown."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable
from typing import Any

import pytest

from eventwright.diagnostics.diagnostic import DocumentError
from eventwright.document.load import load_bytes
from eventwright.text import positions
from eventwright.validation.validate import validate

OK = {"200": {"description": ""}}
VERSIONS = ["3.0.3", "3.1.0"]
HOLD: dict[str, Any] = {"application/json": {"schema": {"type": "objct"}}}


def refused(version: str = "3.1.0", **parts: Any) -> DocumentError:
    head = {"openapi": version, "info": {"title": "T", "version": "1"}, "paths": {}}
    raw = json.dumps({**head, **parts}, indent=1).encode()
    with pytest.raises(DocumentError) as caught:
        validate(load_bytes(raw, "s.json"))
    return caught.value


def found(error: DocumentError) -> set[str]:
    return {f"{d.code} {d.location.pointer if d.location else ''}" for d in error.diagnostics}


@pytest.mark.parametrize("version", VERSIONS)
def test_no_stage_hides_another(version: str) -> None:
    error = refused(
        version,
        info={"title": 5, "version": "1", "nonsense": 1, "more": 2},
        components={
            "schemas": {
                "Dangling": {"$ref": "#/components/schemas/Nowhere"},
                "Outside": {"$ref": "other.yaml#/X"},
                "Typo": {"type": "strng"},
                "Two": {"minimum": "1", "maximum": "2"},
                "Pattern": {"properties": {"a": {"pattern": 5}, "b": {"type": "nmber"}}},
                "Circle": {"allOf": [{"$ref": "#/components/schemas/Circle"}]},
            }
        },
        paths={
            "/a/{id}": {
                "get": {"operationId": "one", "responses": OK},
                "put": {"operationId": "one", "responses": OK, "requestBody": {"content": HOLD}},
            },
            "/b": {"get": {"operationId": "two", "responses": 5, "parameters": 7}},
            "/c": {"get": {"operationId": "two", "responses": OK, "parameters": [{"name": "x"}]}},
        },
    )
    schemas = "/components/schemas"
    assert found(error) >= {
        "E030 /info/title",
        "E030 /info/nonsense",
        "E030 /info/more",
        f"E020 {schemas}/Dangling/$ref",
        f"E022 {schemas}/Outside/$ref",
        f"E030 {schemas}/Typo/type",
        f"E030 {schemas}/Two/minimum",
        f"E030 {schemas}/Two/maximum",
        f"E030 {schemas}/Pattern/properties/a/pattern",
        f"E030 {schemas}/Pattern/properties/b/type",
        f"E021 {schemas}/Circle/allOf/0",
        "E033 /paths/~1a~1{id}/get",
        "E030 /paths/~1a~1{id}/put/requestBody/content/application~1json/schema/type",
        "E030 /paths/~1b/get/responses",
    }
    places = [place for place in found(error) if "Typo" in place or "Dangling" in place]
    assert len(places) == 2, "one fault is told once"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "parts",
    [
        {"paths": 5},
        {"components": [], "security": {"a": 1}},
        {"components": {"schemas": ["a"], "securitySchemes": 5}, "security": [5]},
        {"paths": {"/a": {"get": []}, "/b": [], "/c": {"parameters": 5, "get": {}}}},
        {"paths": {"/a": {"$ref": "#/paths/~1b"}, "/b": {"$ref": "#/paths/~1a"}}},
        {"components": {"schemas": {"A": {"properties": 5, "required": "a", "allOf": {"a": 1}}}}},
        {"components": {"schemas": {"A": {"additionalProperties": False, "required": [5, {}]}}}},
        {"components": {"schemas": {"A": {"patternProperties": 5, "enum": 5, "oneOf": [5]}}}},
        {"paths": {"/a": {"get": {"responses": {"200": 5}, "security": [{"a": 5}, 5]}}}},
    ],
)
def test_what_is_of_another_kind_is_told_and_stops_no_stage(version: str, parts: Any) -> None:
    error = refused(version, **parts)
    assert error.diagnostics
    assert str(error)


def many_keys(count: int) -> dict[str, Any]:
    return {"info": {"title": "T", "version": "1", **{f"titel{n}": n for n in range(count)}}}


def many_dangling(count: int) -> dict[str, Any]:
    names: dict[str, Any] = {f"Name{n:05}Something": {} for n in range(count)}
    wrong = {f"p{n}": {"$ref": f"#/components/schemas/Nmae{n:05}Something"} for n in range(count)}
    return {"components": {"schemas": {**names, "A": {"properties": wrong}}}}


def many_paths(count: int) -> dict[str, Any]:
    get = {"get": {"responses": OK}}
    return {"paths": {f"/p/{{id{n}}}": get for n in range(count)}}


@pytest.mark.parametrize("make", [many_keys, many_dangling, many_paths])
def test_only_what_is_shown_is_worked_out(
    make: Callable[[int], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []
    real = difflib.get_close_matches

    def counting(word: str, *rest: Any, **options: Any) -> list[str]:
        calls.append(word)
        return real(word, *rest, **options)

    monkeypatch.setattr(difflib, "get_close_matches", counting)
    error = refused(**make(40))
    assert len(error.found) >= 40
    assert calls == []
    text = str(error)
    assert 1 <= len(calls) <= 5
    assert f"… and {len(error.found) - 5} more" in text
    assert text.splitlines()[0].startswith("s.json:")


def test_of_many_faults_of_a_text_the_shown_are_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    excerpt = positions.excerpt

    def counted(text: str, offset: int, line: int) -> str:
        made.append(offset)
        return excerpt(text, offset, line)

    monkeypatch.setattr(positions, "excerpt", counted)
    twice = ",".join(f'"x-{index}": 1, "x-{index}": 2' for index in range(1_000))
    with pytest.raises(DocumentError) as caught:
        load_bytes(b"{" + twice.encode() + b"}", "s.json")
    assert "995 more" in str(caught.value)
    assert len(made) == 5


def test_an_excerpt_looks_at_what_is_near() -> None:
    line = "a" * 5_000
    near = "b" * 150
    for text in (f"{line}!{line}", f"{near}\n{line}!{near}\n{line}", f"{line}!", f"!{line}"):
        shown = positions.excerpt(text, text.index("!"), 1).splitlines()
        assert shown[0][shown[1].index("^")] == "!"
        assert "b\n" not in shown[0]
        assert len(shown[0]) <= 8 + positions.WINDOW + 2
