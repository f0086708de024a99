"""Conditions that no type expresses: `anyOf` of two `required`s, `not`, `if`, `contains` …"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeAlias, cast

from ...model.model import Assertion, ObjectType, Type
from ...text.jsonvalues import Json
from ..findings.describe import describe
from ..findings.wirepath import show
from ..pairing.match import Matched, match
from ..pairing.place import Place
from ..values.membership import Takes
from .bounds import Tightness, report

Types: TypeAlias = Callable[[Place, Type, Type], None]
_ONE_INSIDE = frozenset(
    "contains propertyNames dependentSchemas array number object string".split()
)
_MORE_ARMS = {"anyOf": "looser", "allOf": "tighter"}


class Asserting(Protocol):
    """A type or an object with conditions."""

    @property
    def at(self) -> str: ...
    @property
    def assertions(self) -> tuple[Assertion, ...]: ...


def compare_assertions(place: Place, old: Asserting, new: Asserting, types: Types) -> bool:
    """Conditions that are the same are paired, then those of the same keyword.

    One that changed in a way whose direction cannot be told is unclassified.
    """
    if not (old.assertions or new.assertions):
        return True
    found = match(place, old.assertions, new.assertions)
    for one, two in found.same:
        _inside(place, one, two, types)
    for one, two in _by_keyword(found):
        if not _changed(place, one, two, types):
            _otherwise(place, old, (one, two))
    for gone in found.gone:
        phrase = f"has no condition `{gone.keyword}` any more"
        values = (describe(gone), None)
        place.report("CONSTRAINT_RELAXED", phrase, gone, new, values=values)
    for come in found.come:
        phrase = f"has one more condition, `{come.keyword}`"
        place.report("CONSTRAINT_TIGHTENED", phrase, old, come, values=(None, describe(come)))
    return True


def _otherwise(place: Place, old: Asserting, changed: tuple[Assertion, Assertion]) -> None:
    """Whether it is tighter cannot be told, unless a value that was sent shows it."""
    one, two = changed
    values = (describe(one), describe(two))
    refused = next(_refused(place, old, two), None) if place.side == "request" else None
    if refused is not None:
        phrase = f"the condition `{one.keyword}` excludes {show(refused[0])} now"
        place.report("CONSTRAINT_TIGHTENED", phrase, one, two, values=values)
    else:
        phrase = f"the condition `{one.keyword}` changed; whether it is tighter is not known"
        place.report("CONSTRAINT_CHANGED", phrase, one, two, values=values)


def _refused(place: Place, old: Asserting, new: Assertion) -> Iterator[tuple[Json]]:
    samples, takes = place.pairs.samples[0], Takes(place.pairs.new)
    some = samples.of_object(old) if isinstance(old, ObjectType) else samples(cast(Type, old))
    return ((value,) for value in some if takes.condition(new, value) is False)


def _by_keyword(found: Matched[Assertion]) -> list[tuple[Assertion, Assertion]]:
    """Takes out of what went and came the pairs that are one condition, changed."""
    pairs: list[tuple[Assertion, Assertion]] = []
    for gone in list(found.gone):
        name = _name(gone)
        come = next((each for each in found.come if _name(each) == name), None)
        if come is not None:
            found.gone.remove(gone)
            found.come.remove(come)
            pairs.append((gone, come))
    return pairs


def _name(each: Assertion) -> tuple[str, str]:
    trigger = each.names[0] if each.keyword.startswith("dependent") else ""
    return each.keyword, trigger


def _inside(place: Place, old: Assertion, new: Assertion, types: Types) -> None:
    """Equal conditions may still differ in their words."""
    for one, two in match(place, old.types, new.types).same:
        types(place, one, two)


def _changed(place: Place, old: Assertion, new: Assertion, types: Types) -> bool:
    words = f"the condition `{old.keyword}`"
    before, after = describe(old.names), describe(new.names)
    if old.evaluated != new.evaluated:
        return False
    if old.types == new.types == ():
        report(place, words, _tighter(old.names, new.names), before, after, old, new)
        return True
    if old.keyword in _MORE_ARMS:
        return _arms(place, old, new)
    if old.keyword in _ONE_INSIDE:
        return _inner(place, old, new, types)
    return False


def _tighter(old: Sequence[str], new: Sequence[str]) -> Tightness:
    if set(old) <= set(new):
        return "tighter"
    return "looser" if set(new) <= set(old) else "other"


def _arms(place: Place, old: Assertion, new: Assertion) -> bool:
    found = match(place, old.types, new.types)
    if found.gone and found.come:
        return False
    more: Any = _MORE_ARMS[old.keyword]
    fewer: Any = "tighter" if more == "looser" else "looser"
    words = f"the number of arms of `{old.keyword}`"
    tightness = more if found.come else fewer
    report(place, words, tightness, len(old.types), len(new.types), old, new)
    return True


def _inner(place: Place, old: Assertion, new: Assertion, types: Types) -> bool:
    for bound in (0, 1):
        one, two = old.bounds[bound], new.bounds[bound]
        if one != two:
            words = f"{('least', 'most')[bound]} number of matching items"
            up = (two or 0) > (one or 0) if bound == 0 else one is None or (
                two is not None and two < one)  # fmt: skip
            report(place, words, "tighter" if up else "looser", one, two, old, new)
    if len(old.types) == len(new.types) == 1:
        types(place, old.types[0], new.types[0])
    return Counter(old.names) == Counter(new.names)
