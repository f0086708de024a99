"""A group's schema as the component `Value` of an OpenAPI document, where OpenAPI can say it.

3.0 takes a Schema Object of the keywords it lists and nothing else; 3.1 takes all of JSON Schema
2020-12, but a document here is one file, and its dialect is the one that OpenAPI says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from referencing import Registry
from referencing.exceptions import NoSuchAnchor, PointerToNowhere, Unresolvable
from referencing.jsonschema import DRAFT202012

_WORDS_3_0 = frozenset(
    "title multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength "
    "pattern maxItems minItems uniqueItems maxProperties minProperties required enum type allOf "
    "oneOf anyOf not items properties additionalProperties description format default nullable "
    "$ref".split()
)
_MAPS = frozenset("properties patternProperties $defs definitions dependentSchemas".split())
_DATA = frozenset("enum const default examples".split())


class Inexpressible(Exception):
    """OpenAPI has no way to say the schema; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """A draft of JSON Schema, and the version of OpenAPI that stands for it."""

    draft: str
    version: str
    components: Callable[[Any], dict[str, Any]] = field(repr=False)
    """The component `Value` and those it needs. Raises Inexpressible."""


def _old(schema: Any) -> dict[str, Any]:
    """Draft 4 in 3.0: `definitions` are components."""
    own = {key: value for key, value in schema.items() if key not in ("$schema", "definitions")}
    names = {name: f"D{index}" for index, name in enumerate(schema.get("definitions") or ())}
    parts = {"Value": own, **{names[n]: s for n, s in schema.get("definitions", {}).items()}}
    for part in parts.values():
        for each in subschemas(part):
            _check_old(each)
    return {name: _moved(part, lambda ref: _component(ref, names)) for name, part in parts.items()}


def _check_old(schema: Any) -> None:
    if isinstance(schema, bool):
        raise Inexpressible("3.0 has no boolean schemas")
    unknown = sorted(schema.keys() - _WORDS_3_0) if "$ref" not in schema else []
    if unknown:
        raise Inexpressible(f"3.0 has no keyword {', '.join(unknown)}")
    if isinstance(schema.get("type"), list) or schema.get("type") == "null":
        raise Inexpressible("3.0 has no lists of types and no type null")
    if isinstance(schema.get("items"), list):
        raise Inexpressible("3.0 has no list of items")


def _component(ref: str, names: dict[str, str]) -> str:
    for name, component in names.items():
        escaped = name.replace("~", "~0").replace("/", "~1")
        for spelt in (escaped, escaped.replace("%", "%25").replace('"', "%22")):
            if f"{ref}/".startswith(f"#/definitions/{spelt}/"):
                return f"#/components/schemas/{component}{ref[len('#/definitions/' + spelt) :]}"
    if not ref.startswith("#"):
        raise Inexpressible("the reference leads out of the document")
    return f"#/components/schemas/Value{ref[1:]}"


def _new(schema: Any) -> dict[str, Any]:
    """2020-12 in 3.1: as it is, but for where the root of the schema stands."""
    standard = "https://json-schema.org/draft/2020-12/schema"
    for each in subschemas(schema):
        if isinstance(each, dict) and each.get("$schema", standard) != standard:
            raise Inexpressible("the schema has a dialect of its own")
    if isinstance(schema, bool):
        return {"Value": schema}
    if _leads_out(schema):
        raise Inexpressible("a reference leads out of the document")
    own = {key: value for key, value in schema.items() if key != "$schema"}
    return {"Value": _moved(own, _below)}


def _leads_out(schema: Any) -> bool:
    """Whether a reference leads to a resource that is not in the schema itself."""
    whole = DRAFT202012.create_resource(schema)
    registry = Registry[Any]().with_resource("", whole).with_resource(whole.id() or "", whole)
    waiting = [(whole, registry.crawl().resolver(whole.id() or ""))]
    while waiting:
        resource, resolver = waiting.pop()
        content = resource.contents if isinstance(resource.contents, dict) else {}
        for ref in (content.get("$ref"), content.get("$dynamicRef")):
            try:
                if isinstance(ref, str):
                    resolver.lookup(ref)
            except (PointerToNowhere, NoSuchAnchor):
                continue
            except Unresolvable:
                return True
        waiting += [(each, resolver.in_subresource(each)) for each in resource.subresources()]
    return False


def _below(ref: str) -> str:
    return f"#/components/schemas/Value{ref[1:]}" if ref == "#" or ref.startswith("#/") else ref


def _moved(schema: Any, move: Callable[[str], str]) -> Any:
    """The schema with its references changed, but for those below an `$id` of their own."""
    if not isinstance(schema, dict) or isinstance(schema.get("$id"), str):
        return schema
    return {key: _inside(key, value, move) for key, value in schema.items()}


def _inside(key: str, value: Any, move: Callable[[str], str]) -> Any:
    if key in ("$ref", "$dynamicRef") and isinstance(value, str):
        return move(value)
    if key in _DATA:
        return value
    if isinstance(value, dict) and key in _MAPS:
        return {name: _moved(each, move) for name, each in value.items()}
    if isinstance(value, list):
        return [_moved(each, move) for each in value]
    return _moved(value, move)


def subschemas(schema: Any) -> Iterator[Any]:
    """A schema and those in it."""
    yield schema
    for key, value in schema.items() if isinstance(schema, dict) else ():
        inner = list(value.values()) if isinstance(value, dict) and key in _MAPS else [value]
        inner = value if isinstance(value, list) else inner
        for each in inner if key not in _DATA else ():
            if isinstance(each, dict | bool) and not isinstance(value, bool):
                yield from subschemas(each)


DIALECTS = (
    Dialect(draft="draft4", version="3.0.3", components=_old),
    Dialect(draft="draft2020-12", version="3.1.0", components=_new),
)
