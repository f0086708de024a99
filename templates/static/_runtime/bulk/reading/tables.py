"""CSV: its header, and its rows as cells."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .source import LONGEST, Fault, InputError, RowError, Source, decoded

_DELIMITERS = (",", ";", "\t", "|")
_QUOTED = re.compile(r'"[^"]*"')
_DECLARED = re.compile(r"sep=(.)", re.IGNORECASE)
"""A first line that spreadsheets write and read, to say what separates the cells."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A row of a table; as many cells as the header has."""

    line: int
    cells: list[str]


class Table:
    """A table in CSV.

    Attributes:
        header: the names of the columns.
        delimiter: what separates the cells.
    """

    def __init__(self, source: Source, delimiter: str | None) -> None:
        """
        Args:
            source: at its beginning.
            delimiter: without it, the one that the header has most of.

        Raises:
            InputError: there is no header, or one that is none.
        """
        # Of the whole process, which is there for this alone.
        csv.field_size_limit(LONGEST)
        self._lines = _Lines(source)
        first = self._first()
        declared = _DECLARED.fullmatch(first.strip())
        if declared:
            first = self._first()
        self.delimiter = delimiter or (
            declared[1] if declared else _most_frequent(first)
        )
        self._lines.again(first)
        self._reader = csv.reader(self._lines, delimiter=self.delimiter, strict=True)
        self.header = self._header()

    def rows(self) -> Iterator[Cells | Fault]:
        """Each row; blank lines count for nothing."""
        while True:
            line = self._lines.number + 1
            try:
                cells = next(self._reader, None)
                if cells is None:
                    return
                if cells:
                    yield self._row(line, cells)
            except (RowError, csv.Error) as error:
                yield Fault(line, (_words(error),))

    def _row(self, line: int, cells: list[str]) -> Cells | Fault:
        if len(cells) == len(self.header):
            return Cells(line, cells)
        message = f"{_count(len(cells))}, where the header has {len(self.header)}"
        if len(cells) > len(self.header):
            message += "; a cell that holds the delimiter is put in quotes"
        return Fault(line, (message,), cells)

    def _first(self) -> str:
        """The first line that is not blank."""
        try:
            for line in self._lines:
                if line.strip():
                    return line
        except RowError as error:
            raise InputError(f"line {self._lines.number}: {error}") from None
        raise InputError("it is empty: there is no header")

    def _header(self) -> tuple[str, ...]:
        try:
            return tuple(name.strip() for name in next(self._reader))
        except (RowError, csv.Error) as error:
            raise InputError(f"the header: {_words(error)}") from None


class _Lines:
    """Lines as the parser of the standard library wants them; `number`: of the last one."""

    def __init__(self, source: Source) -> None:
        self._lines = source.lines()
        self._again: str | None = None
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._again is not None:
            line, self._again = self._again, None
            return line
        self.number, raw = next(self._lines)
        line = decoded(raw)
        if "\0" in line:  # of which not every Python makes a cell
            raise RowError(f"character {line.index(chr(0)) + 1} of the line is null")
        return line + "\n"

    def again(self, line: str) -> None:
        """Give a line once more."""
        self._again = line


def _most_frequent(header: str) -> str:
    bare = _QUOTED.sub("", header)
    return max(_DELIMITERS, key=bare.count)


def _count(cells: int) -> str:
    return "1 cell" if cells == 1 else f"{cells} cells"


def _words(error: Exception) -> str:
    text = str(error)
    if "unexpected end of data" in text or "larger than field limit" in text:
        return "a quote that is opened here is never closed"
    if "expected after" in text:
        return 'a quote within a cell in quotes is written twice: ""'
    if "new-line character" in text:
        return "a carriage return within a line; end lines with a line feed"
    return text
