"""Kinds of strings, numbers, dates and times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from math import isfinite
from typing import Any, TypeAlias

from ..values.numbers import NUMBERS, plain_number, whole
from ..values.problems import Path, Problem
from ..values.timestamps import UTC, format_datetime, parse_datetime, settled
from .base import MISSING, Code, Kind, Piece, Unchanged, wrong

Format: TypeAlias = tuple[str, Callable[[str], bool]]
"""What texts of a format are called, and whether a text is one."""


def parses(parse: Callable[[str], object]) -> Callable[[str], bool]:
    """Whether reading a text raises no ValueError."""

    def check(text: str) -> bool:
        try:
            parse(text)
        except ValueError:
            return False
        return True

    return check


DATE_TIME: Format = (
    "a date-time of RFC 3339, as in 2026-11-24T09:30:00Z",
    parses(parse_datetime),
)


class String(Unchanged):
    """Any text."""

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        if not isinstance(value, str):
            return wrong("a string", value, path, problems)
        # a subclass could say something else when it is written
        return value if value.__class__ is str else str.__str__(value)

    def doubt(self, name: str, code: Code) -> str:
        return f"Type({name}) is not Str"

    def text(self, name: str, code: Code) -> Piece:
        return "", f"Quote({name})", ""


class Number(Unchanged):
    """Any finite number."""

    expected = "a number"

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            return wrong(self.expected, value, path, problems)
        number = plain_number(value)
        return wrong(NUMBERS, value, path, problems) if number is None else number


class Integer(Number):
    """Any finite whole number, which 2.0 is too (kept as 2)."""

    expected = "an integer"

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        number = super().check(value, path, problems, wire)
        found = None if number is None else whole(number)
        if number is not None and found is None:
            expected = self.expected if isfinite(number) else NUMBERS
            return wrong(expected, value, path, problems)
        return found

    def doubt(self, name: str, code: Code) -> str:
        # Integers of any size have text only up to a number of digits: those beyond 64 bits are
        # looked at closely.
        return f"not (Type({name}) is Int and -(2**63) <= {name} < 2**63)"

    def text(self, name: str, code: Code) -> Piece:
        return "", name, ""


class DateTime(Kind):
    """An aware datetime; on the wire a date-time of RFC 3339."""

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        if isinstance(value, datetime):
            try:
                return settled(value)
            except ValueError as error:
                problems.append(Problem(path, "an aware datetime", str(error)))
                return None
        if wire and isinstance(value, str):
            try:
                return parse_datetime(value)
            except ValueError:
                return wrong(DATE_TIME[0], value, path, problems)
        expected = DATE_TIME[0] if wire or value is MISSING else "an aware datetime"
        return wrong(expected, value, path, problems)

    def dump(self, value: Any) -> Any:
        return format_datetime(value)

    def doubt(self, name: str, code: Code) -> str:
        utc, own = code.use(UTC, "Utc"), code.use(datetime, "DateTime")
        return f"Type({name}) is not {own} or {name}.tzinfo is not {utc}"

    def look(self, name: str, path: str, code: Code, wire: int) -> list[str]:
        (close,) = super().look(name, path, code, wire)
        if not wire:
            return [close]
        return [
            f"if Type({name}) is not Str: {close}",
            "else:",
            f"    try: {name} = {code.use(parse_datetime, 'Parse')}({name})",
            f"    except {code.use(ValueError, 'Wrong')}: {close}",
        ]

    def plain(self, name: str, code: Code) -> str:
        return f"{code.use(format_datetime, 'FormatDateTime')}({name})"

    def text(self, name: str, code: Code) -> Piece:
        return '"', self.plain(name, code), '"'
