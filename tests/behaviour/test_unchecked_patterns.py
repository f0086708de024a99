"""A pattern that is not run keeps nobody from sending, wherever it stands, and says so once."""

from __future__ import annotations

import copy
import time
from pathlib import Path
from typing import Any

import pytest

from eventwright.drift.compare import compare
from support import event, event_document, generate_from, import_package, runtime

UNKNOWN = {"type": "string", "pattern": r"^\p{L}+$"}
FOREVER = "^(a+)+$"
LONG = "a" * 60 + "!"

VERDICTS: dict[str, tuple[dict[str, Any], list[Any], list[Any]]] = {
    "alone": (UNKNOWN, ["a", "1"], [1]),
    "not": ({"not": UNKNOWN}, ["a", "1", 1], []),
    "not not": ({"not": {"not": UNKNOWN}}, ["a"], [1]),
    "not of an object": (
        {"not": {"type": "object", "required": ["a"], "properties": {"a": UNKNOWN}}},
        [{}, {"a": "b"}, {"a": 1}],
        [],
    ),
    "not of something known too": (
        {"not": {"anyOf": [UNKNOWN, {"type": "integer"}]}},
        ["a", None],
        [1],
    ),
    "if": ({"if": UNKNOWN, "then": {"maxLength": 1}, "else": {"minimum": 5}}, ["a", "abc", 9], [1]),
    "oneOf": ({"oneOf": [UNKNOWN, {"type": "string", "maxLength": 2}]}, ["a", "abc"], [1]),
    "not oneOf": (
        {"not": {"oneOf": [UNKNOWN, {"type": "string", "maxLength": 2}]}},
        ["a", "abc", 1],
        [],
    ),
    "anyOf": ({"anyOf": [UNKNOWN, {"type": "integer"}]}, ["a", 1], [None, 1.5]),
    "contains": ({"type": "array", "contains": UNKNOWN}, [["a"], [1, "1"]], [[], [1]]),
    "contains few": (
        {"type": "array", "contains": UNKNOWN, "minContains": 0, "maxContains": 0},
        [["a"], []],
        ["a"],
    ),
    "contains something known too": (
        {
            "type": "array",
            "contains": {"enum": [1]},
            "maxContains": 1,
            "items": {"anyOf": [UNKNOWN, {}]},
        },
        [[1, "a"]],
        [[1, 1]],
    ),
    "items": ({"type": "array", "items": UNKNOWN}, [["a", "1"]], [[1]]),
    "enum": ({"enum": ["a", "1"], "pattern": r"^\p{L}+$"}, ["a", "1"], ["b"]),
    "not enum": ({"not": {"enum": ["a", "1"], "pattern": r"^\p{L}+$"}}, ["a", "b"], []),
    "propertyNames": (
        {"type": "object", "propertyNames": {"pattern": r"^\p{L}+$", "maxLength": 2}},
        [{}, {"a": 1, "1": 2}],
        [{"abc": 1}],
    ),
    "patternProperties": (
        {
            "type": "object",
            "patternProperties": {r"^\p{L}+$": {"type": "integer"}, "^x": {"type": "string"}},
            "additionalProperties": False,
        },
        [{}, {"a": 1}, {"1": 1}, {"x": "a"}],
        [{"a": "b"}, {"x": 1}],
    ),
    "patternProperties beside the rest": (
        {
            "type": "object",
            "patternProperties": {r"^\p{L}+$": {"type": "integer"}},
            "additionalProperties": {"type": "string"},
        },
        [{"a": 1}, {"a": "b"}],
        [{"a": None}],
    ),
    "not patternProperties": (
        {"not": {"type": "object", "patternProperties": {r"^\p{L}+$": {"type": "integer"}}}},
        [{"a": "b"}, {"a": 1}, 1],
        [{}],
    ),
    "unevaluatedProperties": (
        {
            "type": "object",
            "allOf": [{"patternProperties": {r"^\p{L}+$": {"type": "integer"}}}],
            "unevaluatedProperties": False,
        },
        [{}, {"a": 1}],
        [{"a": "b"}],
    ),
    "dependentSchemas": (
        {"type": "object", "dependentSchemas": {"a": {"properties": {"b": UNKNOWN}}}},
        [{"a": 1, "b": "c"}, {"b": 1}],
        [{"a": 1, "b": 1}],
    ),
    "no text longer than is looked at": (
        {"type": "string", "pattern": r"\s+$"},
        [" ", "a" * 5000],
        ["a", "a" * 100],
    ),
    "not a text longer than is looked at": (
        {"not": {"type": "string", "pattern": r"\s+$"}},
        ["a", "a" * 5000, " " * 5000],
        [" "],
    ),
}


@pytest.mark.parametrize("name", VERDICTS)
def test_what_is_unknown_is_accepted_and_what_is_known_counts(name: str, tmp_path: Path) -> None:
    schema, good, bad = VERDICTS[name]
    module = import_package(event_document(event("Made", {"value": schema})), tmp_path)
    refused = runtime(module, "values.problems").ValidationError
    for value in good:
        built = module.Made.from_dict({"event": "Made", "value": value})
        assert module.parse_event(built.to_json()) == built
    for value in bad:
        with pytest.raises(refused):
            module.Made.from_dict({"event": "Made", "value": value})


def test_recursive_schemas_keep_their_other_side(tmp_path: Path) -> None:
    """`not` of a schema that leads to itself: what may meet it and what does are two."""
    tree = {
        "type": "object",
        "required": ["name"],
        "properties": {"name": UNKNOWN, "next": {"$ref": "#/components/schemas/Tree"}},
    }
    properties = {
        "tree": {"$ref": "#/components/schemas/Tree"},
        "other": {"not": {"$ref": "#/components/schemas/Tree"}},
    }
    document = event_document(event("Made", properties), components={"Tree": tree})
    module = import_package(document, tmp_path)
    value = {"name": "a", "next": {"name": "b"}}
    assert module.Made(tree=value, other=value).to_dict()["other"] == value
    with pytest.raises(runtime(module, "values.problems").ValidationError):
        module.Made(tree={"name": 1})


def hostile(pattern: str) -> dict[str, Any]:
    """A document that has the pattern beside everything that could be held against it."""
    return event_document(
        event(
            "Made",
            {
                LONG: {"type": "string"},
                "default": {"type": "string", "pattern": pattern, "default": LONG},
                "enum": {"enum": [LONG, "b"], "pattern": pattern},
                "example": {"type": "string", "pattern": pattern, "example": LONG},
                "map": {
                    "type": "object",
                    "default": {LONG: 1},
                    "propertyNames": {"pattern": pattern},
                },
                "both": {
                    "allOf": [{"pattern": pattern, "default": LONG}, {"pattern": f"{pattern}|b"}]
                },
            },
            required=[LONG],
            patternProperties={pattern: {"type": "string"}},
            additionalProperties=False,
        )
    )


@pytest.mark.parametrize("pattern", [FOREVER, "(.*a){20}$", "(a|a)*$", "(?=(a+)+$)b"])
def test_a_hostile_pattern_is_never_run(pattern: str, tmp_path: Path) -> None:
    document = hostile(pattern)
    began = time.process_time()
    made = generate_from(document)
    moved = copy.deepcopy(document)
    body = moved["paths"]["/events"]["post"]["requestBody"]["content"]["application/json"]
    body["schema"]["properties"]["enum"]["enum"].append("c")
    body["schema"]["properties"]["default"] = {"enum": [LONG]}
    assert list(compare(made.model, generate_from(moved).model))
    module = import_package(document, tmp_path)
    built = module.Made(
        **{"default": LONG, "enum": LONG, "map": {LONG: 1}, "both": LONG, _long(module): LONG}
    )
    assert module.parse_event(built.to_json()) == built
    assert time.process_time() - began < 60  # it would be years
    codes = [remark.code for remark in made.model.remarks]
    assert set(codes) == {"N202"}
    assert codes.count("N202") == 7  # once for each place


def _long(module: Any) -> str:
    names: list[str] = list(module.Made.__annotations__)
    return next(name for name in names if name.startswith("aaaa"))


def test_a_parameter_says_it_too() -> None:
    document = event_document(event("Made"))
    schema = {"type": "string", "pattern": r"^\p{L}+$"}
    parameter = {"name": "X-Name", "in": "header", "schema": schema, "description": "Who."}
    document["paths"]["/events"]["post"]["parameters"] = [parameter]
    text = generate_from(document).files["client.py"]
    assert r"Who. The pattern `^\\p{L}+$` is not" in " ".join(text.split())


def test_the_field_says_that_its_pattern_is_not_checked() -> None:
    text = generate_from(hostile(FOREVER)).files["events.py"]
    assert text.count("The pattern `^(a+)+$` is not checked: it can take exponential time.") == 5
    assert "Whether a key has the pattern `^(a+)+$` is not checked" in text
