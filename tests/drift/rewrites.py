"""Random rewrites of a document that change nothing of what it means."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

Json = dict[str, Any]
_UNORDERED = ("required", "enum", "oneOf", "anyOf", "allOf", "parameters", "type")
_BELOW = ("items", "not", "additionalProperties")


def schemas(data: Json) -> Iterator[Json]:
    """Every schema of the document that is an object, from the outside in; references too."""
    waiting: list[Any] = [*data.get("components", {}).get("schemas", {}).values()]
    waiting += [content["schema"] for content in _contents(data)]
    while waiting:
        schema = waiting.pop(0)
        if isinstance(schema, dict):
            yield schema
            waiting += schema.get("properties", {}).values()
            for keyword in ("oneOf", "anyOf", "allOf"):
                waiting += schema.get(keyword, [])
            waiting += [schema[keyword] for keyword in _BELOW if keyword in schema]


def _contents(node: Any) -> Iterator[Json]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "content" and isinstance(value, dict):
                yield from (each for each in value.values() if "schema" in each)
            else:
                yield from _contents(value)
    elif isinstance(node, list):
        for value in node:
            yield from _contents(value)


def reorder(data: Json, random: Random) -> None:
    """Another order of keys, and of the lists whose order means nothing."""
    shuffled = _shuffled(data, random)
    data.clear()
    data.update(shuffled)


def _shuffled(node: Any, random: Random, key: str = "") -> Any:
    if isinstance(node, dict):
        keys = random.sample(list(node), len(node))
        return {name: _shuffled(node[name], random, name) for name in keys}
    if isinstance(node, list):
        items = [_shuffled(item, random) for item in node]
        return random.sample(items, len(items)) if key in _UNORDERED else items
    return node


def inline(data: Json, random: Random) -> None:
    """A reference replaced by what it names."""
    references = [s for s in schemas(data) if "$ref" in s]
    if references:
        place = random.choice(references)
        name = place["$ref"].rpartition("/")[2]
        target = data["components"]["schemas"][name]
        if place["$ref"] not in repr(target):  # a schema inside itself cannot be written out
            del place["$ref"]
            place.update(copy.deepcopy(target))
            place["x-inlined"] = True


def extract(data: Json, random: Random) -> None:
    """A schema moved into a component of its own.

    Not a component, what was one or all that one says: that would be a component of another name,
    and names count.
    """
    roots = [id(schema) for schema in data["components"]["schemas"].values()]
    roots += [id(arm) for schema in schemas(data) for arm in schema.get("allOf", ())]
    inner = [s for s in schemas(data) if _nested(s) and id(s) not in roots]
    if inner:
        place = random.choice(inner)
        name = f"extracted_{random.randrange(10**9)}"
        components = data.setdefault("components", {}).setdefault("schemas", {})
        components[name] = dict(place)
        place.clear()
        place["$ref"] = f"#/components/schemas/{name}"


def _nested(schema: Json) -> bool:
    says = schema.keys() & {"type", "const", "enum", "oneOf", "anyOf"}
    return bool(says) and not schema.keys() & {"$ref", "x-inlined"}


def rename(data: Json, random: Random) -> None:
    """Another key for a component that is an event, wherever it is referred to."""
    components = data["components"]["schemas"]
    events = [name for name, s in components.items() if "event" in s.get("properties", {})]
    if events:
        name = random.choice(sorted(events))
        other = f"renamed_{random.randrange(10**9)}"
        components[other] = components.pop(name)
        for schema in schemas(data):
            if schema.get("$ref") == f"#/components/schemas/{name}":
                schema["$ref"] = f"#/components/schemas/{other}"


def wrap(data: Json, random: Random) -> None:
    """A schema said through `allOf`: a component, an arm of a union or any other."""
    place = random.choice(list(schemas(data)))
    whole = dict(place)
    place.clear()
    place["allOf"] = [whole]


def pull_out(data: Json, random: Random) -> None:
    """Some keys of an object said by a base that it is merged with."""
    objects = [s for s in schemas(data) if len(s.get("properties", {})) > 1 and _open(s)]
    if not objects:
        return
    place = random.choice(objects)
    name = random.choice(sorted(place["properties"]))
    base: Json = {"type": "object", "properties": {name: place["properties"].pop(name)}}
    if name in place.get("required", []):
        place["required"] = [each for each in place["required"] if each != name]
        base["required"] = [name]
    place.setdefault("allOf", []).append(base)


def _open(schema: Json) -> bool:
    return schema.get("additionalProperties", True) is True


def respell(data: Json, random: Random) -> None:
    """The words of the other version, or other words of the same."""
    if data["openapi"].startswith("3.0"):
        data["openapi"] = "3.1.0"
        for schema in schemas(data):
            if "example" in schema:
                schema["examples"] = [schema.pop("example")]
    for schema in list(schemas(data)):
        if random.random() < 0.5:
            _other_constant(schema)
        if isinstance(schema.get("type"), list) and random.random() < 0.5:
            _any_of_types(schema)


def _other_constant(schema: Json) -> None:
    if "const" in schema:
        schema["enum"] = [schema.pop("const")]
    elif len(schema.get("enum", [])) == 1:
        schema["const"] = schema.pop("enum")[0]


def _any_of_types(schema: Json) -> None:
    if "enum" not in schema and len(schema) == 1:
        schema["anyOf"] = [{"type": each} for each in schema.pop("type")]


def to_legacy(data: Json) -> Json:
    """The same in OpenAPI 3.0, as far as it can say it."""
    old = copy.deepcopy(data)
    old["openapi"] = "3.0.3"
    for schema in list(schemas(old)):
        _legacy(schema)
    return old


def _legacy(schema: Json) -> None:
    if "const" in schema:
        schema["enum"] = [schema.pop("const")]
    if "examples" in schema:
        (schema["example"],) = schema.pop("examples")
    if isinstance(schema.get("type"), list):
        schema["type"], _ = schema["type"]
        schema["nullable"] = True
    for bound in ("Minimum", "Maximum"):
        if f"exclusive{bound}" in schema:
            schema[bound.lower()] = schema[f"exclusive{bound}"]
            schema[f"exclusive{bound}"] = True


REWRITES: dict[str, Callable[[Json, Random], None]] = {
    each.__name__: each for each in (reorder, inline, extract, rename, wrap, pull_out, respell)
}
