"""Pairs of objects that stand for each other in the two documents, and what differs in each.

Each pair is compared once, however often it is met, so recursion ends and time is linear; events
and operations then collect what they reach through pairs that differ.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from ...model.model import Model, Type
from ..findings.finding import Change, Side
from ..values.samples import Samples
from ..values.signature import Signatures

PairKey: TypeAlias = tuple[Side, bool, str, str]
"""Side, whether Python classes are made of it, and the keys in the old and the new document."""


@dataclass(slots=True, kw_only=True, eq=False)
class Node:
    """What was found in one place, and the pairs below it: (relative path, node)."""

    changes: list[Change] = field(default_factory=list)
    edges: list[tuple[str, Node]] = field(default_factory=list)
    dirty: bool = False
    """It, or something below it, differs."""


class Pairs:
    """All pairs met so far. `compare` fills in the node of a pair of keys."""

    def __init__(self, old: Model, new: Model, compare: Callable[[Pairs, PairKey], None]) -> None:
        self.old = old
        self.new = new
        ids: dict[Hashable, int] = {}
        self.signatures = (Signatures(old, ids), Signatures(new, ids))
        self.samples = (Samples(old), Samples(new))
        self._compare = compare
        self._nodes: dict[PairKey, Node] = {}
        self._queue: deque[PairKey] = deque()

    def node(self, key: PairKey) -> Node:
        """The node of a pair; it is compared later."""
        if key not in self._nodes:
            self._nodes[key] = Node()
            self._queue.append(key)
        return self._nodes[key]

    def settle(self) -> None:
        """Compare what is still waiting, and what that leads to."""
        while self._queue:
            self._compare(self, self._queue.popleft())

    def mark(self, roots: list[Node]) -> None:
        """Set `dirty`, from what differs upwards."""
        self.settle()
        parents: dict[int, list[Node]] = {}
        for node in (*roots, *self._nodes.values()):
            for _, below in node.edges:
                parents.setdefault(id(below), []).append(node)
        waiting = [node for node in (*roots, *self._nodes.values()) if node.changes]
        while waiting:
            node = waiting.pop()
            if not node.dirty:
                node.dirty = True
                waiting.extend(parents.get(id(node), ()))

    def alias(self, side: str, key: str) -> Type:
        """The recursive type called `key` in the old or the new document."""
        return (self.old if side == "old" else self.new).aliases[key]


def collect(root: Node) -> Iterator[tuple[str, Change]]:
    """Every change below `root` with the path to its node, nearest first, each node once."""
    seen = {id(root)}
    queue = deque([("", root)])
    while queue:
        path, node = queue.popleft()
        for change in node.changes:
            yield path, change
        for step, below in node.edges:
            if below.dirty and id(below) not in seen:
                seen.add(id(below))
                queue.append((path + step, below))


def everything(root: Node) -> Iterator[tuple[str, Change]]:
    """The same before `mark`, through all nodes: for asking whether two things are alike."""
    seen = {id(root)}
    queue = deque([("", root)])
    while queue:
        path, node = queue.popleft()
        for change in node.changes:
            yield path, change
        for step, below in node.edges:
            if id(below) not in seen:
                seen.add(id(below))
                queue.append((path + step, below))
