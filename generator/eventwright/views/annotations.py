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
    ObjectType,
    StringType,
    Type,
    UnionType,
)
from ..quoting import literal

_DATES = {"date-time": "datetime.datetime", "date": "datetime.date"}


def attribute(model: Model, node: Type) -> str:
    """The type of what a builder keeps: tuples for arrays, builders for objects."""
    return _Annotations(model, argument=False).of(node)


def argument(model: Model, node: Type) -> str:
    """The type of what a constructor takes: any sequence, a builder or a mapping."""
    return _Annotations(model, argument=True).of(node)


class _Annotations:
    """Writes annotations. A mapping inside itself ends as Any: there is no name to give it."""

    def __init__(self, model: Model, *, argument: bool) -> None:
        self._model = model
        self._argument = argument
        self._open: set[str] = set()

    def of(self, node: Type) -> str:
        match node:
            case StringType():
                return _string(node)
            case BooleanType():
                return "bool"
            case NumberType():
                return "int" if node.integral else "float"
            case EnumType():
                return _enum(node)
            case NullType():
                return "None"
            case NullableType():
                return _or([self.of(node.inner), "None"])
            case UnionType():
                return _or([self.of(arm) for arm in node.arms])
            case ArrayType():
                item = "Any" if node.prefix else self.of(node.items)
                return f"Sequence[{item}]" if self._argument else f"tuple[{item}, ...]"
            case ObjectRef():
                return self._object(self._model.objects[node.key])
            case _:
                return "Any"

    def _object(self, item: ObjectType) -> str:
        if item.name:
            return f"{item.name} | Mapping[str, Any]" if self._argument else item.name
        plain = item.patterns or item.fields or isinstance(item.extra, (AnyType, NeverType))
        if plain or item.key in self._open:
            return "Mapping[str, Any]"
        self._open.add(item.key)
        value = self.of(item.extra)
        self._open.discard(item.key)
        return f"Mapping[str, {value}]"


def _string(node: StringType) -> str:
    # With a length or a pattern it is text that is checked, so it stays text.
    bounded = (node.min_length, node.max_length, node.pattern) != (None, None, "")
    return "str" if bounded else _DATES.get(node.format, "str")


def _enum(node: EnumType) -> str:
    if all(isinstance(value, (str, int)) for value in node.values):
        return f"Literal[{', '.join(map(literal, node.values))}]"
    return "Any"


def _or(annotations: list[str]) -> str:
    """`A | B`, each once; anything else beside Any is noise."""
    arms = list(dict.fromkeys(arm for one in annotations for arm in _arms(one)))
    return "Any" if "Any" in arms else " | ".join(arms)


def _arms(annotation: str) -> list[str]:
    """The arms of an annotation that is a union at its top level."""
    if annotation.count(" | ") == 1 and annotation.endswith(" | Mapping[str, Any]"):
        return annotation.split(" | ")
    return [annotation]
