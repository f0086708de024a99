"""From received JSON to the event it is, where a literal alone may not say which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from ..values.problems import ValidationError
from .base import EventBuilder
from .dispatch import is_literal, received, unknown

_E = TypeVar("_E", bound=EventBuilder)


def dispatch_closest(
    data: Mapping[str, Any] | bytes | str,
    table: Mapping[str, Mapping[Any, tuple[type[_E], ...]]],
) -> _E:
    """The event of the class that takes a value; of several that take it the one that declares
    most of its keys, or the first.

    `table`: for each key that tells events apart, its literals and the classes they may mean.

    Raises:
        UnknownEvent: the literal is none of the document's.
        ValidationError: not JSON, no literal, or not what the events allow: what is wrong for the
            class with the fewest problems.
    """
    value = received(data)
    found: dict[type[_E], None] = {}
    for key, literals in table.items():
        literal = value.get(key)
        if is_literal(literal) and literal in literals:
            found.update(dict.fromkeys(literals[literal]))
    if len(found) == 1:
        return next(iter(found)).from_dict(value)
    return _closest(list(found), value) if found else unknown(value, table)


def _closest(classes: list[type[_E]], value: Mapping[str, Any]) -> _E:
    taken: list[tuple[int, _E]] = []
    refused: list[ValidationError] = []
    for each in classes:
        foreign = sum(key not in each.__shape__.declared for key in value)
        try:
            taken.append((foreign, each.from_dict(value)))
        except ValidationError as error:
            refused.append(error)
    if taken:
        return min(taken, key=lambda pair: pair[0])[1]
    raise min(refused, key=lambda error: len(error.problems))
