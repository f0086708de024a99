"""Events as a whole: removed, renamed, moved, traded, told apart otherwise."""

from __future__ import annotations

import copy
from typing import Any

from drift.documents import STRING, model_of
from eventwright.drift.compare import compare
from eventwright.drift.findings.finding import Finding


def event(literal: str | None, *keys: str, tag: str = "event") -> dict[str, Any]:
    said = STRING if literal is None else {"const": literal}
    properties = {tag: said, **dict.fromkeys(keys, STRING)}
    return {"type": "object", "required": [tag, *keys], "properties": properties}


def document(*paths: str, webhook: bool = False, **events: dict[str, Any]) -> dict[str, Any]:
    """`events` by component key, taken by each of `paths`."""
    arms = {"oneOf": [{"$ref": f"#/components/schemas/{key}"} for key in events]}
    operations = {path: _operation(path, arms) for path in paths or ("/track",)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Events", "version": "1"},
        ("webhooks" if webhook else "paths"): operations,
        **({"paths": {}} if webhook else {}),
        "components": {"schemas": dict(events)},
    }


def _operation(path: str, schema: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": copy.deepcopy(schema)}}
    return {
        "post": {
            "operationId": path.strip("/"),
            "requestBody": {"required": True, "content": content},
            "responses": {"200": {"description": "done"}},
        }
    }


def told(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(finding.rule, finding.event) for finding in between(old, new)]


def between(old: dict[str, Any], new: dict[str, Any]) -> tuple[Finding, ...]:
    return compare(model_of(old), model_of(new))


A, B, C = event("A", "x"), event("B", "y"), event("C", "z")


def test_another_literal_and_another_shape_is_another_event() -> None:
    assert told(document(a=A, b=B), document(a=A, c=C)) == [
        ("EVENT_REMOVED", "B"),
        ("EVENT_ADDED", "C"),
    ]


def test_of_several_of_one_shape_the_one_of_the_same_component_was_renamed() -> None:
    old = document(one=event("User One", "x"), two=event("User Two", "x"))
    new = document(two=event("Person Two", "x"), one=event("Person One", "x"))
    found = between(old, new)
    assert {(finding.old, finding.new) for finding in found} == {
        ("User One", "Person One"),
        ("User Two", "Person Two"),
    }
    assert {finding.rule for finding in found} == {"EVENT_NAME_CHANGED"}


def test_words_may_change_along_with_the_literal() -> None:
    new = event("A2", "x")
    new["description"] = "Was called A."
    new["properties"]["x"] = {**STRING, "description": "Otherwise."}
    assert told(document(a=A, b=B), document(a=new, b=B)) == [("EVENT_NAME_CHANGED", "A")]


def test_a_deep_difference_is_no_mere_rename() -> None:
    def deep(literal: str, kind: str) -> dict[str, Any]:
        inner: dict[str, Any] = {"type": kind}
        for _ in range(8):
            inner = {"type": "object", "properties": {"in": inner}}
        made = event(literal)
        made["properties"]["deep"] = inner
        return made

    assert told(document(a=deep("A", "string"), b=B), document(a=deep("A", "string"), b=B)) == []
    same = told(document(a=deep("A", "string"), b=B), document(a=deep("N", "string"), b=B))
    other = told(document(a=deep("A", "string"), b=B), document(a=deep("N", "integer"), b=B))
    assert same == [("EVENT_NAME_CHANGED", "A")]
    assert other == [("EVENT_REMOVED", "A"), ("EVENT_ADDED", "N")]


def test_three_events_may_trade_schemas() -> None:
    new = document(a=event("B", "x"), b=event("C", "y"), c=event("A", "z"))
    found = between(document(a=A, b=B, c=C), new)
    assert {(finding.rule, finding.event, finding.new) for finding in found} == {
        ("EVENT_SCHEMA_REASSIGNED", "A", "C"),
        ("EVENT_SCHEMA_REASSIGNED", "B", "A"),
        ("EVENT_SCHEMA_REASSIGNED", "C", "B"),
    }


def test_taking_the_shape_of_an_unchanged_event_is_no_trade() -> None:
    found = told(document(a=A, b=B), document(a=event("A", "y"), b=B))
    assert found == [("REQ_PROPERTY_REMOVED", "A"), ("REQ_PROPERTY_ADDED_REQUIRED", "A")]


def test_alike_events_that_trade_literals_differ_in_nothing() -> None:
    old = document(a=event("A", "x"), b=event("B", "x"))
    assert told(old, document(a=event("B", "x"), b=event("A", "x"))) == []


def test_an_event_that_another_operation_takes_is_gone_from_the_first() -> None:
    old = document("/one", "/two", a=A, b=B, c=C)
    new = copy.deepcopy(old)
    for path, arm in (("/one", 0), ("/two", 1)):
        arms = old["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        del arms["oneOf"][arm]
        arms = new["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        del arms["oneOf"][1 - arm]
    found = between(old, new)
    assert [(finding.rule, finding.event, finding.operation) for finding in found] == [
        ("EVENT_REMOVED", "B", "one"),
        ("EVENT_REMOVED", "A", "two"),
    ]


def test_an_event_of_two_operations_is_told_once() -> None:
    old, new = document("/one", "/two", a=A, b=B), document("/one", "/two", a=A)
    new["components"]["schemas"]["a"] = event("A", "x", "w")
    assert told(old, new) == [("REQ_PROPERTY_ADDED_REQUIRED", "A"), ("EVENT_REMOVED", "B")]


def test_a_removed_operation_takes_its_events_along() -> None:
    old, new = document("/one", "/two", a=A, b=B), document("/one", a=A, b=B)
    assert [finding.rule for finding in between(old, new)] == ["OPERATION_REMOVED"]


def test_a_literal_that_is_one_of_two_now_is_still_that_event() -> None:
    wider = event("A", "x")
    wider["properties"]["event"] = {"enum": ["A", "A2"]}
    rules = told(document(a=A, b=B), document(a=wider, b=B))
    assert ("REQ_ENUM_VALUE_ADDED", "A") in rules
    assert not {"EVENT_REMOVED", "EVENT_ADDED"} & {rule for rule, _ in rules}
    back = told(document(a=wider, b=B), document(a=A, b=B))
    assert ("REQ_ENUM_VALUE_REMOVED", "A") in back


def test_another_key_that_tells_events_apart_is_nothing_on_the_wire() -> None:
    old = document(a=event("X", "k"))
    old["components"]["schemas"]["a"]["properties"]["type"] = {"const": "track"}
    new = copy.deepcopy(old)
    new["components"]["schemas"]["p"] = event("page", tag="type")
    arms = new["paths"]["/track"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    arms["oneOf"].append({"$ref": "#/components/schemas/p"})
    rules = {finding.rule for finding in between(old, new) if "WIRE" in finding.axes}
    assert rules == set()


def test_in_a_webhook_the_event_comes_from_the_other_end() -> None:
    old, new = document(webhook=True, a=A, b=B), document(webhook=True, a=event("A"), b=B)
    found = between(old, new)
    assert [(finding.rule, finding.event) for finding in found] == [("RESP_PROPERTY_REMOVED", "A")]


def test_a_webhook_is_named_as_one() -> None:
    old, new = document("/note", webhook=True, a=A), document("/other", webhook=True, a=A)
    new["webhooks"]["/other"]["post"]["operationId"] = "else"
    assert [finding.message for finding in between(old, new)] == [
        "webhook /note is gone",
        "webhook /other is new",
    ]


def test_the_whole_body_may_be_one_event() -> None:
    old, new = document(a=A), document(a=A, b=B)
    assert told(old, new) == [("EVENT_ADDED", "B")]
    assert told(new, old) == [("EVENT_REMOVED", "B")]
