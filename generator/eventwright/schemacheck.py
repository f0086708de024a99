"""Every schema of a document: is it one, and do its defaults obey it?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .diagnostics import Found
from .pointers import Tokens, join_pointer
from .references import destination, resolve
from .schemaerrors import describe, telling
from .schemawalk import below, roots
from .structure import Validators, broken

if TYPE_CHECKING:
    from .load import Document

_BASE = "document:"


def check_schemas(document: Document, validators: Validators) -> Iterator[tuple[Tokens, Found]]:
    """Faults of schemas, and where; those of their defaults only where all schemas are sound."""
    check = _SchemaCheck(document, validators)
    yield from check.schemas()
    if not check.faulty:
        yield from check.defaults()


class _SchemaCheck:
    def __init__(self, document: Document, validators: Validators) -> None:
        from referencing import Registry, Resource

        self._document = document
        self._data: Any = document.data
        self._validators = validators
        # Opaque: every reference is a pointer into the whole document, whatever `$id` says.
        self._registry: Any = Registry().with_resource(_BASE, Resource.opaque(self._data))
        self._with_default: list[tuple[Tokens, Any]] = []
        self.faulty = False

    def schemas(self) -> Iterator[tuple[Tokens, Found]]:
        """Each root, and what it refers to, by the schema of schemas."""
        seen: set[int] = set()
        waiting = list(reversed(list(roots(self._data))))
        while waiting:
            at = waiting.pop()
            schema = resolve(self._data, at)
            if id(schema) in seen:
                continue
            # Without formats: whether a pattern can be used is a question of our own.
            errors = list(self._validators.schemas.iter_errors(schema))
            if errors:
                seen.add(id(schema))
                self.faulty = True
                for error in errors:
                    yield from broken(self._document, error, at)
                continue
            for place, found in self._walk(schema, at, seen):
                if "default" in found:
                    self._with_default.append((place, found))
                waiting += self._referred(found)

    def _referred(self, schema: Any) -> Iterator[Tokens]:
        place = destination(self._data, schema.get("$ref"))
        if place is None:
            self.faulty = self.faulty or "$ref" in schema
        else:
            yield place

    def _walk(self, schema: Any, at: Tokens, seen: set[int]) -> Iterator[tuple[Tokens, Any]]:
        """A schema and those in it, not through references; each once."""
        stack = [(at, schema)]
        while stack:
            place, found = stack.pop()
            if isinstance(found, dict) and id(found) not in seen:
                seen.add(id(found))
                if "$ref" in found and self._document.version == (3, 0):
                    # What stands beside it does not count.
                    found = {"$ref": found["$ref"]}
                yield place, found
                stack += below(place, found)

    def defaults(self) -> Iterator[tuple[Tokens, Found]]:
        """Each default by its own schema."""
        for at, schema in self._with_default:
            exempt = schema["default"] is None and schema.get("nullable") is True
            if not exempt:
                for fault in self._default(at, schema["default"]):
                    yield (*at, "default"), fault

    def _default(self, at: Tokens, default: Any) -> Iterator[Found]:
        from referencing.exceptions import Unresolvable

        place = (*at, "default")
        values = self._validators.values
        bound = values(
            {"$ref": f"{_BASE}#{quote(join_pointer(at))}"},
            registry=self._registry,
            format_checker=values.FORMAT_CHECKER,
        )
        try:
            for error in bound.iter_errors(default):
                message = f"the default breaks its schema: {describe(telling(error))}"
                yield self._document.diagnostic("E034", message, join_pointer(place))
        except Unresolvable:
            message = "the default cannot be checked: the schema changes what its $refs mean"
            help = "remove $id from the schema"
            yield self._document.diagnostic("E034", message, join_pointer(place), help)
