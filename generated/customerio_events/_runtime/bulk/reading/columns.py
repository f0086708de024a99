"""Columns of a table, and the keys of an event that their cells are for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from .paths import Stray, keys_of, stray
from .source import InputError

_DOT = re.compile(r"(?<!\\)\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """What is said of the columns of a table.

    Attributes:
        paths: by a column's name, the keys that lead to its place: `context.device.token`.
        ignored: columns that are left out.
        json: columns whose cells are JSON.
        extra: whether columns that are no keys of the event are sent as they are called.
    """

    paths: Mapping[str, str] = field(default_factory=dict[str, str])
    ignored: Collection[str] = ()
    json: Collection[str] = ()
    extra: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is sent; `json`: whether its cells are JSON."""

    name: str
    path: tuple[str, ...]
    json: bool

    @property
    def suffix(self) -> str:
        """What names it behind a problem, where the path does not."""
        return "" if ".".join(self.path) == self.name else f" (column {self.name!r})"


def columns_of(
    header: Sequence[str], mapped: Mapped, builders: Sequence[type[Any]], subject: str
) -> list[tuple[int, Column]]:
    """The columns that are sent, with their places in a row.

    Args:
        header: the names of all.
        mapped: what is said of them.
        builders: the classes of the events.
        subject: what has them, for messages.

    Raises:
        InputError: columns that go nowhere, are not there, or meet in one place.
    """
    keys = keys_of(builders)
    _check_named(header, mapped)
    _check_twice(header, mapped)
    found: list[tuple[int, Column]] = []
    others: list[str] = []
    for index, name in enumerate(header):
        if name in mapped.ignored:
            continue
        path = _path(name, mapped, keys)
        if path is None and not name:
            continue  # such as what stands behind a delimiter at the end of each line
        if path is None:
            others.append(name)
        else:
            found.append((index, Column(name, path, name in mapped.json)))
    if others:
        raise InputError(_lost(others, keys, subject))
    columns = [column for _, column in found]
    _check_apart(columns)
    if not mapped.extra:
        _check_declared(columns, builders, subject)
    return found


def split_path(text: str) -> tuple[str, ...]:
    """The keys of `context.device.token`; a dot within a key has a backslash before it."""
    return tuple(key.replace("\\.", ".") for key in _DOT.split(text))


def _path(name: str, mapped: Mapped, keys: Collection[str]) -> tuple[str, ...] | None:
    if name in mapped.paths:
        return split_path(mapped.paths[name])
    if name in keys:
        return (name,)
    path = split_path(name)
    if len(path) > 1 and path[0] in keys and all(path):
        return path
    return (name,) if mapped.extra and name else None


def _check_named(header: Sequence[str], mapped: Mapped) -> None:
    """Whether each column that something is said of is there."""
    for option, names in (
        ("--map", mapped.paths),
        ("--ignore", mapped.ignored),
        ("--json", mapped.json),
    ):
        for name in names:
            if name not in header:
                listed = ", ".join(map(repr, header))
                raise InputError(
                    f"there is no column {name!r}, which {option} names{near(name, header)}; "
                    f"the columns are {listed}"
                )
            if option != "--ignore" and name in mapped.ignored:
                raise InputError(f"{option} and --ignore both name the column {name!r}")


def _check_twice(header: Sequence[str], mapped: Mapped) -> None:
    """Whether each name is that of one column."""
    names = [name for name in header if name and name not in mapped.ignored]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        listed = ", ".join(map(repr, twice))
        raise InputError(
            f"the header has several columns of one name: {listed}. Name them apart, or leave all "
            "of them out with --ignore"
        )


def _check_apart(columns: Sequence[Column]) -> None:
    """Whether no place gets two cells."""
    taken: dict[tuple[str, ...], str] = {}
    for column in columns:
        other = taken.setdefault(column.path, column.name)
        if other != column.name:
            path = ".".join(column.path)
            raise InputError(f"{other!r} and {column.name!r} would both be {path}")
    for column in columns:
        for length in range(1, len(column.path)):
            if column.path[:length] in taken:
                other, path = taken[column.path[:length]], ".".join(column.path)
                raise InputError(f"{column.name!r} would be {path}, within {other!r}")


def _check_declared(
    columns: Sequence[Column], builders: Sequence[type[Any]], subject: str
) -> None:
    """Whether each goes to a key that is declared, or into an object with any keys."""
    strays = [(column, stray(builders, column.path)) for column in columns]
    found = [(column, each) for column, each in strays if each is not None]
    lines = [_line_of(column, each, subject) for column, each in found]
    if any(each.known for _, each in found):
        lines.append("  --extra sends what has no key all the same")
    if lines:
        raise InputError("\n".join(lines))


def _line_of(column: Column, found: Stray, subject: str) -> str:
    owner = ".".join(found.within) or subject
    has = "is no object"
    if found.known:
        near_it = near(found.key, found.known)
        has = f"has no key {found.key!r}{near_it}; it has {', '.join(found.known)}"
    return f"column {column.name!r} would be {'.'.join(column.path)}, and {owner} {has}"


def _lost(names: Sequence[str], keys: Collection[str], subject: str) -> str:
    return "\n".join(_lines_of_lost(names, keys, subject))


def _lines_of_lost(
    names: Sequence[str], keys: Collection[str], subject: str
) -> Iterator[str]:
    listed = ", ".join(f"{name!r}{near(name, keys)}" for name in names)
    what = "a column that is" if len(names) == 1 else "columns that are"
    yield f"there {'is' if len(names) == 1 else 'are'} {what} no key of {subject}: {listed}"
    yield "  --map COLUMN=KEY sends one under a key, --ignore COLUMN leaves it out,"
    yield "  --extra sends all of them as they are called"
    yield f"  the keys are {', '.join(keys)}"


def near(name: str, known: Collection[str]) -> str:
    """` (did you mean 'userId'?)`, where something like it is known."""
    folded = {each.casefold(): each for each in known}
    found = get_close_matches(name.casefold(), folded, 1)
    return f" (did you mean {folded[found[0]]!r}?)" if found else ""
