"""YAML text → data by the YAML 1.2 core schema, with positions.

Built from the parser's events, not by PyYAML's constructors: those read YAML 1.1 (`no` is false,
`2024-01-01` a date), run tags, keep the last of two equal keys and expand aliases without bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml
from yaml import events

from .exactnumbers import real
from .jsontext import MAX_DEPTH
from .positions import BadText, Problem

if TYPE_CHECKING:
    from .jsonvalues import Json

MAX_ALIASED = 1_000_000
"""Values that aliases may add in all: "billion laughs" makes a few lines expand without end."""

_TOO_DEEP = f"objects and arrays are nested more than {MAX_DEPTH} deep"
_FLATTEN = "flatten the document with $ref"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(slots=True)
class _Node:
    """A value and where it and its children are; `size` counts it with all below it."""

    value: Any
    offset: int
    size: int = 1
    children: dict[str, _Node] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)


class YamlPositions:
    """Positions in a YAML text; what an alias stands for is found at its anchor."""

    __slots__ = ("_root",)

    def __init__(self, root: _Node) -> None:
        self._root = root

    def find(self, tokens: Sequence[str]) -> int:
        node, shown = self._root, self._root.offset
        for token in tokens:
            if token not in node.children:
                break
            shown = node.keys[token]
            node = node.children[token]
        return shown


def parse_yaml(text: str) -> tuple[Json, YamlPositions]:
    """The data and the positions of a YAML text. Raises BadText."""
    builder = _Builder(text)
    try:
        root = builder.build()
    except yaml.YAMLError as error:
        raise BadText([_syntax(text, error, tuple(builder.path))]) from None
    if builder.problems:
        raise BadText(builder.problems)
    return root.value, YamlPositions(root)


class _Builder:
    def __init__(self, text: str) -> None:
        self._events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
        self._anchors: dict[str, _Node | None] = {}
        self._aliased = 0
        self.path: list[str] = []
        self.problems: list[Problem] = []

    def build(self) -> _Node:
        root: _Node | None = None
        for event in self._events:
            if isinstance(event, events.DocumentStartEvent) and root is not None:
                message = "a second YAML document begins here"
                raise BadText([self._problem("E017", message, event, "keep one per file")])
            if isinstance(event, events.NodeEvent):
                root = self._node(event)
        return root or _Node(None, 0)

    def _node(self, event: Any) -> _Node:
        if isinstance(event, events.AliasEvent):
            return self._alias(event)
        if event.tag not in (None, "!"):
            message = f"the tag {event.tag} is not allowed: an OpenAPI document is JSON data"
            self.problems.append(self._problem("E015", message, event, "remove the tag"))
        if len(self.path) > MAX_DEPTH:
            raise BadText([self._problem("E013", _TOO_DEEP, event, _FLATTEN)])
        if event.anchor:
            self._anchors[event.anchor] = None
        node = self._content(event)
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _content(self, event: Any) -> _Node:
        if isinstance(event, events.MappingStartEvent):
            return self._mapping(event)
        if isinstance(event, events.SequenceStartEvent):
            return self._sequence(event)
        return _Node(self._scalar(event), event.start_mark.index)

    def _sequence(self, start: Any) -> _Node:
        parent = _Node([], start.start_mark.index)
        while not isinstance(event := next(self._events), events.SequenceEndEvent):
            token = str(len(parent.value))
            node = self._child(token, event)
            parent.value.append(node.value)
            _adopt(parent, token, event.start_mark.index, node)
        return parent

    def _mapping(self, start: Any) -> _Node:
        parent = _Node({}, start.start_mark.index)
        merged: list[_Node] = []
        while not isinstance(key := next(self._events), events.MappingEndEvent):
            token = self._key(key, parent)
            node = self._child(token, next(self._events))
            if token == "<<" and key.implicit[0]:
                merged += self._merged(node, key)
            else:
                parent.value[token] = node.value
                _adopt(parent, token, key.start_mark.index, node)
        for node in merged:
            _merge(parent, node)
        return parent

    def _child(self, token: str, event: Any) -> _Node:
        self.path.append(token)
        node = self._node(event)
        self.path.pop()
        return node

    def _key(self, event: Any, parent: _Node) -> str:
        if not isinstance(event, events.ScalarEvent):
            message = "a key must be a text, not an object, array or alias"
            raise BadText([self._problem("E018", message, event, "write the key out")])
        token = str(event.value)
        if token in parent.value:
            self.path.append(token)
            message = f"the key '{token}' is here twice"
            help = "remove or rename one of the two: readers disagree on which one counts"
            self.problems.append(self._problem("E008", message, event, help))
            self.path.pop()
        return token

    def _alias(self, event: Any) -> _Node:
        node = self._anchors.get(event.anchor)
        if node is None:
            inside = event.anchor in self._anchors
            what = "stands inside what it names" if inside else "names no anchor"
            message = f"the alias *{event.anchor} {what}"
            raise BadText([self._problem("E016", message, event, "use $ref instead")])
        self._aliased += node.size
        if self._aliased > MAX_ALIASED:
            message = f"aliases expand to more than {MAX_ALIASED} values"
            raise BadText([self._problem("E016", message, event, "use $ref instead")])
        # A copy, since an overlay may change one place and not the other.
        return _Node(_copy(node.value), node.offset, node.size, node.children, node.keys)

    def _merged(self, node: _Node, key: Any) -> list[_Node]:
        """What `<<` brings in: YAML 1.1, but documents in use have it and it is unambiguous."""
        nodes = list(node.children.values()) if isinstance(node.value, list) else [node]
        if all(isinstance(each.value, dict) for each in nodes):
            return nodes
        message = "only an object, or an array of objects, can be merged with <<"
        raise BadText([self._problem("E007", message, key, 'quote "<<" if it is a plain key')])

    def _scalar(self, event: Any) -> Json:
        text = str(event.value)
        if not event.implicit[0]:
            return text
        try:
            return _core(text)
        except ValueError:
            shown = text if len(text) < 30 else f"{text[:20]}…"
            message = f"{shown} is not a number JSON can hold"
            help = "write a finite number, or quote it if it is a text"
            self.problems.append(self._problem("E014", message, event, help))
            return None

    def _problem(self, code: str, message: str, event: Any, help: str) -> Problem:
        return Problem(code, message, event.start_mark.index, tuple(self.path), help)


def _core(text: str) -> Json:
    """A plain scalar by the core schema. Raises ValueError for a number JSON has not."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return _prefixed(text) if text[:2] in ("0o", "0x") else int(text)
    if _SPECIAL.fullmatch(text):
        raise ValueError(text)
    if not _FLOAT.fullmatch(text):
        return text
    return real(text)


def _prefixed(text: str) -> int:
    value = int(text, 0)
    str(value)  # raises where a decimal of as many digits would have been refused
    return value


def _adopt(parent: _Node, token: str, offset: int, node: _Node) -> None:
    parent.children[token] = node
    parent.keys[token] = offset
    parent.size += node.size


def _merge(parent: _Node, node: _Node) -> None:
    for token, child in node.children.items():
        if token not in parent.value:
            parent.value[token] = node.value[token]
            _adopt(parent, token, node.keys[token], child)


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value


_HELP = {
    "mapping values are not allowed": "quote the text if it contains ': '",
    "cannot start any token": "quote the text if it begins with this character; indent with spaces",
    "did not find expected": "check the indentation of this line and of the one above",
    "control characters": "remove the character or write it as an escape in double quotes",
    "special characters": "remove the character or write it as an escape in double quotes",
}


def _syntax(text: str, error: Any, tokens: tuple[str, ...]) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    offset = mark.index if mark else getattr(error, "position", None) or 0
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    if "nesting depth" in said:
        return Problem("E013", _TOO_DEEP, min(offset, len(text)), tokens, _FLATTEN)
    help = next((advice for part, advice in _HELP.items() if part in said), "")
    return Problem("E007", f"malformed YAML: {said}", min(offset, len(text)), tokens, help)
