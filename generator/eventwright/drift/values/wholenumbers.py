"""Numbers in one spelling: whole numbers, their steps and their bounds."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

from ...model.model import NumberType


def normal_number(node: NumberType) -> NumberType:
    """The same values: a `multipleOf` of 1 is an integer, an integer above 0 is at least 1.

    >>> normal_number(NumberType(integral=False, multiple_of=1.0)) == NumberType(integral=True)
    True
    """
    step = None if node.multiple_of is None else exact(node.multiple_of)
    if not node.integral and (step is None or step.denominator > 1):
        return node
    step = Fraction((step or Fraction(1)).numerator)  # of what is a multiple of 1 as well
    return replace(
        node,
        integral=True,
        minimum=lowest(node, Fraction(1)),
        maximum=highest(node, Fraction(1)),
        exclusive_minimum=None,
        exclusive_maximum=None,
        multiple_of=None if step == 1 else int(step),
    )


def exact(number: float) -> Fraction:
    """The number as it is written, which a float only comes near to."""
    return Fraction(number) if isinstance(number, int) else Fraction(str(number))


def lowest(node: NumberType, step: Fraction) -> int | None:
    """The first multiple of a whole step within the lower bounds; None where there are none."""
    found = []
    if node.minimum is not None:
        found.append(math.ceil(exact(node.minimum) / step) * step)
    if node.exclusive_minimum is not None:
        found.append((math.floor(exact(node.exclusive_minimum) / step) + 1) * step)
    return int(max(found)) if found else None


def highest(node: NumberType, step: Fraction) -> int | None:
    """The last multiple of a whole step within the upper bounds; None where there are none."""
    found = []
    if node.maximum is not None:
        found.append(math.floor(exact(node.maximum) / step) * step)
    if node.exclusive_maximum is not None:
        found.append((math.ceil(exact(node.exclusive_maximum) / step) - 1) * step)
    return int(min(found)) if found else None
