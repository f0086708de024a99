"""The schemas of a document, and what applies to the same value as one of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from ..document.walk import below, roots
from ..text.pointers import Tokens, resolve, split_pointer, target

if TYPE_CHECKING:
    from ..document.load import Document

Found: TypeAlias = "dict[str, Any]"

_CHOSEN = frozenset("anyOf oneOf if then else dependentSchemas".split())


class Schemas:
    """Of a document whose references are sound. `legacy`: OpenAPI 3.0, whose `$ref` is alone."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._data: Any = document.data
        self.legacy = document.version == (3, 0)

    @cached_property
    def every(self) -> tuple[tuple[Tokens, Found], ...]:
        """Each schema object once, with its place."""
        return tuple(self._walk())

    def _walk(self) -> Iterator[tuple[Tokens, Found]]:
        seen: set[int] = set()
        for at in roots(self._data, self._document.objects):
            stack: list[tuple[Tokens, Any]] = [(at, resolve(self._data, at))]
            while stack:
                place, schema = stack.pop()
                if isinstance(schema, dict) and id(schema) not in seen:
                    seen.add(id(schema))
                    yield place, schema
                    if not (self.legacy and "$ref" in schema):
                        stack += reversed(below(place, schema))

    def followed(self, schema: Any) -> Any:
        """What a reference leads to in the end."""
        while isinstance(schema, dict) and isinstance(schema.get("$ref"), str):
            schema = self._named(schema["$ref"])
        return schema

    def declared(self, schema: Found) -> set[str]:
        """The properties that a schema, or one that may apply with it, declares."""
        return {
            name for each in self._with(schema, self._inner) for name in each.get("properties", ())
        }

    def declared_around(self, schema: Found) -> set[str]:
        """The same of the schemas that this one is a part of, such as the others of an `allOf`."""
        return {
            name
            for outer in self._with(schema, lambda each: self._outer.get(id(each), ()))
            for name in self.declared(outer)
        }

    def property(self, schema: Found, name: str) -> list[Found]:
        """All that applies to one property for certain: by reference, and by `allOf`."""
        owners = self._with(schema, self._certain)
        said = [each["properties"][name] for each in owners if name in each.get("properties", ())]
        return [found for each in said for found in self._with(each, self._certain)]

    def at(self, pointer: str) -> Any:
        """What stands at a pointer, None for nothing."""
        try:
            return resolve(self._data, split_pointer(pointer))
        except LookupError:
            return None

    def _with(self, schema: Found, steps: Any) -> Iterator[Found]:
        """A schema, and all that the steps lead to from it."""
        seen: set[int] = set()
        stack: list[Any] = [schema]
        while stack:
            each = stack.pop()
            if isinstance(each, dict) and id(each) not in seen:
                seen.add(id(each))
                yield each
                stack += steps(each)

    def _inner(self, schema: Found) -> Iterator[Any]:
        """What applies to the same value, one step on."""
        yield from self._certain(schema)
        if self.legacy and "$ref" in schema:
            return
        for keyword in _CHOSEN & schema.keys():
            value = schema[keyword]
            if keyword == "dependentSchemas":
                yield from value.values()
            elif isinstance(value, list):
                yield from value
            else:
                yield value

    def _certain(self, schema: Found) -> Iterator[Any]:
        if isinstance(schema.get("$ref"), str):
            yield self._named(schema["$ref"])
            if self.legacy:
                return
        yield from schema.get("allOf", ())

    @cached_property
    def _outer(self) -> dict[int, list[Found]]:
        """By identity: the schemas that a schema is one step inside of, for the same value."""
        found: dict[int, list[Found]] = {}
        for _, schema in self.every:
            for inner in self._inner(schema):
                found.setdefault(id(inner), []).append(schema)
        return found

    def _named(self, ref: str) -> Any:
        return resolve(self._data, split_pointer(target(ref)))
