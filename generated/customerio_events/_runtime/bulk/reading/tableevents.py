"""From the rows of a table to events: where each cell goes, and what it stands for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from ...builders.base import Builder
from ...builders.dispatch import UnknownEvent
from ...kinds.base import ANY, Kind
from ...values.frozen import EMPTY
from ...values.jsontext import loads
from ...values.problems import Problem, ValidationError, shown
from .cells import value_of
from .columns import Column, Mapped, columns_of
from .events import Chosen, Events, check_constants, messages
from .source import Fault, InputError, RowError
from .tables import Cells, Table


class TableEvents:
    """Makes events of the rows of a table."""

    def __init__(
        self, events: Events, chosen: Chosen | None, table: Table, mapped: Mapped
    ) -> None:
        """Raises InputError where columns go nowhere, or no event is named."""
        self._events = events
        self._chosen = chosen
        self._extra = mapped.extra
        builders = chosen.classes if chosen else tuple(events.every())
        subject = chosen.name if chosen else "any event"
        if not chosen:
            _check_named(events, table.header, mapped)
        self._columns = columns_of(table.header, mapped, builders, subject)
        self._unnamed = [
            index
            for index, name in enumerate(table.header)
            if not name and name not in mapped.ignored
        ]
        self._tags = [
            (index, column.path[0])
            for index, column in self._columns
            if len(column.path) == 1 and column.path[0] in events.literals
        ]
        self._kinds: dict[tuple[Any, ...], Kind | None] = {}
        self._known: dict[tuple[str, str], Chosen] = {}

    def event(self, row: Cells) -> Any:
        """The event, or a Fault."""
        data: dict[str, Any] = {}
        try:
            self._check_unnamed(row.cells)
            chosen = self._chosen or self._named(row.cells)
            constants = chosen.constants if chosen else EMPTY
            data.update(constants)
            for index, column in self._columns:
                text = row.cells[index]
                if text:
                    _put(data, column, self._value(column, text, chosen))
            if self._chosen:
                check_constants(constants, data)
            return self._events.parse(data)
        except RowError as error:
            return Fault(row.line, (str(error),), data)
        except UnknownEvent as error:
            return Fault(row.line, messages(error), data)
        except ValidationError as error:
            listed = tuple(f"{each}{self._suffix(each)}" for each in error.problems)
            return Fault(row.line, listed, data)

    def _check_unnamed(self, cells: list[str]) -> None:
        for index in self._unnamed:
            if cells[index].strip():
                raise RowError(
                    f"column {index + 1} has no name, and here {shown(cells[index])}: name it in "
                    "the header, or leave it out with --ignore ''"
                )

    def _named(self, cells: list[str]) -> Chosen | None:
        """The event that the row names itself."""
        for index, tag in self._tags:
            named = tag, cells[index]
            chosen = self._known.get(named) or self._events.of(*named)
            if chosen is not None:
                self._known[named] = chosen
                return chosen
        return None

    def _value(self, column: Column, text: str, chosen: Chosen | None) -> Any:
        if column.json:
            try:
                return loads(text)
            except ValueError as error:
                raise RowError(f"column {column.name!r}: not JSON: {error}") from None
        kinds = [self._kind(each, column) for each in chosen.classes] if chosen else []
        if chosen and all(kind is None for kind in kinds):
            message = (
                f"column {column.name!r}: {chosen.name} has no key {column.path[0]!r}"
            )
            raise RowError(f"{message}; --extra sends it all the same")
        for kind in kinds:
            value = value_of(text, kind, column.path[1:]) if kind else text
            if value is not text:
                return value
        return text

    def _kind(self, builder: type[Builder], column: Column) -> Kind | None:
        """What a class takes under the first key of a column; None where it has no such key."""
        found = (builder, column.path[0])
        if found not in self._kinds:
            self._kinds[found] = _kind(builder, column.path[0], self._extra)
        return self._kinds[found]

    def _suffix(self, problem: Problem) -> str:
        """Behind a problem, the column that it comes from."""
        keys = problem.keys
        for _, column in self._columns:
            if keys[: len(column.path)] == column.path:
                return column.suffix
        if not keys or not problem.got.startswith("nothing"):
            return ""
        inside = [
            column.name
            for _, column in self._columns
            if column.path[: len(keys)] == keys
        ]
        if inside:
            return f" (all empty: {', '.join(map(repr, inside))})"
        path = ".".join(map(str, keys))
        place = f"{path}.KEY" if problem.expected == "an object" else path
        return f" (no column goes there: --map COLUMN={place})"


def _check_named(events: Events, header: Iterable[str], mapped: Mapped) -> None:
    """Whether a column says which event each row is. Raises InputError."""
    sent = (name for name in header if name not in mapped.ignored)
    keys = {mapped.paths.get(name, name) for name in sent}
    if keys.isdisjoint(events.literals):
        tags = " or ".join(map(repr, events.literals))
        raise InputError(
            f"which event each row is must be said with --event NAME, as no column is called "
            f"{tags}; {events.listed()}"
        )


class _Same(Kind):
    """What a constant takes."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def check(self, value: Any, path: Any, problems: list[Problem], wire: int) -> Any:
        if value != self._value or value.__class__ is not self._value.__class__:
            problems.append(Problem(path, repr(self._value), shown(value)))
        return value


def _kind(builder: type[Builder], wire: str, extra: bool) -> Kind | None:
    for member in builder.__shape__.members:
        if member.wire == wire:
            return member.kind
    for constant in builder.__shape__.constants:
        if constant.wire == wire:
            return _Same(constant.value)
    return ANY if extra else None


def _put(data: dict[str, Any], column: Column, value: Any) -> None:
    for key in column.path[:-1]:
        inner = data.setdefault(key, {})
        if not isinstance(inner, dict):  # a constant
            what = f"{key!r} is {shown(inner)}"
            raise RowError(f"column {column.name!r}: nothing can be within: {what}")
        data = cast("dict[str, Any]", inner)
    data[column.path[-1]] = value
