"""From JSON objects to events: what is filled in, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...builders.dispatch import is_literal
from ...values.frozen import EMPTY
from ...values.problems import ValidationError
from .events import Chosen, Events, check_constants, messages
from .source import Fault, Row


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
                check_constants(constants, data)
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
