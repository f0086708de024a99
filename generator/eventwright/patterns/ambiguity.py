"""How many paths of an automaton one text may have: what a backtracking matcher tries in turn.

Weber and Seidl, "On the degree of ambiguity of finite automata" (1991): the number grows
exponentially with the text if some state has two ways back to itself over one text, else like a
power of its length. The power is told by pairs of states p and q such that some text leads from p
to p, from p to q and from q to q.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice
from math import factorial

from .automaton import Automaton
from .faults import TooLarge

MAX_STEPS = 200_000
"""Of looking. A pattern that takes more is not told to be harmless."""

LETTERS = 64
MAX_TRIED = 1_000_000
"""Of steps for a text of LETTERS letters: beyond, choices without a loop (`a?a?a?…`) are as bad as
those in one."""
MAX_TEXTS = 50
"""Of a loop, which have ever more paths: enough to meet the worst one."""
MAX_IN_ALL = 4_000_000
"""Of steps for a text that is as long as it takes to get through all that is written out."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How the steps grow that a matcher may take before it gives a text up."""

    power: int
    """Of the text's length."""
    steps: int
    """For LETTERS letters."""


@dataclass(frozen=True, slots=True)
class Doubling:
    """A text that has twice as many paths with each repeat of its end: steps grow exponentially.

    It is made of kinds of characters, each a bit.
    """

    begin: tuple[int, ...]
    repeated: tuple[int, ...]


Doublings = tuple[Doubling, ...]


def growth(automaton: Automaton, texts: Doublings = ()) -> Growth | Doublings | None:
    """How the steps grow, or the texts with which exponentially; None: they might as well.

    `texts`: such of an automaton of the same characters.

    Raises:
        TooLarge: that takes too long to find out.
    """
    return _Ambiguity(automaton).growth(texts)


class _Ambiguity:
    def __init__(self, automaton: Automaton) -> None:
        self._labels = automaton.labels
        self._edges = automaton.edges
        self._steps = 0

    def growth(self, texts: Doublings) -> Growth | Doublings | None:
        loops = self._loops()
        found = self._found(loops)
        if found:
            return found
        steps = self._tried()
        longer = max(map(self._tried_with, texts), default=0)
        if steps > MAX_TRIED or longer > MAX_IN_ALL:
            return None
        steps = max(steps, longer)
        power = self._degree(loops) + 1
        return Growth(power, max(steps, LETTERS**power // factorial(power)))

    def _degree(self, loops: list[frozenset[int]]) -> int:
        """The power of the length that the number of paths grows with."""
        powers: list[int] = []
        for loop in loops:
            reached = self._reached(loop)
            follow = [i for i, _ in enumerate(powers) if loops[i] & reached]
            inner = [powers[i] + self._overlaps(loop, loops[i]) for i in follow]
            powers.append(max(inner, default=0))
        return max(powers, default=0)

    def _step(self) -> None:
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise TooLarge

    def _loops(self) -> list[frozenset[int]]:
        """The sets of states that lead to each other, a set after those that it leads to."""
        found: list[frozenset[int]] = []
        order, low, stack = dict[int, int](), dict[int, int](), list[int]()
        numbers = count()
        on_stack: set[int] = set()
        work: list[tuple[int, Iterator[int]]] = []

        def enter(state: int) -> None:
            order[state] = low[state] = next(numbers)
            stack.append(state)
            on_stack.add(state)
            work.append((state, iter(self._edges[state])))

        enter(0)
        while work:
            state, following = work[-1]
            for other in following:
                if other not in order:
                    enter(other)
                    break
                if other in on_stack:
                    low[state] = min(low[state], order[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[state])
                if low[state] == order[state]:
                    cut = stack.index(state)
                    component, stack[cut:] = frozenset(stack[cut:]), []
                    on_stack -= component
                    if len(component) > 1 or state in self._edges[state]:
                        found.append(component)
        return found

    def _found(self, loops: list[frozenset[int]]) -> Doublings:
        found = dict[Doubling, None]()
        try:
            for loop in loops:
                found.update(dict.fromkeys(islice(self._doublings(loop), MAX_TEXTS)))
        except TooLarge:
            if not found:
                raise
        return tuple(found)

    def _doublings(self, loop: frozenset[int]) -> Iterator[Doubling]:
        """Texts that lead in two ways from a state of a loop back to it."""
        for state in loop:
            for other, ways in self._edges[state].items():
                if ways > 1 and other in loop:
                    yield self._repeated(state, (_lowest(self._labels[other]),), other)
        came: dict[tuple[int, int], tuple[int, int]] = {}
        waiting = deque[tuple[int, int]]((state, state) for state in loop)
        while waiting:
            pair = waiting.popleft()
            for following in self._pairs(*pair, loop):
                if following[0] == following[1]:
                    if pair[0] != pair[1]:
                        start, text = self._way(came, pair)
                        yield self._repeated(start, (*text, self._kind(following)), following[0])
                elif following not in came:
                    came[following] = pair
                    waiting.append(following)

    def _way(
        self, came: dict[tuple[int, int], tuple[int, int]], pair: tuple[int, int]
    ) -> tuple[int, list[int]]:
        """The state that a pair parted at, and the text since then."""
        text: list[int] = []
        while pair[0] != pair[1]:
            text.append(self._kind(pair))
            pair = came[pair]
        return pair[0], text[::-1]

    def _kind(self, pair: tuple[int, int]) -> int:
        return _lowest(self._labels[pair[0]] & self._labels[pair[1]])

    def _repeated(self, start: int, text: tuple[int, ...], end: int) -> Doubling:
        """`text` leads from one state of a loop to another in two ways."""
        return Doubling(self._path(0, start), (*text, *self._path(end, start)))

    def _path(self, start: int, end: int) -> tuple[int, ...]:
        """The shortest text from one state to another."""
        texts: dict[int, tuple[int, ...]] = {start: ()}
        waiting = deque([start])
        while end not in texts:
            state = waiting.popleft()
            for other in self._edges[state]:
                self._step()
                if other not in texts:
                    texts[other] = (*texts[state], _lowest(self._labels[other]))
                    waiting.append(other)
        return texts[end]

    def _pairs(self, one: int, two: int, loop: frozenset[int]) -> Iterator[tuple[int, int]]:
        for a in self._edges[one]:
            for b in self._edges[two] if a in loop else ():
                self._step()
                if b in loop and self._labels[a] & self._labels[b]:
                    yield (a, b) if a < b else (b, a)

    def _reached(self, states: frozenset[int]) -> set[int]:
        """What some states lead to."""
        found, waiting = set(states), list(states)
        while waiting:
            for other in self._edges[waiting.pop()]:
                self._step()
                if other not in found:
                    found.add(other)
                    waiting.append(other)
        return found

    def _overlaps(self, loop: frozenset[int], later: frozenset[int]) -> bool:
        """Whether a text may be shared out between two loops in any way, as in `a*a*`."""
        return any(self._shared(p, q, loop, later) for p in loop for q in later)

    def _shared(self, p: int, q: int, loop: frozenset[int], later: frozenset[int]) -> bool:
        seen: set[tuple[int, int, int]] = set()
        waiting = [(p, p, q)]
        while waiting:
            triple = waiting.pop()
            for found in self._triples(triple, loop, later):
                if found == (p, q, q):
                    return True
                if found not in seen:
                    seen.add(found)
                    waiting.append(found)
        return False

    def _triples(
        self, triple: tuple[int, int, int], loop: frozenset[int], later: frozenset[int]
    ) -> Iterator[tuple[int, int, int]]:
        one, two, three = triple
        for a in self._edges[one].keys() & loop:
            for c in self._edges[three].keys() & later:
                both = self._labels[a] & self._labels[c]
                for b in self._edges[two] if both else ():
                    self._step()
                    if both & self._labels[b]:
                        yield a, b, c

    def _tried(self) -> int:
        """The steps for a text of LETTERS letters, each the one that leads to most paths that go
        on."""
        paths, steps = {0: 1}, 0
        for _ in range(LETTERS):
            following: dict[int, dict[int, int]] = {}
            for state, number in paths.items():
                for other, ways in self._edges[state].items():
                    for kind in _bits(self._labels[other]):
                        self._step()
                        found = following.setdefault(kind, {})
                        found[other] = found.get(other, 0) + number * ways
            if not following or steps > MAX_TRIED:
                break
            paths = max(following.values(), key=self._going_on)
            steps += sum(paths.values())
        return steps

    def _tried_with(self, text: Doubling) -> int:
        """The steps for a text."""
        paths, steps = {0: 1}, 0
        times = max(MAX_IN_ALL.bit_length(), len(self._labels) // len(text.repeated) + 1)
        for kind in text.begin + text.repeated * times:
            following: dict[int, int] = {}
            for state, number in paths.items():
                for other, ways in self._edges[state].items():
                    self._step()
                    if self._labels[other] & kind:
                        following[other] = following.get(other, 0) + number * ways
            if not following or steps > MAX_IN_ALL:
                break
            paths = following
            steps += sum(paths.values())
        return steps

    def _going_on(self, paths: dict[int, int]) -> int:
        return sum(number for state, number in paths.items() if self._edges[state])


def _lowest(number: int) -> int:
    return number & -number


def _bits(number: int) -> Iterator[int]:
    while number:
        yield number & -number
        number &= number - 1
