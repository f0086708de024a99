"""Is one pattern wider than another? Yes only where the two texts show it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

from ...patterns.charsets import LINE_ENDS, Ranges, complement, union
from ...patterns.faults import Inexpressible, PatternSyntaxError
from ...patterns.reader import read
from ...patterns.tree import (
    Boundary,
    Capture,
    Characters,
    Choice,
    Look,
    Node,
    Reference,
    Repeat,
    Sequence,
    below,
)

_Parts: TypeAlias = tuple[Node, ...]
_STEPS = 5000
"""How long two patterns are held against each other before nothing is known."""
_DEEPEST = 60
"""How many parts one after the other, or in each other, are held against each other."""
_LONGEST = 100
"""Of what is repeated in an example."""
_START, _END = Boundary("start"), Boundary("end")


@lru_cache(maxsize=4096)
def contains(wide: str, narrow: str) -> bool:
    """Whether every text that has the narrow pattern has the wide one, for certain.

    >>> contains("^[a-z]{1,9}$", "^[a-c]{2,3}$"), contains("^[a-c]$", "^[a-z]$")
    (True, False)
    """
    if wide == narrow or says_nothing(wide):
        return True
    one, two = _arms(wide), _arms(narrow)
    comparison = _Comparison()
    return bool(one and two) and all(any(comparison.arm(w, n) for w in one) for n in two)


@lru_cache(maxsize=4096)
def says_nothing(pattern: str) -> bool:
    """Whether every text has it; line ends, which `.` leaves out, are no matter.

    >>> says_nothing("^.*$"), says_nothing(".+"), says_nothing("^$")
    (True, False, False)
    """
    return any(_anything(arm) for arm in _arms(pattern))


@lru_cache(maxsize=4096)
def lengths(pattern: str) -> tuple[int, int | None]:
    """The least and the greatest length of a text that has it; None: no greatest.

    >>> lengths("^[a-z]{2,3}$"), lengths("ab")
    ((2, 3), (2, None))
    """
    arms = _arms(pattern)
    if not arms:
        return 0, None
    found = [_length(Sequence(arm)) for arm in arms]
    most = [found[i][1] if _is_whole(arm) else None for i, arm in enumerate(arms)]
    ends = [each for each in most if each is not None]
    return min(least for least, _ in found), max(ends) if len(ends) == len(most) else None


def apart(one: str, two: str) -> bool:
    """Whether no text has both, for certain: what they begin with differs.

    >>> apart("^usr_", "^org_"), apart("^a", "b")
    (True, False)
    """
    ours, theirs = _arms(one), _arms(two)
    return bool(ours and theirs) and all(_differ(w, n) for w in ours for n in theirs)


def _differ(one: _Parts, two: _Parts) -> bool:
    if one[:1] != (_START,) or two[:1] != (_START,):
        return False
    pairs = zip(_beginning(one[1:]), _beginning(two[1:]), strict=False)
    return any(_within(ours, complement(theirs)) for ours, theirs in pairs)


def _beginning(parts: _Parts) -> Iterator[Ranges]:
    """The characters that a text has to begin with, one after the other."""
    for part in parts:
        inner, least, most = _counted(part)
        if not isinstance(inner, Characters):
            return
        yield from [inner.ranges] * min(least, _LONGEST)
        if least != most:
            return


def _arms(pattern: str) -> tuple[_Parts, ...]:
    """The alternatives of a pattern; none where it cannot be read, or refers to its groups."""
    try:
        tree = read(pattern)
        if any(isinstance(node, Reference) for node in below(tree)):
            return ()
    except (PatternSyntaxError, Inexpressible):
        return ()
    tree = _bare(tree)
    arms = tree.arms if isinstance(tree, Choice) else (tree,)
    return tuple(_parts(arm) for arm in arms)


def _bare(node: Node) -> Node:
    while isinstance(node, Capture) or (isinstance(node, Sequence) and len(node.parts) == 1):
        node = node.inner if isinstance(node, Capture) else node.parts[0]
    arms = [_bare(arm) for arm in node.arms] if isinstance(node, Choice) else []
    sets = [arm.ranges for arm in arms if isinstance(arm, Characters)]
    # One of several characters is one character of a set.
    return Characters(union(*sets)) if sets and len(sets) == len(arms) else node


def _parts(node: Node) -> _Parts:
    node = _bare(node)
    if isinstance(node, Sequence):
        return tuple(each for part in node.parts for each in _parts(part))
    return (node,)


def _anything(arm: _Parts) -> bool:
    rest = [part for part in arm if part not in (_START, _END)]
    whole = _START in arm and _END in arm
    return all(_any_text(part) for part in rest) and (bool(rest) or not whole)


def _any_text(part: Node) -> bool:
    if not isinstance(part, Repeat) or part.least or part.most is not None:
        return False
    inner = _bare(part.inner)
    return isinstance(inner, Characters) and _within(complement(LINE_ENDS), inner.ranges)


def _within(narrow: Ranges, wide: Ranges) -> bool:
    return union(narrow, wide) == union(wide)


def _is_whole(arm: _Parts) -> bool:
    return arm[:1] == (_START,) and arm[-1:] == (_END,)


def _length(node: Node) -> tuple[int, int | None]:
    match node:
        case Characters():
            return 1, 1
        case Sequence(parts):
            found = [_length(part) for part in parts]
            ends = [most for _, most in found if most is not None]
            return sum(f[0] for f in found), sum(ends) if len(ends) == len(found) else None
        case Choice(arms):
            found = [_length(arm) for arm in arms]
            ends = [most for _, most in found if most is not None]
            return min(f[0] for f in found), max(ends) if len(ends) == len(found) else None
        case Repeat(inner, least, most):
            few, many = _length(inner)
            return few * least, None if most is None or many is None else many * most
        case Capture(inner):
            return _length(inner)
        case Reference():
            return 0, None
        case Boundary() | Look():
            return 0, 0


class _Comparison:
    """Holds the parts of two patterns against each other, one by one."""

    def __init__(self) -> None:
        self._left = _STEPS
        self._depth = 0

    def arm(self, wide: _Parts, narrow: _Parts) -> bool:
        """Alternatives of whole patterns. What is not anchored may be found anywhere in a text."""
        if _anything(wide):
            return True
        starts, ends = (arm[:1] == (_START,) for arm in (wide, narrow)), wide[-1:] == (_END,)
        one, two = starts
        if (one and not two) or (ends and narrow[-1:] != (_END,)):
            return False
        wanted = wide[one : len(wide) - ends]
        given = narrow[two : len(narrow) - (narrow[-1:] == (_END,))]
        firsts = (0,) if one else range(len(given) + 1)
        lasts = (len(given),) if ends else range(len(given), -1, -1)
        return any(self.parts(wanted, given[i:j]) for i in firsts for j in lasts if i <= j)

    def parts(self, wide: _Parts, narrow: _Parts) -> bool:
        """Whether every text of the narrow parts, one after the other, is one of the wide ones."""
        self._left -= 1
        if self._left < 0 or self._depth >= _DEEPEST:
            return False
        self._depth += 1
        found = wide == narrow or self._aligned(wide, narrow)
        self._depth -= 1
        return found

    def _aligned(self, wide: _Parts, narrow: _Parts) -> bool:
        if narrow and isinstance(narrow[0], Choice):
            return all(self.parts(wide, (*_parts(arm), *narrow[1:])) for arm in narrow[0].arms)
        if not wide:
            return False
        if isinstance(wide[0], Choice):
            return any(self.parts((*_parts(arm), *wide[1:]), narrow) for arm in wide[0].arms)
        return any(self.parts(wide[1:], narrow[taken:]) for taken in self._takes(wide[0], narrow))

    def _takes(self, wide: Node, narrow: _Parts) -> Iterator[int]:
        """How many of the narrow parts, from the first, the first wide one may stand for."""
        inner, least, most = _counted(wide)
        low = 0
        high: int | None = 0
        for taken in range(len(narrow) + 1):
            if low >= least and (most is None or (high is not None and high <= most)):
                yield taken
            if taken == len(narrow):
                return
            each, few, many = _counted(narrow[taken])
            if not self._one(inner, each):
                return
            low, high = low + few, None if high is None or many is None else high + many

    def _one(self, wide: Node, narrow: Node) -> bool:
        if isinstance(wide, Characters) and isinstance(narrow, Characters):
            return _within(narrow.ranges, wide.ranges)
        if wide == narrow:
            return True
        if isinstance(wide, Boundary | Look) or isinstance(narrow, Boundary | Look):
            return False
        return self.parts(_parts(wide), _parts(narrow))


def _counted(node: Node) -> tuple[Node, int, int | None]:
    if isinstance(node, Repeat):
        return _bare(node.inner), node.least, node.most
    return node, 1, 1


@lru_cache(maxsize=4096)
def example(pattern: str) -> tuple[str, ...]:
    """Texts that probably have the pattern, one for each of its alternatives."""
    return tuple(_text(Sequence(arm)) for arm in _arms(pattern))


def _text(node: Node) -> str:
    match node:
        case Characters(ranges):
            return chr(_pleasant(ranges)) if ranges else ""
        case Sequence(parts):
            return "".join(map(_text, parts))
        case Choice(arms):
            return _text(arms[0])
        case Repeat(inner, least, most):
            return _text(inner) * min(max(least, 0 if most == 0 else 1), _LONGEST)
        case Capture(inner):
            return _text(inner)
        case _:
            return ""


def _pleasant(ranges: Ranges) -> int:
    """A letter or digit where there is one."""
    wanted = (ord(each) for each in "a1A")
    inside = (each for each in wanted if _within(((each, each),), ranges))
    return next(inside, ranges[0][0])
