"""Schemas that no value fits are told, with the events that can never be built for them."""

from __future__ import annotations

from typing import Any

import pytest

from support import event, event_document, generate_from

LEVEL = {"allOf": [{"enum": ["low", "mid"]}, {"enum": ["high"]}]}


def told(schema: Any, **components: Any) -> list[tuple[str, str, str]]:
    """Code, pointer and message, about what is said, of the notes on schemas without values."""
    model = generate_from(event_document(schema, components=components)).model
    return [
        (each.code, each.at, f"{each.about} {each.message}".strip())
        for each in model.remarks
        if each.code in ("N114", "N117")
    ]


def test_both_the_schema_and_the_event_that_requires_it_are_told() -> None:
    ref = {"$ref": "#/components/schemas/level"}
    found = told(event("Made", {"level": ref}, required=["level"]), level=LEVEL)
    assert found[0] == (
        "N114",
        "/components/schemas/level",
        "no value fits this schema: its lists of values have nothing in common",
    )
    assert found[1][0] == "N117"
    assert found[1][2] == (
        "the event 'Made' can never be built: it requires \"level\", which no value fits"
    )
    assert [each[0] for each in told(event("Made", {"level": ref}), level=LEVEL)] == ["N114"]


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ({"allOf": [{"type": "string"}, {"type": "integer"}]}, "its types exclude each other"),
        (
            {"type": "string", "enum": ["a"], "minLength": 2},
            "its other keywords exclude each of its values",
        ),
        ({"type": "integer", "minimum": 5, "maximum": 3}, "no number is above 5 and below 3"),
        ({"type": "number", "exclusiveMinimum": 3, "maximum": 3}, "no number is above 3 and"),
        ({"type": "string", "minLength": 5, "maxLength": 3}, "its minLength 5 is above its"),
        ({"type": "array", "minItems": 5, "maxItems": 3}, "its minItems 5 is above its maxIt"),
        ({"type": "integer", "minimum": 1.2, "maximum": 1.8}, "no integer is between 1.2 and 1.8"),
        (
            {"type": "integer", "exclusiveMinimum": 3, "maximum": 8, "multipleOf": 4.5},
            "no multiple of 4.5 is between 3 and 8",
        ),
        (
            {"type": "number", "minimum": 0.11, "maximum": 0.19, "multipleOf": 0.1},
            "no multiple of 0.1 is between 0.11 and 0.19",
        ),
        (
            {"type": "array", "items": {"type": "boolean"}, "uniqueItems": True, "minItems": 3},
            "its minItems is 3, and only 2 different items are to be had",
        ),
        (
            {"oneOf": [{"type": "string"}, {"type": "string", "description": "The same."}]},
            "each of its schemas is in `oneOf` twice",
        ),
        ({"type": "object", "minProperties": 5, "maxProperties": 3}, "it has at most 3 keys"),
    ],
)
def test_why(schema: Any, why: str) -> None:
    [(code, _, message)] = told(event("Made", {"a": schema}))
    assert code == "N114"
    assert message.startswith(f"no value fits this schema: {why}")


def test_what_leads_to_it_is_followed() -> None:
    inner = {"type": "object", "required": ["level"], "properties": {"level": LEVEL}}
    listed = {"type": "array", "minItems": 1, "items": inner}
    found = told(event("Made", {"list": listed}, required=["list"]))
    assert [code for code, _, _ in found] == ["N114", "N117", "N117"]
    free = {**listed, "minItems": 0}
    assert [code for code, _, _ in told(event("Made", {"list": free}, required=["list"]))] == [
        "N114",
        "N117",
    ]


def test_an_object_that_needs_itself_without_end_can_never_be_built() -> None:
    node = {
        "type": "object",
        "required": ["next"],
        "properties": {"next": {"$ref": "#/components/schemas/node"}},
    }
    found = told(event("Made", {"a": {"$ref": "#/components/schemas/node"}}), node=node)
    assert [each[:2] for each in found] == [("N117", "/components/schemas/node")]
    node["properties"] = {
        "next": {"anyOf": [{"$ref": "#/components/schemas/node"}, {"type": "null"}]}
    }
    assert told(event("Made", {"a": {"$ref": "#/components/schemas/node"}}), node=node) == []


@pytest.mark.parametrize(
    "schema",
    [
        False,
        {"not": {"type": "string", "enum": [1]}},
        {"if": {"type": "string", "minLength": 5, "maxLength": 3}, "then": {}},
        {"type": "integer", "minimum": 3, "maximum": 3},
        {"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 5, "multipleOf": 0.5},
        {"type": "array", "items": {"enum": ["a", None]}, "uniqueItems": True, "minItems": 2},
        {"type": "array", "items": {"type": "boolean"}, "minItems": 3},
        {"oneOf": [{"type": "string"}, {"type": "string"}, {"type": "integer"}]},
        {"anyOf": [{"type": "string"}, {"type": "string"}]},
        {"type": "object", "additionalProperties": False},
        {"type": ["string", "null"], "enum": [None]},
    ],
)
def test_what_is_meant_to_fit_nothing_or_does_fit_is_not_told(schema: Any) -> None:
    assert told(event("Made", {"a": schema})) == []
