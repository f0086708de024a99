"""What means the same is no drift, however it is said and wherever it stands."""

from __future__ import annotations

from typing import Any

import pytest

from drift.documents import body, model_of
from drift.pairs import (
    BOOLEAN,
    INTEGER,
    NUMBER,
    STRING,
    Schema,
    any_of,
    compared,
    const,
    enum,
    obj,
    one_of,
    text,
    verdicts,
)
from eventwright.drift.compare import compare

LIST: Schema = {"type": "array", "items": STRING}
KEYS = obj("a b", a=STRING, b=STRING)
CAT, DOG = obj("k", k=const("cat"), x=STRING), obj("k", k=const("dog"))

EQUAL: dict[str, tuple[Schema, Schema]] = {
    "constants": (one_of(const("a"), const("b")), enum("a", "b")),
    "constants in anyOf": (any_of(const("b"), const("a")), enum("a", "b")),
    "constants and enums": (any_of(const("c"), enum("a", "b")), enum("a", "b", "c")),
    "a constant twice": (any_of(enum("a", "b"), enum("b", "c")), enum("a", "b", "c")),
    "a constant in both arms is none": (one_of(enum("a", "b"), enum("b", "c")), enum("a", "c")),
    "typed constants": (
        one_of(text(const="a"), text(enum=["b"])), text(enum=["b", "a"])),
    "numbers": (one_of(const(1), const(2)), {**INTEGER, "enum": [1, 2.0]}),
    "constants and null": (one_of(const("a"), {"type": "null"}), enum("a", None)),
    "constants beside a type": (one_of(const("a"), const("b"), INTEGER),
                                one_of(enum("a", "b"), INTEGER)),
    "true or false": (enum(True, False), BOOLEAN),
    "multiples of 1": (INTEGER, {**NUMBER, "multipleOf": 1}),
    "multiples of 1.0": (INTEGER, {**NUMBER, "multipleOf": 1.0}),
    "integers that are multiples of 1": (INTEGER, {**INTEGER, "multipleOf": 1}),
    "integers that are multiples of a half": (INTEGER, {**INTEGER, "multipleOf": 0.5}),
    "multiples of 2": ({**INTEGER, "multipleOf": 2}, {**NUMBER, "multipleOf": 2}),
    "multiples of 1.5 that are whole": (
        {**INTEGER, "multipleOf": 1.5}, {**INTEGER, "multipleOf": 3}),
    "a whole bound": ({**INTEGER, "minimum": 0.5}, {**INTEGER, "minimum": 1}),
    "an exclusive bound": ({**INTEGER, "exclusiveMaximum": 10}, {**INTEGER, "maximum": 9}),
    "two bounds": (
        {**NUMBER, "minimum": 0, "exclusiveMinimum": 0}, {**NUMBER, "exclusiveMinimum": 0}),
    "a bound and a step": (
        {**INTEGER, "multipleOf": 5, "minimum": 1}, {**INTEGER, "multipleOf": 5, "minimum": 5}),
    "bounds by allOf": ({"allOf": [{**INTEGER, "minimum": 0}, {"minimum": 5}]},
                        {**INTEGER, "minimum": 5}),
    "base64": (text(format="byte"), text(contentEncoding="base64")),
    "base64 twice": (text(format="byte"), text(format="byte", contentEncoding="base64")),
    "bytes": (text(format="binary"), text(contentMediaType="application/octet-stream")),
    "bytes without a type": (
        text(format="binary"), {"contentMediaType": "application/octet-stream"}),
    "keys that are required": ({**KEYS, "minProperties": 2}, KEYS),
    "keys that there are": (
        {**obj(a=STRING, closed=True), "maxProperties": 1}, obj(a=STRING, closed=True)),
    "a length that a pattern says": (
        text(pattern="^[a-z]{3,5}$", minLength=3, maxLength=6), text(pattern="^[a-z]{3,5}$")),
    "the length of a format": (text(format="uuid", maxLength=36), text(format="uuid")),
    "the length of fixed values": (enum("a", "bb", maxLength=2), enum("a", "bb")),
    "a pattern of anything": (text(pattern=".*"), STRING),
    "a pattern of anything, anchored": (text(pattern="^.*$"), STRING),
    "a pattern of anything by allOf": (
        {"allOf": [text(pattern="^a"), {"pattern": "[\\s\\S]*"}]}, text(pattern="^a")),
    "a pattern in other words": (text(pattern="^(?:a|b)$"), text(pattern="^[ab]$")),
    "one item is unique": (
        {**LIST, "maxItems": 1, "uniqueItems": True}, {**LIST, "maxItems": 1}),
    "no more items than places": (
        {"type": "array", "prefixItems": [STRING], "items": False, "maxItems": 1},
        {"type": "array", "prefixItems": [STRING], "items": False}),
    "no item must match": ({**LIST, "contains": STRING, "minContains": 0}, LIST),
    "a condition on a required key": ({**KEYS, "anyOf": [{"required": ["a"]}, {"required": ["c"]}]},
                                      KEYS),
    "a required key that depends": ({**KEYS, "dependentRequired": {"c": ["b"]}}, KEYS),
    "not what it is not anyway": (text(**{"not": INTEGER}), STRING),
    "names of keys": ({**KEYS, "propertyNames": STRING}, KEYS),
    "integers among numbers": (any_of(INTEGER, NUMBER), NUMBER),
    "a type twice": (any_of(STRING, STRING), STRING),
    "anyOf in anyOf": (any_of(any_of(STRING, INTEGER), BOOLEAN), any_of(STRING, INTEGER, BOOLEAN)),
    "types": (one_of(STRING, INTEGER), {"type": ["integer", "string"]}),
    "a discriminator": (one_of(CAT, DOG), one_of(CAT, DOG, discriminator={"propertyName": "k"})),
    "all at once": (
        obj("a", a=one_of(const("x"), const("y")), n={**NUMBER, "multipleOf": 1},
            b=text(format="byte"), p=text(pattern=".*"), m={**KEYS, "minProperties": 1}),
        obj("a", a=enum("y", "x"), n=INTEGER, b=text(contentEncoding="base64"), p=STRING, m=KEYS)),
    "in arms": (
        one_of({**CAT, "minProperties": 1}, DOG, discriminator={"propertyName": "k"}),
        any_of(DOG, CAT)),
    "in arms of arms": (
        any_of(BOOLEAN, {"type": "array", "items": one_of(const("x"), const("y"))}),
        any_of({"type": "array", "items": enum("x", "y")}, BOOLEAN)),
    "in undeclared keys": (
        {"type": "object", "additionalProperties": {**NUMBER, "multipleOf": 1}},
        {"type": "object", "additionalProperties": INTEGER}),
}  # fmt: skip


@pytest.mark.parametrize("name", EQUAL)
def test_equal_things(name: str) -> None:
    one, two = EQUAL[name]
    assert verdicts(one, two) == verdicts(two, one) == "none none"


UNEQUAL: dict[str, tuple[Schema, Schema, str, str]] = {
    "multiples of a half": (
        INTEGER, {**NUMBER, "multipleOf": 0.5}, "additive breaking", "breaking additive"),
    "multiples of 1.5": (
        INTEGER, {**NUMBER, "multipleOf": 1.5}, "breaking semantic", "breaking semantic"),
    "another encoding": (
        text(format="byte"), text(contentEncoding="base16"),
        "breaking breaking", "breaking breaking"),
    "another media type": (
        text(contentMediaType="image/png"), text(contentMediaType="image/jpeg"),
        "semantic semantic", "semantic semantic"),
    "one constant more": (
        one_of(const("a"), const("b")), enum("a", "b", "c"),
        "additive semantic", "breaking additive"),
    "a length that a pattern does not say": (
        text(pattern="^[a-z]{3,5}$", maxLength=4), text(pattern="^[a-z]{3,5}$"),
        "additive semantic", "breaking additive"),
    "words about constants": (
        one_of(const("a", title="A"), const("b", title="B")), enum("a", "b"),
        "docs docs", "docs docs"),
    "another discriminator": (
        one_of(CAT, DOG), one_of(CAT, DOG, discriminator={"propertyName": "x"}),
        "semantic semantic", "semantic semantic"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNEQUAL)
def test_things_that_are_nearly_equal(name: str) -> None:
    one, two, there, back = UNEQUAL[name]
    assert (verdicts(one, two), verdicts(two, one)) == (there, back)


LEGACY: dict[str, tuple[Schema, Schema]] = {
    "null": (text(nullable=True), {"type": ["string", "null"]}),
    "an exclusive bound": ({**INTEGER, "minimum": 0, "exclusiveMinimum": True},
                           {**INTEGER, "exclusiveMinimum": 0}),
    "base64": (text(format="byte"), text(contentEncoding="base64")),
    "bytes": (text(format="binary"), text(contentMediaType="application/octet-stream")),
    "fixed values and null": (text(nullable=True, enum=["a", None]),
                              one_of(const("a"), {"type": "null"})),
    "an example": (text(example="x"), text(examples=["x"])),
}  # fmt: skip


@pytest.mark.parametrize("name", LEGACY)
def test_the_other_version_says_it_otherwise(name: str) -> None:
    old, new = LEGACY[name]
    legacy = model_of({**body(old), "openapi": "3.0.3"})
    modern = model_of(body(new))
    assert compare(legacy, modern) == compare(modern, legacy) == ()


def test_a_mapping_that_says_what_the_constants_say() -> None:
    def document(**discriminator: Any) -> Schema:
        arms = [{"$ref": f"#/components/schemas/{name}"} for name in ("cat", "dog")]
        made = body({"oneOf": arms, **discriminator})
        return {**made, "components": {"schemas": {"cat": CAT, "dog": DOG}}}

    mapping = {name: f"#/components/schemas/{name}" for name in ("cat", "dog")}
    plain = model_of(document())
    told = model_of(document(discriminator={"propertyName": "k", "mapping": mapping}))
    assert compare(plain, told) == compare(told, plain) == ()


def media(*types: str, answer: bool = False, schema: Schema = STRING) -> Schema:
    """A document whose body, or whose answer, is of these media types."""
    made = body({})
    operation = made["paths"]["/send"]["post"]
    holder = operation["responses"]["200"] if answer else operation["requestBody"]
    holder["content"] = {each: {"schema": schema} for each in types}
    return made


@pytest.mark.parametrize("answer", [True, False])
@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("application/json", "application/json; charset=utf-8"),
        ("application/json", "Application/JSON;charset=UTF-8"),
        ("application/problem+json", "application/problem+json; charset=utf-8"),
    ],
)
def test_json_has_one_charset(one: str, two: str, answer: bool) -> None:
    old, new = (model_of(media(each, answer=answer)) for each in (one, two))
    assert compare(old, new) == compare(new, old) == ()


def test_another_parameter_of_a_media_type_counts() -> None:
    old = model_of(media("application/json; version=1"))
    found = compare(old, model_of(media("application/json; version=2")))
    assert {each.rule for each in found} == {"REQ_MEDIA_TYPE_REMOVED", "REQ_MEDIA_TYPE_ADDED"}


def test_a_media_type_in_a_range_is_still_taken() -> None:
    old, new = model_of(media("application/json")), model_of(media("*/*"))
    assert [each.rule for each in compare(old, new)] == ["REQ_MEDIA_TYPE_ADDED"]
    assert [each.rule for each in compare(new, old)] == ["REQ_MEDIA_TYPE_REMOVED"]
    other = model_of(media("application/*", schema=INTEGER))
    assert "REQ_TYPE_CHANGED" in {each.rule for each in compare(old, other)}


def test_the_whole_of_a_body_that_is_bytes() -> None:
    said = [text(format="binary"), text(contentMediaType="image/png"), {}]
    models = [model_of(media("image/png", schema=each)) for each in said]
    assert all(compare(one, two) == () for one in models for two in models)


def answers(**schemas: Schema) -> Schema:
    """A document that answers these, by status without its `s`."""
    made = body({})
    made["paths"]["/send"]["post"]["responses"] = {
        status[1:]: {"description": "", "content": {"application/json": {"schema": each}}}
        for status, each in schemas.items()
    }
    return made


def test_a_status_in_a_range_is_nothing_new() -> None:
    old = model_of(answers(s4XX=STRING))
    assert compare(old, model_of(answers(s4XX=STRING, s405=STRING))) == ()
    assert compare(model_of(answers(s4XX=STRING, s405=STRING)), old) == ()
    (found,) = compare(old, model_of(answers(s4XX=STRING, s405=INTEGER)))
    assert (found.rule, found.path) == ("RESP_TYPE_CHANGED", "response.405")
    (found,) = compare(old, model_of(answers(s4XX=STRING, s500=STRING)))
    assert (found.rule, found.path) == ("RESP_STATUS_ADDED", "response.500")
    (found,) = compare(old, model_of(answers(s405=STRING)))
    assert (found.rule, found.path) == ("RESP_STATUS_REMOVED", "response.4XX")


def test_words_about_a_constant_are_heard() -> None:
    old = one_of(const("a", description="A."), const("b"))
    new = one_of(const("a", description="An a."), const("b"))
    (found,) = compared(old, new, "request", nested=False)
    assert found.rule == "DOCS_DESCRIPTION_CHANGED"
