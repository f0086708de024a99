"""Schemas that others extend, told apart by a discriminator: each is one of those that extend it.

Pet: {required: [kind], properties: {kind: {type: string}}, discriminator: {propertyName: kind}}
Cat: {allOf: [{$ref: Pet}, …]}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..text.pointers import join, target

_PLACE = "/components/schemas"
_CHOICES = ("oneOf", "anyOf")
_OTHER = "other"
"""The title of what is none of those that extend a schema."""
_MARK = "x-none-of-the-children"


def with_children(data: Any) -> Any:
    """The document with the alternatives of each such schema written out in it.

    A value whose discriminator names none of them is of the schema alone.
    """
    components = data.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    if not isinstance(schemas, dict):
        return data
    parents = {name: each for name, each in schemas.items() if _is_parent(each)}
    children = _children(schemas) if parents else {}
    found = {
        name: {**schema, "anyOf": [*_arms(name, schema, list(_below(name, children, parents)))]}
        for name, schema in parents.items()
        if name in children
    }
    if not found:
        return data
    return {**data, "components": {**components, "schemas": {**schemas, **found}}}


def is_of_no_child(schema: Any) -> bool:
    """Whether a schema is the alternative for what is none of those that extend another."""
    return isinstance(schema, dict) and schema.get(_MARK) is True


def _is_parent(schema: Any) -> bool:
    if not isinstance(schema, dict) or any(keyword in schema for keyword in _CHOICES):
        return False
    said = schema.get("discriminator")
    return isinstance(said, dict) and isinstance(said.get("propertyName"), str)


def _children(schemas: Mapping[str, Any]) -> dict[str, list[str]]:
    """Component → those whose `allOf` refers to it."""
    found: dict[str, list[str]] = {}
    places = {join(_PLACE, name): name for name in schemas}
    for name, schema in schemas.items():
        arms: Any = schema.get("allOf") if isinstance(schema, dict) else None
        for arm in arms or ():
            ref = arm.get("$ref") if isinstance(arm, dict) else None
            parent = places.get(target(ref)) if isinstance(ref, str) else None
            if parent is not None and parent != name:
                found.setdefault(parent, []).append(name)
    return found


def _below(
    name: str, children: Mapping[str, list[str]], parents: Mapping[str, Any]
) -> Iterator[str]:
    """All that extend a schema; what extends one that is a parent itself is that one's."""
    waiting, seen = [*children[name]], {name}
    while waiting:
        each = waiting.pop(0)
        if each not in seen:
            seen.add(each)
            yield each
            waiting += children.get(each, []) if each not in parents else []


def _arms(name: str, schema: Mapping[str, Any], below: list[str]) -> Iterator[dict[str, Any]]:
    wire = schema["discriminator"]["propertyName"]
    mapping = schema["discriminator"].get("mapping") or {}
    literals: list[str] = []
    for each in below:
        at = join(_PLACE, each)
        refs = (f"#{at}", each)
        literals += [key for key, ref in mapping.items() if ref in refs] or [each]
        yield {"$ref": f"#{at}"}
    yield {
        "title": _OTHER,
        _MARK: True,
        "allOf": [{"$ref": f"#{join(_PLACE, name)}"}],
        "properties": {wire: {"not": {"enum": literals}}},
    }
