"""From received JSON to the event it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

from ..kinds.base import MISSING, wrong
from ..values.frozen import is_mapping
from ..values.jsontext import loads
from ..values.problems import Problem, ValidationError, shown
from .base import EventBuilder, not_json

_E = TypeVar("_E", bound=EventBuilder)
_MOST_LISTED = 10


class UnknownEvent(ValidationError):
    """A literal that no event of the document has.

    Attributes:
        literal: what came.
        suggestion: the nearest literal there is, or None.
    """

    def __init__(self, key: str, literal: str, known: tuple[str, ...]) -> None:
        from difflib import get_close_matches

        self._arguments = (key, literal, known)
        self.literal = literal
        self.suggestion = next(iter(get_close_matches(literal, known, 1)), None)
        expected = "one of " + ", ".join(map(repr, known))
        super().__init__("event", [Problem((key,), expected, shown(literal))])

    def __str__(self) -> str:
        if self.suggestion:
            hint = f"did you mean {self.suggestion!r}?"
        else:
            hint = f"there {_listed(self._arguments[2])}"
        return f"unknown event {shown(self.literal)}; {hint}"

    def __reduce__(self) -> tuple[Any, ...]:
        return UnknownEvent, self._arguments


def _listed(literals: tuple[str, ...]) -> str:
    verb = "is" if len(literals) == 1 else "are"
    listed = ", ".join(map(repr, literals[:_MOST_LISTED]))
    more = len(literals) - _MOST_LISTED
    return f"{verb} {listed}" + (f" and {more} more" if more > 0 else "")


def dispatch(
    data: Mapping[str, Any] | bytes | str, table: Mapping[str, Mapping[Any, type[_E]]]
) -> _E:
    """`table`: for each key that tells events apart, its literals and their classes.

    Raises:
        UnknownEvent: the literal is none of the document's.
        ValidationError: not JSON, no literal, or not what the event allows.
    """
    value = received(data)
    for key, literals in table.items():
        literal = value.get(key)
        if is_literal(literal) and literal in literals:
            return literals[literal].from_dict(value)
    return unknown(value, table)


def received(data: Any) -> Mapping[str, Any]:
    """The object that JSON text is, or that was given. Raises ValidationError."""
    value = data
    if isinstance(data, (bytes, bytearray, str)):
        try:
            value = loads(data)
        except (ValueError, TypeError) as error:
            raise ValidationError("event", [not_json(error)]) from None
    if not is_mapping(value):
        raise ValidationError("event", [Problem((), "an object", shown(value))])
    found: Mapping[str, Any] = value
    return found


def is_literal(value: object) -> bool:
    """Whether a value can tell an event: a text or an integer."""
    return isinstance(value, (str, int)) and not isinstance(value, bool)


def unknown(
    value: Mapping[str, Any], table: Mapping[str, Mapping[Any, Any]]
) -> NoReturn:
    """Say that an object has no literal, or one that no event has."""
    literals = {key: value.get(key, MISSING) for key in table}
    for key, literal in literals.items():
        if is_literal(literal):
            raise UnknownEvent(key, str(literal), tuple(map(str, table[key])))
    problems: list[Problem] = []
    key = next(iter(table))
    wrong("the name of an event", literals[key], (key,), problems)
    raise ValidationError("event", problems)
