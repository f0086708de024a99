"""Nothing that changes the model is silent: every field of every class is accounted for."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, get_args

import pytest

from drift.documents import model_of, varied
from eventwright.diagnostics.remarks import Remark
from eventwright.drift.compare import compare
from eventwright.drift.schemas.types import TABLES
from eventwright.model import model as models
from eventwright.model.givennames import GivenNames
from eventwright.model.model import (
    Body,
    Content,
    Field,
    Model,
    Notes,
    ObjectType,
    Operation,
    Parameter,
    Response,
    SecurityScheme,
    Server,
    StringType,
    Type,
)
from eventwright.text.jsonvalues import Json

KINDS = [*get_args(Type), ObjectType, Field, Parameter, Content, Body, Response, Operation, Model]
BASE = model_of(varied())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_table_of_a_class_names_all_its_fields(kind: type[Any]) -> None:
    named = [name for names in TABLES[kind] for name in names]
    assert sorted(named) == sorted(field.name for field in fields(kind) if field.compare)


def test_every_class_of_the_model_is_compared_somewhere() -> None:
    defined = [each for each in vars(models).values() if isinstance(each, type)]
    classes = {kind for kind in defined if is_dataclass(kind)}
    elsewhere = {models.Notes, models.Assertion, models.Server, models.SecurityScheme}
    elsewhere |= {models.Event, Remark, models.Evaluated, models._Node, models.EnumAlias}
    elsewhere |= {models.Encoding}  # in `Content.other`, as the document has it
    elsewhere |= {GivenNames}  # of the package, not of the document
    elsewhere |= {models.Paging}  # the configuration has it
    assert classes - elsewhere == {*KINDS}


def test_a_field_without_a_rule_is_unclassified(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {names: rule for names, rule in TABLES[StringType].items() if names != ("pattern",)}
    monkeypatch.setitem(TABLES, StringType, table)
    new = _with_value(StringType(pattern="^x"))
    (found,) = compare(_with_value(StringType()), new)
    assert (found.rule, found.severity) == ("UNCLASSIFIED", "warning")
    assert "`pattern` changed" in found.message


def test_a_rule_that_does_not_know_falls_back_too(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {**TABLES[StringType], ("pattern",): lambda place, old, new: False}
    monkeypatch.setitem(TABLES, StringType, table)
    (found,) = compare(_with_value(StringType()), _with_value(StringType(pattern="^x")))
    assert found.rule == "UNCLASSIFIED"
    assert compare(_with_value(StringType()), _with_value(StringType())) == ()


NOTES: Any = {
    "title": "T", "description": "D", "deprecated": True, "read_only": True, "write_only": True,
    "default": ("x",), "examples": ("x",), "other": (("contentEncoding", "base64"),),
}  # fmt: skip


@pytest.mark.parametrize("name", [field.name for field in fields(Notes)])
def test_every_note_is_heard(name: str) -> None:
    notes = replace(Notes(), **{name: NOTES[name]})
    found = compare(_with_value(StringType()), _with_value(StringType(notes=notes)))
    # A key of requests only is still one of a request.
    assert found or name == "write_only"


SERVER: Any = {
    "url": "https://x", "name": "x", "description": "x", "template": "https://x.example.com/v1",
    "variables": (("v", {"default": "us", "enum": ["us", "eu"]}),),
}  # fmt: skip
SCHEME: Any = {
    "kind": "http", "scheme": "bearer", "location": "query", "wire": "k", "description": "x",
    "basic_argument": "user", "other": (("bearerFormat", "JWT"),),
}  # fmt: skip


@pytest.mark.parametrize("name", [f.name for f in fields(Server) if f.compare])
def test_every_field_of_a_server_is_heard(name: str) -> None:
    plain, *rest = BASE.servers
    variable: Json = {"default": "us"}
    variables = () if name == "url" else (("v", variable),)
    first = replace(plain, template="https://{v}.example.com/v1", variables=variables)
    changed = replace(first, **{name: SERVER[name]})
    old, new = (replace(BASE, servers=(server, *rest)) for server in (first, changed))
    assert compare(old, new)


@pytest.mark.parametrize("name", [f.name for f in fields(SecurityScheme) if f.compare])
def test_every_field_of_a_security_scheme_is_heard(name: str) -> None:
    (scheme,) = BASE.security_schemes
    changed = replace(scheme, **{name: SCHEME.get(name, "other")})
    found = compare(BASE, replace(BASE, security_schemes=(changed,)))
    # Its key is only a name, but here the operations go on asking for the old one.
    assert found or name == "key"


PARAMETER: Any = {
    "wire": "X-Other", "name": "other", "location": "header", "required": True,
    "type": StringType(), "description": "x", "deprecated": True, "style": "label",
    "explode": False, "allow_reserved": True, "examples": ("x",), "other": (("k", 1),),
}  # fmt: skip


@pytest.mark.parametrize("name", [f.name for f in fields(Parameter) if f.compare])
def test_every_field_of_a_parameter_is_heard(name: str) -> None:
    first, *rest = BASE.operations
    lists = next(p for p in first.parameters if p.wire == "tags")
    changed = replace(lists, **{name: PARAMETER[name]})
    new = replace(BASE, operations=(replace(first, parameters=(changed,)), *rest))
    old = replace(BASE, operations=(replace(first, parameters=(lists,)), *rest))
    assert compare(old, old) == ()
    assert compare(old, new)


def _with_value(value: Type) -> Model:
    """An operation that takes an object with `value`."""
    item = ObjectType(
        key="/o",
        name="O",
        fields=(Field(wire="value", name="value", required=False, type=value),),
        extra=models.AnyType(),
    )
    content = Content(media_type="application/json", type=models.ObjectRef(key="/o"))
    body = Body(required=True, contents=(content,))
    operation = Operation(id="send", name="send", method="POST", path="/send", body=body)
    return Model(
        title="",
        version="",
        description="",
        servers=(),
        security_schemes=(),
        operations=(operation,),
        events=(),
        objects={"/o": item},
        aliases={},
    )
