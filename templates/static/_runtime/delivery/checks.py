"""Whether arguments are of the kind and in the range that is wanted, told by their name.

Of another kind is a TypeError; out of range is a ValueError.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from inspect import iscoroutinefunction
from math import inf, isnan
from time import monotonic
from typing import Any

_MOST_SHOWN = 40
_LONGEST = 1e9


def whole(name: str, value: object, *, least: int, most: int | None = None) -> int:
    """`value`, if it is a whole number in that range."""
    wanted = f"a whole number, at least {least}"
    if most is not None:
        wanted = f"a whole number from {least} to {most:,}"
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be {wanted}, not {kind(value)}")
    if value < least or (most is not None and value > most):
        raise ValueError(f"{name} must be {wanted}, not {shown(value)}")
    return value


def number(name: str, value: object, *, most: float, what: str) -> float:
    """`value`, if it is a number above 0, and at most that. `what`: it counts, for people."""
    wanted = f"a number of {what} above 0, at most {most:,.0f}"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name} must be {wanted}, not {kind(value)}")
    if not 0 < value <= most:  # nor NaN
        raise ValueError(f"{name} must be {wanted}, not {shown(value)}")
    return float(value)


def deadline(timeout: object) -> float:
    """The moment, on the monotonic clock, that many seconds from now; of None, never.

    Raises:
        TypeError, ValueError: it is no number.
    """
    if timeout is None:
        return inf
    wanted = "timeout must be a number of seconds, or None for as long as it takes"
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)):
        raise TypeError(f"{wanted}, not {kind(timeout)}")
    if isnan(timeout):
        raise ValueError(f"{wanted}, not {timeout}")
    return monotonic() + min(timeout, _LONGEST)


def one_of(name: str, value: object, allowed: Sequence[str]) -> None:
    """Refuse what is none of the texts."""
    wanted = f"{name} must be one of {', '.join(map(repr, allowed))}"
    if not isinstance(value, str):
        raise TypeError(f"{wanted}, not {kind(value)}")
    if value not in allowed:
        raise ValueError(f"{wanted}, not {shown(value)}")


def text(name: str, value: object) -> str:
    """`value`, if it is a text."""
    if isinstance(value, str):
        return value
    raise TypeError(f"{name} must be a str, not {kind(value)}")


def instance(name: str, value: object, wanted: type[Any], example: str) -> None:
    """Refuse what is no instance of a class. `example`: how one is made."""
    if not isinstance(value, wanted):
        words = f"{name} must be a {wanted.__name__}, as in {example}"
        raise TypeError(f"{words}, not {kind(value)}")


def function(name: str, value: object, *, may_be_async: bool = True) -> None:
    """Refuse what is neither None nor a function that can be called here."""
    if value is None:
        return
    if not callable(value):
        raise TypeError(f"{name} must be a function or None, not {kind(value)}")
    if iscoroutinefunction(value) and not may_be_async:
        raise TypeError(f"{name} is async: only an AsyncOutbox can await it")


def several(value: object) -> bool:
    """Whether it is a list of things or the like, rather than a text or a mapping."""
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping))


def kind(value: object) -> str:
    """What a value is, for people: its class, and not what it holds."""
    if value is None:
        return "None"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    return type(value).__name__


def shown(value: object) -> str:
    """A number or a text as it was given, if it is short."""
    if isinstance(value, int) and abs(value) >= 1e18:
        return "a number of so many digits"
    found = repr(value)
    return found if len(found) <= _MOST_SHOWN else f"{found[: _MOST_SHOWN - 1]}…"
