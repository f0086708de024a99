"""Is this an OpenAPI document by its JSON Schema? openapi-spec-validator has the schemas.

Its own walk over a document is not used: it leaves out request bodies and webhooks, says what is
wrong but not where, and descends through references into what it has not checked. Nor does it pick
the library behind: with jsonschema-rs installed it would, and errors lose their place and reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from .advice import advise
from .diagnostics import DocumentError, Found
from .pointers import Tokens, join_pointer
from .schemaerrors import Fault, faults, telling

if TYPE_CHECKING:
    from .load import Document


class Validators:
    """jsonschema's validators for one version of OpenAPI. Raises DocumentError for none."""

    def __init__(self, document: Document) -> None:
        # A quarter of a second: paid only when a document has to be validated.
        from openapi_schema_validator import OAS30Validator, OAS31Validator
        from openapi_spec_validator import schemas

        major, minor = document.version
        known = {0: OAS30Validator, 1: OAS31Validator}
        schema = getattr(schemas, f"schema_v{major}{minor}", None)
        if schema is None or minor not in known:
            message = "the validator installed does not know this version of OpenAPI"
            help = "pip install --upgrade openapi-spec-validator"
            raise DocumentError([document.diagnostic("E012", message, "/openapi", help)])
        self.document = _crawled(dict(schema))
        self.schemas = _crawled(known[minor].META_SCHEMA)
        """For the schemas of a document."""


def _crawled(schema: Any) -> Any:
    """The validator of a schema that looks its references up once."""
    from jsonschema.validators import validator_for
    from openapi_schema_validator._specifications import REGISTRY
    from referencing import Resource

    resource: Any = Resource.from_contents(schema)
    registry = REGISTRY.with_resource(resource.id() or "", resource).crawl()
    return validator_for(schema)(schema, registry=registry)


def check_structure(document: Document, validators: Validators) -> Iterator[tuple[Tokens, Found]]:
    """What breaks OpenAPI's own rules, and where."""
    for error in validators.document.iter_errors(document.data):
        yield from broken(document, error, ())


def broken(document: Document, error: Any, at: Tokens) -> Iterator[tuple[Tokens, Found]]:
    """The faults of one error of jsonschema; `at`: where the value is that was validated."""
    told = telling(error)
    for fault in faults(told):
        place = (*at, *map(str, told.absolute_path), *fault.key)
        words = partial(_words, told, fault, document.version)
        key = f"{told.validator} {told.message[:200]} {'/'.join(fault.key)}"
        yield place, document.pending("E030", join_pointer(place), key, words)


def _words(error: Any, fault: Fault, version: tuple[int, int]) -> tuple[str, str]:
    return fault.words(), advise(error, fault.key, version)
