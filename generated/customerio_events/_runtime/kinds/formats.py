"""Formats that a regular expression or a parser tells; their names are in the constants.

Each says what such a text is called, and checks one (JSON Schema 2020-12, section 7.3).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from ..values.problems import Path, Problem
from ..values.timestamps import parse_datetime
from .base import Code, Kind, Piece, wrong
from .scalars import Format, parses


def matches(pattern: str) -> Callable[[str], bool]:
    """Whether the whole of a text matches."""
    # re keeps compiled patterns, so that they cost nothing until first used.
    return lambda text: re.fullmatch(pattern, text) is not None


def _date(text: str) -> None:
    # From Python 3.11 on, fromisoformat reads more than RFC 3339 allows.
    if len(text) != 10 or date.fromisoformat(text).isoformat() != text:
        raise ValueError("not a full-date of RFC 3339")


_is_time = matches(
    r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)


def _time(text: str) -> None:
    if not _is_time(text):
        raise ValueError("not a full-time of RFC 3339")
    # On the day before a leap second, which has the rules of a date-time.
    parse_datetime(f"2016-12-31T{text}")


_CLOCK = r"T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S)"
_CALENDAR = r"(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)"
_is_duration = matches(rf"P(?:[0-9]+W|{_CALENDAR}(?:{_CLOCK})?|{_CLOCK})")


def _ipv4(text: str) -> None:
    from ipaddress import IPv4Address

    IPv4Address(text)


is_ipv4 = parses(_ipv4)


def is_ipv6(text: str) -> bool:
    """Whether it is an IPv6 address, without a zone."""
    from ipaddress import IPv6Address

    try:
        IPv6Address(text)
    except ValueError:
        return False
    return "%" not in text


_POINTER = r"(?:/(?:[^~/]|~[01])*)*"

DATE: Format = "a date, as in 2026-11-24", parses(_date)
TIME: Format = "a time of RFC 3339, as in 09:30:00Z", parses(_time)
DURATION: Format = "a duration of RFC 3339, as in P1DT12H", _is_duration
UUID: Format = (
    "a UUID",
    matches(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
)
IPV4: Format = "an IPv4 address", is_ipv4
IPV6: Format = "an IPv6 address", is_ipv6
JSON_POINTER: Format = "a JSON pointer", matches(f"(?s:{_POINTER})")
RELATIVE_JSON_POINTER: Format = (
    "a relative JSON pointer",
    matches(rf"(?s:(?:0|[1-9][0-9]*)(?:[+-](?:0|[1-9][0-9]*))?(?:#|{_POINTER}))"),
)
BYTE: Format = (
    "base64 text",
    matches(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"),
)


class Date(Kind):
    """A date; on the wire a full-date of RFC 3339."""

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        expected, has_format = DATE
        if wire and isinstance(value, str) and has_format(value):
            return date.fromisoformat(value)
        return wrong(expected if wire else "a datetime.date", value, path, problems)

    def dump(self, value: Any) -> Any:
        return value.isoformat()

    def plain(self, name: str, code: Code) -> str:
        return f"{name}.isoformat()"

    def text(self, name: str, code: Code) -> Piece:
        return '"', self.plain(name, code), '"'
