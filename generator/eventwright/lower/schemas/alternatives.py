"""Which groups of a schema are unions, and how many kinds of value they allow together."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from ...schema.parse import Parser
from ...schema.schema import Flat, Group, Schema, places
from ...text.pointers import Pointer

MAX_ALTERNATIVES = 250
"""Of one value, where the document writes fewer arms: several choices that stand side by side, or
in each other, multiply."""

_CHOICES = ("oneOf", "anyOf")


class Alternatives:
    """Counts what opening unions, and saying in each arm what stands beside them, comes to."""

    def __init__(self, parser: Parser) -> None:
        self._flatten = parser.flatten
        self._counts: dict[tuple[Pointer, ...], int] = {}

    def unions(self, flat: Flat) -> Iterator[Group]:
        """The groups whose arms are more than conditions on `flat` itself."""
        for group in flat.groups:
            if group.keyword in _CHOICES:
                arms = [self._flatten(schema) for schema in group.schemas]
                if not all(_only_requires(arm) for arm in arms) and not (
                    flat.properties and all(_refines(arm, flat) for arm in arms)
                ):
                    yield group

    def too_many(self, flat: Flat) -> bool:
        """Whether there are more than there should be, and not because as many are written."""
        waiting = list(self._arms(flat))
        # With a stack of its own: unions may lead on for longer than Python likes to.
        while waiting:
            arm = self._flatten(waiting[-1])
            unknown = [each for each in self._arms(arm) if places(each) not in self._counts]
            waiting += unknown
            if not unknown:
                self._counts[places(waiting.pop())] = self._count(arm)
        count = self._count(flat)
        return count > MAX_ALTERNATIVES and count > self._written(flat)

    def _count(self, flat: Flat) -> int:
        return math.prod(
            sum(self._counts[places(schema)] for schema in group.schemas)
            for group in self.unions(flat)
        )

    def _written(self, flat: Flat) -> int:
        """How many arms the document has in all for it."""
        seen: set[tuple[Pointer, ...]] = set()
        waiting = list(self._arms(flat))
        while waiting:
            arm = waiting.pop()
            if places(arm) not in seen:
                seen.add(places(arm))
                waiting += self._arms(self._flatten(arm))
        return len(seen)

    def _arms(self, flat: Flat) -> Iterator[Schema]:
        for group in self.unions(flat):
            yield from group.schemas


def _only_requires(arm: Flat) -> bool:
    bare = replace(arm, required=(), nullable=False, notes={}, other={}, types=None, groups=())
    plain = bare == Flat(key=arm.key, at=arm.at) and arm.types in (None, frozenset({"object"}))
    groups = all(group.keyword == "not" for group in arm.groups)
    return plain and groups and bool(arm.required or arm.groups)


def _refines(arm: Flat, base: Flat) -> bool:
    """Whether an arm speaks only of keys that the object declares anyway."""
    written_out = arm.key.startswith(base.at)
    return written_out and bool(arm.properties) and arm.properties.keys() <= base.properties.keys()
