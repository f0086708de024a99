"""A type in a few words, for messages and for old and new values."""

from __future__ import annotations

from typing import Any

from ...model.model import (
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
from ...text.jsonvalues import Json
from .wirepath import show


def describe(node: Any) -> Json:
    """`string (date)`, `array of integer` …; a JSON value stays itself.

    >>> describe(ArrayType(items=StringType(format="date")))
    'array of string (date)'
    """
    if isinstance(node, Type):
        return _type(node)
    if isinstance(node, Assertion):
        return " ".join([node.keyword, *node.names])
    if isinstance(node, tuple):
        return [describe(each) for each in node]
    return node if isinstance(node, str | int | float | bool | list | dict) else None


def _type(node: Type) -> str:
    match node:
        case StringType():
            return f"string ({node.format})" if node.format else "string"
        case NumberType():
            kind = "integer" if node.integral else "number"
            return f"{kind} ({node.format})" if node.format else kind
        case EnumType():
            values = ", ".join(sorted(map(show, node.values)))
            return f"one of {values}" if len(node.values) > 1 else f"the constant {values}"
        case ArrayType():
            return f"array of {_type(node.items)}"
        case NullableType():
            return f"{_type(node.inner)} or null"
        case UnionType():
            return " or ".join(sorted(map(_type, node.arms)))
        case AnyType():
            return "any value"
        case NeverType():
            return "no value"
        case NullType():
            return "null"
        case BooleanType():
            return "boolean"
        case ObjectRef():
            return "object"
        case AliasRef():
            return "recursive type"
