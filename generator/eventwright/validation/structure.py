"""Is this an OpenAPI document by its JSON Schema? openapi-spec-validator has the schemas.

Its own walk over a document is not used: it leaves out request bodies and webhooks, says what is
wrong but not where, and descends through references into what it has not checked. Nor does it pick
the library behind: with jsonschema-rs installed it would, and errors lose their place and reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from ..diagnostics.diagnostic import DocumentError
from ..text.faulty import Faulty
from ..text.pointers import Tokens, join_pointer, resolve, split_pointer, target
from .advice import advise
from .complaints import Complaint
from .schemaerrors import Fault, faults, telling
from .schemas import of_documents, of_schemas, referred_to

if TYPE_CHECKING:
    from ..document.load import Document


class Validators:
    """The schemas of one version of OpenAPI, to validate with. Raises DocumentError for none."""

    def __init__(self, document: Document) -> None:
        version = document.version
        rules, schemas = of_documents(version), of_schemas(version)
        if rules is None or schemas is None:
            message = "the validator installed does not know this version of OpenAPI"
            help = "pip install --upgrade openapi-spec-validator"
            raise DocumentError([document.diagnostic("E012", message, "/openapi", help)])
        self.document = Rules(rules)
        self.schemas = Rules(schemas)
        """For the schemas of a document."""


class Rules:
    """One schema, and what breaks it: jsonschema-rs says whether anything does, a thousand times as
    fast as jsonschema, which is asked only then and has a place and a reason for each error."""

    def __init__(self, schema: dict[str, Any]) -> None:
        from jsonschema_rs import Registry, validator_for

        self.schema = schema
        known = Registry(list(referred_to()))
        # Formats are a question of our own: whether a pattern can be used, for one.
        self._quick = validator_for(schema, registry=known, validate_formats=False)
        self._thorough: Any = None

    def errors(self, value: Any) -> list[Any]:
        """Those of jsonschema; none for a value that keeps the rules."""
        if self._keeps(value):
            return []
        self._thorough = self._thorough or _crawled(self.schema)
        return list(self._thorough.iter_errors(value))

    def _keeps(self, value: Any) -> bool:
        try:
            if self._quick.is_valid(value):
                return True
        except ValueError:
            pass
        # It knows no ExactNumber and no half of a surrogate pair; neither breaks a rule.
        text = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
        return self._quick.is_valid(json.loads(text))


def _crawled(schema: Any) -> Any:
    """The validator of a schema that looks its references up once."""
    from jsonschema.validators import validator_for
    from openapi_schema_validator._specifications import REGISTRY
    from referencing import Resource

    resource: Any = Resource.from_contents(schema)
    registry = REGISTRY.with_resource(resource.id() or "", resource).crawl()
    return validator_for(schema)(schema, registry=registry)


def check_structure(document: Document, validators: Validators) -> Iterator[Complaint]:
    """What breaks OpenAPI's own rules."""
    errors = validators.document.errors(document.data)
    faulty = Faulty()
    for error in errors:
        place = tuple(map(str, error.absolute_path))
        # What holds an object that has a key too many is at fault; that object is not for it.
        faulty.add(place[:-1] if error.validator == _UNEVALUATED else place)
    for error in errors:
        excused = _conditional(error, faulty, validators.document.schema)
        for complaint in broken(document, error, ()):
            if not (complaint.place and complaint.place[-1] in excused):
                yield complaint


_UNEVALUATED = "unevaluatedProperties"


def _conditional(error: Any, faulty: Faulty, root: Any) -> set[str]:
    """Keys of an object that are allowed as soon as what else is at fault in it is mended: a part
    of a schema that does not hold allows none of the keys that it declares."""
    if error.validator != _UNEVALUATED or not faulty.holds(tuple(map(str, error.absolute_path))):
        return set()
    return set(_declared(error.schema, root))


def _declared(schema: Any, root: Any) -> Iterator[str]:
    """The properties of a schema and of all that it applies in place; it does so in no circle."""
    if not isinstance(schema, dict):
        return
    yield from schema.get("properties", ())
    if "$ref" in schema and schema["$ref"].startswith("#/"):
        yield from _declared(resolve(root, split_pointer(target(schema["$ref"]))), root)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for each in schema.get(keyword, ()):
            yield from _declared(each, root)
    for keyword in ("then", "else"):
        yield from _declared(schema.get(keyword), root)
    for each in schema.get("dependentSchemas", {}).values():
        yield from _declared(each, root)


def broken(document: Document, error: Any, at: Tokens) -> Iterator[Complaint]:
    """The faults of one error of jsonschema; `at`: where the value is that was validated."""
    told = telling(error)
    for fault in faults(told):
        place = (*at, *map(str, told.absolute_path), *fault.key)
        words = partial(_words, told, fault, document.version)
        key = f"{told.validator} {told.message[:200]} {'/'.join(fault.key)}"
        yield Complaint(
            place=place,
            found=document.pending("E030", join_pointer(place), key, words),
            keyword=str(told.validator),
            wanted=told.validator_value,
            value=told.instance,
        )


def _words(error: Any, fault: Fault, version: tuple[int, int]) -> tuple[str, str]:
    return fault.words(), advise(error, fault.key, version)
