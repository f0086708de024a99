"""What is valid by the letter and surely unmeant is told; what may be meant is not."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from eventwright.document.load import load_bytes
from eventwright.lint.lint import lint
from eventwright.validation.validate import validate


def found(schemas: str, version: str = "3.1.0") -> list[tuple[str, str, str, str]]:
    """Code, pointer below the components, message and help of each note."""
    data: Any = {
        "openapi": version,
        "info": {"title": "T", "version": "1"},
        "paths": {},
        "components": {"schemas": yaml.safe_load(schemas)},
    }
    document = load_bytes(yaml.safe_dump(data, sort_keys=False).encode(), "s.yaml")
    validate(document)
    return [
        (each.code, each.at.removeprefix("/components/schemas"), each.message, each.help)
        for each in lint(document)
    ]


def brief(schemas: str, version: str = "3.1.0") -> list[str]:
    return [f"{code} {at}" for code, at, _, _ in found(schemas, version)]


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("propertes", "properties"),
        ("requred", "required"),
        ("min", "minimum"),
        ("max", "maximum"),
        ("min_length", "minLength"),
        ("minlength", "minLength"),
        ("readonly", "readOnly"),
        ("regex", "pattern"),
        ("enums", "enum"),
        ("additionalproperties", "additionalProperties"),
        ("oneof", "oneOf"),
        ("typ", "type"),
        ("tpye", "type"),
        ("emun", "enum"),
        ("isNullable", "nullable"),
        ("property", "properties"),
        ("unique", "uniqueItems"),
        ("discrimator", "discriminator"),
        ("additionProperties", "additionalProperties"),
    ],
)
def test_a_keyword_that_is_none_is_told_if_it_is_like_one(key: str, meant: str) -> None:
    [(code, at, message, help)] = found(f"A: {{properties: {{a: {{{key}: 1}}}}}}")
    assert (code, at) == ("N111", f"/A/properties/a/{key}")
    assert message == f"'{key}' is no keyword, so it has no effect; did you mean '{meant}'?"
    assert help == f"write `{meant}`, or `x-{key}` for what is yours"


@pytest.mark.parametrize(
    "schema",
    [
        "A: {label: a, order: 1, note: b, searchable: true, x-min: 1}",
        "A: {comment: a, schema: b, tsType: c, enumDescriptions: [d], requiredIf: e}",
        "A: {constraints: a, contents: b, deprecatedSince: c, prefixes: d, formatMinimum: e}",
        "A: {example: 1, xml: {}, $comment: c, contentEncoding: base64}",
        "A: {type: object, properties: {requred: {}, min: {}}}",
        "A: {default: {requred: []}, examples: [{min: 1}]}",
    ],
)
def test_comments_and_names_are_no_keywords(schema: str) -> None:
    assert brief(schema) == []


def test_a_required_key_that_nothing_declares_is_told_if_it_is_like_one() -> None:
    text = "A: {required: [id, carier, userId], properties: {id: {}, carrier: {}, user_id: {}}}"
    [one, two] = found(text)
    assert one == (
        "N110",
        "/A/required/1",
        "'carier' is required and declared nowhere; did you mean 'carrier'?",
        "write 'carrier', or declare 'carier' under properties",
    )
    assert two[1:3] == (
        "/A/required/2",
        "'userId' is required and declared nowhere; did you mean 'user_id'?",
    )


BASE = "Base: {properties: {carier: {}, carrier: {}}}\n"


@pytest.mark.parametrize(
    "schema",
    [
        "A: {required: [destination], properties: {carrier: {}}}",
        "A: {required: [carier, carrier], properties: {carrier: {}}}",
        "A: {allOf: [{properties: {carier: {}}}], required: [carier], properties: {carrier: {}}}",
        BASE + "A: {$ref: '#/components/schemas/Base', required: [carier]}",
        BASE + "A: {allOf: [{$ref: '#/components/schemas/Base'}, {required: [carier]}]}",
        BASE + "A: {properties: {carrier: {}}, required: [carier]}\n"
        "B: {allOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/Base'}]}",
        "A: {properties: {carier: {}, carrier: {}}, if: {required: [carier]}, then: {}}",
        "A: {required: [carier], properties: {carrier: {}}, oneOf: [{properties: {carier: {}}}]}",
    ],
)
def test_keys_that_are_declared_beside_or_like_none_are_not_told(schema: str) -> None:
    assert brief(schema) == []


def test_two_letters_are_a_slip_in_a_long_name() -> None:
    schemas = "A: {properties: {shipping_address: {}}, required: [shiping_adress]}"
    assert [message for _, _, message, _ in found(schemas)] == [
        "'shiping_adress' is required and declared nowhere; did you mean 'shipping_address'?"
    ]


def test_a_required_key_looks_at_what_is_declared_around_it() -> None:
    text = "A: {allOf: [{properties: {carrier: {}}}, {required: [carier]}]}"
    assert brief(text) == ["N110 /A/allOf/1/required/0"]


@pytest.mark.parametrize(
    ("schema", "version", "help"),
    [
        ("{type: string, nullable: true}", "3.1.0", 'write `type: [string, "null"]`'),
        ("{nullable: true, $ref: '#/components/schemas/B'}", "3.1.0", "write `anyOf: [{…}, {type"),
        ("{nullable: true, $ref: '#/components/schemas/B'}", "3.0.3", "write `anyOf: [{…}, {enum"),
        ("{nullable: true, allOf: [{$ref: '#/components/schemas/B'}]}", "3.0.3", "write `anyOf"),
        ("{nullable: true, type: string, enum: [a]}", "3.0.3", "add null to it"),
    ],
)
def test_nullable_without_effect_is_told(schema: str, version: str, help: str) -> None:
    [(code, at, message, helped)] = found(f"B: {{type: string}}\nA: {schema}", version)
    assert (code, at) == ("N112", "/A/nullable")
    assert message.startswith("'nullable' has no effect here (")
    assert helped.startswith(help)


@pytest.mark.parametrize(
    ("schema", "version"),
    [
        ("{type: string, nullable: true}", "3.0.3"),
        ("{type: string, nullable: true, enum: [a, null]}", "3.0.3"),
        ("{nullable: true}", "3.0.3"),
        ("{type: string, nullable: false}", "3.1.0"),
        ("{type: [string, 'null'], nullable: true}", "3.1.0"),
    ],
)
def test_nullable_with_its_meaning_is_not_told(schema: str, version: str) -> None:
    assert brief(f"A: {schema}", version) == []


def test_values_outside_their_type_are_told() -> None:
    text = """
A: {type: string, enum: [a, no, 1, null]}
B: {type: [integer, 'null'], enum: [1, 2.0, null, 1.5]}
C: {type: boolean, const: "true"}
"""
    assert found(text)[0] == (
        "N113",
        "/A/enum/1",
        "false is no string, so it is never a valid value",
        "put it in quotes, or correct `type`",
    )
    assert brief(text) == [
        f"N113 {at}" for at in ("/A/enum/1", "/A/enum/2", "/A/enum/3", "/B/enum/3", "/C/const")
    ]


@pytest.mark.parametrize(
    ("schema", "taken"),
    [
        ("{type: string, enum: [1, no, 2.5, 3]}", "they are taken as '1', 'false', '2.5' …"),
        ("{type: integer, enum: ['2', '3']}", "they are taken as 2, 3"),
        ("{type: integer, enum: ['2 (Two)', '3']}", "they are left out"),
        ("{type: boolean, enum: ['true', 'false']}", "they are left out"),
        ("{type: array, enum: [a, b]}", "they are taken as those of its items"),
        ("{type: array, items: {enum: [a]}, enum: [a, b]}", "they are left out"),
    ],
)
def test_values_that_are_all_outside_their_type_are_read_as_meant(schema: str, taken: str) -> None:
    [(code, at, message, _)] = found(f"A: {schema}")
    assert (code, at) == ("N113", "/A/enum")
    assert message.partition(", as `type` has it: ")[2] == taken


ARMS = """
Cat: {properties: {kind: {const: cat}, name: {}}}
Dog: {allOf: [{properties: {kind: {const: dog}}}]}
Fish: {properties: {name: {}}}
"""


def union(discriminator: str, *names: str) -> str:
    arms = ", ".join(f"{{$ref: '#/components/schemas/{name}'}}" for name in names)
    return f"{ARMS}A: {{oneOf: [{arms}], discriminator: {discriminator}}}"


def test_a_discriminator_that_no_arm_has_is_told() -> None:
    [(code, at, message, _)] = found(union("{propertyName: kin}", "Cat", "Dog"))
    assert (code, at) == ("N115", "/A/discriminator/propertyName")
    assert message == "no schema here has the key 'kin'; did you mean 'kind'?"
    [(_, _, message, _)] = found(union("{propertyName: kind}", "Cat", "Fish"))
    assert message == (
        "'kind' is to tell the schemas apart, and not all have it: "
        "#/components/schemas/Fish does not"
    )
    parent = "A: {type: object, properties: {type: {}}, discriminator: {propertyName: kind}}"
    assert brief(parent) == ["N115 /A/discriminator/propertyName"]


def test_a_mapping_that_contradicts_its_schemas_is_told() -> None:
    right = "cat: '#/components/schemas/Cat', dog: Dog"
    assert brief(union(f"{{propertyName: kind, mapping: {{{right}}}}}", "Cat", "Dog")) == []
    wrong = "cat: '#/components/schemas/Dog', dog: Fish"
    one, two = found(union(f"{{propertyName: kind, mapping: {{{wrong}}}}}", "Cat", "Dog"))
    assert one[:3] == (
        "N116",
        "/A/discriminator/mapping/cat",
        "'cat' leads to #/components/schemas/Dog, whose 'kind' is 'dog'",
    )
    assert two[2] == "'dog' leads to Fish, which is none of the schemas here"
    nowhere = "cat: Cta, dog: dogs.json"
    (one,) = found(union(f"{{propertyName: kind, mapping: {{{nowhere}}}}}", "Cat", "Dog"))
    assert one[2] == "'cat' leads to Cta, which is no schema; did you mean 'Cat'?"
    nowhere = "cat: '#/Cat', dog: Dog"
    (one,) = found(union(f"{{propertyName: kind, mapping: {{{nowhere}}}}}", "Cat", "Dog"))
    assert one[2] == "'cat' leads to #/Cat, which is no schema; did you mean 'Cat'?"


@pytest.mark.parametrize(
    "schema",
    [
        union("{propertyName: kind}", "Cat", "Dog"),
        ARMS + "A: {properties: {kind: {}}, discriminator: {propertyName: kind}}",
        ARMS + "A: {anyOf: [{$ref: '#/components/schemas/Cat'}, {type: 'null'}], "
        "discriminator: {propertyName: kind}}",
        "A: {properties: {discriminator: {properties: {propertyName: {}}}}}",
    ],
)
def test_discriminators_that_fit_are_not_told(schema: str) -> None:
    assert brief(schema) == []


def test_schemas_in_operations_are_looked_at_and_each_once() -> None:
    shared = "B: {properties: {a: {requred: []}}}\nA: {items: {$ref: '#/components/schemas/B'}}"
    assert brief(shared) == ["N111 /B/properties/a/requred"]
