"""How to mend a value that is nearly right: words that an error message adds."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

# Whoever sends an object of very many keys shall not make its refusal expensive.
_MOST_LOOKED_AT = 50
_CONVERSIONS = {
    ("a string", "UUID"): "str",
    ("a number", "Decimal"): "float",
    ("an integer", "Decimal"): "int",
    ("an aware datetime", "str"): "datetime.fromisoformat",
    ("a datetime.date", "str"): "date.fromisoformat",
}


def conversion(expected: str, value: object) -> str:
    """`; use str(…)` where that makes the value what was expected, else nothing."""
    function = _CONVERSIONS.get((expected, type(value).__name__))
    return f"; use {function}(…)" if function else ""


def spelt_alike(key: str, others: Iterable[object]) -> str | None:
    """The one that differs in case, underscores and hyphens alone: `delivery_id`, `deliveryId`."""
    letters = _letters(key)
    for other in islice(others, _MOST_LOOKED_AT):
        if isinstance(other, str) and _letters(other) == letters:
            return str.__str__(other)
    return None


def _letters(key: str) -> str:
    return str.casefold(key).replace("_", "").replace("-", "")
