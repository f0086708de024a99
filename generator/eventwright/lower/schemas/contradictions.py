"""Why no value fits a type by itself: bounds that leave nothing between them, and the like."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil, floor

from ...model.model import (
    NO_NOTES,
    ArrayType,
    BooleanType,
    EnumType,
    NullableType,
    NullType,
    NumberType,
    StringType,
    Type,
    UnionType,
)

_FEW_ARMS = 10
"""Of more, nobody writes each twice."""


def contradiction(node: Type) -> str:
    """In a person's words; "" where values fit, as far as can be said without its parts."""
    match node:
        case NumberType():
            return _no_number(node)
        case StringType(min_length=int(least), max_length=int(most)) if least > most:
            return f"its minLength {least} is above its maxLength {most}"
        case ArrayType():
            return _no_list(node)
        case UnionType(exclusive=True) if 1 < len(node.arms) <= _FEW_ARMS:
            return _no_choice(node)
    return ""


def _no_number(node: NumberType) -> str:
    lows = [(node.minimum, False), (node.exclusive_minimum, True)]
    highs = [(node.maximum, False), (node.exclusive_maximum, True)]
    for low, low_open in lows:
        for high, high_open in highs:
            if low is None or high is None:
                continue
            if low > high or (low == high and (low_open or high_open)):
                return f"no number is above {low} and below {high}"
            step = _step(node)
            if step and _multiples(low, low_open, high, high_open, step) <= 0:
                kind = "integer" if step == 1 else f"multiple of {node.multiple_of}"
                return f"no {kind} is between {low} and {high}"
    return ""


def _step(node: NumberType) -> Fraction | None:
    """What all values are multiples of."""
    if node.multiple_of:
        step = Fraction(str(node.multiple_of))
        return Fraction(step.numerator) if node.integral else step
    return Fraction(1) if node.integral else None


def _multiples(low: float, low_open: bool, high: float, high_open: bool, step: Fraction) -> int:
    """How many multiples of `step` are between two numbers."""
    least, most = Fraction(str(low)) / step, Fraction(str(high)) / step
    first = floor(least) + 1 if low_open else ceil(least)
    last = ceil(most) - 1 if high_open else floor(most)
    return last - first + 1


def _no_list(node: ArrayType) -> str:
    least, most = node.min_items, node.max_items
    if least is not None and most is not None and least > most:
        return f"its minItems {least} is above its maxItems {most}"
    different = None if node.prefix else _count(node.items)
    if node.unique and least is not None and different is not None and different < least:
        return f"its minItems is {least}, and only {different} different items are to be had"
    return ""


def _count(node: Type) -> int | None:
    """How many values a type has; None where nobody counts them."""
    match node:
        case BooleanType():
            return 2
        case NullType():
            return 1
        case EnumType():
            return len(node.values)
        case NullableType():
            inner = _count(node.inner)
            return inner and inner + 1
    return None


def _no_choice(node: UnionType) -> str:
    arms = [replace(arm, at="", notes=NO_NOTES) for arm in node.arms]
    if all(arms.count(arm) > 1 for arm in arms):
        return "each of its schemas is in `oneOf` twice, which takes what fits exactly one"
    return ""
