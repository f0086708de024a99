"""Features that send events, asked for where no operation takes one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..diagnostics.remarks import Remark
from ..model.model import Model, ObjectRef, Operation, Type, UnionType
from ..model.omissions import sendable

if TYPE_CHECKING:
    from ..config.config import ClientConfig

_SENDING = ("outbox", "send", "celery", "redis", "postgresql")


def idle_features(client: ClientConfig, model: Model) -> Iterator[Remark]:
    """A note for each feature that has nothing to send, so that nothing is made for it."""
    asked = [feature for feature in client.features if feature in _SENDING]
    if not asked:
        return
    events = {event.key for event in model.events}
    if not any(_takes_events(each, events) for each in sendable(model).operations):
        for feature in asked:
            yield Remark(
                code="N125",
                about=f"the feature {feature!r}",
                message="has nothing to send, so nothing is made for it: no operation takes events",
                help="remove it from `features`, or name the operations that take events: "
                'events = ["…"]',
            )


def _takes_events(operation: Operation, events: set[str]) -> bool:
    contents = operation.body.contents if operation.body else ()
    return any(_is_event(content.type, events) for content in contents)


def _is_event(node: Type, events: set[str]) -> bool:
    arms = node.arms if isinstance(node, UnionType) else (node,)
    return all(isinstance(arm, ObjectRef) and arm.key in events for arm in arms)
