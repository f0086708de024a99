"""The alias that each enum of the generated package gets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...model.model import (
    AliasRef,
    ArrayType,
    EnumAlias,
    EnumType,
    Model,
    NullableType,
    ObjectRef,
    Type,
)
from ...model.reachable import children, emitted, object_children
from ...python.naming import Distinct, constant_name, field_name


def with_enum_names(model: Model) -> Model:
    """The model with a final name for each enum that wants one.

    Classes have their names first. An enum whose name is taken by a class, or by one of other
    values, gets `Enum` behind it.
    """
    named: dict[tuple[str, str], EnumAlias] = {}
    taken = {item.name for item in emitted(model).values()}
    constants = Distinct(*taken)
    for enum in _enums(model):
        if enum.identity not in named:
            name = enum.name
            while name in taken:
                name += "Enum"
            taken.add(name)
            wanted = f"{constant_name(field_name(name, frozenset()))}_VALUES"
            values_name = constants.of(name, wanted)
            named[enum.identity] = EnumAlias(name=name, values_name=values_name, type=enum)
    return replace(model, enums=named)


def with_enum_name(node: Type, name: str) -> Type:
    """A type of no class with the name that its enum wants, unless that has one already."""
    match node:
        case EnumType(name="") if not node.constant:
            return replace(node, name=name)
        case NullableType():
            return replace(node, inner=with_enum_name(node.inner, name))
        case ArrayType():
            return replace(node, items=with_enum_name(node.items, f"{name}Item"))
        case _:
            return node


def _enums(model: Model) -> Iterator[EnumType]:
    """Those that a builder or a parameter holds; schemas of their own come first."""
    found = [each for root in _roots(model) for each in _inside(model, root)]
    yield from sorted(found, key=lambda each: not each.component)


def _roots(model: Model) -> Iterator[Type]:
    for item in emitted(model).values():
        yield from object_children(item)
    for operation in model.operations:
        yield from (parameter.type for parameter in operation.parameters)
        yield from (each.type for each in (operation.body.contents if operation.body else ()))


def _inside(model: Model, root: Type) -> Iterator[EnumType]:
    seen: set[str] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, EnumType):
            if node.name and not node.constant:
                yield node
        elif isinstance(node, (ObjectRef, AliasRef)):
            if node.key not in seen:
                seen.add(node.key)
                stack.extend(_referred(model, node))
        else:
            stack.extend(reversed(list(children(node))))


def _referred(model: Model, node: ObjectRef | AliasRef) -> Iterator[Type]:
    if isinstance(node, AliasRef):
        yield model.aliases[node.key]
    elif not model.objects[node.key].name:
        yield from object_children(model.objects[node.key])
