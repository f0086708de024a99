"""By which key an outbox keeps events in order, and whether any body has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..diagnostics.diagnostic import Diagnostic, nearest
from ..model.bodies import form_of
from ..model.model import (
    AliasRef,
    ArrayType,
    Model,
    NullableType,
    ObjectRef,
    ObjectType,
    Type,
    UnionType,
)
from .names.faults import Faults

if TYPE_CHECKING:
    from ..config.config import ClientConfig
    from ..document.load import Document

_USUAL = "userId"


def order_key(client: ClientConfig, model: Model) -> str | None:
    """The wire name by which events are kept in order; None: nothing is.

    Where the configuration says nothing it is `userId`, if there is a body that has that.
    """
    if client.order_by is not None:
        return client.order_by or None
    return _USUAL if _USUAL in _keys(model) else None


def unordered(document: Document, client: ClientConfig, model: Model) -> Iterator[Diagnostic]:
    """One diagnostic where no body has the key that the configuration names."""
    key = client.order_by
    if not key or key in (known := _keys(model)):
        return
    near = nearest(key, known)
    listed = ", ".join(list(known)[:10]) or "none"
    meant = f"did you mean {near!r}?" if near else f"the keys are {listed}"
    yield Faults(document, client).of(
        "E322",
        f"events cannot be kept in order by {key!r}: no body of the document has that key",
        ("order_by",),
        "",
        f'{meant}\n`order_by = ""` is for no order; by what the document does not declare, a '
        "function of the event orders: Outbox(…, key=lambda event: …)",
    )


def _keys(model: Model) -> dict[str, None]:
    """The wire names of what objects in JSON bodies declare, be they in an array."""
    found: dict[str, None] = {}
    for operation in model.operations:
        for content in operation.body.contents if operation.body else ():
            if form_of(content) == "json":
                for item in _objects(model, content.type, frozenset()):
                    found.update((field.wire, None) for field in item.fields)
    return found


def _objects(model: Model, node: Type, seen: frozenset[str]) -> Iterator[ObjectType]:
    """The objects that a body is, or an array in it, which may be the only thing that it has."""
    if isinstance(node, UnionType):
        for arm in node.arms:
            yield from _objects(model, arm, seen)
    elif isinstance(node, NullableType):
        yield from _objects(model, node.inner, seen)
    elif isinstance(node, ArrayType):
        yield from _objects(model, node.items, seen)
    elif isinstance(node, AliasRef) and node.key not in seen:
        yield from _objects(model, model.aliases[node.key], seen | {node.key})
    elif isinstance(node, ObjectRef) and node.key not in seen:
        item = model.objects[node.key]
        yield item
        for each in item.fields:
            if isinstance(each.type, ArrayType):
                yield from _objects(model, each.type, seen | {node.key})
