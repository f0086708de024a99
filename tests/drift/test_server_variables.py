"""Variables of a server's URL, and keywords that used to be known to no rule."""

from __future__ import annotations

from typing import Any

import pytest

from drift.documents import body, model_of
from drift.pairs import STRING, Schema, obj
from eventwright.drift.compare import compare
from eventwright.drift.findings.verdict import verdict

URL = "https://{region}.example.com"


def served(*servers: Schema, operation: bool = False) -> Schema:
    """A document with these servers, of its own or of its operation."""
    made = body({})
    holder = made["paths"]["/send"]["post"] if operation else made
    holder["servers"] = list(servers)
    return made


def variable(url: str = URL, name: str = "region", **said: Any) -> Schema:
    return {"url": url, "variables": {name: said}}


FIXED: Schema = {"url": "https://us.example.com"}
SERVERS: dict[str, tuple[Schema, Schema, list[str], list[str]]] = {
    "a value": (
        variable(default="us", enum=["us"]), variable(default="us", enum=["us", "eu"]),
        ["SERVER_VARIABLE_VALUE_ADDED"], ["SERVER_VARIABLE_VALUE_REMOVED"]),
    "values at all": (
        variable(default="us"), variable(default="us", enum=["us", "eu"]),
        ["SERVER_VARIABLE_CLOSED"], ["SERVER_VARIABLE_VALUE_ADDED"]),
    "the default": (
        variable(default="us", enum=["us", "eu"]), variable(default="eu", enum=["us", "eu"]),
        ["SERVER_VARIABLE_DEFAULT_CHANGED"], ["SERVER_VARIABLE_DEFAULT_CHANGED"]),
    "the default and its value": (
        variable(default="us", enum=["us", "eu"]), variable(default="eu", enum=["eu"]),
        ["SERVER_VARIABLE_VALUE_REMOVED", "SERVER_VARIABLE_DEFAULT_CHANGED"],
        ["SERVER_VARIABLE_VALUE_ADDED", "SERVER_VARIABLE_DEFAULT_CHANGED"]),
    "words": (
        variable(default="us"), variable(default="us", description="Where."),
        ["DOCS_DESCRIPTION_CHANGED"], ["DOCS_DESCRIPTION_CHANGED"]),
    "its name": (
        variable(default="us"), variable("https://{area}.example.com", "area", default="us"),
        [], []),
    "the variable": (
        FIXED, variable(default="us"), ["SERVER_VARIABLE_ADDED"], ["SERVER_VARIABLE_REMOVED"]),
    "a variable that may be one thing": (
        FIXED, variable(default="us", enum=["us"]), ["DOCS_INFO_CHANGED"], ["DOCS_INFO_CHANGED"]),
    "a variable and another address": (
        FIXED, variable(default="eu"), ["SERVER_URL_CHANGED"], ["SERVER_URL_CHANGED"]),
    "a variable that the URL has not": (
        FIXED, variable("https://us.example.com", default="us"), [], []),
    "what nobody knows": (
        variable(default="us"), variable(default="us", type="string"),
        ["UNCLASSIFIED"], ["UNCLASSIFIED"]),
}  # fmt: skip


@pytest.mark.parametrize("operation", [False, True])
@pytest.mark.parametrize("name", SERVERS)
def test_variables(name: str, operation: bool) -> None:
    one, two, there, back = SERVERS[name]
    old, new = (model_of(served(each, operation=operation)) for each in (one, two))
    assert [each.rule for each in compare(old, new)] == there
    assert [each.rule for each in compare(new, old)] == back


def test_servers_are_known_by_what_their_urls_have_in_common() -> None:
    other: Schema = {"url": "https://other.example.org"}
    old = model_of(served(variable(default="us"), other))
    new = model_of(served(other, variable(default="eu")))
    assert [each.rule for each in compare(old, new)] == ["SERVER_VARIABLE_DEFAULT_CHANGED"]


def form(schema: Schema, **encoding: Any) -> Schema:
    made = body({})
    content: Schema = {"multipart/form-data": {"schema": schema, "encoding": encoding}}
    made["paths"]["/send"]["post"]["requestBody"] = {"content": content}
    return made


FORM = obj(f=STRING)
ENCODINGS: dict[str, tuple[Schema, Schema, str]] = {
    "another style": ({"style": "form"}, {"style": "spaceDelimited"}, "REQ_ENCODING_CHANGED"),
    "the style that it has anyway": ({"style": "form"}, {"explode": True}, ""),
    "a type more": ({"contentType": "image/png"}, {"contentType": "image/png, image/jpeg"},
                    "REQ_CONSTRAINT_RELAXED"),
    "a type less": ({"contentType": "image/jpeg,image/png"}, {"contentType": "image/png"},
                    "REQ_CONSTRAINT_TIGHTENED"),
    "another type": ({"contentType": "image/png"}, {"contentType": "image/jpeg"},
                     "REQ_ENCODING_CHANGED"),
    "a type at all": ({}, {"contentType": "image/png"}, "REQ_CONSTRAINT_CHANGED"),
    "headers": ({}, {"headers": {"X-A": {"schema": STRING}}}, "REQ_CONSTRAINT_CHANGED"),
}  # fmt: skip


@pytest.mark.parametrize("name", ENCODINGS)
def test_parts_of_a_form(name: str) -> None:
    one, two, rule = ENCODINGS[name]
    found = compare(model_of(form(FORM, f=one)), model_of(form(FORM, f=two)))
    assert [(each.rule, each.path) for each in found] == ([(rule, "body.f")] if rule else [])


def test_a_parameter_that_may_be_empty() -> None:
    def document(**said: Any) -> Schema:
        made = body({})
        made["paths"]["/send"]["post"]["parameters"] = [
            {"name": "q", "in": "query", "schema": STRING, **said}
        ]
        return made

    plain, empty = model_of(document()), model_of(document(allowEmptyValue=True))
    assert verdict(compare(plain, empty)) == "additive"
    assert verdict(compare(empty, plain)) == "breaking"
    assert compare(plain, model_of(document(allowEmptyValue=False))) == ()


def test_a_class_that_is_no_more_is_told() -> None:
    old, new = (model_of(body(each)) for each in (obj(a=obj(x=STRING)), obj(a=obj())))
    told = {each.rule: each for each in compare(old, new)}
    assert told["SOURCE_NAME_CHANGED"].message.endswith(
        "builds no class called SendValueA any more"
    )
