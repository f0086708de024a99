"""A document with an operation for one event, and one for many."""

from __future__ import annotations

from typing import Any


def with_batches(key: str = "batch", most: int | None = None) -> dict[str, Any]:
    """`key`: of the body that holds the events; empty: the body is the array of them."""
    event = {
        "type": "object",
        "required": ["event", "userId", "n"],
        "properties": {
            "event": {"const": "Made"},
            "userId": {"type": "string"},
            "n": {"type": "integer"},
        },
    }
    one = {"$ref": "#/components/schemas/made"}
    array: dict[str, Any] = {"type": "array", "items": one}
    if most is not None:
        array["maxItems"] = most
    many = {"type": "object", "required": [key], "properties": {key: array}} if key else array
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "servers": [{"url": "https://example.com"}],
        "paths": {"/one": {"post": _post("one", one)}, "/many": {"post": _post("many", many)}},
        "components": {"schemas": {"made": event}},
    }


def _post(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": name,
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {"200": {"description": ""}},
    }
