"""Lengths, counts, ranges, patterns and formats: is the new one tighter?"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from ..model import ArrayType, Json, NumberType, ObjectType, StringType
from .place import Place
from .wirepath import show

Tightness: TypeAlias = Literal["same", "tighter", "looser", "other"]
_WIDER = {"int32": "int64", "float": "double"}
_TYPED = frozenset({"date-time", "date", "time", "uuid", "byte", "binary", "decimal"})
"""Formats that may give the argument another Python type than `str`."""


def report(place: Place, words: str, tightness: Tightness, old: Any, new: Any, *of: Any) -> None:
    """A constraint that changed from `old` to `new`; what neither contains is tighter to senders
    and looser to readers, which errs on the safe side of both."""
    if tightness == "same":
        return
    loose = tightness == "looser" or (tightness == "other" and place.side == "response")
    kind = "CONSTRAINT_RELAXED" if loose else "CONSTRAINT_TIGHTENED"
    phrase = f"{words} was {_say(old)}, is {_say(new)}"
    place.report(kind, phrase, of[0], of[1], values=(old, new))


def lengths(place: Place, old: StringType, new: StringType) -> bool:
    at_least(place, "minimum length", old.min_length, new.min_length, old, new)
    at_most(place, "maximum length", old.max_length, new.max_length, old, new)
    return True


def counts(place: Place, old: ArrayType, new: ArrayType) -> bool:
    at_least(place, "minimum number of items", old.min_items, new.min_items, old, new)
    at_most(place, "maximum number of items", old.max_items, new.max_items, old, new)
    return True


def sizes(place: Place, old: ObjectType, new: ObjectType) -> bool:
    at_least(place, "minimum number of keys", old.min_properties, new.min_properties, old, new)
    at_most(place, "maximum number of keys", old.max_properties, new.max_properties, old, new)
    return True


def at_least(place: Place, words: str, old: float | None, new: float | None, *of: Any) -> None:
    before, after = (-math.inf if bound is None else bound for bound in (old, new))
    report(place, words, _order(before, after), old, new, *of)


def at_most(place: Place, words: str, old: float | None, new: float | None, *of: Any) -> None:
    before, after = (math.inf if bound is None else bound for bound in (old, new))
    report(place, words, _order(after, before), old, new, *of)


def _order(before: Any, after: Any) -> Tightness:
    if before == after:
        return "same"
    return "tighter" if after > before else "looser"


def ranges(place: Place, old: NumberType, new: NumberType) -> bool:
    """Both kinds of bound at once: `exclusiveMinimum: 0` of an integer is `minimum: 1`."""
    for words, sign, bounds in (
        ("minimum", 1, (_lowest(old), _lowest(new))),
        ("maximum", -1, (_highest(old), _highest(new))),
    ):
        before, after = ((sign * value, strict) for value, strict in bounds)
        told = (_bound(*bounds[0]), _bound(*bounds[1]))
        report(place, words, _order(before, after), *told, old, new)
    return True


def _lowest(node: NumberType) -> tuple[float, bool]:
    given = [(-math.inf, False)]
    if node.minimum is not None:
        given.append((node.minimum, False))
    if node.exclusive_minimum is not None:
        given.append(_inclusive(node, node.exclusive_minimum, 1))
    return max(given)


def _highest(node: NumberType) -> tuple[float, bool]:
    given = [(math.inf, False)]
    if node.maximum is not None:
        given.append((node.maximum, False))
    if node.exclusive_maximum is not None:
        given.append(_inclusive(node, node.exclusive_maximum, -1))
    # The smallest wins, and of two equal ones the strict.
    return min(given, key=lambda bound: (bound[0], not bound[1]))


def _inclusive(node: NumberType, bound: float, step: int) -> tuple[float, bool]:
    whole = node.integral and bound == int(bound)
    return (bound + step, False) if whole else (bound, True)


def _bound(value: float, strict: bool) -> Json:
    if math.isinf(value):
        return None
    return {"exclusive": value} if strict else value


def multiples(place: Place, old: NumberType, new: NumberType) -> bool:
    before, after = old.multiple_of, new.multiple_of
    words, of = "`multipleOf`", (old, new)
    report(place, words, _multiple(before, after), before, after, *of)
    return True


def _multiple(old: float | None, new: float | None) -> Tightness:
    if old == new:
        return "same"
    if old is None or new is None:
        return "tighter" if old is None else "looser"
    before, after = Fraction(str(old)), Fraction(str(new))
    if (after / before).denominator == 1:
        return "tighter"
    return "looser" if (before / after).denominator == 1 else "other"


def pattern(place: Place, old: StringType, new: StringType) -> bool:
    tightness: Tightness = "other" if old.pattern and new.pattern else "looser"
    if old.pattern == new.pattern:
        tightness = "same"
    elif not old.pattern:
        tightness = "tighter"
    report(place, "pattern", tightness, old.pattern or None, new.pattern or None, old, new)
    return True


def unique(place: Place, old: ArrayType, new: ArrayType) -> bool:
    report(place, "uniqueness of items", _order(old.unique, new.unique), old.unique, new.unique,
           old, new)  # fmt: skip
    return True


def formats(place: Place, old: StringType | NumberType, new: StringType | NumberType) -> bool:
    """Another format is another way of writing; a wider one only accepts more."""
    before, after = old.format, new.format
    values: tuple[Json, Json] = (before or None, after or None)
    phrase = f"format was {_say(values[0])}, is {_say(values[1])}"
    if before == after:
        return True
    if _WIDER.get(before) == after or not after:
        if before in _TYPED:
            place.report("FORMAT_CHANGED", phrase, old, new, values=values, axes=("SOURCE",))
        else:
            place.report("CONSTRAINT_RELAXED", phrase, old, new, values=values)
    elif place.side == "response" and (_WIDER.get(after) == before or not before):
        kind = "FORMAT_CHANGED" if after in _TYPED else "CONSTRAINT_TIGHTENED"
        place.report(kind, phrase, old, new, values=values)
    else:
        place.report("FORMAT_CHANGED", phrase, old, new, values=values)
    return True


def _say(value: Json) -> str:
    return "absent" if value is None else show(value)
