"""A tree -> the source of a regular expression for Python's `re`.

It compiles on every Python from 3.10 on, without a warning, and `re.search` finds it in a text
exactly where ECMA-262 does. Only whether it is found counts: groups that nothing refers to do not
capture.
"""

from __future__ import annotations

from collections.abc import Iterator

from .charsets import ANY, LAST, Ranges, complement
from .faults import Inexpressible
from .tree import (
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

_MOST = 2**31 - 1
"""Of a quantifier's counts: what Python takes on every machine."""

_BOUNDARIES = {"start": "^", "end": r"\Z", "word": r"(?a:\b)", "no word": r"(?!(?a:\b))"}
_SPECIAL = frozenset("\\.^$*+?{}[]|()")
_SPECIAL_IN_CLASS = frozenset("\\[]^-&~|")


def write(tree: Node) -> str:
    """The source.

    Raises:
        Inexpressible: Python has no equivalent.
    """
    _captured(tree, frozenset())
    referred = frozenset(node.number for node in below(tree) if isinstance(node, Reference))
    return _Writer(referred).write(tree)


def _captured(node: Node, before: frozenset[int]) -> frozenset[int]:
    """The groups that hold text once `node` matched, given those that did before.

    A reference to any other is empty in ECMA-262 and fails in Python.
    """
    match node:
        case Reference(number):
            if number not in before:
                raise Inexpressible(f"the group that \\{number} refers to may hold nothing")
        case Sequence(parts):
            for part in parts:
                before = _captured(part, before)
        case Choice(arms):
            for arm in arms:
                _captured(arm, before)
        case Repeat(inner, least):
            own = frozenset(each.number for each in below(inner) if isinstance(each, Capture))
            after = _captured(inner, before - own)
            return after if least else before
        case Capture(inner, number):
            return _captured(inner, before) | {number}
        case Look(inner, behind, negative):
            if behind and any(isinstance(each, Reference) for each in below(inner)):
                raise Inexpressible("a look behind refers to a group")
            after = _captured(inner, before)
            return before if negative or behind else after
    return before


class _Writer:
    def __init__(self, referred: frozenset[int]) -> None:
        self._referred = referred

    def write(self, node: Node) -> str:
        match node:
            case Characters(ranges):
                return characters(ranges)
            case Sequence(parts):
                return "".join(self._part(part) for part in parts)
            case Choice(arms):
                return "|".join(map(self.write, arms))
            case Repeat():
                return self._repeat(node)
            case Capture(inner, number):
                name = f"(?P<g{number}>{self.write(inner)})"
                return name if number in self._referred else self.write(inner)
            case Reference(number):
                return f"(?P=g{number})"
            case Boundary(kind):
                return _BOUNDARIES[kind]
            case Look():
                return self._look(node)

    def _part(self, node: Node) -> str:
        bare = self._bare(node)
        return f"(?:{self.write(bare)})" if isinstance(bare, Choice) else self.write(bare)

    def _bare(self, node: Node) -> Node:
        """The node without groups that are not written."""
        match node:
            case Capture(inner, number) if number not in self._referred:
                return self._bare(inner)
            case Sequence((only,)):
                return self._bare(only)
            case _:
                return node

    def _repeat(self, node: Repeat) -> str:
        if node.least > _MOST or (node.most or 0) > _MOST:
            raise Inexpressible("it counts further than Python does")
        inner = self._bare(node.inner)
        text = self.write(inner)
        atom = isinstance(inner, (Characters, Capture, Reference))
        return f"{text if atom else f'(?:{text})'}{_count(node)}{'?' if node.lazy else ''}"

    def _look(self, node: Look) -> str:
        if not node.behind:
            return f"(?{'!' if node.negative else '='}{self.write(node.inner)})"
        inner = self._bare(node.inner)
        arms = inner.arms if isinstance(inner, Choice) else (inner,)
        if any(_width(arm) is None for arm in arms):
            raise Inexpressible("Python looks behind for texts of one length only")
        if node.negative:
            return "".join(f"(?<!{self.write(arm)})" for arm in arms)
        looks = [f"(?<={self.write(arm)})" for arm in arms]
        return looks[0] if len(looks) == 1 else f"(?:{'|'.join(looks)})"


def _count(node: Repeat) -> str:
    match node.least, node.most:
        case 0, None:
            return "*"
        case 1, None:
            return "+"
        case 0, 1:
            return "?"
        case least, None:
            return f"{{{least},}}"
        case least, most:
            return f"{{{least}}}" if least == most else f"{{{least},{most}}}"


def _width(node: Node) -> int | None:
    """How many characters a node takes, if always the same number."""
    match node:
        case Characters():
            return 1
        case Sequence(parts):
            widths = [_width(part) for part in parts]
            return sum(width or 0 for width in widths) if None not in widths else None
        case Choice(arms):
            found = {_width(arm) for arm in arms}
            return found.pop() if len(found) == 1 else None
        case Repeat(inner, least, most):
            width = _width(inner)
            return width * least if width is not None and least == most else None
        case Capture(inner):
            return _width(inner)
        case Reference():
            return None
        case Boundary() | Look():
            return 0


def characters(ranges: Ranges) -> str:
    """One character of a set."""
    if not ranges:
        return "(?:(?!))"
    if ranges == ANY:
        return "(?s:.)"
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return _escaped(ranges[0][0], _SPECIAL)
    other = complement(ranges)
    if ranges[-1][1] == LAST and len(other) <= len(ranges):
        return f"[^{''.join(_members(other))}]"
    return f"[{''.join(_members(ranges))}]"


def _members(ranges: Ranges) -> Iterator[str]:
    for first, last in ranges:
        yield _escaped(first, _SPECIAL_IN_CLASS)
        if last > first:
            yield f"{'-' if last > first + 1 else ''}{_escaped(last, _SPECIAL_IN_CLASS)}"


def _escaped(code: int, special: frozenset[str]) -> str:
    """A character as source: any but printable ASCII by its number."""
    if 0x20 <= code < 0x7F:
        return f"\\{chr(code)}" if chr(code) in special else chr(code)
    short = {9: r"\t", 10: r"\n", 11: r"\v", 12: r"\f", 13: r"\r"}.get(code)
    if short or code <= 0xFF:
        return short or f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
