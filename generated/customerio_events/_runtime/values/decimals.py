"""Numbers as the decimal fractions that JSON text has: compared, divided, told apart."""

from __future__ import annotations

from .numbers import FLOATS, WireNumber, exact, told_by_python


def less(one: float, two: float) -> bool:
    """Whether the number that JSON text says is less than the other."""
    if told_by_python(one, two):
        return one < two
    return bool(exact(one) < exact(two))


def canonical(number: float) -> object:
    """Hashable, and equal for what is one number in JSON text."""
    if -FLOATS < number < FLOATS and number.__class__ is not WireNumber:
        return number
    digits, exponent = _parts(number)
    text = str(digits)
    short = text.rstrip("0")
    # Of texts nobody can foresee the hash, so that no list is slow to look through.
    return short or "0", exponent + len(text) - len(short) if short else 0


def is_multiple(number: float, of: float) -> bool:
    """Whether a number is a multiple, as decimal fractions: 0.3 is one of 0.1."""
    if isinstance(number, int) and isinstance(of, int):
        return number % of == 0
    (digits, exponent), (step, scale) = _parts(number), _parts(of)
    if exponent >= scale:
        return digits * pow(10, exponent - scale, step) % step == 0
    finer = scale - exponent
    return not digits or (
        finer <= len(str(digits)) and digits % (step * 10**finer) == 0
    )


def _parts(number: float) -> tuple[int, int]:
    """An integer and the power of ten that it is to be multiplied with."""
    sign, digits, exponent = exact(number).as_tuple()
    value = int("".join(map(str, digits)))
    return (-value if sign else value), int(exponent)
