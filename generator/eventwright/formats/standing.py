"""The OpenAPI document that schemas and tracking plans stand for: one operation takes all."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from .events import Event, events_in

if TYPE_CHECKING:
    from ..text.jsonvalues import Json

KEY = "event"
"""What an event's name is called on the wire where its schema does not say."""


def openapi_for(files: Mapping[str, Json], url: str, beside: str) -> dict[str, Any]:
    """A document whose one operation posts the events of all files to a URL.

    `files`: the content of each by its name; `beside`: the name of the document, which its
    references are relative to. An empty list of events makes a document without operations.
    """
    components: dict[str, Any] = {}
    arms = [
        _arm(posixpath.relpath(name, posixpath.dirname(beside) or "."), event, components)
        for name, data in files.items()
        for event in events_in(data, name, alone=len(files) == 1)
    ]
    parts = urlsplit(url)
    operation = {
        "operationId": "track",
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _whole(arms)}},
        },
        "responses": {"2XX": {"description": "Taken."}},
    }
    path = parts.path.replace("{", "%7B").replace("}", "%7D") or "/"
    return {
        "openapi": "3.1.0",
        "info": {"title": _title(files), "version": "1"},
        "servers": [{"url": f"{parts.scheme}://{parts.netloc}"}],
        "paths": {path: {"post": operation}} if arms else {},
        "components": {"schemas": components},
    }


def _arm(path: str, event: Event, components: dict[str, Any]) -> dict[str, Any]:
    """The schema of what is sent; `components` gets what has a name of its own."""
    ref = {"$ref": f"{quote(path)}#{quote(event.schema)}" if event.schema else quote(path)}
    if event.uri:
        called = re.sub("[^A-Za-z0-9._-]", "_", event.called)
        if called not in components:
            components[called], ref = ref, {"$ref": f"#/components/schemas/{called}"}
        said = {"schema": {"const": event.uri}, "data": ref}
        return {"type": "object", "properties": said, "required": list(said)}
    if event.name:
        said = {KEY: {"const": event.name}}
        return {"allOf": [ref, {"type": "object", "properties": said, "required": [KEY]}]}
    return ref


def _whole(arms: list[dict[str, Any]]) -> dict[str, Any]:
    return arms[0] if len(arms) == 1 else {"oneOf": arms}


def _title(files: Iterable[str]) -> str:
    stems = [posixpath.basename(name) for name in files]
    return stems[0] if len(stems) == 1 else "Events"
