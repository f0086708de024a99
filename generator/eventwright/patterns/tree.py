"""A regular expression of ECMA-262 as a tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .charsets import Ranges


@dataclass(frozen=True, slots=True)
class Characters:
    """One character of a set: a literal, a class, `.`, `\\d` …"""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other; none of them: the empty text."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Any one of several."""

    arms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """So often; `most` is None where there is no end."""

    inner: Node
    least: int
    most: int | None
    lazy: bool = False


@dataclass(frozen=True, slots=True)
class Capture:
    """A group that references may speak of; the first is number 1."""

    inner: Node
    number: int


@dataclass(frozen=True, slots=True)
class Reference:
    """The text that a group captured."""

    number: int


@dataclass(frozen=True, slots=True)
class Boundary:
    """`^`, `$`, `\\b` or `\\B`."""

    kind: Literal["start", "end", "word", "no word"]


@dataclass(frozen=True, slots=True)
class Look:
    """A look ahead or behind, which takes no text."""

    inner: Node
    behind: bool
    negative: bool


Node: TypeAlias = Characters | Sequence | Choice | Repeat | Capture | Reference | Boundary | Look


def below(node: Node) -> Iterator[Node]:
    """A node and all nodes in it."""
    yield node
    match node:
        case Sequence(inner) | Choice(inner):
            for each in inner:
                yield from below(each)
        case Repeat(inner) | Capture(inner) | Look(inner):
            yield from below(inner)
