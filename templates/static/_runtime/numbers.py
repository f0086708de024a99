"""Numbers on the wire (RFC 8259, 6): any precision in, the same number out."""

from __future__ import annotations

import re
from math import isfinite
from typing import TYPE_CHECKING, Any, NoReturn, final

if TYPE_CHECKING:
    from decimal import Decimal

_TEXT = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_SHORT = re.compile(
    r"-?(?=[\d.]{3,16}\Z)\d+\.\d+", re.ASCII
)  # 15 digits: a float has them all
_TOO_LARGE = 10**4300  # Python neither writes nor reads more digits, unless told to
_MOST_DIGITS = (
    10_000  # of a quotient: the longest integer by the least float has half as many
)
NUMBERS = "a finite number of at most 4300 digits"


@final
class WireNumber(float):
    """A number that was read from text which a float alone would not give back.

    It is the nearest float, and equal to that; `text` is what is written again.
    """

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> WireNumber:
        if not _TEXT.fullmatch(text):
            raise ValueError("not a JSON number")
        made = super().__new__(cls, text)
        object.__setattr__(made, "text", text)
        return made

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"cannot set {name!r}: a number cannot change")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"cannot delete {name!r}: a number cannot change")

    def __repr__(self) -> str:
        return self.text

    def __reduce__(self) -> tuple[Any, ...]:
        return WireNumber, (self.text,)


def parse_real(text: str) -> float:
    """The number that JSON text with a fraction or an exponent holds.

    Raises:
        ValueError: its exponent is beyond all reason.
    """
    number = float(text)
    if repr(number) == text or _SHORT.fullmatch(text):
        return number
    return number if _decimal(text) == _decimal(repr(number)) else WireNumber(text)


def plain_number(value: float) -> float | None:
    """The number without what a subclass makes of it; None when JSON text cannot hold it."""
    if isinstance(value, int):
        number = int.__int__(value)
        return number if abs(number) < _TOO_LARGE else None
    real = value if value.__class__ is WireNumber else float.__float__(value)
    return real if isfinite(real) else None


def less(one: float, two: float) -> bool:
    """Whether the number that JSON text says is less than the other."""
    if WireNumber in (one.__class__, two.__class__):
        return _exact(one) < _exact(two)
    return one < two


def equal(one: float, two: float) -> bool:
    """Whether both are one number in JSON text."""
    if WireNumber in (one.__class__, two.__class__):
        return _exact(one) == _exact(two)
    return one == two


def whole(number: float) -> int | None:
    """The integer that a number is: 2 for 2.0; None when it has a fraction."""
    if isinstance(number, WireNumber):
        exact = _exact(number)
        return int(exact) if exact == exact.to_integral_value() else None
    return int(number) if number == int(number) else None


def is_multiple(number: float, of: float) -> bool:
    """Whether a number is a multiple, as decimal fractions: 0.3 is one of 0.1."""
    if isinstance(number, int) and isinstance(of, int):
        return number % of == 0
    from decimal import MAX_EMAX, MIN_EMIN, Context

    context = Context(prec=_MOST_DIGITS, Emin=MIN_EMIN, Emax=MAX_EMAX)
    return not context.remainder(_exact(number), _exact(of))


def _exact(number: float) -> Decimal:
    return _decimal(repr(number))


def _decimal(text: str) -> Decimal:
    from decimal import Context, Decimal, InvalidOperation

    try:
        # A context of our own: the application may have told its own to trap nothing.
        return Decimal(text, Context(traps=[InvalidOperation]))
    except InvalidOperation:
        raise ValueError("the exponent of a number has too many digits") from None
