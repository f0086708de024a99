"""An input as the events in it, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .columns import Mapped
from .events import Events
from .formats import JSON_ARRAY, JSON_LINES, TABLE, recognised
from .jsonevents import JsonEvents
from .jsonrows import json_array, json_lines
from .source import Fault, InputError, Source
from .tableevents import TableEvents
from .tables import Table

_NAMES = {JSON_LINES: "JSON Lines", JSON_ARRAY: "a JSON array", TABLE: "CSV"}
_DELIMITERS = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}


@dataclass(frozen=True, slots=True)
class Read:
    """An event, and the line where it begins."""

    line: int
    event: Any


class Input:
    """What an input is, and what is in it; `words`: its format, for people."""

    def __init__(
        self,
        source: Source,
        events: Events,
        *,
        name: str,
        event: str | None,
        format: str | None,
        delimiter: str | None,
        mapped: Mapped,
    ) -> None:
        """
        Args:
            source: its bytes.
            events: what can be in it.
            name: what it is called, to recognise it by.
            event: which event each row is; None: the rows say it.
            format: one of `FORMATS`; None: told by name and content.
            delimiter: of a table; None: told by its header.
            mapped: what is said of its columns.

        Raises:
            InputError: it cannot be read so.
        """
        self._source = source
        chosen = None if event is None else events.chosen(event)
        self._json = JsonEvents(events, chosen)
        of_table = mapped != Mapped() or bool(delimiter)
        head = source.head
        self._format = format or recognised(name, head, columns=of_table)
        self._table: Table | None = None
        if self._format == TABLE:
            self._table = Table(source, delimiter)
            self._cells = TableEvents(events, chosen, self._table, mapped)
        elif of_table:
            options = "--map, --ignore, --json, --extra and --delimiter"
            raise InputError(f"{options} are for CSV, and it is {self.words}")

    @property
    def words(self) -> str:
        """`CSV, separated by semicolons, with a byte order mark`."""
        text = _NAMES[self._format]
        if self._table is not None:
            used = self._table.delimiter
            text += f", separated by {_DELIMITERS.get(used, repr(used))}"
        return f"{text}, with a byte order mark" if self._source.bom else text

    def read(self) -> Iterator[Read | Fault]:
        """Each row, as an event or with what is wrong with it."""
        if self._table is not None:
            for cells in self._table.rows():
                yield (
                    cells
                    if isinstance(cells, Fault)
                    else _read(cells.line, self._cells.event(cells))
                )
            return
        rows = json_lines if self._format == JSON_LINES else json_array
        for row in rows(self._source):
            yield (
                row
                if isinstance(row, Fault)
                else _read(row.line, self._json.event(row))
            )


def _read(line: int, made: Any) -> Read | Fault:
    return made if isinstance(made, Fault) else Read(line, made)
