"""What helps where a schema breaks a rule of OpenAPI: 3.0 and 3.1 spell much otherwise."""

from __future__ import annotations

from typing import Any

from ..text.pointers import Tokens

NEW_IN_3_1 = {
    **dict.fromkeys(
        "if then else dependentRequired dependentSchemas propertyNames patternProperties contains "
        "minContains maxContains unevaluatedItems unevaluatedProperties contentEncoding "
        "contentMediaType contentSchema $defs $id $schema $anchor $comment $dynamicRef "
        "$dynamicAnchor webhooks jsonSchemaDialect pathItems identifier".split(),
        "in OpenAPI 3.0 there is no such key",
    ),
    "const": "in OpenAPI 3.0 write `enum` with one value",
    "examples": "in OpenAPI 3.0 write `example`, with one value",
    "prefixItems": "in OpenAPI 3.0 `items` is one schema, for every item",
}
"""Keys that are unknown in 3.0, and what is written there instead."""

_SPELT_IN_3_0 = {
    "type": "in OpenAPI 3.0 write one type, and `nullable: true` where null is allowed",
    "exclusiveMinimum": "in OpenAPI 3.0 write `minimum`, and `exclusiveMinimum: true` beside it",
    "exclusiveMaximum": "in OpenAPI 3.0 write `maximum`, and `exclusiveMaximum: true` beside it",
    "items": NEW_IN_3_1["prefixItems"],
}
_SPELT_IN_3_1 = {
    "exclusiveMinimum": "in OpenAPI 3.1 write the bound itself, in place of `minimum`",
    "exclusiveMaximum": "in OpenAPI 3.1 write the bound itself, in place of `maximum`",
    "items": "in OpenAPI 3.1 `prefixItems` lists schemas by position",
}


def advise(error: Any, key: Tokens, version: tuple[int, int]) -> str:
    """The help for jsonschema's error about a document; `key`: as `describe` has it."""
    if key:
        return f"{NEW_IN_3_1[key[0]]}; or is this 3.1?" if _is_newer(key[0], version) else ""
    place = [each for each in error.absolute_path if isinstance(each, str)]
    keyword, value = place[-1] if place else "", error.instance
    if version == (3, 0) and _is_spelt_as_in_3_1(keyword, value):
        return f"{_SPELT_IN_3_0[keyword]}; or is this 3.1?"
    if keyword == "type" and value is None:
        return 'quote it: "null"'
    if keyword == "required" and error.validator_value == "array":
        return "list the key in the `required` of the object that has it: required: [name]"
    if keyword == "enum" and value == []:
        return "list the values, or remove `enum`"
    if version != (3, 0) and (value is True or isinstance(value, list)):
        return _SPELT_IN_3_1.get(keyword, "")
    return ""


def _is_newer(key: str, version: tuple[int, int]) -> bool:
    return version == (3, 0) and key in NEW_IN_3_1


def _is_spelt_as_in_3_1(keyword: str, value: Any) -> bool:
    if keyword == "type":
        return isinstance(value, list) or value in ("null", None)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return keyword in _SPELT_IN_3_0 and (isinstance(value, list) or number)
