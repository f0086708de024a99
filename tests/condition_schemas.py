"""Schemas without a type, and conditions: what says nothing of a value lets it pass."""

from __future__ import annotations

from typing import Any

from keyword_example import Keyword

_STRING = {"type": "string"}
_INTEGER = {"type": "integer"}
_EVERYTHING: tuple[Any, ...] = (None, True, 0, 2.5, "", "abc", [], [1], {}, {"a": 1})


def _but(*left: Any) -> tuple[Any, ...]:
    """The values of every type but some."""
    return tuple(value for value in _EVERYTHING if not any(value is each for each in left))


CONDITIONS: dict[str, Keyword] = {
    "text without type": Keyword(
        schema={"minLength": 2, "maxLength": 3, "pattern": "b"}, good=_but(""), bad=("", "abcd")
    ),
    "number without type": Keyword(
        schema={"minimum": 1, "multipleOf": 0.5}, good=(*_but(0), 1), bad=(0, 1.2)
    ),
    "list without type": Keyword(
        schema={"items": _INTEGER, "maxItems": 2, "uniqueItems": True},
        good=_EVERYTHING,
        bad=([1, 1], ["a"], [1, 2, 3]),
    ),
    "leading items without type": Keyword(
        schema={"prefixItems": [_STRING], "items": False},
        good=(*_but(_EVERYTHING[7]), ["a"]),
        bad=([1], ["a", 1]),
    ),
    "several without type": Keyword(
        schema={"minLength": 2, "minimum": 1, "minItems": 1, "required": ["b"]},
        good=(None, True, 2.5, "abc", [1], {"b": 1}),
        bad=(0, "", [], {}),
    ),
    "not of a text": Keyword(
        schema={"type": ["string", "integer"], "not": {"minLength": 3}},
        good=("ab", ""),
        bad=(5, "abc", None),
    ),
    "not of an object": Keyword(
        schema={"not": {"properties": {"a": _STRING}, "required": ["a"]}},
        good=({}, {"a": 1}),
        bad=({"a": ""}, 1, None, "", []),
    ),
    "not of nested objects": Keyword(
        schema={"type": "object", "not": {"properties": {"a": {"properties": {"b": _STRING}}}}},
        good=({"a": {"b": 1}},),
        bad=({}, {"a": 1}, {"a": {}}, {"a": {"b": ""}}),
    ),
    "contains what says no type": Keyword(
        schema={"type": "array", "contains": {"required": ["a"]}, "maxContains": 1},
        good=([1], [{"a": 1}, {}], ["a"]),
        bad=([], [{}], [1, "a"], [1, {"a": 1}]),
    ),
    "if of what says no type": Keyword(
        schema={
            "type": ["object", "integer"],
            "if": {"required": ["a"]},
            "then": {"minProperties": 2, "minimum": 3},
        },
        good=({}, {"a": 1, "b": 1}, 3),
        bad=({"a": 1}, 2),
    ),
    "arms of which one says no type": Keyword(
        schema={"oneOf": [_STRING, {"properties": {"a": _INTEGER}, "required": ["a"]}]},
        good=({"a": 1}, 1, None, []),
        bad=("", "a", {}, {"a": "a"}),
    ),
    "arms that say no type": Keyword(
        schema={"anyOf": [{"minimum": 2}, {"maxLength": 2}]},
        good=(*_EVERYTHING, 2, "abcd"),
        bad=(),
    ),
    "null beside conditions": Keyword(
        schema={"type": ["string", "null"], "not": {"maxLength": 2}}, good=("abc",), bad=("", None)
    ),
    "null beside a union": Keyword(
        schema={
            "type": ["object", "null"],
            "oneOf": [
                {"type": "object", "properties": {"a": _STRING}, "required": ["a"]},
                {"type": "object", "properties": {"b": _STRING}, "required": ["b"]},
            ],
        },
        good=({"a": ""}, {"b": ""}),
        bad=(None, {}, {"a": "", "b": ""}),
    ),
    "null that an arm takes": Keyword(
        schema={"type": ["object", "null"], "anyOf": [{"type": "null"}, {"required": ["a"]}]},
        good=(None, {"a": 1}),
        bad=({}, 1),
    ),
    "null and anything": Keyword(
        schema={"oneOf": [{"type": "null"}, {}]}, good=_but(None), bad=(None,)
    ),
    "null among the values": Keyword(
        schema={"enum": [None, "a", "b"], "not": {"enum": [None, "b"]}},
        good=("a",),
        bad=(None, "b"),
    ),
    "an object beside a union": Keyword(
        schema={"type": "object", "oneOf": [{}]}, good=({}, {"a": 1}), bad=("a", 1, None, [])
    ),
    "a number beside a union": Keyword(
        schema={"type": "number", "anyOf": [{"type": ["integer", "string"]}, {"const": 0.5}]},
        good=(1, 0.5),
        bad=("", 1.5, None),
    ),
    "constants and values": Keyword(
        schema={"type": "object", "properties": {"a": {"const": 1, "enum": [1, 2]}}},
        good=({}, {"a": 1}),
        bad=({"a": 2},),
    ),
    "a constant with conditions": Keyword(
        schema={
            "type": "object",
            "properties": {
                "a": {"const": [1], "not": {"maxItems": 0}},
                "b": {"const": 1, "not": {}},
            },
            "required": ["a"],
        },
        good=({"a": [1]},),
        bad=({}, {"a": []}, {"a": [1], "b": 1}),
    ),
    "deeply equal": Keyword(
        schema={"enum": [{"a": [1, False]}, [0], 1]},
        good=({"a": [1.0, False]}, [0.0], 1.0),
        bad=({"a": [True, False]}, {"a": [1, 0]}, [False], True),
    ),
    "unevaluated by arms": Keyword(
        schema={
            "type": "object",
            "properties": {"a": _STRING},
            "anyOf": [
                {"properties": {"b": {"type": "integer", "maximum": 1}}, "required": ["b"]},
                {"properties": {"c": {"minimum": 2}}, "patternProperties": {"^x": _INTEGER}},
            ],
            "if": {"required": ["d"]},
            "then": {"properties": {"d": {}, "e": {}}},
            "else": {"properties": {"f": {}}},
            "dependentSchemas": {"g": {"properties": {"g": {}, "h": {}}}},
            "unevaluatedProperties": False,
        },
        good=(
            {"a": "", "b": 1, "c": 2},
            {"c": 2, "x": 1},
            {"d": 1, "e": 1},
            {"f": 1},
            {"g": 1, "h": 1},
        ),
        bad=({"b": 2}, {"b": 1, "c": 1}, {"e": 1}, {"d": 1, "f": 1}, {"h": 1}, {"z": 1}),
    ),
    "unevaluated by an arm alone": Keyword(
        schema={
            "type": "object",
            "allOf": [
                {"properties": {"a": _STRING}},
                {"properties": {"b": _STRING}, "unevaluatedProperties": _INTEGER},
            ],
        },
        good=({}, {"b": ""}, {"c": 1}),
        bad=({"a": ""}, {"c": ""}),
    ),
    "unevaluated items": Keyword(
        schema={
            "type": "array",
            "prefixItems": [_STRING],
            "contains": {"const": 0},
            "minContains": 0,
            "anyOf": [{"prefixItems": [{}, _INTEGER]}, {}],
            "unevaluatedItems": {"type": "boolean"},
        },
        good=([], ["a"], ["a", 1], ["a", True, 0, False]),
        bad=([1], ["a", "b"], ["a", 1, 2], ["a", 1.5]),
    ),
    "unevaluated items after the leading ones": Keyword(
        schema={
            "allOf": [{"type": "array", "prefixItems": [_STRING]}],
            "unevaluatedItems": False,
        },
        good=([], ["a"]),
        bad=(["a", 1], [1]),
    ),
    "each rest is its own": Keyword(
        schema={
            "type": "object",
            "allOf": [
                {"patternProperties": {"^a": _STRING}, "additionalProperties": _INTEGER},
                {
                    "properties": {"b": {"minimum": 2}},
                    "patternProperties": {"c$": {"minLength": 1}},
                },
            ],
        },
        good=({"a": "", "b": 2, "c": 1, "d": 1}, {"ac": "x"}),
        bad=({"a": 1}, {"b": 1}, {"b": ""}, {"c": ""}, {"ac": ""}, {"d": ""}),
    ),
    "two patterns that are one": Keyword(
        schema={
            "type": "object",
            "patternProperties": {"^[0-9]$": _INTEGER, r"^\d$": {"minimum": 3}},
        },
        good=({"1": 3}, {"a": ""}),
        bad=({"1": 1}, {"1": "a"}),
    ),
    "keys that say no type": Keyword(
        schema={"type": "object", "propertyNames": {"minLength": 2, "not": {"pattern": "^x"}}},
        good=({}, {"ab": 1}),
        bad=({"a": 1}, {"xa": 1}),
    ),
}
