"""Documents that a generator refuses, and that can be compared all the same."""

from __future__ import annotations

import copy
import json
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from drift.large import large
from eventwright.config.config import ClientConfig
from eventwright.diagnostics.diagnostic import DocumentError
from eventwright.document.load import Document, load_bytes
from eventwright.drift.between import SHOWN, compare_sources, model_of, read
from eventwright.drift.compare import compare
from eventwright.drift.findings.finding import Finding
from eventwright.lower.document import lower
from eventwright.validation.validate import validate
from support import event_document

Doc = dict[str, Any]


@pytest.fixture(autouse=True)
def fewer_merges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands take seconds."""
    monkeypatch.setattr("eventwright.lower.schemas.objects.MAX_MERGED", 200)


def ref(name: str) -> Doc:
    return {"$ref": f"#/components/schemas/{name}"}


def parent(**children: Doc) -> Doc:
    """A parent that lists its children, each of which extends it."""
    base: Doc = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string"}, "x": {"type": "integer"}},
        "oneOf": [ref(name) for name in children],
        "discriminator": {"propertyName": "kind"},
    }
    arms = {name: {"allOf": [ref("Parent"), child]} for name, child in children.items()}
    return event_document(ref("Parent"), components={"Parent": base, **arms})


def family() -> Doc:
    return parent(
        A={"type": "object", "properties": {"a": {"type": "string"}}},
        B={"type": "object", "properties": {"b": {"type": "string"}}},
    )


def three_generations() -> Doc:
    made = family()
    schemas = made["components"]["schemas"]
    schemas["A"]["oneOf"] = [ref("C")]
    schemas["C"] = {"allOf": [ref("A"), {"properties": {"c": {"type": "string"}}}]}
    return made


def operations(**more: Any) -> Doc:
    answer = {"responses": {"200": {"description": "done"}}}
    names = ("one", "two")
    paths = {f"/{name}": {"get": {"operationId": name, **answer, **more}} for name in names}
    return {**event_document({"type": "object"}), "paths": paths}


def too_deep(innermost: str = "string") -> Doc:
    schema: Doc = {"type": innermost}
    for _ in range(70):
        schema = {"type": "array", "items": schema}
    return event_document({"type": "object", "properties": {"deep": schema}})


def rings(value: Doc | None = None) -> Doc:
    """Circles of different lengths, which meet in every combination."""
    schemas: Doc = {}
    for size in (23, 29, 31):
        for number in range(size):
            following = ref(f"r{size}_{(number + 1) % size}")
            properties = {"next": following, "v": {"type": "string"}}
            schemas[f"r{size}_{number}"] = {"type": "object", "properties": properties}
    if value:
        schemas["r31_30"]["properties"]["v"] = value
    whole = {"allOf": [ref("r23_0"), ref("r29_0"), ref("r31_0")]}
    return event_document(whole, components=schemas)


TABLE: dict[str, tuple[Doc, str]] = {
    "a parameter twice": (
        operations(parameters=[{"in": "query", "name": "q", "schema": {}}] * 2),
        "E032",
    ),
    "a parameter that is in no path": (
        operations(parameters=[{"in": "path", "name": "q", "required": True, "schema": {}}]),
        "E033",
    ),
    "an operation that says nothing of its answers": (operations(responses={}), "E030"),
    "lists nested beyond what is read": (too_deep(), "E315"),
    "merges without end": (rings(), "E316"),
}


def loaded(data: Doc) -> Document:
    return load_bytes(json.dumps(data).encode(), "s.json")


def generated(document: Document) -> None:
    validate(document)
    lower(document, ClientConfig(spec="s.json", output="client"))


def moved(old: Doc, new: Doc) -> list[str]:
    findings = compare(model_of(loaded(old)), model_of(loaded(new)))
    return sorted(f"{each.rule} {each.path}" for each in findings)


@pytest.mark.parametrize("name", TABLE)
def test_what_a_generator_refuses_is_compared(name: str) -> None:
    data, code = TABLE[name]
    document = loaded(data)
    with pytest.raises(DocumentError) as caught:
        generated(document)
    assert code in {each.code for each in caught.value.diagnostics}
    _, remarks = read(document)
    assert remarks
    assert all(each.location for each in remarks)
    assert not moved(data, copy.deepcopy(data))


@pytest.mark.parametrize("name", TABLE)
def test_what_moved_beside_it_is_found(name: str) -> None:
    data, _ = TABLE[name]
    later = copy.deepcopy(data)
    later["paths"]["/added"] = {"get": {"responses": {"200": {"description": "new"}}}}
    assert moved(data, later) == ["OPERATION_ADDED "]


def test_alternatives_that_extend_their_parent_are_told_apart() -> None:
    old = family()
    new = copy.deepcopy(old)
    schemas = new["components"]["schemas"]
    schemas["A"]["allOf"][1]["required"] = ["a"]
    assert moved(old, new) == ["REQ_PROPERTY_BECAME_REQUIRED a"]
    schemas["Parent"]["oneOf"].pop()
    assert "EVENT_REMOVED " in moved(old, new)
    old, new = three_generations(), three_generations()
    new["components"]["schemas"]["C"]["allOf"][1]["properties"]["c"] = {"type": "integer"}
    assert [each.split()[0] for each in moved(old, new)] == ["REQ_TYPE_CHANGED"]


def test_what_is_not_read_is_compared_as_it_is_written() -> None:
    assert [each.split()[0] for each in moved(too_deep(), too_deep("integer"))] == ["UNCLASSIFIED"]
    assert moved(rings(), rings({"type": "integer"}))


@pytest.mark.parametrize(
    "schema",
    [
        ref("S"),
        {"allOf": [ref("S"), {"type": "object"}]},
        {"not": ref("S")},
        {"if": {"type": "object"}, "then": ref("S")},
        {"dependentSchemas": {"a": ref("S")}},
    ],
    ids=str,
)
def test_a_schema_that_is_only_itself_is_refused(schema: Doc) -> None:
    with pytest.raises(DocumentError, match="refers to itself without end"):
        model_of(loaded(event_document(ref("S"), components={"S": schema})))


def test_remarks_are_one_line_each_and_few(tmp_path: Path) -> None:
    names = [f"q\n{number}" for number in range(30)]
    twice = [{"in": "query", "name": name, "schema": {}} for name in names for _ in range(2)]
    data = operations()
    data["paths"]["/one"]["get"]["parameters"] = twice
    path = tmp_path / "s.json"
    path.write_text(json.dumps(data))
    lines: list[str] = []
    assert not compare_sources(str(path), str(path), tell=lines.append).findings
    assert len(lines) == 2 * (SHOWN + 1)
    assert lines[0].startswith(f"{path}:1:")
    assert "note[E032]: the query parameter 'q\\n0' is here twice" in lines[0]
    assert lines[SHOWN] == "… and 25 more notes"


def calls(size: int) -> tuple[int, tuple[Finding, ...]]:
    """How many calls reading, validating and comparing takes."""
    old = large(size)
    new = copy.deepcopy(old)
    new["components"]["schemas"]["thing_5"]["properties"]["value_1"]["maxLength"] = 10
    texts = [json.dumps(each).encode() for each in (old, new)]
    count = 0

    def profile(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(profile)
    try:
        found = compare(*(model_of(load_bytes(text, "s.json")) for text in texts))
    finally:
        sys.setprofile(None)
    return count, found


def test_twice_the_document_is_twice_the_work() -> None:
    calls(10)  # what is imported and compiled once
    one, _ = calls(50)
    two, found = calls(100)
    assert two < 2.2 * one
    assert len(found) == 2
