"""Ranges of numbers and of counts: do two of them meet?"""

from __future__ import annotations

import math

from ...model.model import NumberType
from .formats import BOUNDS
from .wholenumbers import exact


def limits(node: NumberType) -> tuple[tuple[float, int], tuple[float, int]]:
    """The least and the greatest value; with 1 and -1 where the bound itself is left out."""
    least, most = BOUNDS.get(node.format, (-math.inf, math.inf))
    lows, highs = [(least, 0)], [(most, 0)]
    lows += [(node.minimum, 0)] if node.minimum is not None else []
    lows += [(node.exclusive_minimum, 1)] if node.exclusive_minimum is not None else []
    highs += [(node.maximum, 0)] if node.maximum is not None else []
    highs += [(node.exclusive_maximum, -1)] if node.exclusive_maximum is not None else []
    return max(lows), min(highs)


def numbers_meet(one: NumberType, two: NumberType) -> bool:
    """Whether some number may be of both."""
    spans = limits(one), limits(two)
    low, high = max(span[0] for span in spans), min(span[1] for span in spans)
    if low[0] != high[0]:
        return low[0] < high[0] and _holds_whole(one, two, low, high)
    return low[1] == high[1] == 0


def _holds_whole(
    one: NumberType, two: NumberType, low: tuple[float, int], high: tuple[float, int]
) -> bool:
    """Where one is whole: whether a whole number is between the two bounds."""
    if not (one.integral or two.integral) or math.isinf(low[0]) or math.isinf(high[0]):
        return True
    first = math.floor(exact(low[0])) + 1 if low[1] else math.ceil(exact(low[0]))
    last = math.ceil(exact(high[0])) - 1 if high[1] else math.floor(exact(high[0]))
    return first <= last


def spans_meet(one: tuple[int, int | None], two: tuple[int, int | None]) -> bool:
    """Whether two counts, each from the least to the greatest (None: no greatest), may be one."""
    most = [each for each in (one[1], two[1]) if each is not None]
    return not most or max(one[0], two[0]) <= min(most)
