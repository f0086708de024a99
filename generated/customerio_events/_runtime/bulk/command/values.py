"""The values of options, from the text on the command line.

Each raises ArgumentTypeError for a text that it cannot read, which says what is wanted.
"""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any

from ..reading.columns import near

_UNITS: Mapping[str, int] = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def delimiter(text: str) -> str:
    """One character; `tab` and `\\t` are a tabulator."""
    found = {"tab": "\t", "\\t": "\t"}.get(text, text)
    if len(found) != 1 or found in '"\r\n':
        raise ArgumentTypeError('one character, or "tab"')
    return found


def mapping(text: str) -> tuple[str, str]:
    """Column and key of `COLUMN=KEY`."""
    column, equals, key = text.rpartition("=")
    if not (column and equals and all(key.split("."))):
        raise ArgumentTypeError(f"COLUMN=KEY, as in id=userId, not {text!r}")
    return column, key


def server(known: Sequence[str], text: str) -> str:
    """The name of a server, or a URL."""
    if "://" in text or text.lower() in map(str.lower, known):
        return text
    listed = f"give one of {', '.join(known)}, or a URL" if known else "give a URL"
    raise ArgumentTypeError(f"there is no server {text!r}{near(text, known)}: {listed}")


def argument(text: str) -> tuple[str, str]:
    """Name and value of `NAME=VALUE`."""
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise ArgumentTypeError(f"NAME=VALUE, not {text!r}")
    return name, value


def positive(text: str) -> float:
    """A number above 0."""
    value: float = _number(text, float)
    if not (value > 0 and isfinite(value)):
        raise ArgumentTypeError(f"a number above 0, not {text!r}")
    return value


def count(text: str) -> int:
    """How many at a time: 1 to 1000."""
    value: int = _number(text, int)
    if not 1 <= value <= 1000:
        raise ArgumentTypeError(f"a whole number from 1 to 1000, not {text!r}")
    return value


def whole(text: str) -> int:
    """A whole number that is not below 0."""
    value: int = _number(text, int)
    if value < 0:
        raise ArgumentTypeError(f"a whole number, not {text!r}")
    return value


def age(text: str) -> float:
    """Seconds, from a number and its unit: `90s`, `12h`, `30d`."""
    unit = _UNITS.get(text[-1:])
    if unit is None:
        raise ArgumentTypeError(f"an age, as in 12h or 30d, not {text!r}")
    return positive(text[:-1]) * unit


def _number(text: str, kind: Callable[[str], Any]) -> Any:
    try:
        return kind(text)
    except ValueError:
        raise ArgumentTypeError(f"a number, not {text!r}") from None
