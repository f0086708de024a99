"""Every schema of a document: is it one?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..document.walk import below, roots
from ..text.pointers import Tokens, destination, resolve
from .complaints import Complaint
from .structure import Validators, broken

if TYPE_CHECKING:
    from ..document.load import Document


def check_schemas(document: Document, validators: Validators) -> Iterator[Complaint]:
    """Faults of schemas."""
    yield from _SchemaCheck(document, validators).schemas()


class _SchemaCheck:
    def __init__(self, document: Document, validators: Validators) -> None:
        self._document = document
        self._data: Any = document.data
        self._validators = validators

    def schemas(self) -> Iterator[Complaint]:
        """Each root, and what it refers to, by the schema of schemas."""
        seen: set[int] = set()
        waiting = list(reversed(list(roots(self._data, self._document.objects))))
        while waiting:
            at = waiting.pop()
            schema = resolve(self._data, at)
            if id(schema) in seen:
                continue
            faults = list(self._faults(schema, at))
            if faults:
                seen.add(id(schema))
                yield from faults
                continue
            for found in self._walk(schema, seen):
                place = destination(self._data, found.get("$ref"))
                waiting += [] if place is None else [place]

    def _faults(self, schema: Any, at: Tokens) -> Iterator[Complaint]:
        legacy = self._document.version == (3, 0)
        for error in self._validators.schemas.errors(schema):
            for found in broken(self._document, error, at):
                if not (legacy and _is_beside_reference(found.place[len(at) :], schema)):
                    yield found

    def _walk(self, schema: Any, seen: set[int]) -> Iterator[Any]:
        """A schema and those in it, not through references; each once."""
        stack = [schema]
        while stack:
            found = stack.pop()
            if isinstance(found, dict) and id(found) not in seen:
                seen.add(id(found))
                if "$ref" in found and self._document.version == (3, 0):
                    # What stands beside it does not count.
                    found = {"$ref": found["$ref"]}
                yield found
                stack += [inner for _, inner in below((), found)]


def _is_beside_reference(place: Tokens, schema: Any) -> bool:
    """Whether a place is in what stands beside a `$ref`, which counts from OpenAPI 3.1 on."""
    holders = (resolve(schema, place[:depth]) for depth in range(len(place)))
    beside = zip(holders, place, strict=True)
    return any(
        isinstance(each, dict) and isinstance(each.get("$ref"), str) and key != "$ref"
        for each, key in beside
    )
