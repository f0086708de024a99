"""Signatures: two places with the same one say the same, words and names aside.

Made from every field of the model's classes, so none can be forgotten. Objects are looked into to a
limited depth, which ends recursion and keeps the cost linear.
"""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import fields
from typing import Any

from ...model.model import (
    AliasRef,
    Assertion,
    Evaluated,
    Field,
    Model,
    Notes,
    ObjectRef,
    ObjectType,
    Type,
    UnionType,
)
from ...text.exactnumbers import ExactNumber

DEPTH = 4
_IGNORED = frozenset({"at", "key", "name", "title", "description", "deprecated", "examples", "tag"})
_UNORDERED = frozenset({"fields", "arms", "values", "assertions", "patterns"})


class Signatures:
    """Makes signatures of the types of one model; `ids` is shared by models to be compared."""

    def __init__(self, model: Model, ids: dict[Hashable, int]) -> None:
        self._model = model
        self._ids = ids
        self._objects: dict[tuple[str, int], int] = {}
        self._aliases: dict[tuple[str, int], int] = {}
        self._names: dict[type[Any], list[str]] = {}

    def of(self, node: Any, depth: int = DEPTH) -> int:
        """The signature of a type or assertion."""
        if isinstance(node, ObjectRef):
            inner = self._object(node.key, depth)
            return self._id(("object", inner, self._parts(node, depth)))
        if isinstance(node, AliasRef):
            return self._id(("alias", self._alias(node.key, depth)))
        if isinstance(node, Assertion):
            return self._id(self._assertion(node, depth))
        return self._id((type(node).__name__, self._parts(node, depth)))

    def without(self, node: ObjectRef, wire: str) -> int:
        """The signature of an object whose key `wire` may hold anything."""
        item = self._model.objects[node.key]
        kept = tuple(field for field in item.fields if field.wire != wire)
        rest = [part for part in self._parts(item, DEPTH) if part[0] != "fields"]
        found = [self._part("fields", kept, DEPTH), *rest]
        return self._id(("event", tuple(found), any(f.wire == wire for f in item.fields)))

    def _assertion(self, node: Assertion, depth: int) -> Hashable:
        types = [self.of(each, depth) for each in node.types]
        arms = types if node.keyword == "if" else sorted(types)
        # The first name of a dependency is what triggers it.
        first = node.names[:1] if node.keyword.startswith("dependent") else ()
        rest = self._part("", node.evaluated, depth)
        return node.keyword, tuple(arms), first, tuple(sorted(node.names)), node.bounds, rest

    def _object(self, key: str, depth: int) -> int:
        if depth <= 0:
            return 0
        if (key, depth) not in self._objects:
            item = self._model.objects[key]
            self._objects[key, depth] = self._id(self._parts(item, depth - 1))
        return self._objects[key, depth]

    def _alias(self, key: str, depth: int) -> int:
        if depth <= 0:
            return 0
        if (key, depth) not in self._aliases:
            self._aliases[key, depth] = self.of(self._model.aliases[key], depth - 1)
        return self._aliases[key, depth]

    def _parts(self, node: Any, depth: int) -> tuple[tuple[str, Hashable], ...]:
        kind = type(node)
        if kind not in self._names:
            # What is said of an object as such is said again wherever it is used.
            skipped = _IGNORED | ({"notes"} if kind is ObjectType else set())
            self._names[kind] = [f.name for f in fields(kind) if f.name not in skipped]
        return tuple(
            self._part(name, getattr(node, name), depth)
            for name in self._names[kind]
            if not (name == "exclusive" and isinstance(node, UnionType) and node.tag)
        )

    def _part(self, name: str, value: Any, depth: int) -> tuple[str, Hashable]:
        if isinstance(value, Notes | Field | Evaluated):
            return name, self._parts(value, depth)
        if isinstance(value, Type):
            return name, self.of(value, depth)
        if isinstance(value, tuple) and name not in ("default", "other"):
            parts = [self._part("", part, depth)[1] for part in value]
            return name, tuple(sorted(parts, key=repr) if name in _UNORDERED else parts)
        if isinstance(value, Assertion):
            return name, self.of(value, depth)
        return name, canonical(value)

    def _id(self, value: Hashable) -> int:
        return self._ids.setdefault(value, len(self._ids))


def canonical(value: Any) -> str:
    """A text that is equal for equal JSON values: 1 is 1.0, but true is not 1."""
    if isinstance(value, str):  # most are
        return f'"{value}"'
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, ExactNumber):
        return {"number": value.text}
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value
