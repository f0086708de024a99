"""Documents in which every schema refers twice to the next: of N schemas, 2^N ways through them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from support import event, event_document

Link = Callable[[Any, int], Any]
"""A schema, made of a reference to the next one; the number tells its keys from the others'."""

TEXT = {"type": "string"}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _needing(key: str, schema: Any) -> dict[str, Any]:
    return {"required": [key], "properties": {key: schema}}


VALUES: Mapping[str, Link] = {
    "anyOf": lambda following, _: {"anyOf": [following, following]},
    "oneOf": lambda following, _: {"oneOf": [following, following]},
    "anyOf with null": lambda following, _: {"anyOf": [following, following, {"type": "null"}]},
    "oneOf with null": lambda following, _: {"oneOf": [following, following, {"type": "null"}]},
    "anyOf with a list": lambda following, _: {"anyOf": [following, _listed(following)]},
    "anyOf beside keys": lambda following, number: {
        **_object(**{f"p{number}": TEXT}),
        "anyOf": [following, following],
    },
    "anyOf of two beside keys": lambda following, number: {
        **_object(**{f"p{number}": TEXT}),
        "anyOf": [following, {"allOf": [following], "required": [f"p{number}"]}],
    },
    "choices in allOf": lambda following, number: {
        "allOf": [
            {"oneOf": [_needing(f"a{number}", TEXT), _needing(f"b{number}", TEXT)]},
            following,
        ]
    },
    "choices side by side": lambda following, number: {
        "oneOf": [_needing(f"a{number}", TEXT), _needing(f"b{number}", TEXT)],
        "anyOf": [_object(**{f"c{number}": TEXT}), _object(**{f"d{number}": TEXT})],
        "allOf": [following],
    },
    "allOf": lambda following, number: {
        "allOf": [following, following, {"oneOf": [_needing("a", TEXT), _needing("b", TEXT)]}]
    },
    "lists": lambda following, _: {**_listed(following), "prefixItems": [following]},
    "maps": lambda following, _: {
        "type": "object",
        "patternProperties": {"^a": following},
        "additionalProperties": following,
    },
    "maps of lists": lambda following, _: {
        "type": "object",
        "additionalProperties": {"anyOf": [following, _listed(following)]},
    },
    "keys": lambda following, _: _object(a=following, b=following),
    "not": lambda following, _: {
        "type": "object",
        "not": following,
        "additionalProperties": following,
    },
    "not beside not": lambda following, _: {
        "allOf": [{"not": following}, {"not": {"not": following}}]
    },
    "if": lambda following, _: {"if": following, "then": following, "else": following},
    "dependentSchemas": lambda following, _: {
        "type": "object",
        "dependentSchemas": {"a": following, "b": following},
    },
    "contains": lambda following, _: {**_listed(following), "contains": following},
}

BODIES: Mapping[str, Link] = {
    "anyOf": VALUES["anyOf"],
    "oneOf with a discriminator": lambda following, number: {
        "oneOf": [following, event(f"Event {number}")],
        "discriminator": {"propertyName": "event"},
    },
    "anyOf with a discriminator": lambda following, number: {
        "anyOf": [following, following, event(f"Event {number}")],
        "discriminator": {"propertyName": "event"},
    },
    "anyOf beside keys": VALUES["anyOf beside keys"],
    "choices in allOf": VALUES["choices in allOf"],
}


def _listed(schema: Any) -> dict[str, Any]:
    return {"type": "array", "items": schema}


def value_document(name: str, links: int, last: Any = TEXT) -> dict[str, Any]:
    """An event that holds such a value."""
    components = _chain(VALUES[name], links, last)
    body = {"oneOf": [event("A", {"value": components["s0"][0]}), event("B")]}
    return event_document(body, components={key: said for key, (_, said) in components.items()})


def body_document(name: str, links: int) -> dict[str, Any]:
    """A body that is such a schema, with events at the end."""
    last = {"oneOf": [event("A", {"a": TEXT}), event("B", {"b": TEXT})]}
    components = _chain(BODIES[name], links, last)
    schemas = {key: said for key, (_, said) in components.items()}
    return event_document(components["s0"][0], components=schemas)


def _chain(link: Link, links: int, last: Any) -> dict[str, tuple[Any, Any]]:
    """Name -> a reference to the schema, and the schema."""
    references = [{"$ref": f"#/components/schemas/s{number}"} for number in range(links + 1)]
    said = [*(link(references[number + 1], number) for number in range(links)), last]
    return {f"s{n}": pair for n, pair in enumerate(zip(references, said, strict=True))}


def circles(*lengths: int) -> dict[str, Any]:
    """Objects that are led to by circles of these lengths, all at once."""
    schemas: dict[str, Any] = {}
    for length in lengths:
        for number in range(length):
            following = {"$ref": f"#/components/schemas/c{length}_{(number + 1) % length}"}
            schemas[f"c{length}_{number}"] = _object(next=following)
    first = [{"$ref": f"#/components/schemas/c{length}_0"} for length in lengths]
    return event_document(event("A", {"value": {"allOf": first}}), components=schemas)


def condition_document(links: int) -> dict[str, Any]:
    """An event with a chain of conditions, each on the next object; an answer holds them all."""
    names = [f"s{number}" for number in range(links)]
    schemas: dict[str, Any] = {
        name: {**_object(a=TEXT), "not": {"$ref": f"#/components/schemas/{following}"}}
        for name, following in zip(names, [*names[1:], "end"], strict=True)
    }
    schemas["end"] = {**_object(a=TEXT), "required": ["a"]}
    held = {name: {"$ref": f"#/components/schemas/{name}"} for name in reversed(names)}
    schemas["answer"] = _object(**held)
    value = {"type": "object", "not": {"$ref": "#/components/schemas/s0"}}
    data = event_document(event("A", {"value": value}), components=schemas)
    answer = {"schema": {"$ref": "#/components/schemas/answer"}}
    # No JSON: it has no classes.
    got = {"200": {"description": "All.", "content": {"application/xml": answer}}}
    data["paths"] = {"/all": {"get": {"operationId": "all", "responses": got}}, **data["paths"]}
    return data
