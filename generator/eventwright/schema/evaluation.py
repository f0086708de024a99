"""What of a value a schema looks at: the keys and items that its `unevaluated…` leaves alone.

A schema sees what its own keywords and those applied in the same place (`$ref`, `allOf`, the arms
of `anyOf` that take the value …) evaluate, and nothing of what is said beside or around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..text.jsonvalues import Json
from ..text.pointers import Pointer, join, target
from .schema import Part, Schema, places

MAX_SEEN = 1000
"""Ways through the conditions of one schema: each is written out where the schema is used."""


class TooManyWays(Exception):
    """Conditions in each other lead to more than MAX_SEEN; `at` is the schema."""

    def __init__(self, at: Pointer) -> None:
        super().__init__(at)
        self.at = at


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is looked at where all of `where` take the value; without any: always."""

    where: tuple[Schema, ...] = ()
    names: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    first: int = 0
    """How many of the leading items."""
    every: bool = False
    """All keys, or all items."""
    matching: tuple[Schema, ...] = ()
    """Items that one of these takes."""


_Own = Callable[[Mapping[str, Any], Pointer, tuple[Schema, ...], bool], Seen]


class Evaluation:
    """`lookup` gives what a pointer leads to."""

    def __init__(self, lookup: Callable[[Pointer], Any]) -> None:
        self._lookup = lookup

    def properties(self, scope: Schema) -> tuple[Seen, ...]:
        """For the `unevaluatedProperties` of the scope itself. Raises TooManyWays."""
        return self._seen(scope, _properties)

    def items(self, scope: Schema) -> tuple[Seen, ...]:
        """For its `unevaluatedItems`."""
        return self._seen(scope, _items)

    def _seen(self, scope: Schema, own: _Own) -> tuple[Seen, ...]:
        (root,) = scope.parts
        found: list[Seen] = []
        done: set[tuple[object, ...]] = set()
        waiting: list[tuple[Part, tuple[Schema, ...]]] = [(root, ())]
        while waiting:
            part, where = waiting.pop()
            key = part.at, *map(places, where)
            if not isinstance(part.data, dict) or key in done:
                continue
            done.add(key)
            if len(done) > MAX_SEEN:
                raise TooManyWays(root.at)
            seen = own(part.data, part.at, where, part == root)
            found += [seen] if seen != Seen(where=where) else []
            waiting += reversed(list(self._applied(part.data, part.at, where)))
        return tuple(found)

    def _applied(
        self, data: Mapping[str, Any], at: Pointer, where: tuple[Schema, ...]
    ) -> Iterator[tuple[Part, tuple[Schema, ...]]]:
        """The schemas put to the same value, and what must take it for them to count."""
        if isinstance(data.get("$ref"), str):
            pointer = target(data["$ref"])
            yield Part(self._lookup(pointer), pointer), where
        for index, arm in enumerate(data.get("allOf") or ()):
            yield Part(arm, join(at, "allOf", index)), where
        for keyword in ("anyOf", "oneOf"):
            for index, arm in enumerate(data.get(keyword) or ()):
                part = Part(arm, join(at, keyword, index))
                yield part, (*where, Schema((part,)))
        if "if" in data:
            test = Part(data["if"], join(at, "if"))
            yield test, (*where, Schema((test,)))
            yield Part(data.get("then"), join(at, "then")), (*where, Schema((test,)))
            other = Schema.of({"not": data["if"]}, join(at, "else#"))
            yield Part(data.get("else"), join(at, "else")), (*where, other)
        for keyword in ("dependentSchemas", "dependencies"):
            for name, value in (data.get(keyword) or {}).items():
                asked: Json = {"type": "object", "required": [name]}
                has = Schema.of(asked, join(at, f"{keyword}#", name))
                yield Part(value, join(at, keyword, name)), (*where, has)


def _properties(
    data: Mapping[str, Any], at: Pointer, where: tuple[Schema, ...], root: bool
) -> Seen:
    rest = "unevaluatedProperties" in data and not root
    return Seen(
        where=where,
        names=tuple(data.get("properties") or ()),
        patterns=tuple(data.get("patternProperties") or ()),
        every="additionalProperties" in data or rest,
    )


def _items(data: Mapping[str, Any], at: Pointer, where: tuple[Schema, ...], root: bool) -> Seen:
    rest = "unevaluatedItems" in data and not root
    inner = Schema.of(data.get("contains"), join(at, "contains"))
    return Seen(
        where=where,
        first=len(data.get("prefixItems") or ()),
        every="items" in data or rest,
        matching=(inner,) if "contains" in data else (),
    )
