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
_DIGITS = 4300
FLOATS = 2**53
"""Below it every integer is a float."""
NUMBERS = "a finite number of at most 4300 digits"


@final
class WireNumber(float):
    """A number that was read from text which a float alone would not give back.

    It is the nearest float, and equal to that, or an infinity where there is none near; `text` is
    what is written again.
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
    """The number that JSON text with a fraction or an exponent holds; 1e400 is an integer.

    Raises:
        ValueError: its exponent is beyond all reason.
    """
    number = float(text)
    if repr(number) == text or _SHORT.fullmatch(text):
        return number
    if not isfinite(number):
        beyond = WireNumber(text)
        large = whole(beyond)
        return beyond if large is None else large
    return number if _decimal(text) == _decimal(repr(number)) else WireNumber(text)


def plain_number(value: float) -> float | None:
    """The number without what a subclass makes of it; None when JSON text cannot hold it."""
    if isinstance(value, int):
        number = int.__int__(value)
        return number if abs(number) < _TOO_LARGE else None
    if value.__class__ is WireNumber:
        return value
    real = float.__float__(value)
    return real if isfinite(real) else None


def equal(one: float, two: float) -> bool:
    """Whether both are one number in JSON text."""
    if told_by_python(one, two):
        return one == two
    return bool(exact(one) == exact(two))


def told_by_python(one: float, two: float) -> bool:
    """Whether Python compares what is written: 1e23 is, to Python, less than 10**23."""
    if one.__class__ is two.__class__:
        return one.__class__ is not WireNumber
    near = -FLOATS < one < FLOATS
    return near and WireNumber not in (one.__class__, two.__class__)


def whole(number: float) -> int | None:
    """The integer that a number is: 2 for 2.0; None when it has a fraction, or too many digits."""
    if isinstance(number, WireNumber):
        found = exact(number)
        if found.adjusted() >= _DIGITS or found != found.to_integral_value():
            return None
        return int(found)
    return int(number) if number == int(number) else None


def exact(number: float) -> Any:
    """The Decimal that its JSON text says."""
    return _decimal(repr(number))


def _decimal(text: str) -> Decimal:
    from decimal import Context, Decimal, InvalidOperation

    try:
        # A context of our own: the application may have told its own to trap nothing.
        return Decimal(text, Context(traps=[InvalidOperation]))
    except InvalidOperation:
        raise ValueError("the exponent of a number has too many digits") from None
