"""A keyword that is none, near one that is: JSON Schema takes it for a comment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

from ..pointers import Tokens, join_pointer
from ..remarks import Remark

_KNOWN = frozenset(
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

_ELSEWHERE: Mapping[str, str] = {
    "min": "minimum",
    "max": "maximum",
    "minvalue": "minimum",
    "maxvalue": "maximum",
    "minlen": "minLength",
    "maxlen": "maxLength",
    "regex": "pattern",
    "regexp": "pattern",
    "constant": "const",
    "values": "enum",
    "null": "nullable",
}
"""What other languages call a keyword, without case and separators."""

_NEAR = 0.8
"""How alike two words are, by difflib's ratio, for one to be the other misspelt."""

_FOLDED = {word.casefold(): word for word in sorted(_KNOWN)}
_LONG = [word for word in _FOLDED if len(word) > 3]


def misspelt_keywords(at: Tokens, schema: Mapping[str, Any]) -> Iterator[Remark]:
    """Each key that no one knows and that is like a keyword; other unknown keys are comments."""
    for key in schema:
        if key in _KNOWN or key.startswith("x-"):
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
    folded = key.casefold().replace("_", "").replace("-", "")
    if folded in _FOLDED:
        return _FOLDED[folded]
    if folded in _ELSEWHERE:
        return _ELSEWHERE[folded]
    near = get_close_matches(folded, _LONG, n=1, cutoff=_NEAR)
    return _FOLDED[near[0]] if near else ""
