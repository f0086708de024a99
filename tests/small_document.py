"""The smallest document with events: for tests of the disk and the command line."""

from __future__ import annotations


def event(literal: str, **properties: object) -> dict[str, object]:
    constant = {"event": {"const": literal}}
    return {
        "type": "object",
        "required": ["event", *properties],
        "properties": constant | properties,
    }


def document() -> dict[str, object]:
    """Two events, one operation."""
    schemas = {"a": event("A Began", id={"type": "string"}), "b": event("B Ended")}
    arms = [{"$ref": f"#/components/schemas/{key}"} for key in schemas]
    body = {"required": True, "content": {"application/json": {"schema": {"oneOf": arms}}}}
    post = {"operationId": "send", "requestBody": body, "responses": {"200": {"description": ""}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "servers": [{"url": "https://example.com"}],
        "paths": {"/e": {"post": post}},
        "components": {"schemas": schemas},
    }
