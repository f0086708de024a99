"""What a client leaves out of a document without stopping: each is worth a word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..model import Model, Remark
from .lost import Lost
from .operations import can_be_json

if TYPE_CHECKING:
    from ..config import ClientConfig


def remarks_of(client: ClientConfig, model: Model, lost: Lost) -> Iterator[Remark]:
    """In the order in which they are told."""
    if not model.events:
        yield Remark(message=f"no events found: {_why_none(client, model)}")
    yield from lost.remarks(model.objects)


def _why_none(client: ClientConfig, model: Model) -> str:
    plain = "the bodies are plain objects"
    bodies = {
        content.media_type: operation.id
        for operation in (*model.operations, *model.webhooks)
        if operation.body and (client.events is None or operation.id in client.events)
        for content in operation.body.contents
    }
    other = {media: identity for media, identity in bodies.items() if not can_be_json(media)}
    for media, identity in other.items():
        if len(other) == len(bodies):
            return f"events are JSON, and the body of {identity} is {media}"
        plain += f"; that of {identity} is {media}, and events are JSON"
        break
    return f"no request's body is a union whose arms a constant tells apart; {plain}"
