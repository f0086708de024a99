"""Conditions on a value that no type expresses: `anyOf`, `not`, `if` … of JSON Schema 2020-12."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import Any

from ..values.frozen import is_list, is_mapping
from ..values.problems import Path, Problem
from .base import ANSWER, MISSING, Condition, Kind, accepts, check_size, wrong


class Checked(Kind):
    """A kind with conditions."""

    def __init__(self, inner: Kind, *conditions: Condition) -> None:
        self._inner = inner
        self._conditions = conditions

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        before = len(problems)
        kept = self._inner.check(value, path, problems, wire)
        if len(problems) == before and wire != ANSWER:
            meet(self._conditions, self._inner.dump(kept), path, problems)
        return kept

    def dump(self, value: Any) -> Any:
        return self._inner.dump(value)

    def objects(self) -> tuple[type[Any] | None, ...]:
        return self._inner.objects()


def meet(
    conditions: Sequence[Condition], value: Any, path: Path, problems: list[Problem]
) -> None:
    """Put a JSON value to every condition."""
    for condition in conditions:
        condition(value, path, problems)


class IfType:
    """What a value is, if it is of one JSON type: array, number, object or string."""

    def __init__(self, name: str, kind: Kind) -> None:
        self._is_type = _TYPES[name]
        self._kind = kind

    def __call__(self, value: Any, path: Path, problems: list[Problem]) -> None:
        if self._is_type(value):
            self._kind.check(value, path, problems, True)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_string(value: object) -> bool:
    return isinstance(value, str)


_TYPES: dict[str, Callable[[object], bool]] = {
    "array": is_list,
    "number": _is_number,
    "object": is_mapping,
    "string": _is_string,
}


class AllOf:
    """Every one of several kinds."""

    def __init__(self, *kinds: Kind) -> None:
        self._kinds = kinds

    def __call__(self, value: Any, path: Path, problems: list[Problem]) -> None:
        for kind in self._kinds:
            kind.check(value, path, problems, True)


class AnyOf:
    """At least one of several kinds."""

    def __init__(self, *kinds: Kind, words: str) -> None:
        self._kinds = kinds
        self._words = words

    def __call__(self, value: Any, path: Path, problems: list[Problem]) -> None:
        if not any(accepts(kind, value) for kind in self._kinds):
            wrong(self._words, value, path, problems)


class OneOf:
    """Exactly one of several kinds."""

    def __init__(self, *kinds: Kind, words: str) -> None:
        self._kinds = kinds
        self._words = words

    def __call__(self, value: Any, path: Path, problems: list[Problem]) -> None:
        if sum(accepts(kind, value) for kind in self._kinds) != 1:
            wrong(self._words, value, path, problems)


class Not:
    """Anything but a kind."""

    def __init__(self, kind: Kind, *, words: str) -> None:
        self._kind = kind
        self._words = words

    def __call__(self, value: Any, path: Path, problems: list[Problem]) -> None:
        if accepts(self._kind, value):
            wrong(self._words, value, path, problems)


class If:
    """`then` for what meets the first kind, `otherwise` for the rest."""

    def __init__(self, test: Kind, then: Kind, otherwise: Kind) -> None:
        self._test = test
        self._then = then
        self._otherwise = otherwise

    def __call__(self, value: Any, path: Path, problems: list[Problem]) -> None:
        chosen = self._then if accepts(self._test, value) else self._otherwise
        chosen.check(value, path, problems, True)


class Contains:
    """A list with so many items of a kind."""

    def __init__(self, kind: Kind, least: int, most: int | None = None) -> None:
        self._kind = kind
        self._least = least
        self._most = most

    def __call__(self, value: Any, path: Path, problems: list[Problem]) -> None:
        if not is_list(value):
            return
        count = sum(accepts(self._kind, item) for item in value)
        if count < self._least or (self._most is not None and count > self._most):
            most = "" if self._most is None else f" and at most {self._most}"
            wrong(
                f"at least {self._least}{most} items of a kind", value, path, problems
            )


class Keys:
    """Keys that are all of a kind (`propertyNames`)."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind

    def __call__(self, value: Any, path: Path, problems: list[Problem]) -> None:
        if is_mapping(value):
            for key in value:
                self._kind.check(key, (*path, key), problems, True)


class Together:
    """When a key is there, others must be too (`dependentRequired`)."""

    def __init__(self, key: str, *needed: str) -> None:
        self._key = key
        self._needed = needed

    def __call__(self, value: Any, path: Path, problems: list[Problem]) -> None:
        if is_mapping(value) and self._key in value:
            for key in self._needed:
                if key not in value:
                    expected = f"a value, since {self._key!r} is there"
                    wrong(expected, MISSING, (*path, key), problems)


class When:
    """When a key is there, the object must be of a kind (`dependentSchemas`)."""

    def __init__(self, key: str, kind: Kind) -> None:
        self._key = key
        self._kind = kind

    def __call__(self, value: Any, path: Path, problems: list[Problem]) -> None:
        if is_mapping(value) and self._key in value:
            self._kind.check(value, path, problems, True)


class Without:
    """An object without certain keys."""

    def __init__(self, *keys: str) -> None:
        self._keys = keys

    def __call__(self, value: Any, path: Path, problems: list[Problem]) -> None:
        if is_mapping(value):
            for key in self._keys:
                if key in value:
                    wrong("no such key", value[key], (*path, key), problems)


class Size:
    """An object with so many keys (`minProperties`, `maxProperties`)."""

    def __init__(self, least: int = 0, most: int | None = None) -> None:
        self._least = least
        self._most = most

    def __call__(self, value: Any, path: Path, problems: list[Problem]) -> None:
        if is_mapping(value):
            check_size(len(value), self._least, self._most, path, problems)


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
