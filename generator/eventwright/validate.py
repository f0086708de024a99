"""Is this an OpenAPI document, and one that a client can be generated from?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .advice import advise
from .diagnostics import Collector, Diagnostic, DocumentError
from .pointers import join_pointer
from .references import check_references
from .schemacheck import check_schemas
from .schemaerrors import describe, telling
from .semantics import check_semantics

if TYPE_CHECKING:
    from .load import Document


def validate(document: Document) -> None:
    """Raise DocumentError, with everything found, if the document cannot be used.

    References first, then structure, then schemas and operations: each rests on the one before.
    """
    try:
        _validate(document)
    except RecursionError:
        # The validator descends by recursion; the loader's bound on nesting is beyond its own.
        problem = document.diagnostic(
            "E013",
            "the schemas are nested too deeply to be validated",
            "/",
            help="give inner schemas a place of their own under /components/schemas",
        )
        raise DocumentError([problem]) from None


def _validate(document: Document) -> None:
    check_references(document)
    validator = _validator(document)
    found = Collector()
    found.add(*_structure(document, validator))
    found.check()
    schema_validator = validator.keyword_validators["default"].value_validator_cls
    found.add(*check_schemas(document, schema_validator), *check_semantics(document))
    found.check()


def _validator(document: Document) -> Any:
    # A quarter of a second: paid only when a document has to be validated.
    import openapi_spec_validator

    name = "OpenAPIV{}{}SpecValidator".format(*document.version)
    validator = getattr(openapi_spec_validator, name, None)
    if validator is None:
        message = "the validator installed does not know this version of OpenAPI"
        help = "pip install --upgrade openapi-spec-validator"
        raise DocumentError([document.diagnostic("E012", message, "/openapi", help)])
    return validator


def _structure(document: Document, validator: Any) -> Iterator[Diagnostic]:
    for error in validator.schema_validator.iter_errors(document.data):
        told = telling(error)
        message, key = describe(told)
        place = join_pointer((*map(str, told.absolute_path), *key))
        help = advise(told, key, document.version)
        yield document.diagnostic("E030", message, place, help)
