"""Kinds around another kind: lists of it, null beside it, what contains itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..values.decimals import canonical
from ..values.frozen import is_list, is_mapping, too_deep
from ..values.problems import Path, Problem
from .base import ANSWER, Code, Kind, Piece, count, wrong


class Nullable(Kind):
    """null, or a value of another kind."""

    def __init__(self, inner: Kind) -> None:
        self._inner = inner

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        return None if value is None else self._inner.check(value, path, problems, wire)

    def dump(self, value: Any) -> Any:
        return None if value is None else self._inner.dump(value)

    def objects(self) -> tuple[type[Any] | None, ...]:
        return self._inner.objects()

    def doubt(self, name: str, code: Code) -> str:
        inner = self._inner.doubt(name, code)
        return f"{name} is not None and ({inner})" if inner else f"{name} is not None"

    def plain(self, name: str, code: Code) -> str:
        return f"None if {name} is None else {self._inner.plain(name, code)}"

    def text(self, name: str, code: Code) -> Piece:
        before, expression, after = self._inner.text(name, code)
        if before or after:
            opening, closing = code.use(before, "Text"), code.use(after, "Text")
            expression = f"{opening} + {expression} + {closing}"
        null = code.use("null", "Null")
        return "", f"{null} if {name} is None else {expression}", ""


class Array(Kind):
    """A list, kept as a tuple."""

    def __init__(
        self,
        items: Kind,
        *,
        prefix: Sequence[Kind] = (),
        min_items: int = 0,
        max_items: int | None = None,
        unique: bool = False,
    ) -> None:
        self._items = items
        self._prefix = tuple(prefix)
        self._min = min_items
        self._max = max_items
        self._unique = unique

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        if not is_list(value):
            return wrong("a list", value, path, problems)
        if too_deep(path, problems):
            return None
        before = len(problems)
        kept = tuple(
            self._kind(i).check(item, (*path, i), problems, wire)
            for i, item in enumerate(value)
        )
        if wire == ANSWER:
            return kept
        if len(kept) < self._min:
            wrong(f"at least {count(self._min, 'item')}", value, path, problems)
        if self._max is not None and len(kept) > self._max:
            wrong(f"at most {count(self._max, 'item')}", value, path, problems)
        if self._unique and len(problems) == before and _repeats(self.dump(kept)):
            wrong("items that differ from each other", value, path, problems)
        return kept

    def dump(self, value: Any) -> Any:
        return [self._kind(index).dump(item) for index, item in enumerate(value)]

    def _kind(self, index: int) -> Kind:
        return self._prefix[index] if index < len(self._prefix) else self._items


class Lazy(Kind):
    """A kind made on first use, for schemas that contain themselves."""

    def __init__(self, make: Callable[[], Kind]) -> None:
        self._make = make
        self._kind: Kind | None = None

    def _made(self) -> Kind:
        if self._kind is None:
            self._kind = self._make()
        return self._kind

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        return self._made().check(value, path, problems, wire)

    def dump(self, value: Any) -> Any:
        return self._made().dump(value)

    def objects(self) -> tuple[type[Any] | None, ...]:
        return self._made().objects()

    def doubt(self, name: str, code: Code) -> str:
        return self._made().doubt(name, code)

    def plain(self, name: str, code: Code) -> str:
        return self._made().plain(name, code)

    def text(self, name: str, code: Code) -> Piece:
        return self._made().text(name, code)


def _repeats(items: list[Any]) -> bool:
    return len(set(map(_identity, items))) < len(items)


def _identity(value: Any) -> object:
    """Hashable, and equal for what `same` says is the same."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return (value,)
    if isinstance(value, (int, float)):
        return canonical(value)
    if is_mapping(value):
        return frozenset((key, _identity(item)) for key, item in value.items())
    return ("list", *map(_identity, value))
