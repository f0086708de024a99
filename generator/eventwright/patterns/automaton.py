"""A tree -> the automaton whose paths are what a backtracking matcher may try.

Its states are the characters of the tree (Glushkov's positions); an edge is there as many times as
there are ways to get from one to the next. What takes no text is left out, so that a path may be
counted which a matcher cuts short, never the other way round. A repeat that need not be, and takes
nothing, is a way of its own: the matcher tries that once, and goes on as if it had not been.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence as Items
from dataclasses import dataclass

from .charsets import ANY, LAST, Ranges
from .faults import TooLarge
from .tree import Boundary, Capture, Characters, Choice, Look, Node, Reference, Repeat, Sequence

MAX_STATES = 4000
MAX_EDGES = 100_000
MAX_WAYS = 1000
"""Of taking nothing, at the end of the pattern."""


@dataclass(frozen=True, slots=True)
class Automaton:
    """State 0 is before the text."""

    labels: tuple[int, ...]
    """What leads into each state: a bit for each of the kinds of characters that the pattern tells
    apart."""
    edges: tuple[dict[int, int], ...]
    """From each state: the next states, and in how many ways."""


@dataclass(frozen=True, slots=True)
class _Span:
    """How a part is entered and left, and in how many ways it takes nothing."""

    first: Counter[int]
    last: Counter[int]
    empty: int


def automaton(tree: Items[Node], *, anchored: bool, unroll: int) -> Automaton:
    """The automaton of a pattern that begins anywhere in a text, or `anchored` at its start.

    `unroll`: up to this many repeats are written out; more are taken as any number.

    Raises:
        TooLarge: it would have more than MAX_STATES states or MAX_EDGES edges, or ends in more than
            MAX_WAYS ways.
    """
    builder = _Builder(unroll)
    start = builder.state(()) if anchored else builder.state(ANY)
    span = builder.span(Sequence(tuple(tree)))
    if max(span.empty, *span.last.values(), 0) > MAX_WAYS:
        raise TooLarge
    builder.join(Counter({start: 1}), span.first)
    if not anchored:
        builder.join(Counter({start: 1}), Counter({start: 1}))
    return Automaton(_kinds(builder.ranges), tuple(dict(each) for each in builder.edges))


class _Builder:
    def __init__(self, unroll: int) -> None:
        self._unroll = unroll
        self.ranges: list[Ranges] = []
        self.edges: list[Counter[int]] = []
        self._joined = 0

    def state(self, ranges: Ranges) -> int:
        if len(self.ranges) >= MAX_STATES:
            raise TooLarge
        self.ranges.append(ranges)
        self.edges.append(Counter())
        return len(self.ranges) - 1

    def join(self, last: Counter[int], first: Counter[int]) -> None:
        self._joined += len(last) * len(first)
        if self._joined > MAX_EDGES:
            raise TooLarge
        for one, ways in last.items():
            for two, more in first.items():
                self.edges[one][two] += ways * more

    def span(self, node: Node) -> _Span:
        match node:
            case Characters(ranges):
                state = self.state(ranges)
                return _Span(Counter({state: 1}), Counter({state: 1}), 0)
            case Reference():  # of text that may be anything
                return self._repeat(Repeat(Characters(ANY), 0, None))
            case Sequence(parts):
                return self._sequence(map(self.span, parts))
            case Choice(arms):
                return self._choice(list(map(self.span, arms)))
            case Capture(inner):
                return self.span(inner)
            case Look(inner, behind=False):  # a way that ends there, beside the one that leads on
                return _Span(self.span(inner).first, Counter(), 1)
            case Boundary() | Look():
                return _Span(Counter(), Counter(), 1)
            case Repeat():
                return self._repeat(node)

    def _sequence(self, spans: Iterable[_Span]) -> _Span:
        whole = _Span(Counter(), Counter(), 1)
        for span in spans:
            self.join(whole.last, span.first)
            whole = _Span(
                whole.first + _times(span.first, whole.empty),
                span.last + _times(whole.last, span.empty),
                whole.empty * span.empty,
            )
        return whole

    def _choice(self, spans: Items[_Span]) -> _Span:
        first, last = Counter[int](), Counter[int]()
        for span in spans:
            first.update(span.first)
            last.update(span.last)
        return _Span(first, last, sum(span.empty for span in spans))

    def _repeat(self, node: Repeat) -> _Span:
        if node.most is not None and node.most <= self._unroll:
            return self._written_out(node.inner, node.least, node.most)
        if 1 < node.least <= self._unroll:
            rest = Repeat(node.inner, 0, None)
            return self.span(Sequence((*[node.inner] * node.least, rest)))
        inner = self.span(node.inner)
        if inner.empty and node.least > 1:
            # Each of the repeats that must be there may take nothing: a way for every choice.
            raise TooLarge
        self.join(inner.last, inner.first)
        ways = 1 + inner.empty
        if not node.least:
            return _Span(inner.first, _times(inner.last, ways), ways)
        # The one that must be there may take nothing, and another one what there is.
        first, last = _times(inner.first, ways), _times(inner.last, ways)
        return _Span(first, last, inner.empty * ways)

    def _written_out(self, inner: Node, least: int, most: int) -> _Span:
        """`a{1,3}` as `a(a(a)?)?`."""
        rest = _Span(Counter(), Counter(), 1)
        for _ in range(most - least):
            optional = self.span(inner)
            whole = self._sequence([optional, rest])
            rest = _Span(whole.first, whole.last, 1 + optional.empty)
        return self._sequence([*(self.span(inner) for _ in range(least)), rest])


def _times(ways: Counter[int], factor: int) -> Counter[int]:
    return Counter({state: number * factor for state, number in ways.items() if factor})


def _kinds(labels: Items[Ranges]) -> tuple[int, ...]:
    """Characters that are in the same sets are of one kind."""
    sets = list(dict.fromkeys(labels))
    borders = sorted({edge for each in sets for first, last in each for edge in (first, last + 1)})
    kinds: dict[int, int] = {}
    members = [0] * len(sets)
    for border in borders:
        within = sum(1 << i for i, each in enumerate(sets) if _holds(each, border))
        bit = kinds.setdefault(within, len(kinds))
        for index in range(len(sets)):
            if within >> index & 1:
                members[index] |= 1 << bit
    found = dict(zip(sets, members, strict=True))
    return tuple(found[each] for each in labels)


def _holds(ranges: Ranges, code: int) -> bool:
    index = bisect_right(ranges, (code, LAST + 1))
    return index > 0 and code <= ranges[index - 1][1]
