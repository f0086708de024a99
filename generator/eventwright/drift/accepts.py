"""Does one type accept every value of another? Yes only when that is certain."""

from __future__ import annotations

from dataclasses import replace

from ..model import (
    NO_NOTES,
    AliasRef,
    AnyType,
    ArrayType,
    BooleanType,
    EnumType,
    Json,
    NeverType,
    NullableType,
    NullType,
    NumberType,
    ObjectRef,
    StringType,
    Type,
    UnionType,
)
from ..patterns import matches
from .signature import canonical


def accepts(wide: Type, narrow: Type) -> bool:
    """Whether every value of `narrow` is one of `wide`, as far as can be told from the two alone.

    Objects are never looked into: what differs between them is found by comparing them.
    """
    if isinstance(narrow, NeverType):
        return True
    if wide.assertions:
        return False
    if isinstance(wide, AnyType):
        return True
    if isinstance(narrow, EnumType):
        return all(admits(wide, value) for value in narrow.values)
    if isinstance(narrow, NullableType):
        return admits(wide, None) and accepts(wide, narrow.inner)
    if isinstance(wide, NullableType):
        return isinstance(narrow, NullType) or accepts(wide.inner, narrow)
    if isinstance(narrow, UnionType):
        return all(accepts(wide, arm) for arm in narrow.arms)
    if isinstance(wide, UnionType):
        return not wide.exclusive and any(accepts(arm, narrow) for arm in wide.arms)
    return _plain(wide, narrow)


def _plain(wide: Type, narrow: Type) -> bool:
    if isinstance(wide, NumberType) and isinstance(narrow, NumberType):
        return _bare(wide) == NumberType(integral=wide.integral and narrow.integral)
    if isinstance(wide, StringType) and isinstance(narrow, StringType):
        return _bare(wide) == StringType()
    return isinstance(wide, BooleanType | NullType) and type(wide) is type(narrow)


def _bare(node: Type) -> Type:
    return replace(node, notes=NO_NOTES, at="")


def admits(node: Type, value: Json) -> bool:
    """Whether a type takes this value, for certain."""
    if node.assertions:
        return False
    match node:
        case AnyType():
            return True
        case NullType():
            return value is None
        case NullableType():
            return value is None or admits(node.inner, value)
        case BooleanType():
            return isinstance(value, bool)
        case EnumType():
            return canonical(value) in map(canonical, node.values)
        case UnionType():
            takers = sum(admits(arm, value) for arm in node.arms)
            return takers == 1 if node.exclusive else takers > 0
        case StringType():
            return isinstance(value, str) and _string(node, value)
        case NumberType():
            return _number(node, value)
        case NeverType() | ArrayType() | ObjectRef() | AliasRef():
            return False


def _string(node: StringType, value: str) -> bool:
    if node.format:
        return False
    if node.max_length is not None and len(value) > node.max_length:
        return False
    return len(value) >= (node.min_length or 0) and matches(node.pattern, value) is True


def _number(node: NumberType, value: Json) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return _bare(node) == NumberType(integral=False) or (
        _bare(node) == NumberType(integral=True) and value == int(value)
    )
