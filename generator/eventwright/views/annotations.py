"""Types -> annotations: what an attribute holds, what an argument takes."""

from __future__ import annotations

from ..model import (
    AnyType,
    ArrayType,
    BooleanType,
    EnumType,
    Model,
    NeverType,
    NullableType,
    NullType,
    NumberType,
    ObjectRef,
    StringType,
    Type,
    UnionType,
)
from ..quoting import literal

_DATES = {"date-time": "datetime.datetime", "date": "datetime.date"}


def attribute(model: Model, node: Type) -> str:
    """The type of what a builder keeps: tuples for arrays, builders for objects."""
    return _annotation(model, node, argument=False)


def argument(model: Model, node: Type) -> str:
    """The type of what a constructor takes: any sequence, a builder or a mapping."""
    return _annotation(model, node, argument=True)


def _annotation(model: Model, node: Type, *, argument: bool) -> str:
    match node:
        case StringType():
            return _DATES.get(node.format, "str")
        case BooleanType():
            return "bool"
        case NumberType():
            return "int" if node.integral else "float"
        case EnumType():
            return _enum(node)
        case NullType():
            return "None"
        case NullableType():
            return _or([_annotation(model, node.inner, argument=argument), "None"])
        case UnionType():
            return _or([_annotation(model, arm, argument=argument) for arm in node.arms])
        case ArrayType():
            item = "Any" if node.prefix else _annotation(model, node.items, argument=argument)
            return f"Sequence[{item}]" if argument else f"tuple[{item}, ...]"
        case ObjectRef():
            return _object(model, node, argument=argument)
        case _:
            return "Any"


def _enum(node: EnumType) -> str:
    if all(isinstance(value, (str, int)) for value in node.values):
        return f"Literal[{', '.join(map(literal, node.values))}]"
    return "Any"


def _object(model: Model, node: ObjectRef, *, argument: bool) -> str:
    item = model.objects[node.key]
    if item.name:
        return f"{item.name} | Mapping[str, Any]" if argument else item.name
    if item.patterns or item.fields or isinstance(item.extra, (AnyType, NeverType)):
        return "Mapping[str, Any]"
    return f"Mapping[str, {_annotation(model, item.extra, argument=argument)}]"


def _or(annotations: list[str]) -> str:
    """`A | B`, each once; anything else beside Any is noise."""
    arms = list(dict.fromkeys(arm for one in annotations for arm in _arms(one)))
    return "Any" if "Any" in arms else " | ".join(arms)


def _arms(annotation: str) -> list[str]:
    """The arms of an annotation that is a union at its top level."""
    if annotation.count(" | ") == 1 and annotation.endswith(" | Mapping[str, Any]"):
        return annotation.split(" | ")
    return [annotation]
