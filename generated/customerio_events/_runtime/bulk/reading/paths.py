"""Where keys lead in the events of a package."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Stray:
    """Where a path leaves what is declared.

    Attributes:
        within: the keys that lead to an object.
        key: that it does not declare.
        known: those that it does; () where it is no object.
    """

    within: tuple[str, ...]
    key: str
    known: tuple[str, ...]


def keys_of(builders: Iterable[type[Any]]) -> tuple[str, ...]:
    """The keys that any of the classes declares, each once."""
    found = (part.wire for each in builders for part in each.__shape__.parts)
    return tuple(dict.fromkeys(found))


def stray(builders: Sequence[type[Any]], path: Sequence[str]) -> Stray | None:
    """Where a path that begins in one of the classes leaves what is declared.

    None where it does not, and where it leads into an object that has no keys of its own.
    """
    for depth, key in enumerate(path):
        known = keys_of(builders)
        if key not in known:
            return Stray(tuple(path[:depth]), key, known)
        inside = [object for each in builders for object in _objects(each, key)]
        builders = [each for each in inside if each is not None]
        if len(builders) < len(inside):
            return None
        if not builders and depth + 1 < len(path):  # a text, a list
            return Stray(tuple(path[: depth + 1]), path[depth + 1], ())
    return None


def _objects(builder: type[Any], key: str) -> Iterable[type[Any] | None]:
    for member in builder.__shape__.members:
        if member.wire == key:
            yield from member.kind.objects()
