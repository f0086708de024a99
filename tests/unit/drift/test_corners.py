"""Places that few documents have, each with one finding."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from drift.documents import STRING, body, model_of, varied
from eventwright.drift.compare import compare
from eventwright.model.model import Model

Told = list[tuple[str, str | None, str]]
BASE = varied()
MODEL = model_of(BASE)
OTHER: dict[str, Any] = {"type": "object", "properties": {"free": STRING}}


def told(old: Model, new: Model) -> Told:
    return [(each.rule, each.event or each.operation, each.path) for each in compare(old, new)]


def edited(edit: Callable[[dict[str, Any]], object]) -> Told:
    new = copy.deepcopy(BASE)
    edit(new)
    return told(MODEL, model_of(new))


def whole(data: dict[str, Any]) -> dict[str, Any]:
    """The media type whose schema holds the events."""
    content: dict[str, Any] = data["paths"]["/track"]["post"]["requestBody"]["content"]
    media: dict[str, Any] = content["application/json"]
    return media


def test_an_arm_that_is_no_event_belongs_to_the_operation() -> None:
    def add(data: dict[str, Any]) -> None:
        whole(data)["schema"]["oneOf"].append(copy.deepcopy(OTHER))

    # It is open, so it takes every event as well: none of them meets exactly one arm.
    assert edited(add) == [
        ("REQ_CONSTRAINT_RELAXED", "track", "body"),
        ("REQ_UNION_OVERLAPS", "track", "body"),
    ]
    new = copy.deepcopy(BASE)
    add(new)
    assert told(model_of(new), MODEL) == [("REQ_TYPE_NARROWED", "track", "body")]
    changed = copy.deepcopy(new)
    whole(changed)["schema"]["oneOf"][-1]["properties"]["free"] = {"type": "boolean"}
    assert told(model_of(new), model_of(changed)) == [
        ("REQ_UNION_MAY_OVERLAP", "track", "body"),
        ("REQ_TYPE_CHANGED", "track", "body.free"),
    ]


def test_events_may_be_null_or_described_together() -> None:
    def describe(data: dict[str, Any]) -> None:
        whole(data)["schema"]["description"] = "Any of the events."

    def nullable(data: dict[str, Any]) -> None:
        whole(data)["schema"]["oneOf"].append({"type": "null"})

    assert edited(describe) == [("DOCS_DESCRIPTION_CHANGED", "track", "body")]
    assert edited(nullable) == [("REQ_BECAME_NULLABLE", "track", "body")]
    new = copy.deepcopy(BASE)
    nullable(new)
    assert told(model_of(new), MODEL) == [("REQ_TYPE_NARROWED", "track", "body")]


def test_words_of_answers_bodies_and_moved_servers() -> None:
    def answer(data: dict[str, Any]) -> None:
        data["paths"]["/track"]["post"]["responses"]["200"]["description"] = "Kept."

    def request(data: dict[str, Any]) -> None:
        data["paths"]["/track"]["post"]["requestBody"]["description"] = "An event."

    def server(data: dict[str, Any]) -> None:
        data["servers"][0] = {"url": "https://us.example.com/v2", "description": "America"}

    assert edited(answer) == [("DOCS_DESCRIPTION_CHANGED", "track", "response.200")]
    assert edited(request) == [("DOCS_DESCRIPTION_CHANGED", "track", "body")]
    assert edited(server) == [
        ("SERVER_URL_CHANGED", None, ""),
        ("DOCS_DESCRIPTION_CHANGED", None, ""),
    ]


def test_what_the_document_says_beside() -> None:
    assert told(MODEL, replace(MODEL, other=(("externalDocs", {"url": "https://x"}),))) == [
        ("DOCS_INFO_CHANGED", None, "")
    ]
    assert told(MODEL, replace(MODEL, other=(("unheardOf", 1),))) == [("UNCLASSIFIED", None, "")]


def test_names_from_configuration() -> None:
    first, *rest = MODEL.operations
    renamed = replace(MODEL, operations=(replace(first, name="send"), *rest))
    (found,) = compare(MODEL, renamed)
    assert (found.rule, found.old, found.new) == ("SOURCE_NAME_CHANGED", "track", "send")
    same_method = replace(MODEL, operations=(replace(first, id="Track"), *rest))
    assert told(MODEL, same_method) == [("DOCS_INFO_CHANGED", "track", "")]
    server = replace(MODEL.servers[0], name="other")
    assert told(MODEL, replace(MODEL, servers=(server, *MODEL.servers[1:]))) == [
        ("SOURCE_NAME_CHANGED", None, "")
    ]


def test_a_class_is_told_once_however_many_events_hold_it() -> None:
    line = MODEL.objects["/components/schemas/line"]
    named = {**MODEL.objects, line.key: replace(line, name="Row")}
    found = compare(MODEL, replace(MODEL, objects=named))
    assert [(each.rule, each.old, each.new) for each in found] == [
        ("SOURCE_NAME_CHANGED", "Line", "Row")
    ]


def test_one_attribute_that_another_key_pushes_aside() -> None:
    old = body({"type": "object", "properties": {"userId": STRING}})
    new = body({"type": "object", "properties": {"userId": STRING, "user_id": STRING}})
    assert told(model_of(old), model_of(new)) == [
        ("SOURCE_NAME_CHANGED", "send", "body.value.userId"),
        ("REQ_PROPERTY_ADDED_OPTIONAL", "send", "body.value.user_id"),
    ]


ITEMS = {"type": "array", "items": STRING}
CONDITIONS: dict[str, tuple[Any, Any, str]] = {
    "contains": (
        {**ITEMS, "contains": {"type": "string"}},
        {**ITEMS, "contains": {"type": "string", "minLength": 3}},
        "REQ_CONSTRAINT_TIGHTENED",
    ),
    "contains at most": (
        {**ITEMS, "contains": {"const": "a"}, "maxContains": 3},
        {**ITEMS, "contains": {"const": "a"}, "maxContains": 4},
        "REQ_CONSTRAINT_RELAXED",
    ),
    "names of keys": (
        {"type": "object", "propertyNames": {"maxLength": 3}},
        {"type": "object", "propertyNames": {"maxLength": 2}},
        "REQ_CONSTRAINT_TIGHTENED",
    ),
    "words in a condition": (
        {"type": "object", "propertyNames": {"maxLength": 3}},
        {"type": "object", "propertyNames": {"maxLength": 3, "description": "Short."}},
        "DOCS_DESCRIPTION_CHANGED",
    ),
    "if": (
        {"type": "object", "if": {"required": ["a"]}, "then": {"required": ["b"]}},
        {"type": "object", "if": {"required": ["b"]}, "then": {"required": ["a"]}},
        "REQ_CONSTRAINT_CHANGED",
    ),
    "what depends": (
        {"type": "object", "dependentRequired": {"a": ["b"]}},
        {"type": "object", "dependentRequired": {"a": []}},
        "REQ_CONSTRAINT_RELAXED",
    ),
    "a suggestion": (
        {"anyOf": [STRING, {"type": "integer"}]},
        {"anyOf": [STRING, {"type": "integer"}, {"enum": ["a", "b"]}]},
        "DOCS_EXAMPLE_CHANGED",
    ),
    "no suggestion": (
        {"anyOf": [STRING, {"type": "integer"}, {"enum": ["a", "b"]}]},
        {"anyOf": [STRING, {"type": "integer"}]},
        "DOCS_EXAMPLE_CHANGED",
    ),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_conditions(name: str) -> None:
    old, new, rule = CONDITIONS[name]
    assert told(model_of(body(old)), model_of(body(new))) == [(rule, "send", "body.value")]


def test_what_triggers_a_dependency_is_not_what_depends() -> None:
    old = {"type": "object", "dependentRequired": {"a": ["b"]}}
    new = {"type": "object", "dependentRequired": {"b": ["a"]}}
    rules = {rule for rule, _, _ in told(model_of(body(old)), model_of(body(new)))}
    assert rules == {"REQ_CONSTRAINT_RELAXED", "REQ_CONSTRAINT_TIGHTENED"}
