"""Pairs of schemas, and what a change from the one to the other means to senders and readers."""

from __future__ import annotations

from typing import Any, TypeAlias

from drift.documents import body, model_of
from eventwright.drift.compare import compare
from eventwright.drift.findings.finding import Finding
from eventwright.drift.findings.verdict import verdict

Schema: TypeAlias = dict[str, Any]
Pair: TypeAlias = tuple[Schema, Schema, str, str]
"""The old one, the new one, and the verdicts of going there and back: "breaking additive" is what
it is in a request and what it is in an answer."""

STRING: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
BOOLEAN: Schema = {"type": "boolean"}


def obj(required: str = "", *, closed: bool = False, **properties: Any) -> Schema:
    """An object; `required` holds keys, set apart by blanks."""
    said: Schema = {"type": "object", "properties": properties}
    if required:
        said["required"] = required.split()
    return {**said, "additionalProperties": False} if closed else said


def one_of(*arms: Schema, **beside: Any) -> Schema:
    return {"oneOf": list(arms), **beside}


def any_of(*arms: Schema, **beside: Any) -> Schema:
    return {"anyOf": list(arms), **beside}


def const(value: Any, **beside: Any) -> Schema:
    return {"const": value, **beside}


def enum(*values: Any, **beside: Any) -> Schema:
    return {"enum": list(values), **beside}


def text(**keywords: Any) -> Schema:
    return {**STRING, **keywords}


def compared(old: Schema, new: Schema, side: str, *, nested: bool) -> tuple[Finding, ...]:
    """The findings, in a "request" or an "answer"; without those about names of classes.

    `nested`: as a component that says it by `allOf`, in a list, in a map.
    """
    models = (model_of(document(schema, side, nested=nested)) for schema in (old, new))
    return tuple(each for each in compare(*models) if each.rule != "SOURCE_NAME_CHANGED")


def document(schema: Schema, side: str, *, nested: bool) -> Schema:
    """One that holds the schema as the key `value` of a request or of an answer."""
    components: Schema = {}
    if nested:
        components = {"inner": {"allOf": [schema]}}
        schema = {"type": "array", "items": {"$ref": "#/components/schemas/inner"}}
        schema = {"type": "object", "additionalProperties": schema}
    if side == "request":
        made = body(schema)
    else:
        made = body({}, answer={"type": "object", "properties": {"value": schema}})
    return {**made, "components": {"schemas": components}}


def verdicts(old: Schema, new: Schema) -> str:
    """Of a request and of an answer, whether nested or not."""
    found = {
        " ".join(verdict(compared(old, new, side, nested=nested)) for side in ("request", "answer"))
        for nested in (False, True)
    }
    assert len(found) == 1, found
    return found.pop()
