"""Features that send events, asked for where no operation takes one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..diagnostics.remarks import Remark
from ..model.bodies import form_of
from ..model.model import ArrayType, Model, ObjectRef, Operation, Type, UnionType
from ..model.omissions import sendable
from .arrayevents import items_of

if TYPE_CHECKING:
    from ..config.config import ClientConfig

_SENDING = ("outbox", "send", "celery", "redis", "postgresql")
_OF_EVENTS = "send"


def idle_features(client: ClientConfig, model: Model) -> Iterator[Remark]:
    """A note for each feature that has nothing to send, so that nothing is made for it."""
    operations = sendable(model).operations
    delivered = any(_takes_objects(each, model) for each in operations)
    keys = {event.key for event in model.events}
    events = any(_takes_events(each, model, keys) for each in operations)
    for feature in client.features:
        if feature not in _SENDING:
            continue
        if not delivered:
            message = "no operation takes an object that has a class"
        elif feature == _OF_EVENTS and not events:
            message = "no operation takes events"
        else:
            continue
        yield Remark(
            code="N125",
            about=f"the feature {feature!r}",
            message=f"has nothing to send, so nothing is made for it: {message}",
            help="remove it from `features`",
        )


def _takes_objects(operation: Operation, model: Model) -> bool:
    contents = operation.body.contents if operation.body else ()
    bare = _is_bare(operation)
    return any(
        form_of(content) == "json"
        and (_is_object(content.type, model) or (bare and _is_array(content.type, model)))
        for content in contents
    )


def _is_bare(operation: Operation) -> bool:
    """Whether a call needs nothing but the body."""
    return not any(each.required and not each.switch for each in operation.parameters)


def _is_array(node: Type, model: Model) -> bool:
    return isinstance(node, ArrayType) and _is_object(node.items, model)


def _takes_events(operation: Operation, model: Model, keys: set[str]) -> bool:
    for content in operation.body.contents if operation.body else ():
        items = items_of(model, content.type) if _is_bare(operation) else None
        if _is_event(content.type, keys) or (items is not None and _is_event(items, keys)):
            return True
    return False


def _is_event(node: Type, keys: set[str]) -> bool:
    arms = node.arms if isinstance(node, UnionType) else (node,)
    return all(isinstance(arm, ObjectRef) and arm.key in keys for arm in arms)


def _is_object(node: Type, model: Model) -> bool:
    if isinstance(node, UnionType):
        return any(_is_object(arm, model) for arm in node.arms)
    return isinstance(node, ObjectRef) and bool(model.objects[node.key].name)
