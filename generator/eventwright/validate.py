"""Is this an OpenAPI document, and one that a client can be generated from?

The structure is openapi-spec-validator's business. Its own walk over operations is not used: it
leaves out request bodies and webhooks, and says what is wrong but not where.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .diagnostics import Collector, Diagnostic, DocumentError
from .positions import Tokens, join_pointer, split_pointer
from .references import check_references, objects, resolve
from .schemaerrors import describe, telling
from .semantics import check_semantics

if TYPE_CHECKING:
    from .load import Document


def validate(document: Document) -> None:
    """Raise DocumentError, with everything found, if the document cannot be used.

    References first, then structure, then schemas and operations: each rests on the one before.
    """
    check_references(document)
    validator = _validator(document)
    found = Collector()
    found.add(*_structure(document, validator))
    found.check()
    found.add(*_schemas(document, validator), *check_semantics(document))
    found.check()


def _validator(document: Document) -> Any:
    # A quarter of a second: paid only when a document has to be validated.
    import openapi_spec_validator

    name = "OpenAPIV{}{}SpecValidator".format(*document.version)
    kind = getattr(openapi_spec_validator, name, None)
    if kind is None:
        message = "the validator installed does not know this version of OpenAPI"
        help = "pip install --upgrade openapi-spec-validator"
        raise DocumentError([document.diagnostic("E012", message, "/openapi", help)])
    located = type(name, (kind,), {"keyword_validators": _located(kind.keyword_validators)})
    return located(document.data)


def _structure(document: Document, validator: Any) -> Iterator[Diagnostic]:
    for error in validator.schema_validator.iter_errors(document.data):
        yield _diagnostic(document, "E030", error, ())


def _schemas(document: Document, validator: Any) -> Iterator[Diagnostic]:
    check = validator.keyword_validators_registry["schema"]
    for at in _roots(document.data):
        for error in check(_descend(validator.schema_path, at)):
            if not _ours(error):
                place, code = error.place
                yield _diagnostic(document, code, error, _actual(document.data, place))


def _ours(error: Any) -> bool:
    """A pattern, which we check; or a required key not declared: an open object may have that."""
    pattern = error.validator == "format" and error.validator_value == "regex"
    return pattern or type(error).__name__ == "ExtraParametersError"


def _roots(data: Any) -> Iterator[Tokens]:
    """Where schemas begin: components first, so that a fault is told where it is defined."""
    schemas = (data.get("components") or {}).get("schemas") or {}
    yield from (("components", "schemas", name) for name in schemas)
    for at, value in objects(data):
        if isinstance(value.get("schema"), dict):
            yield (*at, "schema")


def _descend(path: Any, tokens: Tokens) -> Any:
    for token in tokens:
        path = path / (int(token) if isinstance(path.read_value(), list) else token)
    return path


def _located(validators: Any) -> dict[str, Any]:
    """The same validators, whose errors say which schema they are about."""
    return {
        **validators,
        "schema": _telling_place(validators["schema"], (), "E030"),
        "default": _telling_place(validators["default"], ("default",), "E034"),
    }


class _Seen(set[int]):
    """Stands in for the list in which the library looks up each schema: quadratic on large ones."""

    append = set.add


def _telling_place(kind: Any, below: Tokens, code: str) -> Any:
    from jsonschema.exceptions import ValidationError
    from referencing.exceptions import Unresolvable

    def init(self: Any, registry: Any) -> None:
        kind.__init__(self, registry)
        self.visited_schema_ids = _Seen()
        self.meta_checked_schema_ids = _Seen()

    def call(self: Any, schema: Any, *rest: Any, **options: Any) -> Iterator[Any]:
        place = tuple(map(str, schema.parts))
        try:
            for error in kind.__call__(self, schema, *rest, **options):
                if not hasattr(error, "place"):
                    error.place = (*place, *below), code
                yield error
        except Unresolvable:
            # Our own references are sound: this one is data, which the library takes for one.
            fault: Any = ValidationError("a default that holds a $ref cannot be checked")
            fault.place = (*place, "default"), "E034"
            yield fault

    return type(kind.__name__, (kind,), {"__init__": init, "__call__": call})


def _actual(data: Any, tokens: Tokens) -> Tokens:
    """A path that may lead through references → the place where that value stands."""
    at: Tokens = ()
    for token in tokens:
        value = resolve(data, at)
        while isinstance(value, dict) and token not in value and isinstance(value.get("$ref"), str):
            at = split_pointer(value["$ref"][1:])
            value = resolve(data, at)
        at = (*at, token)
    return at


def _diagnostic(document: Document, code: str, error: Any, at: Tokens) -> Diagnostic:
    told = telling(error)
    message, key = describe(told)
    place = (*at, *map(str, told.absolute_path), *key)
    if code == "E034" and isinstance(told.validator, str):
        message = f"the default breaks its own schema: {message}"
    return document.diagnostic(code, message, join_pointer(place), "")
