"""`oneOf` means exactly one: an arm that takes what another took breaks who sent it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest

from drift.documents import body, model_of
from drift.pairs import (
    BOOLEAN,
    INTEGER,
    NUMBER,
    STRING,
    Pair,
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
from eventwright.drift.values.membership import Takes
from eventwright.model.model import ObjectType
from eventwright.text.jsonvalues import Json

BOTH = obj("foo bar", foo=STRING, bar=STRING)
ONE = obj("bar", foo=STRING, bar=STRING)
SMALL, LARGE = {**INTEGER, "maximum": 9}, {**INTEGER, "minimum": 10}
MORE = ("additive breaking", "breaking additive")
"""One arm more that meets nothing of the others."""
OVERLAP = ("breaking breaking", "breaking additive")
PERHAPS = ("semantic breaking", "breaking additive")
SAME = ("none none", "none none")

ARMS: dict[str, Pair] = {
    "a wider object": (BOTH, one_of(BOTH, ONE), *OVERLAP),
    "a narrower object": (
        ONE, one_of(ONE, BOTH), "breaking additive", "breaking additive"),
    "in anyOf": (BOTH, any_of(BOTH, ONE), *MORE),
    "optional keys": (obj(a=STRING), one_of(obj(a=STRING), obj(b=STRING)), *OVERLAP),
    "another required key": (
        obj("a", a=STRING), one_of(obj("a", a=STRING), obj("b", b=STRING)), *PERHAPS),
    "another required key, one closed": (
        obj("a", a=STRING, closed=True),
        one_of(obj("a", a=STRING, closed=True), obj("b", b=STRING)), *MORE),
    "a declared key that the other requires": (
        obj("a", a=STRING, b=STRING),
        one_of(obj("a", a=STRING, b=STRING), obj("b", b=STRING)), *OVERLAP),
    "a required key of another type": (
        obj("a", a=STRING), one_of(obj("a", a=STRING), obj("a", a=INTEGER)), *MORE),
    "a constant": (
        one_of(obj("k", k=const("a")), obj("k", k=const("b"))),
        one_of(obj("k", k=const("a")), obj("k", k=const("b")), obj("k", k=const("c"))), *MORE),
    "a single enum": (
        one_of(obj("k", k=enum("a"))), one_of(obj("k", k=enum("a")), obj("k", k=enum("b"))), *MORE),
    "enums with a value in common": (
        obj("k", k=enum("a", "b")),
        one_of(obj("k", k=enum("a", "b")), obj("k", k=enum("b", "c"))), *OVERLAP),
    "objects told apart below": (
        obj("m", m=obj("k", k=const("a"))),
        one_of(obj("m", m=obj("k", k=const("a"))), obj("m", m=obj("k", k=const("b")))), *MORE),
    "a condition apart": (
        obj("a", a=STRING),
        one_of(obj("a", a=STRING), {**obj("b", b=STRING), "not": {"required": ["a"]}}), *MORE),
    "untyped": (
        {"properties": {"a": STRING}, "required": ["a"]},
        one_of({"properties": {"a": STRING}, "required": ["a"]}, {"properties": {"a": STRING}}),
        *OVERLAP),
    "another type": (one_of(STRING, INTEGER), one_of(STRING, INTEGER, BOOLEAN), *MORE),
    "integers beside numbers": (INTEGER, one_of(INTEGER, NUMBER), *OVERLAP),
    "numbers of a format that nobody knows": (
        {**NUMBER, "format": "money"}, one_of({**NUMBER, "format": "money"}, INTEGER),
        "breaking none", "additive none"),
    "ranges apart": (SMALL, one_of(SMALL, LARGE), *MORE),
    "ranges that touch": (
        SMALL, one_of(SMALL, {**INTEGER, "minimum": 9}), *OVERLAP),
    "ranges that leave the bound out": (
        {**NUMBER, "maximum": 1},
        one_of({**NUMBER, "maximum": 1}, {**NUMBER, "exclusiveMinimum": 1}), *MORE),
    "fixed values apart": (
        enum("a"), one_of(enum("a"), enum("b")), "additive semantic", "breaking additive"),
    "fixed values in a text": (
        enum("a", "b"), one_of(enum("a", "b"), STRING), "breaking semantic", "breaking additive"),
    "a text and some of its values": (
        STRING, one_of(STRING, enum("a")), "breaking none", "additive none"),
    "formats apart": (
        text(format="date"), one_of(text(format="date"), text(format="date-time")), *MORE),
    "a format nobody checks": (
        text(format="uuid"), one_of(text(format="uuid"), text(format="color")), *OVERLAP),
    "lengths apart": (
        text(maxLength=3), one_of(text(maxLength=3), text(minLength=4)), *MORE),
    "patterns apart": (
        text(pattern="^usr_"), one_of(text(pattern="^usr_"), text(pattern="^org_")), *MORE),
    "patterns that may meet": (
        text(pattern="x$"), one_of(text(pattern="x$"), text(pattern="^y")), *PERHAPS),
    "lists, which may be empty": (
        {"type": "array", "items": STRING},
        one_of({"type": "array", "items": STRING}, {"type": "array", "items": INTEGER}), *OVERLAP),
    "lists that hold something": (
        {"type": "array", "items": STRING, "minItems": 1},
        one_of({"type": "array", "items": STRING, "minItems": 1},
               {"type": "array", "items": INTEGER, "minItems": 1}), *MORE),
    "an arm widened into another": (
        one_of(obj("a", a=STRING, closed=True), obj("a b", a=STRING, b=STRING, closed=True)),
        one_of(obj("a", a=STRING, closed=True), obj("a", a=STRING, b=STRING, closed=True)),
        "breaking breaking", "breaking semantic"),
    "an arm widened elsewhere": (
        one_of(obj("a", a=STRING, closed=True), obj("b", b=STRING, closed=True)),
        one_of(obj("a", a=STRING, c=STRING, closed=True), obj("b", b=STRING, closed=True)),
        "additive additive", "breaking breaking"),
    "a key more in an arm": (
        one_of(obj("a", a=STRING), obj("b", b=STRING)),
        one_of(obj("a", a=STRING, c=STRING), obj("b", b=STRING)),
        "additive additive", "breaking breaking"),
    "anyOf that becomes oneOf": (
        any_of(obj("a", a=STRING), obj("b", b=STRING)),
        one_of(obj("a", a=STRING), obj("b", b=STRING)), "breaking additive", "additive semantic"),
    "anyOf that becomes oneOf of types": (any_of(STRING, INTEGER), one_of(STRING, INTEGER), *SAME),
    "anyOf that becomes oneOf of tagged objects": (
        any_of(obj("k", k=const("a")), obj("k", k=const("b"))),
        one_of(obj("k", k=const("a")), obj("k", k=const("b"))), *SAME),
    "words": (
        one_of(obj("a", a=STRING), obj("b", b=STRING)),
        one_of(obj("a", a=text(description="A.")), obj("b", b=STRING)), "docs docs", "docs docs"),
    "a way to meet exactly one condition": (
        {**obj(a=STRING, b=STRING, c=STRING), "oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
        {**obj(a=STRING, b=STRING, c=STRING),
         "oneOf": [{"required": ["a"]}, {"required": ["b"]}, {"required": ["c"]}]},
        "breaking semantic", "breaking semantic"),
}  # fmt: skip


@pytest.mark.parametrize("name", ARMS)
def test_arms(name: str) -> None:
    old, new, there, back = ARMS[name]
    assert (verdicts(old, new), verdicts(new, old)) == (there, back)


def test_the_value_that_meets_two_arms_is_told() -> None:
    found = compared(BOTH, one_of(BOTH, ONE), "request", nested=False)
    (overlap,) = [each for each in found if each.severity == "error"]
    assert (overlap.rule, overlap.axes) == ("REQ_UNION_OVERLAPS", ("WIRE",))
    assert '{"foo": "a", "bar": "a"}' in overlap.message


def test_an_arm_that_another_takes_in_is_gone_for_code_only() -> None:
    (found,) = compared(any_of(BOTH, ONE), ONE, "request", nested=False)
    assert (found.rule, found.axes) == ("REQ_TYPE_NARROWED", ("SOURCE",))
    (found,) = compared(any_of(BOTH, ONE), BOTH, "request", nested=False)
    assert (found.rule, found.axes) == ("REQ_TYPE_NARROWED", ("WIRE", "SOURCE"))


def test_arms_of_a_body_that_are_told_apart_by_their_literal_break_nothing() -> None:
    def events(*arms: dict[str, object]) -> dict[str, object]:
        document = body({})
        content = document["paths"]["/send"]["post"]["requestBody"]["content"]
        content["application/json"]["schema"] = {"oneOf": list(arms)}
        return document

    first, second = (obj("event", event=const(each), x=STRING) for each in ("A", "B"))
    found = compare(model_of(events(first)), model_of(events(first, second)))
    assert [each.rule for each in found] == ["EVENT_ADDED"]
    found = compare(model_of(events(first)), model_of(events(first, obj(x=STRING))))
    assert "REQ_UNION_OVERLAPS" in {each.rule for each in found}


def test_arms_that_lead_back_to_their_union_are_looked_into() -> None:
    tree = {"$ref": "#/components/schemas/tree"}
    node = obj("children", children={"type": "array", "items": tree})

    def document(*arms: Schema) -> Schema:
        return {**body(tree), "components": {"schemas": {"tree": {"oneOf": list(arms)}}}}

    old = model_of(document(node, STRING))
    assert compare(old, model_of(document(node, STRING))) == ()
    found = compare(old, model_of(document(node, STRING, obj(children={"type": "array"}))))
    assert {each.rule for each in found} == {"REQ_CONSTRAINT_RELAXED", "REQ_UNION_OVERLAPS"}


def test_a_union_of_many_arms_is_compared_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    def arms(*, changed: int) -> Schema:
        kinds = [INTEGER if index == changed else STRING for index in range(150)]
        return one_of(
            *(
                {**obj(f"k{i}"), "properties": {f"k{i}": STRING, "z": each}}
                for i, each in enumerate(kinds)
            )
        )

    asked = Counter[str]()
    plain = Takes.object

    def counted(self: Takes, item: ObjectType, value: Mapping[str, Json]) -> bool | None:
        asked["object"] += 1
        return plain(self, item, value)

    monkeypatch.setattr(Takes, "object", counted)
    found = compared(arms(changed=0), arms(changed=3), "request", nested=False)
    assert {each.rule for each in found} == {"REQ_TYPE_CHANGED", "REQ_UNION_MAY_OVERLAP"}
    assert asked["object"] < 150_000
