"""Where in a model it may be unknown whether a value has a pattern."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..model.model import AliasRef, Assertion, Model, ObjectRef, ObjectType, StringType, Type
from ..model.reachable import children, object_children
from ..patterns.translate import Unchecked, examine


def unchecked(pattern: str) -> bool:
    """Whether a pattern is never run."""
    return isinstance(examine(pattern), Unchecked)


class Doubt:
    """Where the patterns are that are not run, or not on every text."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.keys = self._keys()
        """Those of the objects and aliases that lead to such a pattern."""
        operations = (*model.operations, *model.webhooks)
        bodies = [
            content.type
            for operation in operations
            for contents in (
                operation.body.contents if operation.body else (),
                *(each.contents for each in operation.responses),
            )
            for content in contents
        ]
        parameters = [each.type for operation in operations for each in operation.parameters]
        self.anywhere = bool(self.keys) or any(map(self.of, [*bodies, *parameters]))

    def _keys(self) -> set[str]:
        inside: dict[str, list[Type]] = {
            **{key: [*_below(alias)] for key, alias in self._model.aliases.items()},
            **{key: [*_in_object(item)] for key, item in self._model.objects.items()},
        }
        leading: dict[str, list[str]] = {}
        found = [key for key, item in self._model.objects.items() if _own(item)]
        for key, nodes in inside.items():
            found += [key] if any(_says(node) for node in nodes) else []
            for node in nodes:
                if isinstance(node, ObjectRef | AliasRef):
                    leading.setdefault(node.key, []).append(key)
        keys: set[str] = set()
        while found:
            key = found.pop()
            if key not in keys:
                keys.add(key)
                found += leading.get(key, [])
        return keys

    def of(self, node: Type) -> bool:
        """Whether there is one in a type."""
        return any(
            _says(each) or (isinstance(each, ObjectRef | AliasRef) and each.key in self.keys)
            for each in _below(node)
        )

    def of_any(self, assertions: Iterable[Assertion]) -> bool:
        """Whether there is one in conditions."""
        return any(
            any(map(self.of, _types(each)))
            or any(unchecked(pattern) for seen in each.evaluated for pattern in seen.patterns)
            for each in assertions
        )

    def words(self, node: Type) -> tuple[str, ...]:
        """A sentence for each such pattern of a type, classes in it aside."""
        nodes = [*self._without_class(_below(node))]
        return tuple(dict.fromkeys(filter(None, map(_sentence, nodes))))

    def words_of(self, item: ObjectType) -> tuple[str, ...]:
        """The same of an object's undeclared keys and its conditions."""
        said = [_keys_sentence(pattern) for pattern, _ in item.patterns]
        types = [item.extra, *(node for _, node in item.patterns)]
        types += [node for each in item.assertions for node in _types(each)]
        return tuple(
            dict.fromkeys([*filter(None, said), *(s for t in types for s in self.words(t))])
        )

    def _without_class(self, nodes: Iterable[Type]) -> Iterator[Type]:
        """The types, and those in objects among them that are plain mappings."""
        seen: set[str] = set()
        waiting = list(nodes)
        while waiting:
            node = waiting.pop(0)
            yield node
            if isinstance(node, ObjectRef) and node.key not in seen:
                seen.add(node.key)
                item = self._model.objects[node.key]
                waiting += [] if item.name else _in_object(item)


def _below(node: Type) -> Iterator[Type]:
    """A type and all in it and in its conditions, objects not looked into."""
    yield node
    for each in (*children(node), *(node for said in node.assertions for node in _types(said))):
        yield from _below(each)


def _in_object(item: ObjectType) -> Iterator[Type]:
    conditions = (node for said in item.assertions for node in _types(said))
    for node in (*object_children(item), *conditions):
        yield from _below(node)


def _types(said: Assertion) -> Iterator[Type]:
    yield from said.types
    for seen in said.evaluated:
        yield from (*seen.where, *seen.matching)


def _own(item: ObjectType) -> bool:
    """Whether the patterns of an object's keys, or of what it evaluates, are in doubt."""
    seen = [each for said in item.assertions for each in said.evaluated]
    patterns = [*(pattern for pattern, _ in item.patterns), *(p for e in seen for p in e.patterns)]
    return any(map(unchecked, patterns))


def _says(node: Type) -> bool:
    evaluated = (pattern for a in node.assertions for e in a.evaluated for pattern in e.patterns)
    return bool(_sentence(node)) or any(map(unchecked, evaluated))


def _sentence(node: Type) -> str:
    pattern = node.pattern if isinstance(node, StringType) else ""
    found = examine(pattern)
    if isinstance(found, Unchecked):
        return f"The pattern `{pattern}` is not checked: {found.reason}."
    most = node.max_length if isinstance(node, StringType) else None
    if found.limit is None or (most is not None and most <= found.limit):
        return ""
    return f"The pattern `{pattern}` is checked in texts of up to {found.limit:,} characters."


def _keys_sentence(pattern: str) -> str:
    found = examine(pattern)
    if isinstance(found, Unchecked):
        return f"Whether a key has the pattern `{pattern}` is not checked: {found.reason}."
    return ""
