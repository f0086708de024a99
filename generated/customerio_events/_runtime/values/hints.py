"""How to mend a value that is nearly right: words that an error message adds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

# Whoever sends an object of very many keys shall not make its refusal expensive.
_MOST_LOOKED_AT = 50
_LONGEST = 80
_ALIKE = 0.7
"""By difflib's ratio: 'andriod' is like 'android', 'windows' is not like 'ios'."""
_CONVERSIONS = {
    ("a string", "UUID"): "str(…)",
    ("a string", "bytes"): "….decode()",
    ("a string", "datetime"): "….isoformat()",
    ("a string", "date"): "….isoformat()",
    ("base64 text", "bytes"): "base64.b64encode(…).decode()",
    ("a number", "Decimal"): "float(…)",
    ("an integer", "Decimal"): "int(…)",
    ("an aware datetime", "str"): "datetime.fromisoformat(…)",
    ("an aware datetime", "date"): "datetime.combine(…, time(), timezone.utc)",
    ("a datetime.date", "str"): "date.fromisoformat(…)",
    ("a datetime.date", "datetime"): "….date()",
    ("a JSON value", "UUID"): "str(…)",
    ("a JSON value", "Decimal"): "float(…)",
    ("a JSON value", "bytes"): "base64.b64encode(…).decode()",
    ("a JSON value", "datetime"): "….isoformat()",
    ("a JSON value", "date"): "….isoformat()",
    ("a JSON value", "set"): "list(…)",
    ("a JSON value", "frozenset"): "list(…)",
}
"""(what was expected, the class of what came) → what makes the one of the other."""


def conversion(expected: str, value: object) -> str:
    """`; use str(…)` where that makes the value what was expected, else nothing."""
    written = _CONVERSIONS.get((expected, type(value).__name__))
    return f"; use {written}" if written else ""


def nearest(text: str, choices: Sequence[str]) -> str:
    """The one of `choices` that is most like `text`, "" where none is."""
    if not choices or len(text) > _LONGEST:
        return ""
    from difflib import get_close_matches

    near = get_close_matches(text, choices[:_MOST_LOOKED_AT], 1, _ALIKE)
    return near[0] if near else spelt_alike(text, choices) or ""


def spelt_alike(key: str, others: Iterable[object]) -> str | None:
    """The one that differs in case, underscores and hyphens alone: `delivery_id`, `deliveryId`."""
    letters = _letters(key)
    for other in islice(others, _MOST_LOOKED_AT):
        if isinstance(other, str) and _letters(other) == letters:
            return str.__str__(other)
    return None


def _letters(key: str) -> str:
    return str.casefold(key).replace("_", "").replace("-", "")
