"""Pairs of schemas, and which rules each direction gives."""

from __future__ import annotations

from typing import Any

import pytest

from drift.documents import STRING, body, model_of
from eventwright.drift.compare import compare

INTEGER, NUMBER, BOOLEAN = {"type": "integer"}, {"type": "number"}, {"type": "boolean"}
ANY: dict[str, Any] = {}
SIDES = ("request", "response")


def array(**more: Any) -> dict[str, Any]:
    return {"type": "array", "items": STRING, **more}


def obj(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def one_of(*arms: Any) -> dict[str, Any]:
    return {"oneOf": [*arms]}


def any_of(*arms: Any) -> dict[str, Any]:
    return {"anyOf": [*arms]}


def enum(*values: Any) -> dict[str, Any]:
    return {"enum": [*values]}


def kind(name: str, **properties: Any) -> dict[str, Any]:
    return {**obj(kind={"const": name}, **properties), "required": ["kind"]}


TIGHTER = ("REQ_CONSTRAINT_TIGHTENED", "RESP_CONSTRAINT_TIGHTENED")
LOOSER = ("REQ_CONSTRAINT_RELAXED", "RESP_CONSTRAINT_RELAXED")
OTHER = ("REQ_CONSTRAINT_TIGHTENED", "RESP_CONSTRAINT_RELAXED")
NARROWER = ("REQ_TYPE_NARROWED", "RESP_TYPE_NARROWED")
WIDER = ("REQ_CONSTRAINT_RELAXED", "RESP_TYPE_WIDENED")
CHANGED = ("REQ_TYPE_CHANGED", "RESP_TYPE_CHANGED")
NULLABLE = ("REQ_BECAME_NULLABLE", "RESP_BECAME_NULLABLE")
CLOSED = ("REQ_ENUM_CLOSED", "RESP_ENUM_CLOSED")
OPENED = ("REQ_ENUM_OPENED", "RESP_ENUM_OPENED")
FORMAT = ("REQ_FORMAT_CHANGED", "RESP_FORMAT_CHANGED")
GONE = ("REQ_ENUM_VALUE_REMOVED", "RESP_ENUM_VALUE_REMOVED")
WORDS = ("DOCS_EXAMPLE_CHANGED", "DOCS_EXAMPLE_CHANGED")
UNCERTAIN = ("REQ_CONSTRAINT_CHANGED", "RESP_CONSTRAINT_CHANGED")

PAIRS: dict[str, tuple[Any, Any, tuple[str, str]]] = {
    "minimum": (INTEGER, {**INTEGER, "minimum": 1}, TIGHTER),
    "minimum gone": ({**INTEGER, "minimum": 1}, INTEGER, LOOSER),
    "minimum lower": ({**NUMBER, "minimum": 1}, {**NUMBER, "minimum": 0.5}, LOOSER),
    "exclusive": ({**NUMBER, "minimum": 0}, {**NUMBER, "exclusiveMinimum": 0}, TIGHTER),
    "exclusive maximum": ({**NUMBER, "maximum": 9}, {**NUMBER, "exclusiveMaximum": 9}, TIGHTER),
    "maximum higher": ({**NUMBER, "maximum": 9}, {**NUMBER, "exclusiveMaximum": 10}, LOOSER),
    "multiple of more": ({**INTEGER, "multipleOf": 2}, {**INTEGER, "multipleOf": 4}, TIGHTER),
    "multiple of less": ({**NUMBER, "multipleOf": 1}, {**NUMBER, "multipleOf": 0.5}, WIDER),
    "multiple of other": ({**INTEGER, "multipleOf": 2}, {**INTEGER, "multipleOf": 3}, OTHER),
    "pattern": (STRING, {**STRING, "pattern": "^a"}, TIGHTER),
    "pattern gone": ({**STRING, "pattern": "^a"}, STRING, LOOSER),
    "pattern other": ({**STRING, "pattern": "^a"}, {**STRING, "pattern": "^b"}, UNCERTAIN),
    "items unique": (array(), array(uniqueItems=True), TIGHTER),
    "more items": (array(maxItems=2), array(maxItems=3), LOOSER),
    "items": (array(), array(items=INTEGER), CHANGED),
    "prefix": (array(prefixItems=[STRING]), array(prefixItems=[INTEGER]), CHANGED),
    "keys": (obj(), {**obj(), "minProperties": 1}, TIGHTER),
    "format wider": ({**INTEGER, "format": "int32"}, {**INTEGER, "format": "int64"}, LOOSER),
    "format": ({**STRING, "format": "date"}, {**STRING, "format": "uuid"}, FORMAT),
    "format of a type gone": ({**STRING, "format": "date"}, STRING, FORMAT),
    "format of a type": (STRING, {**STRING, "format": "date"},
                         ("REQ_FORMAT_CHANGED", "RESP_CONSTRAINT_TIGHTENED")),
    "format of no type gone": ({**STRING, "format": "email"}, STRING, LOOSER),
    "null gone": ({"type": ["string", "null"]}, STRING, NARROWER),
    "null": (enum("a", "b"), enum("a", "b", None), NULLABLE),
    "null to nullable": ({"type": "null"}, {"type": ["string", "null"]}, WIDER),
    "any to string": (ANY, STRING, NARROWER),
    "string to any": (STRING, ANY, WIDER),
    "any to fixed": (ANY, enum("a"), CLOSED),
    "fixed to any": (enum("a"), ANY, OPENED),
    "fixed to string": (enum("a"), STRING, OPENED),
    "fixed to a string too short": (enum("a"), {**STRING, "minLength": 2}, CHANGED),
    "numbers closed": (INTEGER, enum(1, 2), CLOSED),
    "a constant": ({"const": "a"}, {"const": "b"},
                   ("REQ_ENUM_VALUE_REMOVED", "RESP_CONSTANT_CHANGED")),
    "true is not 1": (enum(True, 2), enum(1, 2), ("REQ_ENUM_VALUE_REMOVED", "")),
    "an arm": (STRING, any_of(STRING, INTEGER), WIDER),
    "an arm gone": (any_of(STRING, INTEGER), STRING, NARROWER),
    "an arm changed": (any_of(array(), STRING), any_of(array(minItems=1), STRING), TIGHTER),
    "no arm left": (any_of(array(), STRING), any_of(BOOLEAN, INTEGER), CHANGED),
    "opened by an arm": (enum("a", "b"), any_of(enum("a", "b"), STRING), OPENED),
    "closed by an arm": (any_of(enum("a", "b"), STRING), enum("a", "b"), CLOSED),
    "suggestions": (any_of(enum("a", "b"), STRING), any_of(enum("a", "c"), STRING), WORDS),
    "a tagged arm": (
        one_of(kind("a"), kind("b")), one_of(kind("a"), kind("b"), kind("c")), WIDER),
    "a tagged arm gone": (
        one_of(kind("a"), kind("b"), kind("c")), one_of(kind("a"), kind("b")), NARROWER),
    "inside a tagged arm": (
        one_of(kind("a", x=STRING), kind("b")), one_of(kind("b"), kind("a", x=BOOLEAN)), CHANGED),
    "inside a plain arm": (
        any_of(obj(x=STRING, y=STRING), obj(z=STRING)),
        any_of(obj(z=STRING), obj(x=STRING, y=BOOLEAN)), CHANGED),
    "exactly one arm": (
        any_of(obj(x=STRING), obj(y=STRING)), one_of(obj(x=STRING), obj(y=STRING)),
        ("REQ_UNION_OVERLAPS", "RESP_CONSTRAINT_TIGHTENED")),
    "a map": ({"additionalProperties": STRING}, {"additionalProperties": INTEGER}, CHANGED),
    "extra typed": (obj(), {**obj(), "additionalProperties": STRING}, NARROWER),
    "pattern keys": (
        {"patternProperties": {"^x": STRING}}, {"patternProperties": {"^x": INTEGER}}, CHANGED),
    "a condition": (obj(), {**obj(), "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, TIGHTER),
    "a condition gone": ({**obj(), "not": {"required": ["a"]}}, obj(), LOOSER),
    "one more way": (
        {**obj(), "anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
        {**obj(), "anyOf": [{"required": ["b"]}, {"required": ["c"]}, {"required": ["a"]}]},
        LOOSER),
    "depends on more": (
        {**obj(), "dependentRequired": {"a": ["b"]}},
        {**obj(), "dependentRequired": {"a": ["c", "b"]}}, TIGHTER),
    "contains more": (
        array(contains={"const": "a"}), array(contains={"const": "a"}, minContains=2), TIGHTER),
    "another not": (
        {**obj(), "not": {"required": ["a"]}}, {**obj(), "not": {"required": ["b"]}}, UNCERTAIN),
    "a keyword": (STRING, {**STRING, "contentEncoding": "base64"}, TIGHTER),
    "default of null": ({**ANY, "type": ["string", "null"]},
        {"type": ["string", "null"], "default": None},
        ("REQ_DEFAULT_CHANGED", "RESP_DEFAULT_CHANGED")),
}  # fmt: skip


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", PAIRS)
def test_one_finding_with_the_rule_of_the_side(name: str, side: str) -> None:
    old, new, rules = PAIRS[name]
    expected = rules[SIDES.index(side)]
    found = compare(model_of(_document(old, side)), model_of(_document(new, side)))
    told = {finding.rule for finding in found}
    assert expected in told or not expected
    if name != "true is not 1":
        assert [finding.rule for finding in found] == [expected]


SAME: dict[str, tuple[Any, Any]] = {
    "whole bounds": ({**INTEGER, "exclusiveMinimum": 0}, {**INTEGER, "minimum": 1}),
    "spelling of numbers": ({**NUMBER, "minimum": 1}, {**NUMBER, "minimum": 1.0}),
    "constant": ({"const": "a"}, enum("a")),
    "order of values": (enum("a", "b", None), enum(None, "b", "a")),
    "order of arms": (any_of(STRING, INTEGER), any_of(INTEGER, STRING)),
    "one arm": (any_of(STRING), STRING),
    "types as arms": ({"type": ["string", "integer"]}, any_of(INTEGER, STRING)),
    "types with words": (
        {"type": ["string", "integer"], "description": "d"},
        {"anyOf": [STRING, INTEGER], "description": "d"},
    ),
    "order of conditions": (
        {**obj(), "anyOf": [{"required": ["a", "b"]}, {"required": ["c"]}]},
        {**obj(), "anyOf": [{"required": ["c"]}, {"required": ["b", "a"]}]},
    ),
    "nullable by an arm": ({"type": ["string", "null"]}, any_of({"type": "null"}, STRING)),
    "nothing said": (array(minItems=0), array()),
    "open anyway": (obj(a=STRING), {**obj(a=STRING), "additionalProperties": True}),
    "comments": (STRING, {**STRING, "$comment": "no meaning", "x-internal": 1}),
}


@pytest.mark.parametrize("name", SAME)
def test_two_ways_to_say_one_thing(name: str) -> None:
    for side in SIDES:
        old, new = (model_of(_document(schema, side)) for schema in SAME[name])
        assert compare(old, new) == ()
        assert compare(new, old) == ()


def test_a_removed_key_is_refused_only_by_a_closed_object() -> None:
    both, one = obj(a=STRING, b=STRING), obj(a=STRING)
    axes = []
    for closed in ({}, {"additionalProperties": False}, {"additionalProperties": STRING}):
        (found,) = compare(model_of(body({**both, **closed})), model_of(body({**one, **closed})))
        assert found.rule == "REQ_PROPERTY_REMOVED"
        axes.append(found.axes)
    assert axes == [("SOURCE",), ("WIRE", "SOURCE"), ("WIRE", "SOURCE")]


def test_a_forbidden_key_is_gone_and_refused() -> None:
    new: Any = {"type": "object", "properties": {"a": False}}
    found = compare(model_of(body(obj(a=STRING))), model_of(body(new)))
    assert [finding.rule for finding in found] == ["REQ_PROPERTY_REMOVED", TIGHTER[0]]


def test_recursion_ends_and_what_is_below_is_found() -> None:
    tree = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/tree"}}}
    old, new = (
        body({"$ref": "#/components/schemas/tree"}),
        body({"$ref": "#/components/schemas/tree"}),
    )
    old["components"] = {"schemas": {"tree": tree}}
    new["components"] = {"schemas": {"tree": {**tree, "required": ["next"]}}}
    (found,) = compare(model_of(old), model_of(new))
    assert (found.rule, found.path) == ("REQ_PROPERTY_BECAME_REQUIRED", "body.value.next")


def test_a_recursive_list_is_compared_too() -> None:
    def nested(kind: dict[str, Any]) -> dict[str, Any]:
        document = body({"$ref": "#/components/schemas/nested"})
        inner = {"$ref": "#/components/schemas/nested"}
        document["components"] = {
            "schemas": {"nested": {"type": "array", "items": {"anyOf": [inner, kind]}}}
        }
        return document

    assert compare(model_of(nested(STRING)), model_of(nested(STRING))) == ()
    found = compare(model_of(nested(STRING)), model_of(nested(BOOLEAN)))
    assert "REQ_TYPE_NARROWED" in {finding.rule for finding in found}


def test_paths_are_unambiguous() -> None:
    old = obj(**{"a.b": obj(c=STRING), "d e": array(items=obj(f=STRING)), "": STRING})
    new = obj(**{"a.b": obj(c=INTEGER), "d e": array(items=obj(f=INTEGER)), "": INTEGER})
    found = compare(model_of(body(old)), model_of(body(new)))
    assert {finding.path for finding in found} == {
        'body.value."a.b".c',
        'body.value."d e"[].f',
        'body.value.""',
    }


def _document(schema: Any, side: str) -> dict[str, Any]:
    if side == "request":
        return body(schema)
    return body({}, answer={"type": "object", "properties": {"value": schema}})
