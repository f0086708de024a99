"""How long a backtracking matcher may take with a pattern."""

from __future__ import annotations

from dataclasses import dataclass

from .ambiguity import LETTERS, Doublings, Growth, growth
from .automaton import automaton
from .faults import TooLarge
from .tree import Boundary, Capture, Choice, Look, Node, Reference, Repeat, Sequence, below

_UNROLL = (4, 1000)
"""Repeats that are written out: few first, which is quick, but takes `(a{1,3}){1,5}` for
`(a+)+`."""
_STEPS = 4_000_000
"""What a search may take: some tenths of a second."""
_POWER = 3
"""Of a text's length. What takes more is as good as exponential: it is not run."""
_SHORTEST = 100
"""Letters of a text. A pattern that takes longer with shorter ones is not run."""
_EACH = 100
"""Steps for each letter that are nothing to speak of."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a pattern costs at worst."""

    limit: int | None
    """Letters of the longest text that it can be searched in without taking long; None: any."""


def cost(tree: Node) -> Cost | None:
    """None: the pattern may take exponential time, or so long that it makes no difference.

    Raises:
        TooLarge: that takes too long to find out.
    """
    parts = tree.parts if isinstance(tree, Sequence) else (tree,)
    begin, tail = _without_tail(parts)
    found = [_cost(begin, anchored=is_anchored(Sequence(begin))), _cost(tail, anchored=True)]
    costs = [each for each in found if each is not None]
    limits = [each.limit for each in costs if each.limit is not None]
    return Cost(min(limits, default=None)) if len(costs) == len(found) else None


def _cost(parts: tuple[Node, ...], *, anchored: bool) -> Cost | None:
    known: list[int] = []
    texts: Doublings = ()
    for unroll in _UNROLL:
        try:
            found = growth(automaton(parts, anchored=anchored, unroll=unroll), texts)
        except TooLarge:
            if unroll == _UNROLL[-1] and not known:
                raise
            continue
        if isinstance(found, Growth) and found.power == 1 and found.steps <= _EACH * LETTERS:
            return Cost(None)
        known.append(_limit(found) if isinstance(found, Growth) and found.power <= _POWER else 0)
        texts = found if isinstance(found, tuple) else ()
    longest = max(known)
    return Cost(longest) if longest >= _SHORTEST else None


def _limit(found: Growth) -> int:
    """In one digit and zeros."""
    letters = int(LETTERS * (_STEPS / found.steps) ** (1 / found.power))
    zeros: int = 10 ** (len(str(letters)) - 1)
    return letters // zeros * zeros


def _without_tail(parts: tuple[Node, ...]) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """A pattern without its end, where that may take nothing, and that end.

    Once the rest is found so is the whole: nothing makes the matcher come back to it.
    """
    index = len(parts)
    while index and _always(parts[index - 1]):
        index -= 1
    last = parts[index - 1] if index else None
    if isinstance(last, Repeat) and last.least and _is_plain(last.inner):
        more = None if last.most is None else last.most - last.least
        begin = (*parts[: index - 1], Repeat(last.inner, last.least, last.least))
        return begin, (Repeat(last.inner, 0, more), *parts[index:])
    return parts[:index], parts[index:]


def _always(node: Node) -> bool:
    """Whether a node can take nothing, wherever it is."""
    match node:
        case Sequence(parts):
            return all(map(_always, parts))
        case Choice(arms):
            return any(map(_always, arms)) and _is_plain(node)
        case Repeat(inner, least):
            return (not least or _always(inner)) and _is_plain(inner)
        case Capture(inner):
            return _always(inner)
        case _:
            return False


def _is_plain(node: Node) -> bool:
    return not any(isinstance(each, (Boundary, Look, Reference)) for each in below(node))


def is_anchored(node: Node) -> bool:
    """Whether it can only match from the start of a text on."""
    match node:
        case Boundary(kind):
            return kind == "start"
        case Sequence(parts):
            first = next((part for part in parts if not isinstance(part, Look)), None)
            return first is not None and is_anchored(first)
        case Choice(arms):
            return all(map(is_anchored, arms))
        case Repeat(inner, least):
            return least > 0 and is_anchored(inner)
        case Capture(inner):
            return is_anchored(inner)
        case _:
            return False
