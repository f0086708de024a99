"""Lengths, counts, ranges and patterns: is the new one tighter?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from ...model.model import ArrayType, NumberType, ObjectType, StringType
from ...text.jsonvalues import Json
from ..findings.describe import describe
from ..findings.wirepath import show
from ..pairing.place import Place
from ..values.patterns import contains
from ..values.ranges import limits
from ..values.wholenumbers import exact, highest, lowest
from . import formatchanges

Tightness: TypeAlias = Literal["same", "tighter", "looser", "other"]


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
    """Bounds of every kind at once: inclusive, exclusive, and those that a format says."""
    lows, highs = zip(limits(old), limits(new), strict=True)
    moved = {"minimum": _order(*lows), "maximum": _order(*reversed(highs))}
    if old.format != new.format:
        kind = _KINDS[frozenset(moved.values()) - {"same"}] if _stated(old) == _stated(new) else ""
        formatchanges.numeric(place, old, new, kind)
        if kind:
            return True
    for (words, tightness), (before, after) in zip(moved.items(), (lows, highs), strict=True):
        if not _same_multiple(old, new, words):
            report(place, words, tightness, _bound(*before), _bound(*after), old, new)
    return True


_KINDS: Mapping[frozenset[str], str] = {
    frozenset(): "",
    frozenset({"looser"}): "CONSTRAINT_RELAXED",
    frozenset({"tighter"}): "CONSTRAINT_TIGHTENED",
    frozenset({"looser", "tighter"}): "FORMAT_CHANGED",
}


def _stated(node: NumberType) -> NumberType:
    return NumberType(
        integral=True,
        minimum=node.minimum,
        maximum=node.maximum,
        exclusive_minimum=node.exclusive_minimum,
        exclusive_maximum=node.exclusive_maximum,
    )


def _same_multiple(old: NumberType, new: NumberType, words: str) -> bool:
    """At least 1 and at least 2 is the same of an even number."""
    if not (old.multiple_of and new.multiple_of and old.integral and new.integral):
        return False
    bound = lowest if words == "minimum" else highest
    first = bound(old, exact(old.multiple_of))
    return first is not None and first == bound(new, exact(new.multiple_of))


def _bound(value: float, strict: int) -> Json:
    if math.isinf(value):
        return None
    return {"exclusive": value} if strict else value


def steps(place: Place, old: NumberType, new: NumberType) -> bool:
    """Whether there are fractions, and `multipleOf`; a whole number is a multiple of 1."""
    tightness = _multiple(_step(old), _step(new))
    if old.integral == new.integral or tightness == "other":
        report(place, "`multipleOf`", tightness, _step(old), _step(new), old, new)
    else:
        kind = "TYPE_NARROWED" if new.integral else "TYPE_WIDENED"
        phrase = "must be a whole number now" if new.integral else "may have a fraction now"
        place.report(kind, phrase, old, new, values=(describe(old), describe(new)))
    return True


def _step(node: NumberType) -> float | None:
    return node.multiple_of or (1 if node.integral else None)


def _multiple(old: float | None, new: float | None) -> Tightness:
    if old == new:
        return "same"
    if old is None or new is None:
        return "tighter" if old is None else "looser"
    before, after = exact(old), exact(new)
    if (after / before).denominator == 1:
        return "tighter"
    return "looser" if (before / after).denominator == 1 else "other"


def pattern(place: Place, old: StringType, new: StringType) -> bool:
    """One that differs is wider, or narrower, only if that can be read off the two texts."""
    if old.pattern == new.pattern:
        return True
    wider, narrower = contains(new.pattern, old.pattern), contains(old.pattern, new.pattern)
    tightness: Tightness | None = None
    if wider:
        tightness = "same" if narrower else "looser"
    elif not old.pattern or (place.side == "response" and narrower):
        tightness = "tighter"
    values = old.pattern or None, new.pattern or None
    if tightness:
        report(place, "pattern", tightness, *values, old, new)
        return True
    phrase = f"pattern was {_say(values[0])}, is {_say(values[1])}; what that excludes is not known"
    place.report("CONSTRAINT_CHANGED", phrase, old, new, values=values)
    return True


def unique(place: Place, old: ArrayType, new: ArrayType) -> bool:
    report(place, "uniqueness of items", _order(old.unique, new.unique), old.unique, new.unique,
           old, new)  # fmt: skip
    return True


def _say(value: Json) -> str:
    return "absent" if value is None else show(value)
