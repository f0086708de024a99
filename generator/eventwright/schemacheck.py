"""Every schema of a document: is it one, and do its defaults obey it?

openapi-spec-validator's own walk is not used: it leaves out request bodies and webhooks, says what
is wrong but not where, and descends through references into what it has not checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .advice import advise
from .diagnostics import Diagnostic
from .pointers import Tokens, join_pointer, split_pointer, target
from .references import resolve
from .schemaerrors import describe, telling
from .schemawalk import below, roots

if TYPE_CHECKING:
    from .load import Document

_BASE = "document:"


def check_schemas(document: Document, validator: Any) -> Iterator[Diagnostic]:
    """Faults of schemas; those of their defaults only where all schemas are sound.

    `validator` is the class jsonschema needs for this version of OpenAPI.
    """
    check = _SchemaCheck(document, validator)
    yield from check.schemas()
    if not check.faulty:
        yield from check.defaults()


class _SchemaCheck:
    def __init__(self, document: Document, validator: Any) -> None:
        from referencing import Registry, Resource

        self._document = document
        self._data: Any = document.data
        self._validator = validator
        # Opaque: every reference is a pointer into the whole document, whatever `$id` says.
        self._registry: Any = Registry().with_resource(_BASE, Resource.opaque(self._data))
        self._with_default: list[tuple[Tokens, Any]] = []
        self.faulty = False

    def schemas(self) -> Iterator[Diagnostic]:
        """Each root, and what it refers to, by the schema of schemas."""
        seen: set[int] = set()
        waiting = list(reversed(list(roots(self._data))))
        while waiting:
            at = waiting.pop()
            schema = resolve(self._data, at)
            if id(schema) in seen:
                continue
            error = self._error(schema)
            if error:
                seen.add(id(schema))
                self.faulty = True
                yield self._fault(error, at)
                continue
            for place, found in self._walk(schema, at, seen):
                if "default" in found:
                    self._with_default.append((place, found))
                if isinstance(found.get("$ref"), str):
                    waiting.append(split_pointer(target(found["$ref"])))

    def _error(self, schema: Any) -> Any:
        from jsonschema.exceptions import SchemaError

        try:
            # Without formats: whether a pattern can be used is a question of our own.
            self._validator.check_schema(schema, format_checker=None)
        except SchemaError as error:
            return telling(error)
        return None

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

    def defaults(self) -> Iterator[Diagnostic]:
        """Each default by its own schema."""
        for at, schema in self._with_default:
            exempt = schema["default"] is None and schema.get("nullable") is True
            if not exempt:
                yield from self._default(at, schema["default"])

    def _default(self, at: Tokens, default: Any) -> Iterator[Diagnostic]:
        from referencing.exceptions import Unresolvable

        place = (*at, "default")
        bound = self._validator(
            {"$ref": f"{_BASE}#{quote(join_pointer(at))}"},
            registry=self._registry,
            format_checker=self._validator.FORMAT_CHECKER,
        )
        try:
            for error in bound.iter_errors(default):
                message = f"the default breaks its schema: {describe(telling(error))[0]}"
                yield self._document.diagnostic("E034", message, join_pointer(place))
        except Unresolvable:
            message = "the default cannot be checked: the schema changes what its $refs mean"
            help = "remove $id from the schema"
            yield self._document.diagnostic("E034", message, join_pointer(place), help)

    def _fault(self, error: Any, at: Tokens) -> Diagnostic:
        message, key = describe(error)
        place = join_pointer((*at, *map(str, error.absolute_path), *key))
        help = advise(error, key, self._document.version)
        return self._document.diagnostic("E030", message, place, help)
