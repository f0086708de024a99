"""Objects: their keys, names, extras; and which of them are events."""

from __future__ import annotations

from typing import Any

import pytest

from eventwright.diagnostics.diagnostic import UserError
from eventwright.model.model import (
    AnyType,
    EnumType,
    Model,
    NeverType,
    ObjectRef,
    ObjectType,
    StringType,
)
from support import event, event_document, generate_from

STRING = {"type": "string"}


def model_of(schema: Any, *, config: Any = None, **components: Any) -> Model:
    document = event_document(schema, components=components)
    return generate_from(document, **(config or {})).model


def named(model: Model) -> dict[str, ObjectType]:
    return {item.name: item for item in model.objects.values() if item.name}


def test_fields_keep_the_order_of_the_document() -> None:
    schema = event("Made", {"b": STRING, "a": STRING}, required=["a", "z"])
    made = named(model_of(schema))["Made"]
    assert [(f.wire, f.required) for f in made.fields] == [
        ("event", True),
        ("b", False),
        ("a", True),
        ("z", True),
    ]
    assert made.fields[0].constant
    assert made.fields[3].type == AnyType()
    assert made.extra == AnyType()


def test_a_required_key_that_is_a_declared_one_in_another_case_is_an_attribute_too() -> None:
    model = model_of(event("Made", {"userId": STRING}, required=["userID"]))
    fields = {field.wire: field.name for field in named(model)["Made"].fields}
    assert fields == {"event": "event", "userId": "userId", "userID": "userID"}
    assert [each.code for each in model.remarks] == ["N106", "N106", "N110"]


@pytest.mark.parametrize(
    ("said", "extra"), [(True, AnyType()), (False, NeverType()), (STRING, StringType())]
)
def test_extras(said: Any, extra: Any) -> None:
    assert named(model_of(event("Made", additionalProperties=said)))["Made"].extra == extra


def test_a_key_that_must_not_be_there() -> None:
    made = named(model_of(event("Made", {"a": False, "b": STRING})))["Made"]
    assert [field.wire for field in made.fields] == ["event", "b"]
    assert [(a.keyword, a.names) for a in made.assertions] == [("notRequired", ("a",))]


def test_names_literal_component_path() -> None:
    inner = {"type": "object", "properties": {"a": STRING}}
    made = event(
        "Really Made",
        {
            "own": inner,
            "list": {"type": "array", "items": inner},
            "shared": {"$ref": "#/components/schemas/some_part"},
            "map": {"type": "object", "additionalProperties": inner},
            "!": inner,
        },
    )
    names = named(model_of({"$ref": "#/components/schemas/made"}, made=made, some_part=inner))
    assert set(names) == {
        "ReallyMade",
        "ReallyMadeOwn",
        "ReallyMadeListItem",
        "ReallyMadeMapValue",
        "ReallyMadeKey",
        "SomePart",
    }


def test_arms_written_out_are_named_by_what_sets_them_apart() -> None:
    arms = [
        {"type": "object", "required": ["email"], "properties": {"email": STRING}},
        {"type": "object", "title": "By Phone", "properties": {"phone": STRING}},
    ]
    names = named(model_of(event("Made", {"to": {"oneOf": arms}})))
    assert set(names) == {"Made", "MadeToEmail", "MadeToByPhone"}


def arm(required: str, *optional: str, **properties: Any) -> dict[str, Any]:
    keys = dict.fromkeys((*required.split(), *optional), STRING)
    return {"type": "object", "required": required.split(), "properties": keys | properties}


def arm_names(*arms: dict[str, Any]) -> set[str]:
    return set(named(model_of(event("Made", {"to": {"oneOf": list(arms)}})))) - {"Made"}


@pytest.mark.parametrize(
    ("added", "names"),
    [
        (arm("a c"), {"MadeToAC"}),
        (arm("c"), {"MadeToC"}),
        (arm("a", "z"), {"MadeToAZ"}),
        (arm("a", a={"type": "integer"}), {"MadeToAAInteger"}),
        (arm("a b c d e"), {"MadeToABC"}),
        (arm("a", a={"type": "string", "maxLength": 3}), set()),
    ],
)
def test_an_arm_added_takes_no_name_away(added: dict[str, Any], names: set[str]) -> None:
    before = [arm("a"), arm("b")]
    assert arm_names(*before) == {"MadeToA", "MadeToB"}
    assert arm_names(*before, added) == {"MadeToA", "MadeToB"} | names
    if names:
        assert arm_names(before[0], added, before[1]) == {"MadeToA", "MadeToB"} | names


def test_arms_whose_names_meet_are_told() -> None:
    schema = event("Made", {"to": {"oneOf": [arm("a"), arm("a", "z")]}})
    [note] = [each for each in model_of(schema).remarks if each.code == "N104"]
    union = "/paths/~1events/post/requestBody/content/application~1json/schema/properties/to/oneOf"
    assert note.at == f"{union}/1"
    assert note.message == (
        f"this arm would be called MadeToA, as the one at {union}/0, so it is called MadeToAZ"
    )
    for index, names in ((1, {"MadeToA", "Other"}), (0, {"Other", "MadeToA"})):
        model = model_of(schema, config={"names": {f"{union}/{index}": "Other"}})
        assert set(named(model)) == {"Made"} | names
        assert not [each for each in model.remarks if each.code == "N104"]


@pytest.mark.parametrize("null", [{"type": "null"}, {"const": None}, {"enum": [None]}])
@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
@pytest.mark.parametrize("title", [{}, {"title": "Person"}])
def test_an_arm_that_is_alone_but_for_null_is_named_by_its_place(
    keyword: str, null: Any, title: Any
) -> None:
    user = {"type": "object", **title, "required": ["id"], "properties": {"id": STRING}}
    names = named(model_of(event("CartUpdated", {"user": {keyword: [null, user]}})))
    assert set(names) == {"CartUpdated", "CartUpdatedUser"}


def test_the_help_lists_the_arms_where_a_union_is_named() -> None:
    arm = {"type": "object", "required": ["a"], "properties": {"a": STRING}}
    arms = [arm, {"$ref": "#/components/schemas/b"}, {"type": "null"}]
    place = "/components/schemas/made/properties/to"
    made = event("Made", {"to": {"$ref": "#/components/schemas/either"}})
    schemas = {"made": made, "either": {"oneOf": arms}, "b": {**arm, "required": []}}
    own, shared = "/components/schemas/either/oneOf/0", "/components/schemas/b"
    body = {"$ref": "#/components/schemas/made"}
    with pytest.raises(UserError) as caught:
        model_of(body, config={"names": {place: "To"}}, **schemas)
    [problem] = caught.value.diagnostics
    assert problem.code == "E301"
    assert problem.help.splitlines()[:3] == [
        "that is a union; the classes are those of its arms:",
        f"  {own}",
        f"  {shared}",
    ]
    # And what is listed can be named.
    fitting = {"names": {own: "Own", shared: "Shared"}}
    names = named(model_of(body, config=fitting, **schemas))
    assert set(names) == {"Made", "Own", "Shared"}


def test_a_configured_pointer_may_lead_to_what_only_looks_like_references() -> None:
    made = event("Made", {"a": {"type": "string", "example": {"$ref": "#/nowhere"}}})
    round_and_round = {"$ref": "#/components/schemas/made/properties/b/example"}
    made["properties"]["b"] = {"type": "string", "example": round_and_round}
    for key in "ab":
        place = f"/components/schemas/made/properties/{key}/example"
        with pytest.raises(UserError, match="E301"):
            model_of(
                {"$ref": "#/components/schemas/made"}, config={"names": {place: "To"}}, made=made
            )


def test_events_of_a_union_with_tags_of_their_own() -> None:
    page = {
        "type": "object",
        "properties": {"type": {"const": "page"}, "name": STRING},
        "required": ["type"],
    }
    track = event("Bought", {"type": {"const": "track"}}, required=["type"])
    other = event("Sold", {"type": {"const": "track"}}, required=["type"])
    model = model_of({"oneOf": [track, {"anyOf": [other, page]}]})
    assert [(e.tag, e.literal) for e in model.events] == [
        ("event", "Bought"),
        ("event", "Sold"),
        ("type", "page"),
    ]


def test_a_discriminator_says_the_constant() -> None:
    plain = {"type": "object", "properties": {"kind": STRING, "a": STRING}}
    model = model_of(
        {
            "oneOf": [{"$ref": "#/components/schemas/one"}, {"$ref": "#/components/schemas/two"}],
            "discriminator": {
                "propertyName": "kind",
                "mapping": {"First": "#/components/schemas/one"},
            },
        },
        one=plain,
        two=plain,
    )
    assert [(e.tag, e.literal) for e in model.events] == [("kind", "First"), ("kind", "two")]
    kinds = [f.type for o in model.objects.values() for f in o.fields if f.wire == "kind"]
    assert kinds == [EnumType(values=("First",)), EnumType(values=("two",))]


@pytest.mark.parametrize("path", ["/components/schemas/nowhere", "", "/info/title"])
def test_a_configured_name_must_fit(path: str) -> None:
    with pytest.raises(UserError, match="E301"):
        model_of(event("Made"), config={"names": {path: "Name"}})


def test_one_name_for_two_shapes_is_refused() -> None:
    one = {"type": "object", "properties": {"a": STRING}}
    two = {"type": "object", "properties": {"a": {"type": "integer"}}}
    names = {f"/components/schemas/made/properties/{key}": "Part" for key in ("one", "two")}
    made = {"$ref": "#/components/schemas/made"}
    with pytest.raises(UserError, match=r"Part.*`a`: the types differ"):
        model_of(made, made=event("Made", {"one": one, "two": two}), config={"names": names})
    agreeing = event("Made", {"one": one, "two": {**one, "description": "Other words."}})
    assert set(named(model_of(made, made=agreeing, config={"names": names}))) == {"Made", "Part"}


@pytest.mark.parametrize("said", [{"type": ["object", "null"]}, {"type": ["object", "string"]}])
def test_an_object_beside_another_type_stands_where_it_stands(said: dict[str, Any]) -> None:
    """It is named in the configuration, and located, as any other is."""
    part = {**said, "properties": {"a": STRING}}
    made = event("Made", {"part": {"$ref": "#/components/schemas/part"}})
    config = {"names": {"/components/schemas/part": "Piece"}}
    (found,) = [
        each
        for each in model_of(made, config=config, part=part).objects.values()
        if each.name == "Piece"
    ]
    assert found.at == "/components/schemas/part"


def test_an_extension_among_the_paths_is_no_path() -> None:
    document = event_document(event("Made"))
    document["paths"] |= {"x-root": "/apis", "x-draft": {"get": {"schema": {"$ref": "#/no"}}}}
    assert [each.path for each in generate_from(document).model.operations] == ["/events"]


DOG = {"$ref": "#/components/schemas/Dog"}
WRAPPED = {
    "words beside it": {"allOf": [DOG], "description": "Ours."},
    "words in an arm": {"allOf": [DOG, {"description": "Ours."}]},
    "its type said again": {"type": "object", "allOf": [DOG], "description": "Ours."},
    "both": {"type": "object", "allOf": [DOG, {"title": "It"}, {"description": "Ours."}]},
}


@pytest.mark.parametrize("name", WRAPPED)
def test_what_adds_nothing_to_a_definition_is_that_definition(name: str) -> None:
    dog = {"type": "object", "properties": {"name": STRING}, "description": "Any."}
    model = model_of({"type": "object", "properties": {"pet": WRAPPED[name]}}, Dog=dog)
    (field,) = next(each for each in model.objects.values() if each.name != "Dog").fields
    assert isinstance(field.type, ObjectRef)
    assert model.objects[field.type.key].name == "Dog"
    assert field.type.notes.description == "Ours."


def test_a_component_that_adds_nothing_to_another_has_its_name() -> None:
    dog = {"type": "object", "properties": {"name": STRING}}
    hound = {"type": "object", "allOf": [DOG]}
    refs = {"a": DOG, "b": {"$ref": "#/components/schemas/Hound"}}
    model = model_of({"type": "object", "properties": refs}, Dog=dog, Hound=hound)
    assert {"Dog", "Hound"} < {each.name for each in model.objects.values()}
