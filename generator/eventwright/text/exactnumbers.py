"""Numbers in a document, exactly: what no float holds is kept as it is written."""

from __future__ import annotations

import re
from decimal import Context, Decimal, InvalidOperation
from math import isfinite
from typing import Any

_JSON = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
DIGITS = 4300
"""Of an integer: more Python neither reads nor writes, unless told to."""


class ExactNumber(float):
    """A number with a fraction that the nearest float is not; its text is as in the document.

    It is a float to whoever computes with it. What compares it, or writes it, is exact.
    """

    __slots__ = ("_exact", "text")
    text: str
    _exact: Decimal

    def __new__(cls, text: str) -> ExactNumber:
        made = super().__new__(cls, text)
        made.text = text
        made._exact = Decimal(text)
        return made

    def __repr__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return bool(self._exact == _decimal(other))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self._exact)

    def __lt__(self, other: Any) -> bool:
        return bool(self._exact < _decimal(other))

    def __le__(self, other: Any) -> bool:
        return bool(self._exact <= _decimal(other))

    def __gt__(self, other: Any) -> bool:
        return bool(self._exact > _decimal(other))

    def __ge__(self, other: Any) -> bool:
        return bool(self._exact >= _decimal(other))

    def __reduce__(self) -> tuple[Any, ...]:
        return ExactNumber, (self.text,)


def real(text: str) -> int | float:
    """The number of a text with a fraction or an exponent; 1e400 is an integer.

    Raises ValueError for one that is not finite, or has more digits than Python takes.
    """
    value = float(text)
    if isfinite(value) and repr(value) == text:
        return value
    try:
        exact = Decimal(text, Context(traps=[InvalidOperation]))
    except InvalidOperation:
        raise ValueError(text) from None
    if isfinite(value) and exact == Decimal(repr(value)):
        return value
    if not exact.is_finite() or abs(exact.adjusted()) >= DIGITS:
        raise ValueError(text)
    if exact == exact.to_integral_value():
        return int(exact)
    return ExactNumber(text if _JSON.fullmatch(text) else str(exact))


def _decimal(value: object) -> Any:
    """As the text of a document says it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return Decimal(repr(value))


def has_exact(value: object) -> bool:
    """Whether a number that no float holds is in a JSON value, or in some."""
    if isinstance(value, list | tuple):
        return any(map(has_exact, value))
    if isinstance(value, dict):
        return any(map(has_exact, value.values()))
    return isinstance(value, ExactNumber)
