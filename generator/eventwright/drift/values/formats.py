"""What a format says: a bound, a way of writing that is checked, or mere words."""

from __future__ import annotations

from typing import TypeAlias

from ...runtime.formats import checked_formats

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
_WIDER = {
    "email": ("idn-email",),
    "hostname": ("idn-hostname",),
    "uri": ("uri-reference", "iri"),
    "uri-reference": ("iri-reference",),
    "iri": ("iri-reference",),
}


def is_checked(format: str) -> bool:
    """Whether somebody looks at texts of this format.

    >>> is_checked("uuid"), is_checked("password")
    (True, False)
    """
    return format in checked_formats() or format in ENCODINGS


def has_format(format: str, text: str) -> bool | None:
    """Whether a text is of a format; None where that is not looked at."""
    if format in ENCODINGS:
        return None
    if format not in checked_formats():
        return True
    _, (_, check) = checked_formats()[format]
    return bool(check(text))


def wider(format: str) -> frozenset[str]:
    """The formats that every text of this one has as well.

    >>> sorted(wider("uri"))
    ['iri', 'iri-reference', 'uri-reference']
    """
    found = frozenset(_WIDER.get(format, ()))
    return found.union(*map(wider, found))
