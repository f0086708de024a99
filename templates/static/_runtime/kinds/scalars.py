"""Kinds of strings, numbers, dates and times."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from math import isfinite
from typing import Any, TypeAlias

from ..values.numbers import NUMBERS, is_multiple, less, plain_number, whole
from ..values.problems import Path, Problem
from ..values.timestamps import UTC, format_datetime, parse_datetime, settled
from .base import MISSING, Code, Kind, Piece, Unchanged, count, wrong

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
INTEGERS = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}


class String(Unchanged):
    """Text.

    Args:
        min_length: in Unicode code points; so is `max_length`.
        pattern: a regular expression, found anywhere in the text.
        spelling: the pattern as the document has it, where that is not Python's.
        format: such as those of `formats`.
    """

    def __init__(
        self,
        *,
        min_length: int = 0,
        max_length: int | None = None,
        pattern: str = "",
        spelling: str = "",
        format: Format | None = None,
    ) -> None:
        self._min = min_length
        self._max = max_length
        self._pattern = pattern
        self._spelling = spelling or pattern
        self._format = format
        bounded = min_length or max_length is not None or pattern or self._format
        self._free = not bounded

    def check(self, value: Any, path: Path, problems: list[Problem], wire: bool) -> Any:
        if not isinstance(value, str):
            encoded = isinstance(value, bytes) and self._format
            expected = self._format[0] if encoded and self._format else "a string"
            return wrong(expected, value, path, problems)
        # a subclass could say something else when it is written
        text = value if value.__class__ is str else str.__str__(value)
        if self._free:
            return text
        if len(text) < self._min:
            wrong(f"at least {count(self._min, 'character')}", text, path, problems)
        if self._max is not None and len(text) > self._max:
            wrong(f"at most {count(self._max, 'character')}", text, path, problems)
        # re keeps compiled patterns, so that they cost nothing until first used
        if self._pattern and re.search(self._pattern, text) is None:
            wrong(f"text that matches {self._spelling}", text, path, problems)
        if self._format is not None and not self._format[1](text):
            wrong(self._format[0], text, path, problems)
        return text

    def doubt(self, name: str, code: Code) -> str:
        return f"Type({name}) is not Str" if self._free else ""

    def text(self, name: str, code: Code) -> Piece:
        return "", f"Quote({name})", ""


class Number(Unchanged):
    """A finite number."""

    integral = False

    def __init__(
        self,
        *,
        minimum: float | None = None,
        maximum: float | None = None,
        exclusive_minimum: float | None = None,
        exclusive_maximum: float | None = None,
        multiple_of: float | None = None,
        format: str = "",
    ) -> None:
        low, high = (
            INTEGERS.get(format, (None, None)) if self.integral else (None, None)
        )
        self._minimum = _tighter(max, low, minimum)
        self._maximum = _tighter(min, high, maximum)
        self._above = exclusive_minimum
        self._below = exclusive_maximum
        self._multiple_of = multiple_of
        bounds = (self._minimum, self._maximum, self._above, self._below, multiple_of)
        self._bounded = any(bound is not None for bound in bounds)

    def check(self, value: Any, path: Path, problems: list[Problem], wire: bool) -> Any:
        expected = "an integer" if self.integral else "a number"
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            return wrong(expected, value, path, problems)
        number = plain_number(value)
        if number is None:
            return wrong(NUMBERS, value, path, problems)
        if self.integral:
            found = whole(number)
            if found is None:
                expected = expected if isfinite(number) else NUMBERS
                return wrong(expected, value, path, problems)
            number = found
        self._check_bounds(number, path, problems)
        return number

    def _check_bounds(self, number: float, path: Path, problems: list[Problem]) -> None:
        if self._minimum is not None and less(number, self._minimum):
            wrong(f"at least {self._minimum}", number, path, problems)
        if self._maximum is not None and less(self._maximum, number):
            wrong(f"at most {self._maximum}", number, path, problems)
        if self._above is not None and not less(self._above, number):
            wrong(f"more than {self._above}", number, path, problems)
        if self._below is not None and not less(number, self._below):
            wrong(f"less than {self._below}", number, path, problems)
        if self._multiple_of is not None and not is_multiple(number, self._multiple_of):
            wrong(f"a multiple of {self._multiple_of}", number, path, problems)


class Integer(Number):
    """A finite whole number, which 2.0 is too (kept as 2)."""

    integral = True

    def doubt(self, name: str, code: Code) -> str:
        if self._bounded:
            return ""
        # Integers of any size have text only up to a number of digits: those beyond 64 bits are
        # looked at closely.
        return f"not (Type({name}) is Int and -(2**63) <= {name} < 2**63)"

    def text(self, name: str, code: Code) -> Piece:
        return "", name, ""


class DateTime(Kind):
    """An aware datetime; on the wire a date-time of RFC 3339."""

    def check(self, value: Any, path: Path, problems: list[Problem], wire: bool) -> Any:
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

    def look(self, name: str, path: str, code: Code, wire: bool) -> list[str]:
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


def _tighter(
    choose: Callable[[Any], Any], one: float | None, two: float | None
) -> float | None:
    given = [bound for bound in (one, two) if bound is not None]
    return choose(given) if given else None
