"""Schemas that cannot be read, for those who compare: as written they are the same, or not."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from ...diagnostics.remarks import Remark
from ...document.walk import objects
from ...model.model import AnyType, Notes, ObjectType
from ...schema.evaluation import TooManyWays
from ...schema.parse import Circular, Parser
from ...schema.schema import Schema
from ...text.pointers import Pointer, target
from .limits import TooDeep, TooMany

UNREADABLE = (TooDeep, TooMany, TooManyWays, Circular, RecursionError)


class Unread:
    """Stands in for such schemas, and remembers where they are."""

    def __init__(self, parser: Parser) -> None:
        self._lookup = parser.lookup
        self._places: dict[Pointer, None] = {}

    def type(self, schema: Schema) -> AnyType:
        """What stands for a schema."""
        return AnyType(at=schema.parts[0].at, notes=self._notes([p.at for p in schema.parts]))

    def object(self, key: str, at: Pointer) -> ObjectType:
        """What stands for an object."""
        # What an object's own notes say is said where it is used: not read there.
        rest = AnyType(at=at, notes=self._notes([at]))
        return ObjectType(key=key, name="", fields=(), extra=rest, at=at)

    def remarks(self) -> tuple[Remark, ...]:
        """One for each."""
        return tuple(
            Remark(
                code="E316",
                message="this is too large, or in itself without end: compared as it is written",
                at=at,
            )
            for at in self._places
        )

    def _notes(self, places: list[Pointer]) -> Notes:
        self._places.setdefault(places[0])
        return Notes(other=(("schema as written", self._digest(places)),))

    def _digest(self, places: list[Pointer]) -> str:
        """Of the schemas and all that they refer to."""
        seen: dict[Pointer, Any] = {}
        waiting = places[::-1]
        while waiting:
            at = waiting.pop()
            if at not in seen:
                seen[at] = self._known(at)
                refs = (each.get("$ref") for _, each in objects(seen[at]))
                waiting += [target(ref) for ref in refs if isinstance(ref, str)]
        return sha256(json.dumps(list(seen.values()), sort_keys=True).encode()).hexdigest()[:12]

    def _known(self, at: Pointer) -> Any:
        try:
            return self._lookup(at.partition("#")[0])
        except (LookupError, ValueError):
            return None
