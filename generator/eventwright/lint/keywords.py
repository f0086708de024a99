"""A keyword that is none, near one that is: JSON Schema takes it for a comment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from ..diagnostics.remarks import Remark
from ..text.pointers import Tokens, join_pointer
from .spelling import Alike

KNOWN = frozenset(
    "$schema $id $anchor $ref $dynamicRef $dynamicAnchor $recursiveRef $recursiveAnchor "
    "$vocabulary $comment $defs definitions type enum const multipleOf maximum exclusiveMaximum "
    "minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems "
    "maxContains minContains maxProperties minProperties required dependentRequired properties "
    "patternProperties additionalProperties propertyNames unevaluatedProperties "
    "unevaluatedItems prefixItems items additionalItems contains allOf anyOf oneOf not if then "
    "else dependentSchemas dependencies title description default deprecated readOnly writeOnly "
    "example examples format contentEncoding contentMediaType contentSchema nullable "
    "discriminator xml externalDocs id".split()
)
"""Of JSON Schema 2020-12, of drafts before it, and of OpenAPI."""

_WITHOUT_EFFECT = frozenset("$schema $comment $vocabulary $anchor id xml".split())
"""Nothing is lost where these are misspelt."""

_ELSEWHERE: Mapping[str, str] = {
    "min": "minimum",
    "max": "maximum",
    "minvalue": "minimum",
    "maxvalue": "maximum",
    "exclusivemin": "exclusiveMinimum",
    "exclusivemax": "exclusiveMaximum",
    "minlen": "minLength",
    "maxlen": "maxLength",
    "minimumlength": "minLength",
    "maximumlength": "maxLength",
    "length": "maxLength",
    "regex": "pattern",
    "regexp": "pattern",
    "constant": "const",
    "values": "enum",
    "enumeration": "enum",
    "null": "nullable",
    "isnullable": "nullable",
    "unique": "uniqueItems",
    "property": "properties",
    "props": "properties",
    "additionalprops": "additionalProperties",
}
"""What other languages call a keyword, without case and separators."""


def misspelt_keywords(at: Tokens, schema: Mapping[str, Any]) -> Iterator[Remark]:
    """Each key that no one knows and that is like a keyword; other unknown keys are comments."""
    for key in schema:
        if key in KNOWN or key.startswith("x-"):
            continue
        meant = _meant(key)
        if meant and meant not in schema:
            yield Remark(
                code="N111",
                message=f"'{key}' is no keyword, so it has no effect; did you mean '{meant}'?",
                at=join_pointer((*at, key)),
                help=f"write `{meant}`, or `x-{key}` for what is yours",
            )


@cache
def _meant(key: str) -> str:
    plain = key.casefold().replace("_", "").replace("-", "")
    return _ELSEWHERE.get(plain) or _alike().find(key)


@cache
def _alike() -> Alike:
    return Alike(KNOWN - _WITHOUT_EFFECT)
