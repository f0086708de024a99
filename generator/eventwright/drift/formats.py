"""What a format says: a bound, a way of writing that is checked, or mere words."""

from __future__ import annotations

from typing import TypeAlias

from ..model import Json, NumberType, StringType
from ..runtime import runtime
from .finding import Axis
from .place import Place
from .wirepath import show

Bounds: TypeAlias = tuple[float, float]
BOUNDS: dict[str, Bounds] = {
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "float": (-3.4028234663852886e38, 3.4028234663852886e38),
    "double": (-1.7976931348623157e308, 1.7976931348623157e308),
}
"""Of numbers: the least and the greatest that the format can hold."""
ENCODINGS = frozenset({"base16", "base32", "base64url", "quoted-printable"})
"""Of bytes in a text. base64 is the format `byte`."""
_DATES = frozenset({"date", "date-time"})
"""Formats that give an argument another Python type than `str`."""
_PARSED = _DATES | {"time", "uuid", "byte"}
"""Formats that a reader turns into something else than a text."""


def is_checked(format: str) -> bool:
    """Whether somebody looks at texts of this format.

    >>> is_checked("uuid"), is_checked("password")
    (True, False)
    """
    return format in runtime("formats").FORMATS or format in ENCODINGS


def has_format(format: str, text: str) -> bool | None:
    """Whether a text is of a format; None where that is not looked at."""
    if format in ENCODINGS:
        return None
    found = runtime("formats").FORMATS.get(format)
    return True if found is None else bool(found[1](text))


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


def wider(format: str) -> frozenset[str]:
    """The formats that every text of this one has as well.

    >>> sorted(wider("uri"))
    ['iri', 'iri-reference', 'uri-reference']
    """
    found = frozenset(_WIDER.get(format, ()))
    return found.union(*map(wider, found))


_WIDER = {
    "email": ("idn-email",),
    "hostname": ("idn-hostname",),
    "uri": ("uri-reference", "iri"),
    "uri-reference": ("iri-reference",),
    "iri": ("iri-reference",),
}
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
