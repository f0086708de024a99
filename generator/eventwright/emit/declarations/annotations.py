"""Types -> annotations: what an attribute holds, what an argument takes."""

from __future__ import annotations

from dataclasses import dataclass

from ...model.model import (
    AliasRef,
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
from ...model.natives import native
from ...python.quoting import literal
from ...text.jsonvalues import Json

_DATES = {"date-time": "datetime.datetime", "date": "datetime.date"}


MAX_MAPS = 100
"""Mappings without a class, one in the other or side by side, that one annotation spells out."""

MAX_ALIASES = 8
"""What modules say once, in one annotation."""
MAX_LENGTH = 500
"""Characters of each of these."""


def attribute(
    model: Model, node: Type, absent: str = "", *, within: str = "", answer: bool = False
) -> str:
    """The type of what a builder keeps: tuples for arrays, builders for objects.

    Args:
        absent: the type of what stands for an absent key, where it may be absent.
        within: what stands in front of the names of classes and enums.
        answer: whether it may come with an answer, where enums have more than their values.
    """
    written = _Annotations(model, argument=False, within=within, answer=answer)
    return written.joined([*written.of(node), *_plain(absent)])


def argument(
    model: Model,
    node: Type,
    absent: str = "",
    *,
    within: str = "",
    classes: bool = True,
    events: frozenset[str] = frozenset(),
) -> str:
    """The type of what a constructor or method takes: any sequence, a builder or a mapping.

    Args:
        within: what stands in front of the names of classes and enums.
        classes: whether objects have any; else they are mappings.
        events: the classes that `Event` stands for, as they are written, where it may.
    """
    written = _Annotations(model, argument=True, within=within, classes=classes, events=events)
    return written.joined([*written.of(node), *_plain(absent)])


@dataclass(frozen=True, slots=True)
class _Arm:
    """One arm of an annotation: a type or, when that is empty, a literal value."""

    type: str = ""
    literal: str = ""


def _plain(type: str) -> list[_Arm]:
    return [_Arm(type)] if type else []


def _joined(arms: list[_Arm]) -> str:
    """`A | Literal["x", "y"] | None`: each once, literals together, what is no value last."""
    if _Arm("Any") in arms:
        return "Any"
    literals = ", ".join(dict.fromkeys(arm.literal for arm in arms if not arm.type))
    types = dict.fromkeys(arm.type or f"Literal[{literals}]" for arm in arms)
    if "float" in types:
        types.pop("int", None)  # an int is a float to type checkers (PEP 484)
    return " | ".join(sorted(types, key=lambda name: name in ("None", "Unset")))


class _Annotations:
    """Writes annotations. What is inside itself, no class between, ends as Any: it has no name."""

    def __init__(
        self,
        model: Model,
        *,
        argument: bool,
        within: str = "",
        classes: bool = True,
        events: frozenset[str] = frozenset(),
        answer: bool = False,
    ) -> None:
        self._model = model
        self._answer = answer
        self._classes = classes
        self._argument = argument
        self._within = within
        self._events = events
        self._open: set[str] = set()
        self._maps = 0
        self._aliases = 0

    def joined(self, arms: list[_Arm]) -> str:
        """One annotation; all events together are `Event`."""
        if self._events and self._events <= {arm.type for arm in arms}:
            rest = (arm for arm in arms if arm.type not in self._events)
            arms = [_Arm(f"{self._within}Event"), *rest]
        return _joined(arms)

    def of(self, node: Type) -> list[_Arm]:
        match node:
            case StringType():
                return self._string(node)
            case BooleanType():
                return _plain("bool")
            case NumberType():
                return _plain("int" if node.integral else "float")
            case EnumType():
                return self._enum(node)
            case NullType():
                return _plain("None")
            case NullableType():
                return [*self.of(node.inner), _Arm("None")]
            case UnionType():
                new = _plain("Mapping[str, Any]") if self._answer and node.tag else []
                return [*(arm for one in node.arms for arm in self.of(one)), *new]
            case ArrayType():
                return _plain(self._array(node))
            case ObjectRef():
                return self._object(self._model.objects[node.key])
            case AliasRef():
                return self._alias(node.key)
            case _:
                return _plain("Any")

    def _alias(self, key: str) -> list[_Arm]:
        """What a module says once, as it is in itself or large: spelt out, where that is short."""
        self._aliases += 1
        if key in self._open or self._aliases > MAX_ALIASES:
            return _plain("Any")
        self._open.add(key)
        arms = self.of(self._model.aliases[key])
        self._open.discard(key)
        return arms if len(self.joined(arms)) <= MAX_LENGTH else _plain("Any")

    def _array(self, node: ArrayType) -> str:
        leading = [self.of(each) for each in node.prefix]
        ended = isinstance(node.items, NeverType) or node.max_items == len(leading)
        fixed = leading and ended and node.min_items == len(leading)
        if fixed and not self._argument:
            return f"tuple[{', '.join(map(self.joined, leading))}]"
        rest = [] if leading and ended else self.of(node.items)
        item = self.joined([arm for each in (*leading, rest) for arm in each])
        return f"Sequence[{item}]" if self._argument else f"tuple[{item}, ...]"

    def _string(self, node: StringType) -> list[_Arm]:
        own = native(node)
        if own is None:
            return _plain(_text(node))
        if self._argument:
            return [_Arm("str"), _Arm(own.annotation)]
        return _plain(own.annotation if node.native else "str")

    def _enum(self, node: EnumType) -> list[_Arm]:
        alias = self._model.enums.get(node.identity)
        known = _plain(f"{self._within}{alias.name}") if alias else _values(node)
        return [*known, *(_others(node) if self._answer else ())]

    def _object(self, item: ObjectType) -> list[_Arm]:
        if item.name and self._classes:
            return [
                _Arm(f"{self._within}{item.name}"),
                *_plain("Mapping[str, Any]" if self._argument else ""),
            ]
        plain = item.patterns or item.fields or isinstance(item.extra, (AnyType, NeverType))
        self._maps += 1
        if plain or item.key in self._open or self._maps > MAX_MAPS:
            return _plain("Mapping[str, Any]")
        self._open.add(item.key)
        value = self.joined(self.of(item.extra))
        self._open.discard(item.key)
        return _plain(f"Mapping[str, {value}]")


def _others(node: EnumType) -> list[_Arm]:
    """What a newer server may send instead: see `ANSWER` of the runtime."""
    known = {str: "Unrecognized", bool: "bool", int: "int", float: "float"}
    classes = dict.fromkeys(type(value) for value in node.values)
    return [_Arm(known[each]) for each in classes if each in known]


def _text(node: StringType) -> str:
    # With a length or a pattern it is text that is checked, so it stays text.
    bounded = (node.min_length, node.max_length, node.pattern) != (None, None, "")
    return "str" if bounded else _DATES.get(node.format, "str")


def spelled_out(node: EnumType) -> str:
    """The type of an enum by its values."""
    return _joined(_values(node))


def _values(node: EnumType) -> list[_Arm]:
    return [_value(value) for value in node.values]


def can_be_literal(value: Json) -> bool:
    """Whether `Literal` takes a value: a text or an integer; for mypy, none beyond 64 bits."""
    return isinstance(value, str) or (isinstance(value, int) and abs(value) < 2**63)


def _value(value: Json) -> _Arm:
    if can_be_literal(value):
        return _Arm(literal=literal(value))
    return _Arm(next(name for kind, name in _PLAIN_TYPES.items() if isinstance(value, kind)))


# A bool is an int, and a number that no float holds is a float.
_PLAIN_TYPES = {
    bool: "bool",
    int: "int",
    float: "float",
    list: "Sequence[Any]",
    dict: "Mapping[str, Any]",
    type(None): "None",
}
