"""Model -> the model of what is emitted: requests without readOnly keys, answers without writeOnly.

An object that is in both, and not the same in both, becomes two: the one that answers are read as
gets a class of its own, `OrderAnswer` beside `Order` (OpenAPI 3.1, Schema Object, `readOnly`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from operator import is_
from typing import TypeVar

from ..model.model import (
    AliasRef,
    ArrayType,
    Content,
    Field,
    Model,
    NullableType,
    ObjectRef,
    ObjectType,
    Operation,
    Response,
    Type,
    UnionType,
)
from ..model.reachable import answered, children, object_children
from ..python.naming import Distinct

_ANSWER = "<"
"""Ends the key of an object that answers are read as."""

_T = TypeVar("_T", bound=Type)


def directed(model: Model) -> Model:
    """The same model where no object has keys that are not for where it goes."""
    if not any(_one_way(field) for item in model.objects.values() for field in item.fields):
        return model
    return _Directed(model).model()


def _one_way(field: Field) -> bool:
    notes = _bare(field.type).notes
    return notes.read_only or notes.write_only


def _bare(node: Type) -> Type:
    return node.inner if isinstance(node, NullableType) else node


class _Directed:
    def __init__(self, model: Model) -> None:
        self._model = model
        bodies = [operation.body for operation in model.operations if operation.body]
        received = [operation.body for operation in model.webhooks if operation.body]
        self._sent = _reached(model, [each.type for body in bodies for each in body.contents])
        self._received = _reached(model, [each.type for body in received for each in body.contents])
        self._answered = _reached(model, answered(model))
        self._touched = _touched(model)
        self._both = self._touched & self._answered & (self._sent | self._received)
        """What is in answers and elsewhere, and not the same in both."""
        taken = {item.name for item in model.objects.values()}
        taken |= {name for each in model.enums.values() for name in (each.name, each.values_name)}
        self._names = Distinct(*taken)

    def model(self) -> Model:
        model = self._model
        objects = {key: self._request(item) for key, item in model.objects.items()}
        names = {item.name for key, item in model.objects.items() if self._is_request(key)}
        for key in [key for key in model.objects if key in self._answered]:
            if key in self._both or not self._is_request(key):
                item = self._answer(model.objects[key])
                # Objects that share a name are alike, and so are those of their answers.
                if key in self._touched and item.name and item.name in names:
                    item = replace(item, name=self._names.of(item.name, f"{item.name}Answer"))
                objects[item.key] = item
        aliases = dict(model.aliases)
        for key in self._answered & model.aliases.keys():
            aliases[self._key(key)] = self._node(model.aliases[key])
        operations = tuple(map(self._operation, model.operations))
        return replace(model, objects=objects, aliases=aliases, operations=operations)

    def _is_request(self, key: str) -> bool:
        return key in self._sent or key in self._received

    def _key(self, key: str) -> str:
        """The key of what answers have in place of an object or alias."""
        return key + _ANSWER if key in self._both else key

    def _request(self, item: ObjectType) -> ObjectType:
        """What is received has the keys that only the other side can write."""
        if item.key not in self._sent or item.key in self._received:
            return item
        fields = (each for each in item.fields if not _bare(each.type).notes.read_only)
        return replace(item, fields=tuple(fields))

    def _answer(self, item: ObjectType) -> ObjectType:
        fields = [field for field in item.fields if not _bare(field.type).notes.write_only]
        return replace(
            item,
            key=self._key(item.key),
            fields=tuple(map(self._answered_field, fields)),
            extra=self._node(item.extra),
            patterns=tuple((pattern, self._node(node)) for pattern, node in item.patterns),
        )

    def _answered_field(self, field: Field) -> Field:
        node = _two_way(self._node(field.type))
        return field if node is field.type else replace(field, type=node)

    def _node(self, node: Type) -> Type:
        """A type whose objects are those of answers."""
        match node:
            case ObjectRef() | AliasRef():
                return replace(node, key=self._key(node.key)) if node.key in self._both else node
            case NullableType():
                inner = self._node(node.inner)
                return node if inner is node.inner else replace(node, inner=inner)
            case ArrayType():
                items, prefix = self._node(node.items), self._nodes(node.prefix)
                same = items is node.items and prefix is node.prefix
                return node if same else replace(node, items=items, prefix=prefix)
            case UnionType():
                arms = self._nodes(node.arms)
                return node if arms is node.arms else replace(node, arms=arms)
            case _:
                return node

    def _nodes(self, nodes: tuple[Type, ...]) -> tuple[Type, ...]:
        """The same tuple where nothing in it is another."""
        found = tuple(map(self._node, nodes))
        return nodes if all(map(is_, found, nodes)) else found

    def _operation(self, operation: Operation) -> Operation:
        return replace(operation, responses=tuple(map(self._response, operation.responses)))

    def _response(self, response: Response) -> Response:
        contents = tuple(map(self._content, response.contents))
        same = all(map(is_, contents, response.contents))
        return response if same else replace(response, contents=contents)

    def _content(self, content: Content) -> Content:
        node = self._node(content.type)
        return content if node is content.type else replace(content, type=node)


def _touched(model: Model) -> set[str]:
    """What has keys that go one way only, and what refers to such."""
    users: dict[str, list[str]] = {}
    inner = {key: list(object_children(item)) for key, item in model.objects.items()}
    inner |= {key: [alias] for key, alias in model.aliases.items()}
    for key, nodes in inner.items():
        for found in _references(nodes):
            users.setdefault(found, []).append(key)
    waiting = [key for key, item in model.objects.items() if any(map(_one_way, item.fields))]
    touched: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key not in touched:
            touched.add(key)
            waiting += users.get(key, ())
    return touched


def _two_way(node: Type) -> Type:
    """A type without the word that it is for answers only: there it is as any other."""

    def plain(each: _T) -> _T:
        if not each.notes.read_only:
            return each
        found: _T = replace(each, notes=replace(each.notes, read_only=False))
        return found

    whole = plain(node)
    if not isinstance(whole, NullableType) or not whole.inner.notes.read_only:
        return whole
    return replace(whole, inner=plain(whole.inner))


def _reached(model: Model, roots: Iterable[Type]) -> set[str]:
    """The keys of the objects and aliases that types are made of."""
    seen: set[str] = set()
    waiting = list(roots)
    while waiting:
        for key in _references([waiting.pop()]):
            if key not in seen:
                seen.add(key)
                alias = model.aliases.get(key)
                waiting += [alias] if alias else object_children(model.objects[key])
    return seen


def _references(nodes: Iterable[Type]) -> Iterator[str]:
    """The keys that types refer to."""
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ObjectRef, AliasRef)):
            yield node.key
        waiting += children(node)
