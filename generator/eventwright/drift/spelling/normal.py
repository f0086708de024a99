"""One spelling for what a document may say in several ways: model -> model.

Two models are compared in this form, so that equal things are equal wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from ...model.model import (
    AnyType,
    ArrayType,
    Assertion,
    Content,
    EnumType,
    Model,
    NullableType,
    NumberType,
    ObjectType,
    Operation,
    Parameter,
    Response,
    StringType,
    Type,
    UnionType,
)
from ..values.disjoint import Disjoint
from ..values.implied import normal_array, normal_enum, normal_object
from ..values.wholenumbers import normal_number
from .conditions import OBJECT, idle
from .texts import is_bytes, normal_bytes, normal_string
from .unionforms import merged

_Typed = TypeVar("_Typed", Content, Parameter)
_Item = TypeVar("_Item", bound=Any)


def normal(model: Model) -> Model:
    """The same contract. Where nothing is to be said otherwise, it is the same object."""
    first = _Normal(model.objects)
    model = first.model(model)
    return _Exclusive(Disjoint(model)).model(model) if first.exclusive else model


class _Walk:
    """Rewrites every type of a model, from the inside out."""

    def model(self, model: Model) -> Model:
        return replace(
            model,
            objects={key: self.object(item) for key, item in model.objects.items()},
            aliases={key: self.type(node) for key, node in model.aliases.items()},
            operations=tuple(map(self.operation, model.operations)),
            webhooks=tuple(map(self.operation, model.webhooks)),
        )

    def operation(self, item: Operation) -> Operation:
        body = item.body and replace(item.body, contents=self.contents(item.body.contents))
        return replace(
            item,
            parameters=tuple(map(self.typed, item.parameters)),
            body=body,
            responses=tuple(map(self.response, item.responses)),
            callbacks=tuple(map(self.operation, item.callbacks)),
        )

    def response(self, item: Response) -> Response:
        headers = tuple(map(self.typed, item.headers))
        return replace(item, headers=headers, contents=self.contents(item.contents))

    def contents(self, items: Iterable[Content]) -> tuple[Content, ...]:
        return tuple(map(self.typed, items))

    def typed(self, item: _Typed) -> _Typed:
        return _with(item, type=self.type(item.type))

    def object(self, item: ObjectType) -> ObjectType:
        return _with(
            item,
            fields=_each(item.fields, lambda field: _with(field, type=self.type(field.type))),
            extra=self.type(item.extra),
            patterns=tuple((pattern, self.type(node)) for pattern, node in item.patterns)
            if item.patterns
            else (),
            assertions=_each(item.assertions, self.assertion),
        )

    def assertion(self, item: Assertion) -> Assertion:
        return _with(item, types=_each(item.types, self.type))

    def type(self, node: Type) -> Type:
        if node.assertions:
            node = replace(node, assertions=_each(node.assertions, self.assertion))
        match node:
            case ArrayType():
                prefix = _each(node.prefix, self.type)
                node = _with(node, items=self.type(node.items), prefix=prefix)
            case NullableType():
                node = _with(node, inner=self.type(node.inner))
            case UnionType():
                node = _with(node, arms=_each(node.arms, self.type))
            case _:
                pass
        return self.one(node)

    def one(self, node: Type) -> Type:
        """A node whose parts are done."""
        raise NotImplementedError


class _Normal(_Walk):
    """All but whether the arms of a union exclude each other: asked of what comes of this."""

    def __init__(self, objects: Mapping[str, ObjectType]) -> None:
        self._objects = objects
        self.exclusive = False
        """Whether there is a union of which exactly one arm counts."""

    def object(self, item: ObjectType) -> ObjectType:
        item = super().object(item)
        kept = tuple(each for each in item.assertions if not idle(each, OBJECT))
        return normal_object(_with(item, assertions=kept), self._objects)

    def typed(self, item: _Typed) -> _Typed:
        found = super().typed(item)
        if isinstance(found, Content) and is_bytes(found.media_type):
            return _with(found, type=normal_bytes(found.type, found.media_type))
        return found

    def one(self, node: Type) -> Type:
        match node:
            case NumberType():
                node = normal_number(node)
            case StringType():
                node = normal_string(node)
            case AnyType():
                node = normal_string(node)
            case EnumType():
                node = normal_enum(node)
            case ArrayType():
                node = normal_array(node)
            case UnionType():
                node = merged(node)
            case _:
                pass
        if isinstance(node, UnionType) and node.exclusive:
            self.exclusive = True
        if node.assertions:
            kept = tuple(each for each in node.assertions if not idle(each, node))
            node = _with(node, assertions=kept)
        return node


class _Exclusive(_Walk):
    """Where no value can meet two arms, "exactly one" and "any" are the same thing."""

    def __init__(self, disjoint: Disjoint) -> None:
        self._disjoint = disjoint

    def one(self, node: Type) -> Type:
        if isinstance(node, UnionType) and node.exclusive and self._disjoint.all(node.arms):
            return replace(node, exclusive=False)
        return node


def _each(items: tuple[Any, ...], change: Any) -> tuple[Any, ...]:
    if not items:
        return items
    found = tuple(change(item) for item in items)
    same = all(one is two for one, two in zip(items, found, strict=True))
    return items if same else found


def _with(item: _Item, **changed: Any) -> _Item:
    """The item itself where nothing changed: most do not."""
    if all(getattr(item, name) is value or value == () == getattr(item, name)
           for name, value in changed.items()):  # fmt: skip
        return item
    return replace(item, **changed)
