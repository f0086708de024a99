"""Conditions on what a schema has not looked at: `unevaluatedProperties`, `unevaluatedItems`."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from .kinds import Kind, accepts
from .problems import Path, Problem
from .values import is_list, is_mapping


class Seen:
    """Keys and items that are looked at where every kind of `where` takes the value.

    Args:
        names: keys.
        patterns: of keys.
        first: how many of the leading items.
        every: all keys, or all items.
        matching: kinds of items.
    """

    def __init__(
        self,
        *,
        where: Sequence[Kind] = (),
        names: Collection[str] = (),
        patterns: Sequence[str] = (),
        first: int = 0,
        every: bool = False,
        matching: Sequence[Kind] = (),
    ) -> None:
        self._where = where
        self._names = frozenset(names)
        self._patterns = patterns
        self._first = first
        self._every = every
        self._matching = matching

    def applies(self, value: Any) -> bool:
        """Whether it counts for a value."""
        return all(accepts(kind, value) for kind in self._where)

    def has_key(self, key: str) -> bool:
        """Whether it looks at a key."""
        if self._every or key in self._names:
            return True
        return any(re.search(pattern, key) for pattern in self._patterns)

    def has_item(self, index: int, item: Any) -> bool:
        """Whether it looks at an item of a list."""
        if self._every or index < self._first:
            return True
        return any(accepts(kind, item) for kind in self._matching)


class RestOfKeys:
    """The keys that nothing looks at hold values of a kind."""

    def __init__(self, kind: Kind, *seen: Seen) -> None:
        self._kind = kind
        self._seen = seen

    def __call__(self, value: Any, path: Path, problems: list[Problem]) -> None:
        if is_mapping(value):
            seen = [each for each in self._seen if each.applies(value)]
            for key, item in value.items():
                if not any(each.has_key(key) for each in seen):
                    self._kind.check(item, (*path, key), problems, True)


class RestOfItems:
    """The items that nothing looks at are of a kind."""

    def __init__(self, kind: Kind, *seen: Seen) -> None:
        self._kind = kind
        self._seen = seen

    def __call__(self, value: Any, path: Path, problems: list[Problem]) -> None:
        if is_list(value):
            seen = [each for each in self._seen if each.applies(value)]
            for index, item in enumerate(value):
                if not any(each.has_item(index, item) for each in seen):
                    self._kind.check(item, (*path, index), problems, True)
