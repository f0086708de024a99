"""Kinds with bounds: lengths and limits, patterns and formats of texts, certain keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..values.decimals import is_multiple, less
from ..values.frozen import EMPTY, FrozenDict, is_mapping, plain_items, too_deep
from ..values.jsontext import members
from ..values.problems import Path, Problem
from . import scalars
from .base import ANSWER, ANY, MISSING, Code, Kind, Piece, check_size, count, wrong
from .scalars import Format

INTEGERS = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}


class String(scalars.String):
    """Text of certain lengths, of a pattern or a format.

    Args:
        min_length: in Unicode code points; so is `max_length`.
        pattern: a regular expression, found anywhere in the text.
        spelling: the pattern as the document has it, where that is not Python's.
        format: what such texts are called, and whether a text is one.
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

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        if isinstance(value, bytes) and self._format is not None:
            return wrong(self._format[0], value, path, problems)
        text = super().check(value, path, problems, wire)
        if text is None or wire == ANSWER:
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
        return ""


class Number(scalars.Number):
    """A finite number within bounds."""

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
        integral = isinstance(self, scalars.Integer)
        low, high = INTEGERS.get(format if integral else "", (None, None))
        self._minimum = _tighter(max, low, minimum)
        self._maximum = _tighter(min, high, maximum)
        self._above = exclusive_minimum
        self._below = exclusive_maximum
        self._multiple_of = multiple_of

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        number = super().check(value, path, problems, wire)
        if number is not None and wire != ANSWER:
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

    def doubt(self, name: str, code: Code) -> str:
        return ""


class Integer(Number, scalars.Integer):
    """A finite whole number within bounds."""


def _tighter(
    choose: Callable[[Any], Any], one: float | None, two: float | None
) -> float | None:
    given = [bound for bound in (one, two) if bound is not None]
    return choose(given) if given else None


class Map(Kind):
    """An object with certain keys and values, kept as an unchangeable dict.

    `declared` and `required` serve conditions, which may speak of keys without naming a class.
    """

    def __init__(
        self,
        values: Kind = ANY,
        *,
        declared: Mapping[str, Kind] = EMPTY,
        required: Sequence[str] = (),
        patterns: Mapping[str, Kind] = EMPTY,
        min_properties: int = 0,
        max_properties: int | None = None,
    ) -> None:
        self._values = values
        self._declared = declared
        self._required = tuple(required)
        self._patterns = patterns
        self._min = min_properties
        self._max = max_properties

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        if not is_mapping(value):
            return wrong("an object", value, path, problems)
        if too_deep(path, problems):
            return None
        kept = plain_items(value, path, problems)
        for name, item in kept.items():
            for kind in reversed(self._kinds(name)):
                kept[name] = kind.check(item, (*path, name), problems, wire)
        for key in self._required:
            if key not in kept:
                wrong("a value", MISSING, (*path, key), problems)
        if wire != ANSWER:
            check_size(len(kept), self._min, self._max, path, problems)
        return FrozenDict(kept)

    def dump(self, value: Any) -> Any:
        return {key: self._kinds(key)[0].dump(item) for key, item in value.items()}

    def objects(self) -> tuple[type[Any] | None, ...]:
        return (None,)

    def text(self, name: str, code: Code) -> Piece:
        return "{", f"{code.use(members, 'Members')}({self.plain(name, code)})", "}"

    def _kinds(self, key: str) -> list[Kind]:
        """Every kind a key's value must be of; the first decides how it is kept."""
        kinds = [self._declared[key]] if key in self._declared else []
        kinds += [
            kind for pattern, kind in self._patterns.items() if re.search(pattern, key)
        ]
        return kinds or [self._values]
