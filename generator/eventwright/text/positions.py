"""From a pointer to a line and column of a text, and the excerpt that shows it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple, Protocol

from ..diagnostics.diagnostic import Diagnostic, Location, Pending, escape
from .pointers import Tokens, join_pointer

WINDOW = 100
"""Longer lines are shown only around the column: minified JSON is one line of megabytes."""


class Problem(NamedTuple):
    """A fault in a text, before it is known which file the text came from."""

    code: str
    message: str
    offset: int
    tokens: Tokens = ()
    help: str = ""


class BadText(Exception):
    """A text that could not be parsed. Never leaves the loading of documents."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(tuple(problems))
        self.problems = tuple(problems)


class Positions(Protocol):
    """Where things are in a parsed text."""

    def find(self, tokens: Sequence[str]) -> int:
        """The offset of what `tokens` name, or of the nearest ancestor that exists.

        For the member of an object that is its key: the value may begin a line further down.
        """
        ...


class Source:
    """A text with its name and its positions. `path` is the name to show."""

    __slots__ = ("_lines", "_starts", "path", "positions", "text")

    def __init__(self, path: str, text: str, positions: Positions | None = None) -> None:
        self.path = path
        self.text = text
        self.positions = positions
        self._starts: list[int] | None = None
        self._lines: list[str] | None = None

    def lines(self) -> list[str]:
        """The text in lines, as `location` counts them, without their ends."""
        if self._lines is None:
            self._lines = re.split(r"\r\n|\n|\r", self.text)
        return self._lines

    def offset(self, tokens: Sequence[str]) -> int:
        """Where `tokens`, or their nearest existing ancestor, are in the text."""
        return self.positions.find(tokens) if self.positions else 0

    def location(self, offset: int, pointer: str) -> Location:
        """`offset` as a line and column."""
        if self._starts is None:
            breaks = re.finditer(r"\r\n|\n|\r", self.text)
            self._starts = [0, *(found.end() for found in breaks)]
        line = bisect_right(self._starts, offset)
        column = offset - self._starts[line - 1] + 1
        return Location(path=self.path, line=line, column=column, pointer=pointer)

    def diagnostic(self, problem: Problem) -> Diagnostic:
        """The problem as an error with its place and excerpt."""
        location = self.location(problem.offset, join_pointer(problem.tokens))
        return Diagnostic(
            code=problem.code,
            severity="error",
            message=problem.message,
            location=location,
            excerpt=excerpt(self.text, problem.offset, location.line),
            help=problem.help,
        )

    def pending(self, problem: Problem) -> Pending:
        """The same, with the excerpt made when it is shown."""
        return Pending(
            code=problem.code,
            location=self.location(problem.offset, join_pointer(problem.tokens)),
            key=problem.message,
            work_out=partial(self.diagnostic, problem),
        )


def excerpt(text: str, offset: int, line: int) -> str:
    """The line that holds `offset`, numbered `line`, with a caret under the column."""
    # Of a line of megabytes only what is near is looked at.
    low, high = max(0, offset - 2 * WINDOW), min(len(text), offset + 2 * WINDOW)
    before = max(text.rfind("\n", low, offset), text.rfind("\r", low, offset))
    start = low if before < 0 else before + 1
    found = re.compile(r"[\r\n]").search(text, offset, high)
    end = found.start() if found else high
    first = max(start, offset - WINDOW // 2) if end - start > WINDOW else start
    last = min(end, first + WINDOW)
    if not text[first:last].strip():
        return ""
    left = ("…" if first > start else "") + escape(text[first:offset].replace("\t", " "))
    right = escape(text[offset:last].replace("\t", " ")) + ("…" if last < end else "")
    return f"{line:>5} | {left}{right}\n      | {' ' * _width(left)}^"


def _width(text: str) -> int:
    """Terminal cells: East Asian characters take two, combining marks none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
