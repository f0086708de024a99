"""The one array of a body: the body itself, or what it holds under its only key with an array."""

from __future__ import annotations

from dataclasses import dataclass

from .model import ArrayType, Field, Model, ObjectRef, ObjectType, Type
from .reachable import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyArray:
    """An array that stands for the whole body, such as `{"batch": [...]}`."""

    type: ArrayType
    holder: ObjectType | None = None
    """The object that holds it; None: the body is the array."""
    field: Field | None = None
    """The field of the holder that it is the value of."""
    required: tuple[str, ...] = ()
    """The wire names of the other fields that the holder needs."""


def array_of(model: Model, node: Type) -> BodyArray | None:
    """The one array of a body of that type; None where there is none, or where there are several.

    Fields of another type may stand beside it.
    """
    node = plain(model, node)
    if isinstance(node, ArrayType):
        return BodyArray(type=node)
    if not isinstance(node, ObjectRef):
        return None
    holder = model.objects[node.key]
    kinds = [(field, plain(model, field.type)) for field in holder.fields]
    arrays = [(field, kind) for field, kind in kinds if isinstance(kind, ArrayType)]
    if len(arrays) != 1:
        return None
    field, kind = arrays[0]
    required = tuple(each.wire for each in holder.fields if each.required and each is not field)
    return BodyArray(type=kind, holder=holder, field=field, required=required)
