"""Schemas become types: both spellings of one thing are one type."""

from __future__ import annotations

from typing import Any

import pytest

from eventwright.model.model import (
    AliasRef,
    AnyType,
    ArrayType,
    Assertion,
    BooleanType,
    EnumType,
    NeverType,
    NullableType,
    NullType,
    NumberType,
    ObjectRef,
    StringType,
    Type,
    UnionType,
)
from support import event, event_document, generate_from

STRING, INTEGER = StringType(), NumberType(integral=True)


def lowered(schema: Any, version: str = "3.1.0", **components: Any) -> Type:
    """The type of a key with this schema."""
    document = event_document(
        event("Made", {"value": schema}, required=["value"]), version=version, components=components
    )
    model = generate_from(document).model
    (made,) = model.events
    return next(field.type for field in model.objects[made.key].fields if field.wire == "value")


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({}, AnyType()),
        ({"type": "string"}, STRING),
        ({"type": "boolean"}, BooleanType()),
        ({"type": "null"}, NullType()),
        ({"type": "integer", "minimum": 1}, NumberType(integral=True, minimum=1)),
        ({"type": "number"}, NumberType(integral=False)),
        ({"type": ["integer", "number"]}, NumberType(integral=False)),
        (
            # It says nothing of what is no text.
            {"minLength": 1},
            AnyType(assertions=(Assertion(keyword="string", types=(StringType(min_length=1),)),)),
        ),
        ({"type": "string", "minLength": 0, "pattern": ""}, STRING),
        ({"const": "a"}, EnumType(values=("a",))),
        ({"enum": ["a"]}, EnumType(values=("a",))),
        ({"enum": [1, 1.0, "a"], "type": "integer"}, EnumType(values=(1,))),
        ({"enum": ["ab", "a"], "maxLength": 1}, EnumType(values=("a",))),
        ({"enum": [1, 4, 6], "multipleOf": 2, "maximum": 5}, EnumType(values=(4,))),
        ({"enum": ["a"], "type": "integer"}, INTEGER),
        ({"enum": ["a", "1"], "type": "integer"}, INTEGER),
        ({"enum": ["2", "1"], "type": "integer"}, EnumType(values=(2, 1))),
        ({"enum": [1, True, 2.5], "type": "string"}, EnumType(values=("1", "true", "2.5"))),
        ({"enum": ["true", "false"], "type": "boolean"}, BooleanType()),
        (
            {"enum": ["a"], "type": "array", "items": {"type": "string"}},
            ArrayType(items=EnumType(values=("a",))),
        ),
        ({"enum": [None]}, NullType()),
        ({"enum": ["a", None]}, NullableType(inner=EnumType(values=("a",)))),
        ({"type": ["string", "null"]}, NullableType(inner=STRING)),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, NullableType(inner=STRING)),
        ({"oneOf": [{"type": "string"}]}, STRING),
        ({"type": "array"}, ArrayType(items=AnyType())),
        (
            {"items": {"type": "string"}},
            AnyType(assertions=(Assertion(keyword="array", types=(ArrayType(items=STRING),)),)),
        ),
        (
            {"type": "array", "prefixItems": [{"type": "string"}], "items": False},
            ArrayType(items=NeverType(), prefix=(STRING,)),
        ),
        (
            {"type": ["string", "integer"]},
            UnionType(arms=(INTEGER, STRING), exclusive=False),
        ),
        (
            # No value is both: "exactly one" says no more than "any".
            {"oneOf": [{"type": "string"}, {"type": "integer"}]},
            UnionType(arms=(STRING, INTEGER), exclusive=False),
        ),
        (
            {"oneOf": [{"type": "string"}, {"type": "string", "minLength": 1}]},
            UnionType(arms=(STRING, StringType(min_length=1)), exclusive=True),
        ),
        ({"allOf": [{"type": "string"}, {"minLength": 1}]}, StringType(min_length=1)),
        ({"allOf": [{"type": "string"}, {"type": "integer"}]}, NeverType()),
    ],
)
def test_types(schema: Any, expected: Type) -> None:
    assert lowered(schema) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "nullable": False}, {"type": "string"}),
        (
            {"type": "number", "minimum": 1, "exclusiveMinimum": True},
            {"type": "number", "exclusiveMinimum": 1},
        ),
        ({"type": "string", "enum": ["a"]}, {"const": "a"}),
        ({"type": "string", "example": "a"}, {"type": "string", "examples": ["a"]}),
    ],
)
def test_3_0_and_3_1(old: Any, new: Any) -> None:
    assert lowered(old, "3.0.3") == lowered(new, "3.1.0")


def test_recursion_ends() -> None:
    loop = {"type": "array", "items": {"$ref": "#/components/schemas/loop"}}
    found = lowered({"$ref": "#/components/schemas/loop"}, loop=loop)
    assert found == ArrayType(items=AliasRef(key="/components/schemas/loop"))
    tree = {"type": "object", "properties": {"left": {"$ref": "#/components/schemas/tree"}}}
    found = lowered({"$ref": "#/components/schemas/tree"}, tree=tree)
    assert found == ObjectRef(key="/components/schemas/tree")


def test_deep_documents_do_not_overflow() -> None:
    schema: Any = {"type": "string"}
    for _ in range(60):
        schema = {"type": "array", "items": schema}
    found = lowered(schema)
    depth = 0
    while isinstance(found, ArrayType):
        found, depth = found.items, depth + 1
    assert (found, depth) == (STRING, 60)
