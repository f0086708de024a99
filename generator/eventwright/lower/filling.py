"""Can events take the keys that the configuration fills in?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ..diagnostics.diagnostic import Diagnostic, nearest
from ..model.model import Event, Field, Model, NeverType, ObjectType, Type
from ..runtime.checkable import checkable
from ..runtime.verdicts import Verdicts
from .names.faults import Faults

if TYPE_CHECKING:
    from ..config.config import ClientConfig
    from ..document.load import Document

_SAMPLES = {
    "uuid": "f47ac10b-58cc-4372-a567-0e02b2c3d479",
    "now": "2026-11-24T09:30:00.123456Z",
}
"""Such as the clients make."""


def unfillable(document: Document, client: ClientConfig, model: Model) -> Iterator[Diagnostic]:
    """One diagnostic for each key that an event cannot take, and for each event that is none."""
    if not client.fill:
        return
    checks = _Checks(Faults(document, client), model)
    every = {key: said for key, said in client.fill.items() if isinstance(said, str)}
    some = {key: said for key, said in client.fill.items() if not isinstance(said, str)}
    for key, filler in every.items():
        events = [each for each in model.events if key not in some.get(each.literal, {})]
        yield from checks.everywhere(key, filler, events)
    for literal, keys in some.items():
        yield from checks.of_one(literal, keys)


class _Checks:
    def __init__(self, faults: Faults, model: Model) -> None:
        self._faults = faults
        self._model = model
        self._verdicts = Verdicts(checkable(model))

    def everywhere(self, key: str, filler: str, events: list[Event]) -> Iterator[Diagnostic]:
        """What is wrong with a key of all events: one diagnostic, with the first that refuses."""
        refusing = [(each, why) for each in events if (why := self._problem(each, key, filler))]
        if not events and not self._model.events:
            message = f"{key} cannot be filled in: the document has no events"
            yield self._fault((key,), "", message, "remove the line")
        elif events and all(self._needless(each, key, filler) for each in events):
            message = f"{key} is never filled in: all events always have that key"
            yield self._fault((key,), events[0].at, message, "remove the line")
        elif refusing:
            event, why = refusing[0]
            more = f" (and {len(refusing) - 1} more)" if len(refusing) > 1 else ""
            yield self._fault(
                (key,),
                event.at,
                f"{key} cannot be filled in with {filler}: {event.literal!r}{more} {why}",
                f"leave such an event out, as in [client.fill.{_quoted(event.literal)}] "
                f'{_quoted(key)} = "none", or fill the key in where it fits alone',
            )

    def of_one(self, literal: str, keys: Mapping[str, str]) -> Iterator[Diagnostic]:
        """What is wrong with the keys of events with one literal."""
        events = [event for event in self._model.events if event.literal == literal]
        if not events:
            known = [event.literal for event in self._model.events]
            near = nearest(literal, known)
            help = f"did you mean {near!r}?" if near else "the literal of an event"
            message = f"[client.fill] names the event {literal!r}, which the document does not have"
            yield self._fault((literal,), "", message, help)
        for key, filler in keys.items():
            for event in events:
                why = self._problem(event, key, filler) or self._needless(event, key, filler)
                if why:
                    message = f"{key} cannot be filled in with {filler}: {literal!r} {why}"
                    yield self._fault((literal, key), event.at, message, "remove the line")
                    break

    def _fault(self, said: tuple[str, ...], at: str, message: str, help: str) -> Diagnostic:
        return self._faults.of("E321", message, ("fill", *said), at, help)

    def _needless(self, event: Event, key: str, filler: str) -> str:
        field = _field(self._model.objects[event.key], key)
        always = field is not None and field.required and filler != "none"
        return "always has that key" if always else ""

    def _problem(self, event: Event, key: str, filler: str) -> str:
        """Why an event cannot take a key; "" if it can, or has it in any case."""
        item = self._model.objects[event.key]
        field = _field(item, key)
        if filler == "none" or (field is not None and field.required):
            return ""
        for node in [field.type] if field else _undeclared(item, key):
            if isinstance(node, NeverType):
                return "takes no such key"
            if problem := self._verdicts.problem(node, _SAMPLES[filler]):
                return f"has another kind of it: {problem}"
        return ""


def _field(item: ObjectType, key: str) -> Field | None:
    return next((field for field in item.fields if field.wire == key), None)


def _undeclared(item: ObjectType, key: str) -> list[Type]:
    """What an undeclared key must be."""
    found = [node for pattern, node in item.patterns if _matches(pattern, key)]
    return found or [item.extra]


def _matches(pattern: str, key: str) -> bool:
    try:
        return re.search(pattern, key) is not None
    except re.error:  # one of ECMAScript's own
        return False


def _quoted(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z0-9_-]+", text) else f'"{text}"'
