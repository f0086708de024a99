"""Which file each part of a document came from, once overlays have changed it."""

from __future__ import annotations

from collections.abc import Sequence

from ..text.pointers import Tokens
from ..text.positions import Source


class Origins:
    """A tree in the shape of the document, with nodes only where overlays changed something.

    A node with a source says: from here down, look into that file at `tokens`. What has no such
    node above it is where the document itself has it.
    """

    __slots__ = ("children", "source", "tokens")

    def __init__(self, source: Source | None = None, tokens: Tokens = ()) -> None:
        self.source = source
        self.tokens = tokens
        self.children: dict[str, Origins] = {}

    def find(self, tokens: Sequence[str]) -> tuple[Source, Tokens]:
        """The file that `tokens` are from, and what they are called there."""
        found, rest = self, tuple(tokens)
        node: Origins | None = self
        for depth, token in enumerate(tokens, 1):
            node = node.children.get(token) if node else None
            if node and node.source:
                found, rest = node, tuple(tokens[depth:])
        assert found.source, "the root always has a source"
        return found.source, (*found.tokens, *rest)

    def put(self, tokens: Tokens, source: Source, origin: Tokens) -> None:
        """What is at `tokens` now, with all below it, comes from `origin` in `source`."""
        self._at(tokens[:-1]).children[tokens[-1]] = Origins(source, origin)

    def move(self, tokens: Tokens, key: str) -> None:
        """The member at `tokens` of an object has another key now."""
        node = self._item(tokens[:-1], tokens[-1])
        siblings = self._at(tokens[:-1]).children
        del siblings[tokens[-1]]
        siblings[key] = node

    def copy(self) -> Origins:
        """The same, to be changed apart."""
        made = Origins(self.source, self.tokens)
        made.children = {token: child.copy() for token, child in self.children.items()}
        return made

    def remove_item(self, array: Tokens, index: int, length: int) -> None:
        """Item `index` of an array of `length` is gone, and those after it moved up."""
        items = [self._item(array, str(at)) for at in range(length)]
        del items[index]
        self._at(array).children = {str(at): item for at, item in enumerate(items)}

    def _item(self, array: Tokens, token: str) -> Origins:
        node = self._at((*array, token))
        if not node.source:
            node.source, node.tokens = self.find((*array, token))
        return node

    def _at(self, tokens: Tokens) -> Origins:
        node = self
        for token in tokens:
            node = node.children.setdefault(token, Origins())
        return node
