"""Names that met: who has the plain one, what the others are called, and that no order counts."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from eventwright.python.naming import field_names
from support import generate_from

Doc = dict[str, Any]
STRING = {"type": "string"}
OK = {"200": {"description": ""}}


def body(schema: Any, media_type: str = "application/json") -> Doc:
    return {"content": {media_type: {"schema": schema}}}


def document(paths: Doc, **components: Any) -> Doc:
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": paths,
        "components": {"schemas": components},
    }


def operation(identity: str = "", **more: Any) -> Doc:
    return {**({"operationId": identity} if identity else {}), "responses": OK, **more}


def ref(name: str) -> Doc:
    return {"$ref": f"#/components/schemas/{name}"}


def with_keys(*names: str) -> Doc:
    return {"type": "object", "properties": dict.fromkeys(names, STRING)}


def classes(data: Doc, **config: Any) -> dict[str, str]:
    """Place → class, of what has a class."""
    model = generate_from(data, **config).model
    return {item.at: item.name for item in model.objects.values() if item.name}


def methods(data: Doc, **config: Any) -> dict[str, str]:
    return {each.id: each.name for each in generate_from(data, **config).model.operations}


def codes(data: Doc) -> list[str]:
    return [each.code for each in generate_from(data).model.remarks]


KEYS: list[dict[str, str]] = [
    {"usernames": "usernames", "_USERNAMES": "underscore_usernames"},
    {"+1": "plus_1", "-1": "minus_1"},
    {"isGlobal": "isGlobal", "is_global": "is_global"},
    {"isGlobal": "isGlobal", "IsGlobal": "capital_is_global"},
    {"type": "type", "$_type": "dollar_type"},
    {"class": "key_class", "class_": "class_"},
    {"a.b": "a_dot_b", "a-b": "a_dash_b", "a_b": "a_b", "a b": "a_space_b"},
    {"\ufb01": "ufb01", "fi": "fi"},
    {"self": "key_self", "self_": "self_"},
]


@pytest.mark.parametrize("names", KEYS, ids=str)
def test_keys_of_one_attribute(names: dict[str, str]) -> None:
    assert field_names(names) == names
    assert field_names(reversed(names)) == names
    assert field_names([*names, "unrelated", "un_related"]) | names == field_names(
        ["unrelated", "un_related", *names]
    )
    data = document({"/a": {"post": operation("a", requestBody=body(with_keys(*names)))}})
    model = generate_from(data).model
    [item] = model.objects.values()
    assert {field.wire: field.name for field in item.fields} == names
    assert {each.code for each in model.remarks} == {"N106"}


def test_a_key_that_is_only_required_has_no_pointer_to_name_it_by() -> None:
    item = {**with_keys("client_id"), "required": ["clientId"]}
    data = document({"/a": {"post": operation("a", requestBody=body(item))}})
    [help] = [each.help for each in generate_from(data).model.remarks if each.code == "N106"]
    assert help == "write 'client_id', or declare 'clientId' under properties"


def two_components() -> Doc:
    both = {"type": "object", "properties": {"x": ref("order_item"), "y": ref("OrderItem")}}
    inner = {"type": "object", "properties": {"inner": with_keys("a")}}
    return document(
        {"/a": {"post": operation("a", requestBody=body(both))}},
        order_item=inner,
        OrderItem={"type": "object", "properties": {"inner": with_keys("b")}},
    )


def test_exact_spelling_wins_and_what_is_inside_follows() -> None:
    found = classes(two_components())
    at = "/components/schemas"
    assert found[f"{at}/OrderItem"] == "OrderItem"
    assert found[f"{at}/order_item"] == "Order_item"
    inner = {found[f"{at}/{name}/properties/inner"] for name in ("order_item", "OrderItem")}
    assert inner == {"Order_itemInner", "OrderItemInner"}
    assert codes(two_components()) == ["N105"] * 2


def _reversed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _reversed(item) for key, item in reversed(value.items())}
    return value


def many() -> Doc:
    arms = {
        "oneOf": [{**with_keys("kind", "a"), "title": "x"}, {**with_keys("kind"), "title": "X"}]
    }
    paths = {
        "/u": {
            "post": operation(
                "upload",
                requestBody={
                    "content": {
                        **body(with_keys("url"))["content"],
                        **body(with_keys("file"), "application/vnd.file+json")["content"],
                    }
                },
            )
        },
        "/v": {"post": operation("get_user", requestBody=body(arms))},
        "/w": {"get": operation("getUser"), "post": operation("list"), "put": operation("list")},
        "/x/{id}": {"get": operation(parameters=[_path("id")])},
        "/x/id": {"get": operation()},
    }
    made = document(paths)
    made["servers"] = [{"url": "https://a.example/b"}, {"url": "https://a.example/B"}]
    return made


def _path(name: str) -> Doc:
    return {"in": "path", "name": name, "required": True, "schema": STRING}


def test_no_order_plays_a_part() -> None:
    for data in (many(), two_components()):
        turned = _reversed(data)
        assert json.dumps(turned) != json.dumps(data)
        assert classes(turned) == classes(data)
        assert methods(turned) == methods(data)


def test_what_is_added_elsewhere_renames_nothing() -> None:
    data = many()
    before = classes(data), methods(data)
    more = copy.deepcopy(data)
    more["paths"] = {"/new": {"post": operation("new", requestBody=body(with_keys("n")))}} | more[
        "paths"
    ]
    after = classes(more), methods(more)
    assert [each.items() >= kept.items() for each, kept in zip(after, before, strict=True)] == [
        True,
        True,
    ]


def test_methods_tell_their_spelling_or_their_path() -> None:
    assert methods(many()) == {
        "upload": "upload",
        "get_user": "get_user",
        "getUser": "getUser",
        "post /w": "list_post_w",
        "put /w": "list_put_w",
        "get /x/{id}": "get_x_by_id",
        "get /x/id": "get_x_id",
    }


def test_media_types_of_one_body_tell_its_classes() -> None:
    found = classes(many())
    names = [name for at, name in found.items() if at.startswith("/paths/~1u")]
    assert names == ["Upload", "UploadVndFileJson"]


def test_the_configuration_chooses() -> None:
    at = "/components/schemas/order_item"
    assert classes(two_components(), names={at: "Item"})[at] == "Item"
    chosen = methods(many(), operations={"get_user": {"name": "getUser"}, "post /w": {"name": "w"}})
    assert chosen["get_user"] == "getUser"
    assert chosen["getUser"] == "get_user"
    assert chosen["post /w"] == "w"


def test_arms_of_a_merged_union_keep_the_names_of_their_components() -> None:
    union = {"anyOf": [ref("Group"), ref("Guild")]}
    merged = {"allOf": [union, {"type": "object", "properties": {"age": {"type": "integer"}}}]}
    data = document(
        {"/i": {"post": operation("invite", requestBody=body(merged))}},
        Group=with_keys("g"),
        Guild=with_keys("h"),
    )
    assert sorted(classes(data).values()) == ["Group", "Guild"]
    # Where the component itself is used as well, that has the name.
    data["paths"]["/g"] = {"post": operation("g", requestBody=body(ref("Group")))}
    assert sorted(classes(data).values()) == ["Group", "Guild", "InviteGroup"]


def test_arguments_of_one_name_are_told_apart_by_place_then_by_spelling() -> None:
    items = [
        {"in": place, "name": name, "schema": STRING}
        for place, name in (
            ("header", "X-Foo"),
            ("query", "foo"),
            ("query", "FOO"),
            ("cookie", "foo"),
        )
    ]
    paths = {"/{foo}": {"get": operation("a", parameters=[_path("foo"), *items])}}
    [one] = generate_from(document(paths)).model.operations
    [two] = generate_from(
        document({"/{foo}": {"get": operation("a", parameters=[*items[::-1], _path("foo")])}})
    ).model.operations
    named = {(each.location, each.wire): each.name for each in one.parameters}
    assert named == {(each.location, each.wire): each.name for each in two.parameters}
    assert named["path", "foo"] == "foo"
    assert named["header", "X-Foo"] == "foo_header"
    assert named["cookie", "foo"] == "foo_cookie"
    assert len(set(named.values())) == 5


def test_a_message_names_no_place_twice() -> None:
    for data in (many(), two_components()):
        for remark in generate_from(data).model.remarks:
            places = [word.strip("(),:") for word in remark.sentence.split() if word[:1] == "/"]
            assert len(set(places)) == len(places)
            assert remark.at not in places


def test_a_value_that_an_enum_lists_twice_counts_once() -> None:
    schema = {"type": "object", "properties": {"e": {"enum": ["a", "b", "a"]}}}
    for version in ("3.0.3", "3.1.0"):
        data = document({"/a": {"post": operation("a", requestBody=body(schema))}})
        data["openapi"] = version
        assert 'Literal["a", "b"]' in generate_from(data).files["events.py"]


def test_a_shared_response_is_called_after_itself() -> None:
    answers = {"404": {"$ref": "#/components/responses/NotFound"}}
    answers["400"] = {"$ref": "#/components/responses/400"}
    paths = {f"/{name}": {"get": operation(name, responses=answers)} for name in ("b", "a")}
    held = {"application/json": {"schema": with_keys("why")}}
    shared = {key: {"description": "", "content": held} for key in ("NotFound", "400")}
    for some in (paths, dict(reversed(paths.items()))):
        data = document(some)
        data["components"]["responses"] = shared
        assert sorted(classes(data).values()) == ["Answer400", "NotFoundAnswer"]
