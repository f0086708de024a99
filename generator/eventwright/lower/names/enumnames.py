"""The alias that each enum of the generated package gets."""

from __future__ import annotations

from dataclasses import replace

from ...model.givennames import GivenNames
from ...model.model import ArrayType, EnumAlias, EnumType, Model, NullableType, Type
from ...model.reachable import emitted, enums
from ...python.naming import Distinct, constant_name, field_name, is_class_name


def with_enum_names(model: Model, given: GivenNames) -> Model:
    """The model with a final name for each enum that wants one.

    Classes have their names first, but for those that `given` says the package has for enums. An
    enum whose name is taken by a class, or by one of other values, gets `Enum` behind it.
    """
    named: dict[tuple[str, str], EnumAlias] = {}
    classes = {item.name for item in emitted(model).values()}
    found = kept_enum_names(model, given).items()
    kept = {identity: name for identity, name in found if name not in classes}
    taken = classes | {*kept.values()}
    constants = Distinct(*classes)
    for enum in enums(model):
        if enum.identity not in named:
            name = kept.get(enum.identity, enum.name)
            while enum.identity not in kept and name in taken:
                name += "Enum"
            taken.add(name)
            wanted = f"{constant_name(field_name(name, frozenset()))}_VALUES"
            values_name = constants.of(name, wanted)
            named[enum.identity] = EnumAlias(name=name, values_name=values_name, type=enum)
    return replace(model, enums=named)


def kept_enum_names(model: Model, given: GivenNames) -> dict[tuple[str, str], str]:
    """What the package that is there calls the enums that are there still, by their identity."""
    found: dict[str, tuple[str, str]] = {}
    for enum in enums(model) if given.enums else ():
        name = given.enum_of(enum.at, enum.name)
        if name not in found and is_class_name(name):
            found[name] = enum.identity
    return {identity: name for name, identity in reversed(found.items())}


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
