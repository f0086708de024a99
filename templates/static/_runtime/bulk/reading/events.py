"""The events of a package, and what rows of each need not say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ...builders.base import Builder
from ...builders.dispatch import UnknownEvent, is_literal
from ...values.problems import Problem, ValidationError, shown
from ..errors import CommandError
from .columns import near

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


def check_constants(constants: Mapping[str, Any], data: Mapping[str, Any]) -> None:
    """Whether a row says nothing else than `--event`. Raises ValidationError."""
    problems = [
        Problem((key,), f"{value!r}, as --event says", shown(data[key]))
        for key, value in constants.items()
        if data[key] != value
    ]
    if problems:
        raise ValidationError("event", problems)


def messages(error: ValidationError) -> tuple[str, ...]:
    """What is wrong, a line each."""
    if isinstance(error, UnknownEvent):  # its own words have what may be meant
        return (str(error),)
    return tuple(map(str, error.problems))
