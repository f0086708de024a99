"""From rows to events: what `--event` adds to them, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from ...builders.base import Builder
from ...builders.dispatch import UnknownEvent, is_literal
from ...kinds.base import ANY, Kind
from ...values.frozen import EMPTY
from ...values.jsontext import loads
from ...values.problems import Problem, ValidationError, shown
from ..errors import CommandError
from .cells import value_of
from .columns import Column, Mapped, columns_of, near
from .source import Fault, InputError, Row, RowError
from .tables import Cells, Table

_LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """The events of a package.

    Attributes:
        parse: makes one of a JSON object; raises ValidationError.
        literals: for each key that tells events apart, its literals and the names of their classes.
        find: the class of a name.
    """

    parse: Callable[[Any], Any]
    literals: Mapping[str, Mapping[Any, tuple[str, ...]]]
    find: Callable[[str], type[Builder]]

    def chosen(self, name: str) -> Chosen:
        """The event that `--event` names: by its literal, or by its class. Raises CommandError."""
        for tag in self.literals:
            found = self.of(tag, name) or self._of_class(tag, name)
            if found is not None:
                return found
        hint = near(name, self._names())
        raise CommandError(f"there is no event {name!r}{hint}; {self.listed()}")

    def listed(self) -> str:
        """`there are 'User Deleted', 'User Suppressed'`."""
        known = self._names()
        listed = ", ".join(map(repr, known[:_LISTED]))
        more = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
        return f"there {'is' if len(known) == 1 else 'are'} {listed}{more}"

    def _names(self) -> list[str]:
        return [str(each) for found in self.literals.values() for each in found]

    def of(self, tag: str, literal: str) -> Chosen | None:
        """The event that a cell names; None where there is none."""
        for known, classes in self.literals.get(tag, {}).items():
            if literal == str(known):
                return Chosen(literal, tag, known, self._classes(classes))
        return None

    def named(self, data: Mapping[str, Any]) -> Chosen | None:
        """The event that a JSON object names; None where there is none."""
        for tag, literals in self.literals.items():
            value = data.get(tag)
            if is_literal(value) and value in literals:
                return Chosen(str(value), tag, value, self._classes(literals[value]))
        return None

    def _of_class(self, tag: str, name: str) -> Chosen | None:
        named = self.literals[tag].items()
        found = [literal for literal, classes in named if name in classes]
        if len(found) > 1:
            listed = ", ".join(map(repr, found))
            raise CommandError(
                f"{name} is several events: --event takes one of {listed}"
            )
        return Chosen(name, tag, found[0], self._classes([name])) if found else None

    def every(self) -> Iterator[type[Builder]]:
        """The classes of all events."""
        for literals in self.literals.values():
            for names in literals.values():
                yield from self._classes(names)

    def _classes(self, names: Iterable[str]) -> tuple[type[Builder], ...]:
        return tuple(self.find(name) for name in names)


@dataclass(frozen=True)
class Chosen:
    """An event that is known by its name: what rows need not say.

    `classes`: several where they share a literal; `parse` then takes the one that fits.
    """

    name: str
    tag: str
    literal: Any
    classes: tuple[type[Builder], ...]

    @cached_property
    def constants(self) -> Mapping[str, Any]:
        """What the event holds whatever the row says."""
        first, *others = (_constants(each) for each in self.classes)
        shared = {
            wire: value
            for wire, value in first.items()
            if all(wire in each and each[wire] == value for each in others)
        }
        return {**shared, self.tag: self.literal}


def _constants(builder: type[Builder]) -> dict[str, Any]:
    return {each.wire: each.value for each in builder.__shape__.constants}


class JsonEvents:
    """Makes events of JSON objects."""

    def __init__(self, events: Events, chosen: Chosen | None) -> None:
        self._events = events
        self._chosen = chosen
        self._known: dict[tuple[Any, ...], Mapping[str, Any]] = {}

    def event(self, row: Row) -> Any:
        """The event, or a Fault."""
        data = row.data
        try:
            constants = self._chosen.constants if self._chosen else self._named(data)
            if constants:
                data = {**constants, **data}
            if self._chosen:
                _check_constants(constants, data)
            return self._events.parse(data)
        except ValidationError as error:
            return Fault(row.line, self._messages(error, row.data), row.data)

    def _named(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """The constants of the event that a row names itself."""
        named = tuple(data.get(tag) for tag in self._events.literals)
        if not all(value is None or is_literal(value) for value in named):
            return EMPTY
        found = self._known.get(named)
        if found is None:
            chosen = self._events.named(data)
            if chosen is None:  # not remembered: there may be any number of these
                return EMPTY
            found = self._known[named] = chosen.constants
        return found

    def _messages(
        self, error: ValidationError, came: Mapping[str, Any]
    ) -> tuple[str, ...]:
        found = messages(error)
        if self._chosen or any(tag in came for tag in self._events.literals):
            return found
        return tuple(f"{each}; --event NAME says it for all rows" for each in found)


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
                _check_constants(constants, data)
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


def _check_constants(constants: Mapping[str, Any], data: Mapping[str, Any]) -> None:
    """Whether a row says nothing else than `--event`. Raises ValidationError."""
    problems = [
        Problem((key,), f"{value!r}, as --event says", shown(data[key]))
        for key, value in constants.items()
        if data[key] != value
    ]
    if problems:
        raise ValidationError("event", problems)


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


def messages(error: ValidationError) -> tuple[str, ...]:
    """What is wrong, a line each."""
    if isinstance(error, UnknownEvent):  # its own words have what may be meant
        return (str(error),)
    return tuple(map(str, error.problems))
