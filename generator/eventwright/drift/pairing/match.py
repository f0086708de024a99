"""Pair things of two documents that say the same, whatever their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from .place import Place

T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Matched(Generic[T]):
    """`same`: pairs; `gone` and `come`: what only the old or the new document has."""

    same: list[tuple[T, T]]
    gone: list[T]
    come: list[T]


def match(place: Place, old: Sequence[T], new: Sequence[T]) -> Matched[T]:
    """Pair types or assertions by what they say, words aside; each one once."""
    signatures = place.pairs.signatures
    if not (old and new):
        return Matched(same=[], gone=list(old), come=list(new))
    waiting: dict[int, list[Any]] = {}
    for each in new:
        waiting.setdefault(signatures[1].of(each), []).append(each)
    found: Matched[T] = Matched(same=[], gone=[], come=[])
    for each in old:
        others = waiting.get(signatures[0].of(each))
        if others:
            found.same.append((each, others.pop(0)))
        else:
            found.gone.append(each)
    left = {id(each) for others in waiting.values() for each in others}
    found.come = [each for each in new if id(each) in left]
    return found
