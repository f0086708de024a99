"""A read-only key is no part of a request, and a write-only one no part of an answer."""

from __future__ import annotations

import pytest

from drift.documents import body, model_of
from drift.pairs import INTEGER, STRING, Pair, Schema, any_of, compared, enum, obj, text, verdicts
from eventwright.drift.compare import compare
from eventwright.drift.findings.verdict import verdict


def read(schema: Schema) -> Schema:
    return {**schema, "readOnly": True}


def write(schema: Schema) -> Schema:
    return {**schema, "writeOnly": True}


LIST: Schema = {"type": "array", "items": STRING}
KEYS: dict[str, Pair] = {
    "type": (obj(a=read(STRING)), obj(a=read(INTEGER)), "none breaking", "none breaking"),
    "type of a write-only": (
        obj(a=write(STRING)), obj(a=write(INTEGER)), "breaking none", "breaking none"),
    "a new one": (obj(b=STRING), obj(b=STRING, a=read(STRING)), "none additive", "none breaking"),
    "a new required one": (
        obj(b=STRING), obj("a", b=STRING, a=read(STRING)), "none additive", "none breaking"),
    "a new required write-only one": (
        obj(b=STRING), obj("a", b=STRING, a=write(STRING)), "breaking none", "breaking none"),
    "became required": (
        obj(a=read(STRING)), obj("a", a=read(STRING)), "none additive", "none breaking"),
    "fixed values": (
        obj(a=read(enum("a", "b"))), obj(a=read(enum("a"))), "none additive", "none semantic"),
    "null": (
        obj(a=read({"type": ["string", "null"]})), obj(a=read(STRING)),
        "none additive", "none breaking"),
    "format": (obj(a=read(STRING)), obj(a=read(text(format="email"))),
               "none additive", "none semantic"),
    "arms": (
        obj(a=read(any_of(STRING, INTEGER))), obj(a=read(STRING)),
        "none additive", "none breaking"),
    "items": (obj(a=read(LIST)), obj(a=read({**LIST, "items": INTEGER})),
              "none breaking", "none breaking"),
    "below a read-only object": (
        obj(o=read(obj(x=STRING))), obj(o=read(obj("y", x=INTEGER, y=STRING))),
        "none breaking", "none breaking"),
    "in an object": (
        obj(o=obj(x=read(STRING))), obj(o=obj("x", x=read(INTEGER))),
        "none breaking", "none breaking"),
    "by allOf": (
        obj(a={"allOf": [STRING, {"readOnly": True}]}),
        obj(a={"allOf": [INTEGER, {"readOnly": True}]}), "none breaking", "none breaking"),
    "switched on": (obj(a=STRING), obj(a=read(STRING)), "breaking none", "additive none"),
    "switched on, required": (
        obj("a", a=STRING), obj("a", a=read(STRING)), "breaking none", "breaking none"),
    "write-only switched on": (
        obj(a=STRING), obj(a=write(STRING)), "none breaking", "none additive"),
    "write-only switched on, required": (
        obj("a", a=STRING), obj("a", a=write(STRING)), "none breaking", "none additive"),
    "from one side to the other": (
        obj(a=read(STRING)), obj(a=write(STRING)), "additive breaking", "breaking additive"),
    "said to be false": (obj(a=STRING), obj(a=text(readOnly=False)), "none none", "none none"),
    "of no key": (LIST, {**LIST, "readOnly": True}, "none none", "none none"),
}  # fmt: skip


@pytest.mark.parametrize("name", KEYS)
def test_keys(name: str) -> None:
    old, new, there, back = KEYS[name]
    if name == "of no key":  # the key that holds it is one
        old, new = obj(a={**LIST, "items": old}), obj(a={**LIST, "items": new})
    assert (verdicts(old, new), verdicts(new, old)) == (there, back)


@pytest.mark.parametrize(
    ("old", "new", "side", "rule"),
    [
        (obj(a=STRING), obj(a=read(STRING)), "request", "REQ_PROPERTY_BECAME_READ_ONLY"),
        (obj(a=read(STRING)), obj(a=STRING), "request", "REQ_PROPERTY_BECAME_WRITABLE"),
        (obj("a", a=read(STRING)), obj("a", a=STRING), "request",
         "REQ_PROPERTY_BECAME_WRITABLE_REQUIRED"),
        (obj(a=STRING), obj(a=write(STRING)), "answer", "RESP_PROPERTY_BECAME_WRITE_ONLY"),
        (obj(a=write(STRING)), obj(a=STRING), "answer", "RESP_PROPERTY_BECAME_READABLE"),
        (obj("a", a=write(STRING)), obj("a", a=STRING), "answer",
         "RESP_PROPERTY_BECAME_READABLE_REQUIRED"),
    ],
)  # fmt: skip
def test_a_switch_has_a_rule_of_its_own(old: Schema, new: Schema, side: str, rule: str) -> None:
    (found,) = compared(old, new, side, nested=False)
    assert (found.rule, found.path.rpartition(".")[2]) == (rule, "a")


@pytest.mark.parametrize("legacy", [True, False])
def test_a_reference_may_say_it_or_what_it_leads_to(legacy: bool) -> None:
    def document(kind: Schema, *, inside: bool) -> Schema:
        reference: Schema = {"$ref": "#/components/schemas/kind"}
        beside = {"allOf": [reference], "readOnly": True} if legacy else read(reference)
        made = body(obj(a=reference if inside else beside))
        made["openapi"] = "3.0.3" if legacy else "3.1.0"
        made["components"] = {"schemas": {"kind": read(kind) if inside else kind}}
        return made

    for inside in (True, False):
        old = model_of(document(obj(x=STRING), inside=inside))
        assert compare(old, model_of(document(obj(x=INTEGER), inside=inside))) == ()
    assert verdict(compare(old, model_of(document(obj(x=STRING), inside=True)))) == "none"
