"""Small schemas that exercise every keyword, for whoever needs some of each.

Every one stands at `value` in the event of its name; `good` and `bad` are values for it, judged by
hand.
"""

from __future__ import annotations

from typing import Any

from condition_schemas import CONDITIONS
from keyword_example import Keyword
from support import event, event_document


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


_STRING = {"type": "string"}
_INTEGER = {"type": "integer"}
_NAMED = {"type": "object", "properties": {"name": _STRING}, "required": ["name"]}
_CAT = {
    "type": "object",
    "properties": {"kind": {"const": "cat"}, "lives": _INTEGER},
    "required": ["kind"],
}
_DOG = {
    "type": "object",
    "properties": {"kind": {"const": "dog"}, "barks": {"type": "boolean"}},
    "required": ["kind", "barks"],
}
_TREE = {
    "type": "object",
    "properties": {
        "name": _STRING,
        "left": _ref("Tree"),
        "children": {"type": "array", "items": _ref("Tree")},
    },
    "required": ["name"],
}
_NESTED = {"anyOf": [_STRING, {"type": "array", "items": _ref("Nested")}]}
_BY_NAME = {"type": "object", "additionalProperties": _ref("ByName")}
_JSON = {"type": ["null", "integer", "object"], "additionalProperties": _ref("Json")}

KEYWORDS: dict[str, Keyword] = {
    "any": Keyword(schema={}, good=(None, 0, "", [], {"a": [1.5, None]}), bad=()),
    "boolean": Keyword(schema={"type": "boolean"}, good=(True, False), bad=(0, 1, "true", None)),
    "null": Keyword(schema={"type": "null"}, good=(None,), bad=(0, "", False, [], {})),
    "integer": Keyword(
        schema=_INTEGER,
        good=(0, -1, 2.0, 10**30, 1e300),
        bad=(0.5, True, "1", None),
    ),
    "number": Keyword(schema={"type": "number"}, good=(0, 0.5, -1e300, 10**400), bad=(True, "1")),
    "bounds": Keyword(
        schema={"type": "integer", "minimum": -1, "maximum": 3},
        good=(-1, 3, 3.0),
        bad=(-2, 4, 3.5),
    ),
    "open_bounds": Keyword(
        schema={"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1.5},
        good=(0.001, 1),
        bad=(0, 1.5, -1),
    ),
    "open_bounds_3_0": Keyword(
        schema={"type": "number", "minimum": 0, "exclusiveMinimum": True, "maximum": 1},
        good=(0.5, 1),
        bad=(0, 1.5),
        version="3.0.3",
    ),
    "multiple": Keyword(
        schema={"type": "integer", "multipleOf": 3}, good=(0, -3, 9.0), bad=(1, 3.5)
    ),
    "multiple_half": Keyword(
        schema={"type": "number", "multipleOf": 0.5}, good=(0, 1.5, 2), bad=(0.25, 1.1)
    ),
    "int32": Keyword(
        schema={"type": "integer", "format": "int32"},
        good=(2**31 - 1, -(2**31)),
        bad=(2**31, -(2**31) - 1),
        version="3.0.3",
    ),
    "int32_from_zero": Keyword(
        schema={"type": "integer", "format": "int32", "minimum": 0, "maximum": 2**40},
        good=(0, 2**31 - 1),
        bad=(-1, 2**31),
        version="3.0.3",
    ),
    "int64": Keyword(
        schema={"type": "integer", "format": "int64"},
        good=(2**63 - 1, -(2**63)),
        bad=(2**63, -(2**63) - 1),
        version="3.0.3",
    ),
    "length": Keyword(
        schema={"type": "string", "minLength": 1, "maxLength": 2},
        good=("a", "é\U0001f600", "\U0001f600\U0001f600"),
        bad=("", "abc", 1),
    ),
    "pattern": Keyword(
        schema={"type": "string", "pattern": r"^[a-c]+\.?$|z"},
        good=("a", "abc.", "xzx"),
        bad=("", "d", "ab..", "a."[::-1]),
    ),
    "date_time": Keyword(
        schema={"type": "string", "format": "date-time"},
        good=("2026-11-24T09:30:00Z", "2026-11-24T09:30:00.120-08:00", "2024-02-29T00:00:00+00:00"),
        bad=("2026-11-24T09:30:00", "2026-02-29T00:00:00Z", "2026-11-24", "yesterday", 1),
    ),
    "date": Keyword(
        schema={"type": "string", "format": "date"},
        good=("2026-11-24", "2024-02-29"),
        bad=("2026-02-29", "20261124", "2026-11-24T00:00:00Z", "2026-W48-2"),
    ),
    "short_date": Keyword(
        schema={"type": "string", "format": "date", "pattern": "^2"},
        good=("2026-11-24",),
        bad=("1926-11-24", "2"),
    ),
    "uuid": Keyword(
        schema={"type": "string", "format": "uuid"},
        good=("123e4567-e89b-12d3-a456-426614174000",),
        bad=("123e4567e89b12d3a456426614174000", "x", ""),
    ),
    "ipv4": Keyword(
        schema={"type": "string", "format": "ipv4"}, good=("8.8.8.8",), bad=("8.8.8", "256.1.1.1")
    ),
    "ipv6": Keyword(
        schema={"type": "string", "format": "ipv6"}, good=("::1", "2001:db8::"), bad=("1", ":::")
    ),
    "unknown_format": Keyword(
        schema={"type": "string", "format": "card"}, good=("", "x"), bad=(1,)
    ),
    "array": Keyword(
        schema={"type": "array", "items": _INTEGER, "minItems": 1, "maxItems": 2},
        good=([1], [1, 2.0]),
        bad=([], [1, 2, 3], ["a"], "a", {"0": 1}),
    ),
    "unique": Keyword(
        schema={"type": "array", "uniqueItems": True},
        good=([1, True], [0, False, None], [{"a": 1}, {"a": 2}], []),
        bad=([1, 1.0], [{"a": 1, "b": 2}, {"b": 2, "a": 1}], [[1], [1]]),
    ),
    "unique_times": Keyword(
        schema={
            "type": "array",
            "items": {"type": "string", "format": "date-time"},
            "uniqueItems": True,
        },
        good=(["2026-11-24T09:30:00Z", "2026-11-24T10:30:00+01:00"],),
        bad=(["2026-11-24T09:30:00Z"] * 2,),
    ),
    "tuple": Keyword(
        schema={"type": "array", "prefixItems": [_STRING, _INTEGER], "items": {"type": "null"}},
        good=([], ["a"], ["a", 1], ["a", 1, None]),
        bad=([1], ["a", "b"], ["a", 1, 2]),
    ),
    "closed_tuple": Keyword(
        schema={"type": "array", "prefixItems": [_STRING], "items": False},
        good=([], ["a"]),
        bad=(["a", "b"], [1]),
    ),
    "contains": Keyword(
        schema={"type": "array", "contains": {"const": 1}, "minContains": 1, "maxContains": 2},
        good=([1], [2, 1, 1.0]),
        bad=([], [2], [1, 1, 1], [True]),
    ),
    "map": Keyword(
        schema={"type": "object", "additionalProperties": _INTEGER, "maxProperties": 2},
        good=({}, {"a": 1}, {"event": 1, "": 2}),
        bad=({"a": "b"}, {"a": 1, "b": 2, "c": 3}, []),
    ),
    "pattern_properties": Keyword(
        schema={
            "type": "object",
            "patternProperties": {"^n_": _INTEGER, "_b$": {"type": "integer", "minimum": 3}},
            "additionalProperties": False,
        },
        good=({}, {"n_a": 1}, {"n_b": 3}, {"a_b": 3}),
        bad=({"n_a": "1"}, {"n_b": 2}, {"other": 1}),
    ),
    "property_names": Keyword(
        schema={"type": "object", "propertyNames": {"maxLength": 2}},
        good=({}, {"ab": 1}),
        bad=({"abc": 1},),
    ),
    "closed": Keyword(
        schema={"type": "object", "properties": {"a": _STRING}, "additionalProperties": False},
        good=({}, {"a": "b"}),
        bad=({"b": 1}, {"a": 1}, {"a": None}),
    ),
    "typed_extra": Keyword(
        schema={
            "type": "object",
            "properties": {"a": _STRING},
            "additionalProperties": {"type": "object", "additionalProperties": _INTEGER},
            "minProperties": 1,
        },
        good=({"a": "b"}, {"b": {"c": 1}}),
        bad=({}, {"b": 1}, {"b": {"c": "d"}}),
    ),
    "undeclared_required": Keyword(
        schema={"type": "object", "properties": {"a": _STRING}, "required": ["b"]},
        good=({"b": None}, {"a": "", "b": [1]}),
        bad=({}, {"a": ""}),
    ),
    "many_keys": Keyword(
        schema={
            "type": "object",
            "properties": {
                "a": _STRING,
                "set_a": _INTEGER,
                "setB": {"type": "boolean"},
                "self": _STRING,
                "class": _STRING,
                "to_dict": _STRING,
                "extra": _STRING,
                "omitted": _INTEGER,
                "datetime": {"type": "string", "format": "date-time"},
                "Text": _STRING,
                "a b": _STRING,
                "": _STRING,
            },
        },
        good=(
            {"a": "x", "set_a": 1, "setB": True, "self": "s", "class": "c", "to_dict": "d"},
            {"extra": "e", "omitted": 1, "datetime": "2026-11-24T09:30:00Z", "Text": "t", "": ""},
        ),
        bad=({"set_a": "1"}, {"extra": {}}, {"": None}),
    ),
    "default": Keyword(
        schema={
            "type": "object",
            "properties": {
                "kind": {"type": "string", "default": "plain"},
                "count": {"type": "integer", "default": 1},
                "on": {"type": "boolean", "default": False},
                "tags": {"type": "array", "items": _STRING, "default": ["a"]},
            },
        },
        good=({}, {"kind": "plain"}, {"count": 1.0, "on": False}, {"tags": ["a"]}),
        bad=({"kind": None}, {"count": "1"}, {"on": 0}),
    ),
    "nullable_3_0": Keyword(
        schema={"type": "string", "nullable": True, "enum": ["a", None]},
        good=("a", None),
        bad=("b", 1),
        version="3.0.3",
    ),
    "nullable_object_3_0": Keyword(
        schema={"type": "object", "nullable": True, "properties": {"a": _STRING}},
        good=(None, {}, {"a": "b", "c": None}),
        bad=({"a": None}, 1),
        version="3.0.3",
    ),
    "nullable": Keyword(
        schema={
            "type": "object",
            "properties": {
                "text": {"type": ["string", "null"]},
                "when": {"type": ["string", "null"], "format": "date-time"},
                "list": {"type": ["array", "null"], "items": _INTEGER},
                "of": {"oneOf": [_ref("Named"), {"type": "null"}]},
                "needed": {"type": ["integer", "null"]},
            },
            "required": ["needed"],
        },
        components={"Named": _NAMED},
        good=(
            {"needed": None},
            {"needed": 1, "text": None, "when": None, "list": None, "of": None},
            {"needed": 1, "text": "", "when": "2026-11-24T09:30:00Z", "of": {"name": "n"}},
        ),
        bad=({}, {"needed": "1"}, {"needed": 1, "of": {}}, {"needed": 1, "when": "x"}),
    ),
    "const": Keyword(
        schema={
            "type": "object",
            "properties": {
                "a": {"const": "x"},
                "b": {"const": 1},
                "c": {"const": None},
                "d": {"const": {"e": [1.5, True]}},
            },
            "required": ["a", "b", "c", "d"],
        },
        good=(
            {"a": "x", "b": 1, "c": None, "d": {"e": [1.5, True]}},
            {"a": "x", "b": 1.0, "c": None, "d": {"e": [1.5, True]}},
        ),
        bad=({"a": "x", "b": True, "c": None, "d": {"e": [1.5, True]}}, {"a": "x", "b": 1}),
    ),
    "mixed_enum": Keyword(
        schema={"enum": ["a", 1, 2.5, None, True, [1], {"b": 2}]},
        good=("a", 1.0, 2.5, None, True, [1], {"b": 2}),
        bad=("b", 0, False, [], {}),
    ),
    "typed_enum": Keyword(
        schema={"type": "integer", "enum": [1, "a", 3]}, good=(1, 3), bad=("a", 2, True)
    ),
    "several_types": Keyword(
        schema={"type": ["string", "integer", "array"], "minLength": 2, "minimum": 5},
        good=("ab", 5, []),
        bad=("a", 4, 1.5, None),
    ),
    "one_of": Keyword(
        schema={"oneOf": [{"type": "integer", "minimum": 3}, {"type": "number", "maximum": 5}]},
        good=(1, 1.5, 6),
        bad=(4, 3, "a", 5.5),
    ),
    "any_of": Keyword(
        schema={"anyOf": [{"type": "string", "maxLength": 2}, _INTEGER, _NAMED]},
        good=("ab", 1, {"name": "n"}),
        bad=("abc", 1.5, {}, None),
    ),
    "one_of_objects": Keyword(
        schema={
            "oneOf": [
                _NAMED,
                {"type": "object", "properties": {"id": _INTEGER}, "required": ["id"]},
            ]
        },
        good=({"name": "n"}, {"id": 1}, {"name": "n", "id": "1"}),
        bad=({}, {"name": "n", "id": 1}),
    ),
    "any_of_beside": Keyword(
        schema={
            "type": "object",
            "properties": {"a": _STRING, "b": _STRING},
            "anyOf": [{"required": ["a"]}, {"required": ["b"]}],
        },
        good=({"a": ""}, {"b": ""}, {"a": "", "b": ""}),
        bad=({}, {"c": ""}, {"a": 1}),
    ),
    "all_of": Keyword(
        schema={
            "allOf": [
                _ref("Named"),
                {"type": "object", "properties": {"name": {"minLength": 2}, "age": _INTEGER}},
            ],
            "required": ["age"],
        },
        components={"Named": _NAMED},
        good=({"name": "nn", "age": 1},),
        bad=({"name": "n", "age": 1}, {"name": "nn"}, {"age": 1}),
    ),
    "all_of_closed": Keyword(
        schema={
            "allOf": [
                {"properties": {"a": _STRING}},
                {"properties": {"b": _STRING}, "additionalProperties": _INTEGER},
            ],
            "type": "object",
        },
        good=({}, {"b": "x", "c": 1}),
        bad=({"a": "x"}, {"a": 1}, {"c": "x"}),
    ),
    "all_of_scalars": Keyword(
        schema={
            "allOf": [
                {"type": "string", "pattern": "a", "maxLength": 4},
                {"pattern": "b", "maxLength": 3},
                {"enum": ["ab", "ba", "abab", "a"]},
            ]
        },
        good=("ab", "ba"),
        bad=("abab", "a", "bab"),
    ),
    "not": Keyword(
        schema={"type": "string", "not": {"enum": ["a", "b"]}}, good=("c", ""), bad=("a", "b", 1)
    ),
    "not_required": Keyword(
        schema={"type": "object", "properties": {"a": _STRING}, "not": {"required": ["b"]}},
        good=({}, {"a": ""}),
        bad=({"b": None}, {"a": "", "b": 1}),
    ),
    "if": Keyword(
        schema={
            "type": "object",
            "properties": {"a": _INTEGER, "b": _INTEGER},
            "if": {"properties": {"a": {"minimum": 5}}, "required": ["a"]},
            "then": {"required": ["b"]},
            "else": {"properties": {"b": {"maximum": 3}}},
        },
        good=({}, {"a": 5, "b": 9}, {"a": 1, "b": 3}),
        bad=({"a": 5}, {"a": 1, "b": 4}, {"b": 4}),
    ),
    "if of what is no number": Keyword(
        schema={
            "type": "object",
            "if": {"properties": {"a": {"minimum": 5}}, "required": ["a"]},
            "then": {"required": ["b"]},
        },
        good=({"a": 1}, {"a": 5, "b": 1}, {"a": "x", "b": 1}),
        bad=({"a": 5}, {"a": "x"}, {"a": None}),
    ),
    "dependent": Keyword(
        schema={
            "type": "object",
            "properties": {"a": _STRING, "b": _STRING},
            "dependentRequired": {"a": ["b", "c"]},
            "dependentSchemas": {"d": {"properties": {"b": {"maxLength": 1}}}},
        },
        good=({}, {"b": "x"}, {"a": "", "b": "", "c": 1}, {"d": 1, "b": "x"}),
        bad=({"a": ""}, {"a": "", "b": ""}, {"d": 1, "b": "xx"}),
    ),
    "discriminator": Keyword(
        schema={
            "oneOf": [_ref("Cat"), _ref("Dog")],
            "discriminator": {
                "propertyName": "kind",
                "mapping": {"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"},
            },
        },
        components={"Cat": _CAT, "Dog": _DOG},
        good=({"kind": "cat"}, {"kind": "cat", "lives": 9, "x": 1}, {"kind": "dog", "barks": True}),
        bad=({"kind": "dog"}, {"kind": "cow"}, {}, {"kind": "cat", "lives": "9"}, None),
    ),
    "unevaluated": Keyword(
        schema={
            "allOf": [_ref("Base")],
            "properties": {"b": _STRING},
            "unevaluatedProperties": False,
        },
        components={"Base": {"properties": {"name": _STRING}, "type": "object"}},
        good=({}, {"name": "n", "b": ""}),
        bad=({"c": 1}, {"name": 1}),
    ),
    "unevaluated_choice": Keyword(
        schema={
            "type": "object",
            "properties": {"a": _STRING},
            "anyOf": [{"required": ["a"]}, {"properties": {"b": _STRING}, "required": ["b"]}],
            "unevaluatedProperties": False,
        },
        good=({"a": ""}, {"b": ""}, {"a": "", "b": ""}),
        bad=({}, {"a": "", "c": 1}, {"b": 1}),
    ),
    "recursive_object": Keyword(
        schema=_ref("Tree"),
        components={"Tree": _TREE},
        good=({"name": "a"}, {"name": "a", "left": {"name": "b"}, "children": [{"name": "c"}]}),
        bad=({}, {"name": "a", "left": {}}, {"name": "a", "children": [{}]}),
    ),
    "recursive_union": Keyword(
        schema=_ref("Nested"),
        components={"Nested": _NESTED},
        good=("a", [], ["a", ["b", []]]),
        bad=(1, [1], ["a", [None]]),
    ),
    "recursive_map": Keyword(
        schema=_ref("ByName"),
        components={"ByName": _BY_NAME},
        good=({}, {"a": {"b": {}}}),
        bad=(1, {"a": 1}, {"a": {"b": None}}),
    ),
    "recursive_types": Keyword(
        schema=_ref("Json"),
        components={"Json": _JSON},
        good=(None, 1, {"a": {"b": None, "c": 2}}),
        bad=("a", {"a": "b"}, {"a": {"b": []}}, 1.5),
    ),
    "nothing_but_constants": Keyword(
        schema={
            "type": "object",
            "properties": {"a": {"const": "b"}},
            "required": ["a"],
            "additionalProperties": False,
        },
        good=({"a": "b"},),
        bad=({}, {"a": "c"}, {"a": "b", "c": 1}),
    ),
    "text_or_time": Keyword(
        schema={
            "type": "array",
            "items": {"anyOf": [{"type": "string", "format": "date-time"}, _STRING, _INTEGER]},
        },
        good=(["2026-11-24T09:30:00.10Z", "soon", "", 1], []),
        bad=([None], [1.5], "2026-11-24T09:30:00Z"),
    ),
    "times_by_name": Keyword(
        schema={
            "type": "object",
            "additionalProperties": {"type": ["string", "null"], "format": "date-time"},
        },
        good=({}, {"a": "2026-11-24T09:30:00+01:00", "b": None}),
        bad=({"a": "soon"}, {"a": 1}),
    ),
    "nullable_union": Keyword(
        schema={
            "oneOf": [
                {"type": ["object", "null"], "properties": {"a": _INTEGER}, "required": ["a"]},
                {"type": "array", "items": {"type": ["integer", "null"]}},
            ]
        },
        good=(None, {"a": 1}, [1, None], []),
        bad=({}, {"a": None}, ["a"], 1),
    ),
    "one_of_with_null_twice": Keyword(
        schema={"oneOf": [{"type": ["string", "null"]}, {"type": ["integer", "null"]}]},
        good=("a", 1),
        bad=(None, 1.5),
    ),
    "one_letter_case_apart": Keyword(
        schema={
            "type": "object",
            "properties": {
                "one": _ref("UserID"),
                "two": _ref("UserId"),
                "three": _ref("ByLiteral"),
            },
        },
        components={
            "UserID": {"type": "object", "properties": {"a": _STRING}},
            "UserId": {"type": "object", "properties": {"b": _INTEGER}},
            "ByLiteral": {"type": "object", "properties": {"c": _INTEGER}},
        },
        good=({"one": {"a": "x", "b": "x"}, "two": {"a": 1, "b": 1}, "three": {"c": 1}}, {}),
        bad=({"one": {"a": 1}}, {"two": {"b": "x"}}, {"three": {"c": "x"}}),
    ),
    "loops_one_sign_apart": Keyword(
        schema={
            "type": "object",
            "properties": {"one": _ref("a-loop"), "two": _ref("a_loop"), "three": _ref("a.loop")},
        },
        components={
            "a-loop": {"type": "array", "items": _ref("a-loop")},
            "a_loop": {"type": "object", "additionalProperties": _ref("a_loop")},
            "a.loop": {"anyOf": [_INTEGER, {"type": "array", "items": _ref("a.loop")}]},
        },
        good=({"one": [[], [[]]], "two": {"x": {"y": {}}}, "three": [1, [2]]}, {}),
        bad=({"one": [{}]}, {"one": [[1]]}, {"two": {"x": []}}, {"three": [{}]}),
    ),
    "named_like_the_runtime": Keyword(
        schema={
            "type": "object",
            "properties": {
                name: _ref(name) for name in ("Shape", "Member", "Lazy", "Size", "Text", "T")
            },
        },
        components={
            name: {"type": "object", "properties": {"t": _STRING, "quote": _INTEGER}}
            for name in ("Shape", "Member", "Lazy", "Size", "Text", "T")
        },
        good=({"Lazy": {"t": "x"}, "T": {"quote": 1}, "Size": {}},),
        bad=({"Lazy": {"t": 1}}, {"T": 1}),
    ),
    "places_of_both": Keyword(
        schema={
            "type": "array",
            "allOf": [
                {"prefixItems": [{"type": "string"}, _INTEGER]},
                {"prefixItems": [{"minLength": 3}], "items": {"enum": [1, "abc", "x"]}},
                {"items": {"not": {"const": 2}}},
            ],
        },
        good=([], ["abc"], ["abc", 1], ["abc", 1, "x"], ["other", 1]),
        bad=(["ab"], ["abc", "x"], ["abc", 3], ["abc", 1, "y"], [1]),
    ),
    "patterns_of_both": Keyword(
        schema={
            "allOf": [
                {
                    "type": "object",
                    "patternProperties": {"^x": {"type": "integer", "minimum": 3}},
                    "additionalProperties": False,
                },
                {"type": "object", "properties": {"zz": _STRING, "xa": _INTEGER}},
            ],
        },
        good=({}, {"xa": 3}, {"xb": 4}),
        bad=({"zz": "a"}, {"xa": 2}, {"xa": "a"}, {"k": 1}),
    ),
    "unreachable": Keyword(
        schema={"type": "object", "properties": {"a": False, "b": _STRING}},
        good=({}, {"b": ""}),
        bad=({"a": 1}, {"a": None}),
    ),
    **CONDITIONS,
}


def keyword_event(name: str) -> dict[str, Any]:
    """The schema of the event that has this keyword."""
    return event(name, {"value": KEYWORDS[name].schema})


def keyword_document(version: str) -> dict[str, Any]:
    """All keywords of a version in one document, as one event each."""
    names = [name for name, keyword in KEYWORDS.items() if keyword.version == version]
    components: dict[str, Any] = {}
    for name in names:
        components.update(KEYWORDS[name].components)
    arms = [keyword_event(name) for name in names]
    return event_document({"oneOf": arms}, version=version, components=components)
