"""Model -> the model of what is emitted: requests without readOnly keys, answers without writeOnly.

An object that is in both, and not the same in both, becomes two: the one that answers are read as
gets a class of its own, `OrderAnswer` beside `Order` (OpenAPI 3.1, Schema Object, `readOnly`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from .model import (
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
from .reachable import answered, children, object_children

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
        self._sent = _reached(model, [each.type for body in bodies for each in body.contents])
        received = [operation.body for operation in model.webhooks if operation.body]
        self._kept = _reached(model, [each.type for body in received for each in body.contents])
        self._answered = _reached(model, answered(model))
        self._touched = _touched(model)
        self._differing = self._touched & self._answered & (self._sent | self._kept)
        self._taken = {item.name for item in model.objects.values()}
        self._taken |= {
            name for each in model.enums.values() for name in (each.name, each.values_name)
        }
        self._named: dict[str, str] = {"": ""}

    def model(self) -> Model:
        model = self._model
        objects: dict[str, ObjectType] = {}
        requests = {
            model.objects[key].name
            for key in self._touched & (self._sent | self._kept) & model.objects.keys()
        }
        for key, item in model.objects.items():
            objects[key] = item
            if key in self._sent and key not in self._kept:
                objects[key] = replace(item, fields=tuple(_written(item.fields)))
            if key in self._answered:
                own = key + _ANSWER if key in self._differing else key
                if key in self._differing or key not in self._sent | self._kept:
                    # Objects that share a name are alike, and so are those of their answers.
                    split = key in self._touched and item.name in requests
                    name = self._name(item.name) if split else item.name
                    objects[own] = replace(self._answer(item), key=own, name=name)
        aliases = dict(model.aliases)
        for key in self._answered & model.aliases.keys():
            own = key + _ANSWER if key in self._differing else key
            aliases[own] = self._node(model.aliases[key])
        operations = tuple(map(self._operation, model.operations))
        return replace(model, objects=objects, aliases=aliases, operations=operations)

    def _name(self, name: str) -> str:
        if name not in self._named:
            wanted = f"{name}Answer"
            while wanted in self._taken:
                wanted += "_"
            self._taken.add(wanted)
            self._named[name] = wanted
        return self._named[name]

    def _answer(self, item: ObjectType) -> ObjectType:
        fields = [field for field in item.fields if not _bare(field.type).notes.write_only]
        return replace(
            item,
            fields=tuple(replace(each, type=_two_way(self._node(each.type))) for each in fields),
            extra=self._node(item.extra),
            patterns=tuple((pattern, self._node(node)) for pattern, node in item.patterns),
        )

    def _node(self, node: Type) -> Type:
        """A type whose objects are those of answers."""
        match node:
            case ObjectRef() | AliasRef() if node.key in self._differing:
                return replace(node, key=node.key + _ANSWER)
            case NullableType():
                return replace(node, inner=self._node(node.inner))
            case ArrayType():
                prefix = tuple(map(self._node, node.prefix))
                return replace(node, items=self._node(node.items), prefix=prefix)
            case UnionType():
                return replace(node, arms=tuple(map(self._node, node.arms)))
            case _:
                return node

    def _operation(self, operation: Operation) -> Operation:
        return replace(operation, responses=tuple(map(self._response, operation.responses)))

    def _response(self, response: Response) -> Response:
        def content(each: Content) -> Content:
            return replace(each, type=self._node(each.type))

        return replace(response, contents=tuple(map(content, response.contents)))


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


def _written(fields: Iterable[Field]) -> Iterator[Field]:
    return (field for field in fields if not _bare(field.type).notes.read_only)


def _two_way(node: Type) -> Type:
    """A type without the word that it is for answers only: there it is as any other."""

    def plain(each: _T) -> _T:
        found: _T = replace(each, notes=replace(each.notes, read_only=False))
        return found

    whole = plain(node)
    return replace(whole, inner=plain(whole.inner)) if isinstance(whole, NullableType) else whole


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
