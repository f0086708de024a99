"""Does a type take a value? Yes, no, or it cannot be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from ...model.model import (
    AliasRef,
    AnyType,
    ArrayType,
    Assertion,
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
from ...patterns.translate import matches
from ...text.jsonvalues import Json
from .formats import BOUNDS, has_format
from .signature import canonical
from .wholenumbers import exact

Answer: TypeAlias = "bool | None"
"""None: it cannot be told."""


class Takes:
    """Asks the types of one model; without one nothing is known of objects."""

    def __init__(self, model: Model | None = None) -> None:
        self._model = model
        self._asked: set[tuple[str, int]] = set()
        """Recursive types that are being asked, and of which value."""

    def __call__(self, node: Type, value: Json) -> Answer:
        asked = (self.condition(each, value) for each in node.assertions)
        return both([self._bare(node, value), *asked])

    def _bare(self, node: Type, value: Json) -> Answer:
        match node:
            case AnyType():
                return True
            case NeverType():
                return False
            case NullType():
                return value is None
            case BooleanType():
                return isinstance(value, bool)
            case EnumType():
                return canonical(value) in map(canonical, node.values)
            case NullableType():
                return True if value is None else self(node.inner, value)
            case UnionType():
                answers = [self(arm, value) for arm in node.arms]
                return exactly_one(answers) if node.exclusive else any_of(answers)
            case NumberType():
                return _is_number(value) and _number(node, value)
            case StringType():
                return _string(node, value) if isinstance(value, str) else False
            case ArrayType():
                return self._array(node, value) if isinstance(value, list) else False
            case ObjectRef():
                if not isinstance(value, dict):
                    return False
                return self.object(self._model.objects[node.key], value) if self._model else None
            case AliasRef():
                return self._alias(node.key, value)

    def _alias(self, key: str, value: Json) -> Answer:
        """What leads back to itself without looking into the value says nothing."""
        asked = (key, id(value))
        if self._model is None or asked in self._asked:
            return None
        self._asked.add(asked)
        answer = self(self._model.aliases[key], value)
        self._asked.discard(asked)
        return answer

    def _array(self, node: ArrayType, value: list[Json]) -> Answer:
        if not (node.min_items or 0) <= len(value) <= _most(node.max_items):
            return False
        if node.unique and len(set(map(canonical, value))) < len(value):
            return False
        head = [self(inner, each) for inner, each in zip(node.prefix, value, strict=False)]
        return both([*head, *(self(node.items, each) for each in value[len(head) :])])

    def object(self, item: ObjectType, value: Mapping[str, Json]) -> Answer:
        """Whether an object with its conditions takes a mapping."""
        fields = {field.wire: field for field in item.fields}
        if any(field.required and field.wire not in value for field in item.fields):
            return False
        if not (item.min_properties or 0) <= len(value) <= _most(item.max_properties):
            return False
        answers = [self._key(item, fields, wire, each) for wire, each in value.items()]
        return both([*answers, *(self.condition(each, dict(value)) for each in item.assertions)])

    def _key(self, item: ObjectType, fields: Mapping[str, Any], wire: str, value: Json) -> Answer:
        answers = [self(fields[wire].type, value)] if wire in fields else []
        found = [(matches(pattern, wire), inner) for pattern, inner in item.patterns]
        answers += [self(inner, value) for is_found, inner in found if is_found]
        if not answers:
            return None if any(each is None for each, _ in found) else self(item.extra, value)
        return both(answers)

    def condition(self, each: Assertion, value: Json) -> Answer:
        """Whether a value meets a condition."""
        keys = value.keys() if isinstance(value, dict) else None
        answers = [self(inner, value) for inner in each.types] if each.keyword in _OF_ALL else []
        match each.keyword:
            case "allOf":
                return both(answers)
            case "anyOf":
                return any_of(answers)
            case "oneOf":
                return exactly_one(answers)
            case "not":
                return None if answers[0] is None else not answers[0]
            case "if":
                return None if answers[0] is None else answers[1 if answers[0] else 2]
            case "required":
                return keys is None or keys >= set(each.names)
            case "notRequired":
                return keys is None or not keys & set(each.names)
            case "dependentRequired":
                return keys is None or each.names[0] not in keys or keys >= set(each.names)
        return None


_OF_ALL = frozenset({"allOf", "anyOf", "oneOf", "not", "if"})


def both(answers: Iterable[Answer]) -> Answer:
    """All of them: one no is enough."""
    found = list(answers)
    return False if False in found else None if None in found else True


def any_of(answers: Iterable[Answer]) -> Answer:
    """Any of them: one yes is enough."""
    found = list(answers)
    return True if True in found else None if None in found else False


def exactly_one(answers: Iterable[Answer]) -> Answer:
    """Two that say yes are as wrong as none."""
    found = list(answers)
    if found.count(True) > 1 or not (True in found or None in found):
        return False
    return None if None in found else True


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(node: NumberType, value: Any) -> bool:
    number = exact(value)
    low, high = BOUNDS.get(node.format, (None, None))
    if any(bound is not None and number < exact(bound) for bound in (low, node.minimum)):
        return False
    if any(bound is not None and number > exact(bound) for bound in (high, node.maximum)):
        return False
    if node.exclusive_minimum is not None and number <= exact(node.exclusive_minimum):
        return False
    if node.exclusive_maximum is not None and number >= exact(node.exclusive_maximum):
        return False
    if node.multiple_of is not None and (number / exact(node.multiple_of)).denominator > 1:
        return False
    return not node.integral or number.denominator == 1


def _string(node: StringType, value: str) -> Answer:
    if not (node.min_length or 0) <= len(value) <= _most(node.max_length):
        return False
    return both([matches(node.pattern, value), has_format(node.format, value)])


def _most(bound: int | None) -> float:
    return float("inf") if bound is None else bound
