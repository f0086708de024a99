"""One hash for what a document lets travel: its contract.

Two documents with the same hash accept and answer the same. Words, examples, names, JSON pointers,
component keys and order do not count, so it stays when a document is only respelled; defaults,
deprecation and keywords without a meaning here do count.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeAlias

from ..quick.fingerprint import sha256
from ..text.exactnumbers import ExactNumber
from .model import AliasRef, Assertion, Model, ObjectRef, ObjectType, Type, UnionType

_WORDS = frozenset("title description summary examples tags path_summary path_description".split())
_NAMES = frozenset("at key name component tag id basic_argument errors encodings".split())
_DOCS = frozenset("info externalDocs tags summary xml".split())
_JSON = frozenset("default variables bounds".split())
_ORDERED = frozenset("if dependentRequired dependentSchemas".split())
"""Assertions whose parts have a role by their place."""


def contract_sha256(model: Model) -> str:
    """Hex SHA-256, the same on every machine and whatever the document's order and references."""
    known = _settled(model)
    part = _Writer(known).part
    roots = {
        "servers": [part(server) for server in model.servers],
        "security": sorted(f"{s.key} {part(s)}" for s in model.security_schemes),
        "operations": sorted(f"{o.id} {part(o)}" for o in model.operations),
        "webhooks": sorted(part(each) for each in model.webhooks),
        "events": sorted(f"{e.literal} {known['object', e.key]}" for e in model.events),
        "other": part(model.other),
        # Two documents may agree as far as the rounds looked from the roots, but not below.
        "objects": sorted(set(known.values())),
    }
    return sha256(json.dumps(roots, sort_keys=True).encode())


_Key: TypeAlias = "tuple[str, str]"
"""Of a node: `object` or `alias`, and its key in the model."""
_Known: TypeAlias = Mapping[_Key, str]


def _settled(model: Model) -> _Known:
    """A hash for each object and alias that says all it leads to, recursion included.

    What leads into no circle is hashed once, from the leaves up. For the others each round looks
    one step further; when it tells no more of them apart, nor will the next.
    """
    nodes: dict[_Key, ObjectType | Type]
    nodes = {("object", key): each for key, each in model.objects.items()}
    nodes |= {("alias", key): each for key, each in model.aliases.items()}
    rounds = _Rounds(nodes)
    before, classes = -1, 0
    while classes != before:
        rounds.further()
        before, classes = classes, len(set(rounds.known.values()))
    return rounds.known


class _Rounds:
    """The hashes so far. Made anew only of what leads to a hash that moved, and once of nodes that
    say the same: a circle of N objects needs N rounds."""

    def __init__(self, nodes: Mapping[_Key, ObjectType | Type]) -> None:
        self._nodes = nodes
        self._skeletons: dict[_Key, str] = {}
        self._inner: dict[_Key, tuple[_Key, ...]] = {}
        self._outer: dict[_Key, list[_Key]] = {key: [] for key in nodes}
        self._made: dict[tuple[str, tuple[str, ...]], str] = {}
        self._texts: dict[int, str] = {}
        self.known: dict[_Key, str] = dict.fromkeys(nodes, "")
        for key, node in nodes.items():
            slots = _Slots()
            self._skeletons[key] = _Writer(slots, self._texts).part(node)
            self._inner[key] = tuple(slots)
            for inner in slots:
                self._outer[inner].append(key)
        settled = self._settle_leaves()
        self._moved = [key for key in nodes if key not in settled]

    def _settle_leaves(self) -> set[_Key]:
        """Hash what leads to nothing that is not hashed yet, as long as there is such."""
        waiting = {key: len(inner) for key, inner in self._inner.items()}
        ready = [key for key, count in waiting.items() if not count]
        for key in ready:
            self.known[key] = self._hash(key)
            for outer in self._outer[key]:
                waiting[outer] -= 1
                if not waiting[outer]:
                    ready.append(outer)
        return set(ready)

    def further(self) -> None:
        """One round: each hash from those of last round."""
        found = {key: self._hash(key) for key in self._moved}
        moved = [key for key, value in found.items() if value != self.known[key]]
        self.known |= found
        self._moved = list(dict.fromkeys(outer for key in moved for outer in self._outer[key]))

    def _hash(self, key: _Key) -> str:
        said = self._skeletons[key], tuple(self.known[inner] for inner in self._inner[key])
        if said not in self._made:
            text = _Writer(self.known, self._texts).part(self._nodes[key])
            self._made[said] = sha256(text.encode())
        return self._made[said]


class _Slots(dict["_Key", str]):
    """In place of hashes the number of each node that is referred to, by first use."""

    def __missing__(self, key: _Key) -> str:
        self[key] = str(len(self))
        return self[key]


class _Writer:
    """Canonical text of a part of the model; an object is written as its hash of last round."""

    def __init__(self, known: _Known, texts: dict[int, str] | None = None) -> None:
        """`texts`: of nodes that refer to none, the same in each round; by their identity."""
        self._known = known
        self._texts = {} if texts is None else texts
        self._referred = 0

    def part(self, value: Any, name: str = "") -> str:
        """The text; `name` is the attribute that holds the value."""
        if isinstance(value, str):
            return _TEXT(value)
        if isinstance(value, ObjectRef | AliasRef):
            kind = "object" if isinstance(value, ObjectRef) else "alias"
            self._referred += 1
            return self._node(value, f"{kind} {self._known[kind, value.key]}")
        if is_dataclass(value):
            return self._texts.get(id(value)) or self._written(value)
        if name == "other":
            value = [each for each in value if each[0] not in _DOCS]
        elif isinstance(value, tuple) and name not in _JSON:
            parts = [self.part(each) for each in value]
            return f"[{','.join(parts if name == 'prefix' else sorted(parts))}]"
        return _json(value)

    def _written(self, node: Any) -> str:
        before = self._referred
        text = self._node(node, type(node).__name__)
        if self._referred == before:
            self._texts[id(node)] = text
        return text

    def _node(self, node: Any, head: str) -> str:
        if isinstance(node, Assertion) and node.keyword in _ORDERED:
            head += f" {self.part(node.types, 'prefix')}{node.names[:1]}"
        # A tag tells the arms of a union apart, whichever keyword it is.
        tagged = isinstance(node, UnionType) and node.tag
        parts = []
        for name, default in _attributes(node.__class__):
            value = getattr(node, name)
            # What is as by default is left out: a field that the model gains moves no hash.
            if value == default or (tagged and name == "exclusive"):
                continue
            text = self.part(value, name)
            if text not in ("[]", "Notes()"):
                parts.append(f"{name}:{text}")
        return f"{head}({','.join(parts)})"


@cache
def _attributes(kind: type[Any]) -> tuple[tuple[str, Any], ...]:
    """(name, default) of what counts in a class of the model."""
    skipped = _WORDS | _NAMES
    return tuple((each.name, each.default) for each in fields(kind) if each.name not in skipped)


_ENCODE = json.JSONEncoder(sort_keys=True).encode
_TEXT = json.encoder.encode_basestring_ascii


def _json(value: Any) -> str:
    return _ENCODE(_plain(value))


def _plain(value: Any) -> Any:
    """1.0 as 1: they are one JSON number."""
    if isinstance(value, ExactNumber):
        return {"number": value.text}
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value
