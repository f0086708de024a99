"""A format that changed: what does it mean to senders and to readers?"""

from __future__ import annotations

from ...model.model import NumberType, StringType
from ...text.jsonvalues import Json
from ..findings.finding import Axis
from ..findings.wirepath import show
from ..pairing.place import Place
from ..values.formats import BOUNDS, is_checked, wider

_DATES = frozenset({"date", "date-time"})
"""Formats that give an argument another Python type than `str`."""
_PARSED = _DATES | {"time", "uuid", "byte"}
"""Formats that a reader turns into something else than a text."""


def formats(place: Place, old: StringType, new: StringType) -> bool:
    """A format of texts. One that nobody checks says nothing."""
    before, after = old.format, new.format
    if before != after:
        kind = _kind(before, after)
        kind, axes = _by_side(place, kind, before, after)
        _report(place, kind, (before, after), old, new, axes)
    return True


def _kind(before: str, after: str) -> str:
    if after in wider(before):
        return "CONSTRAINT_RELAXED"
    if before in wider(after):
        return "CONSTRAINT_TIGHTENED"
    return _KINDS[is_checked(before), is_checked(after)]


_KINDS = {
    (False, False): "DOCS_FORMAT_CHANGED",
    (False, True): "CONSTRAINT_TIGHTENED",
    (True, False): "CONSTRAINT_RELAXED",
    (True, True): "FORMAT_CHANGED",
}


def _by_side(
    place: Place, kind: str, before: str, after: str
) -> tuple[str, tuple[Axis, ...] | None]:
    """Readers parse what they get; an argument may be a `date` now, or no longer."""
    if place.side == "response":
        parsed = kind == "CONSTRAINT_RELAXED" and before in _PARSED
        return ("FORMAT_CHANGED" if parsed else kind), None
    if not (place.emits and {before, after} & _DATES) or kind == "DOCS_FORMAT_CHANGED":
        return kind, None
    return "FORMAT_CHANGED", ("SOURCE",) if kind == "CONSTRAINT_RELAXED" else ("WIRE", "SOURCE")


def numeric(place: Place, old: NumberType, new: NumberType, kind: str) -> None:
    """A format of numbers; `kind` is what became of the bounds that it says, "" for nothing."""
    bounds = {"", *BOUNDS}
    if kind or not {old.format, new.format} <= bounds:
        _report(place, kind or "DOCS_FORMAT_CHANGED", (old.format, new.format), old, new, None)


def _report(
    place: Place,
    kind: str,
    values: tuple[str, str],
    old: StringType | NumberType,
    new: StringType | NumberType,
    axes: tuple[Axis, ...] | None,
) -> None:
    told: tuple[Json, Json] = (values[0] or None, values[1] or None)
    before, after = ("absent" if each is None else show(each) for each in told)
    phrase = f"format was {before}, is {after}"
    place.report(kind, phrase, old, new, values=told, axes=axes)
