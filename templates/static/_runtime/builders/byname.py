"""Classes that a module knows by their names, and imports when it needs one of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any


class _Literals(dict[Any, Any]):
    """From a literal to its class or classes, which are imported when they are asked for."""

    def __init__(
        self, package: str, names: Mapping[Any, str | tuple[str, ...]]
    ) -> None:
        super().__init__(names)
        self._package = package

    def __getitem__(self, literal: str | int) -> Any:
        package = sys.modules[self._package]
        names: str | tuple[str, ...] = super().__getitem__(literal)
        if isinstance(names, tuple):
            return tuple(getattr(package, name) for name in names)
        return getattr(package, names)


def by_literal(
    package: str, names: Mapping[Any, str | tuple[str, ...]]
) -> Mapping[Any, Any]:
    """The classes in `package` that have such names, by the literals of their events."""
    return _Literals(package, names)


class _Classes:
    """Stands for a tuple of classes: `isinstance` takes it, and a loop goes through them."""

    def __init__(self, package: ModuleType, names: tuple[str, ...]) -> None:
        self._package = package
        self._names = dict.fromkeys(names)
        self._inside = f"{package.__name__}."

    def __instancecheck__(self, instance: object) -> bool:
        """Nothing is imported: what no module has made yet has no instance."""
        return any(
            each.__name__ in self._names and each.__module__.startswith(self._inside)
            for each in type(instance).__mro__
        )

    def __iter__(self) -> Iterator[Any]:
        return (getattr(self._package, name) for name in self._names)


def classes(package: ModuleType, *names: str) -> Any:
    """What an operation takes, as the tuple of these classes would say it."""
    return _Classes(package, names)
