"""What is said of schemas that break a rule: in plain words, with what to write instead."""

from __future__ import annotations

from typing import Any

import pytest

from eventwright.diagnostics.diagnostic import DocumentError
from eventwright.document.load import load_bytes
from eventwright.validation.validate import validate

HEAD = """\
openapi: {version}
info: {{title: T, version: "1"}}
paths: {{}}
components:
  schemas:
    Address: {{type: object}}
    A: {schema}
"""


def said(schema: str, version: str = "3.1.0") -> tuple[str, str, str]:
    """Where below the schema, the message and the help, of the one fault."""
    raw = HEAD.format(version=version, schema=schema).encode()
    with pytest.raises(DocumentError) as caught:
        validate(load_bytes(raw, "s.yaml"))
    (found,) = caught.value.diagnostics
    assert found.location
    at = found.location.pointer.removeprefix("/components/schemas/A/")
    return at, found.message, found.help


BROKEN = {
    "{minLength: -1}": ("minLength", "-1 is less than the minimum, 0"),
    "{multipleOf: 0}": ("multipleOf", "0 is not greater than 0"),
    "{required: [a, a]}": ("required/1", "this is in the list already"),
}


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize("schema", BROKEN)
def test_a_schema_that_breaks_the_rules_of_schemas(schema: str, version: str) -> None:
    assert said(schema, version)[:2] == BROKEN[schema]


IN_3_0 = {
    "{const: a}": ("const", "`enum` with one value"),
    "{examples: [a]}": ("examples", "`example`, with one value"),
    "{prefixItems: []}": ("prefixItems", "`items` is one schema, for every item"),
    "{patternProperties: {a: {}}}": ("patternProperties", "there is no such key"),
    '{type: [string, "null"]}': ("type", "`nullable: true` where null is allowed"),
    "{type: [string, null]}": ("type", "`nullable: true` where null is allowed"),
    '{type: "null"}': ("type", "`nullable: true` where null is allowed"),
    "{exclusiveMinimum: 5}": ("exclusiveMinimum", "`exclusiveMinimum: true` beside it"),
    "{items: [{type: string}]}": ("items", "`items` is one schema, for every item"),
}


@pytest.mark.parametrize("schema", IN_3_0)
def test_the_spelling_of_3_1_in_3_0(schema: str) -> None:
    place, words = IN_3_0[schema]
    at, message, help = said(schema, "3.0.3")
    assert at == place
    assert "did you mean" not in message
    assert help.startswith("in OpenAPI 3.0 ")
    assert help.endswith(f"{words}; or is this 3.1?")


IN_3_1 = {
    "{exclusiveMinimum: true}": ("exclusiveMinimum", "write the bound itself"),
    "{items: [{type: string}]}": ("items", "`prefixItems` lists schemas by position"),
    "{type: [string, null]}": ("type/1", 'quote it: "null"'),
}


@pytest.mark.parametrize("schema", IN_3_1)
def test_the_spelling_of_3_1(schema: str) -> None:
    at, _, help = said(schema)
    assert at == IN_3_1[schema][0]
    assert IN_3_1[schema][1] in help


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_required_is_of_the_object(version: str) -> None:
    at, message, help = said("{properties: {p: {type: string, required: true}}}", version)
    assert (at, message) == ("properties/p/required", "true is not of type array")
    assert help == "list the key in the `required` of the object that has it: required: [name]"


def test_no_value_at_all() -> None:
    told = ("enum", "this list must not be empty", "list the values, or remove `enum`")
    assert said("{enum: []}", "3.0.3") == told


MEANT: dict[str, Any] = {
    "/components/schemas/Address": "E022",
    "components/schemas/Address": "E022",
    "Address": "E022",
    "#Address": "E023",
    "#components/schemas/Address": "E023",
}


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize("ref", MEANT)
def test_a_reference_that_lacks_its_beginning(ref: str, version: str) -> None:
    at, message, help = said(f'{{$ref: "{ref}"}}', version)
    assert at == "$ref"
    assert message.endswith("; did you mean #/components/schemas/Address?")
    assert help == 'write it in quotes: "#/components/schemas/Address"'


def test_a_reference_to_another_file_is_none_of_these() -> None:
    assert "eventwright pull" in said("{$ref: Adress.yaml}")[2]


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_a_reference_that_is_a_comment(version: str) -> None:
    told = said("\n      $ref: #/components/schemas/Address", version)
    assert told[:2] == ("$ref", "this reference is null, not a text")
    assert "# begins a comment in YAML" in told[2]


def test_a_reference_that_is_no_text() -> None:
    assert said("{$ref: 5}") == ("$ref", "this reference is a number, not a text", "")
