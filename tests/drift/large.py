"""A document of any size, in which everything is used by much else."""

from __future__ import annotations

from typing import Any

_WORDS = "Says what the value is for, at the length at which people write such things. " * 3


def large(size: int) -> dict[str, Any]:
    """`size` operations and as many schemas, each referring to three others; `size` in tens."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Large", "version": "1"},
        "paths": {f"/things/{number}": _path(number) for number in range(size)},
        "components": {"schemas": {f"thing_{number}": _thing(number) for number in range(size)}},
    }


def _path(number: int) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/thing_{number}"}
    content = {"application/json": {"schema": reference}}
    return {
        "post": {
            "operationId": f"make_{number}",
            "description": _WORDS,
            "requestBody": {"required": True, "content": content},
            "responses": {"200": {"description": "done", "content": content}},
        }
    }


def _thing(number: int) -> dict[str, Any]:
    scalars = {
        f"value_{each}": {"type": "string", "maxLength": 20, "description": _WORDS}
        for each in range(4)
    }
    # Circles of ten: recursion, but no long chains.
    circle = number - number % 10
    others = {
        f"other_{step}": {"$ref": f"#/components/schemas/thing_{circle + (number + step) % 10}"}
        for step in (1, 3, 7)
    }
    return {"type": "object", "required": ["value_0"], "properties": {**scalars, **others}}
