"""Servers, credentials, paths and parameters."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from drift.documents import STRING, model_of, varied
from eventwright.drift.compare import compare

Edit = Callable[[dict[str, Any]], object]
BASE = varied()


def told(edit: Edit, base: Edit | None = None) -> list[tuple[str, str | None, str]]:
    """Rule, operation and path of what an edit of the document gives."""
    old = copy.deepcopy(BASE)
    if base:
        base(old)
    new = copy.deepcopy(old)
    edit(new)
    found = compare(model_of(old), model_of(new))
    return [(each.rule, each.operation, each.path) for each in found]


def track(data: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = data["paths"]["/track"]["post"]
    return operation


def test_a_server_that_moved_keeps_its_purpose() -> None:
    def both(data: dict[str, Any]) -> None:
        data["servers"][0]["url"] = "https://us2.example.com/v1"
        data["servers"][1]["url"] = "https://eu2.example.org/v1"

    old, new = copy.deepcopy(BASE), copy.deepcopy(BASE)
    both(new)
    found = compare(model_of(old), model_of(new))
    assert [(each.old, each.new) for each in found] == [
        ("https://us.example.com/v1", "https://us2.example.com/v1"),
        ("https://eu.example.org/v1", "https://eu2.example.org/v1"),
    ]


def test_servers_that_trade_urls_both_moved() -> None:
    def trade(data: dict[str, Any]) -> None:
        one, two = data["servers"]
        one["url"], two["url"] = two["url"], one["url"]

    assert [rule for rule, _, _ in told(trade)] == ["SERVER_URL_CHANGED"] * 2
    assert told(lambda data: data["servers"].reverse()) == []


def test_a_server_with_nothing_in_common_is_another() -> None:
    def replace(data: dict[str, Any]) -> None:
        data["servers"][1] = {"url": "https://au.example.net/v1", "description": "AU"}

    assert [rule for rule, _, _ in told(replace)] == ["SERVER_REMOVED", "SERVER_ADDED"]


def test_an_operation_may_have_servers_of_its_own() -> None:
    def own(data: dict[str, Any]) -> None:
        track(data)["servers"] = [{"url": "https://us.example.com/v1", "description": "US"}]

    assert told(own) == [("SERVER_REMOVED", "track", "")]


CREDENTIALS: dict[str, tuple[Edit, list[str]]] = {
    "scheme renamed": (
        lambda d: (
            d["components"].update(securitySchemes={"k": {"type": "apiKey", "in": "header",
                                                          "name": "x-key"}}),
            d.update(security=[{"k": []}]),
        ), []),
    "header": (
        lambda d: d["components"]["securitySchemes"]["key"].update(name="X-Token"),
        ["SECURITY_SCHEME_CHANGED"]),
    "all of it": (lambda d: d.update(security=[{}]), ["SECURITY_RELAXED"]),
    "optional": (lambda d: d.update(security=[{"key": []}, {}]), ["SECURITY_RELAXED"]),
    "of one": (lambda d: track(d).update(security=[]), ["SECURITY_RELAXED"]),
    "both": (
        lambda d: (
            d["components"]["securitySchemes"].update(basic={"type": "http", "scheme": "basic"}),
            d.update(security=[{"key": [], "basic": []}]),
        ), ["SECURITY_SCHEME_CHANGED"]),
    "unused": (
        lambda d: d["components"]["securitySchemes"].update(b={"type": "http", "scheme": "basic"}),
        ["DOCS_INFO_CHANGED"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CREDENTIALS)
def test_credentials(name: str) -> None:
    edit, rules = CREDENTIALS[name]
    assert [rule for rule, _, _ in told(edit)] == rules


def _oauth(url: str, *scopes: str) -> Edit:
    flow = {"tokenUrl": url, "scopes": dict.fromkeys(scopes, "Reads.")}
    scheme = {"type": "oauth2", "flows": {"clientCredentials": flow}}
    return lambda data: data["components"]["securitySchemes"].update(key=scheme)


def test_scopes_may_come_but_not_go() -> None:
    base = _oauth("https://a/token", "read")
    assert [rule for rule, _, _ in told(_oauth("https://a/token", "read", "write"), base)] == [
        "SECURITY_RELAXED"
    ]
    for other in (_oauth("https://b/token", "read"), _oauth("https://a/token")):
        assert [rule for rule, _, _ in told(other, base)] == ["SECURITY_SCHEME_CHANGED"]


def test_another_name_of_a_path_variable_is_python_s_business_only() -> None:
    def rename(data: dict[str, Any]) -> None:
        data["paths"]["/trees/{key}"] = data["paths"].pop("/trees/{id}")
        data["paths"]["/trees/{key}"]["parameters"][0]["name"] = "key"

    assert told(rename) == [("SOURCE_NAME_CHANGED", "put_tree", "path.id")]


def test_one_more_path_variable_is_another_path() -> None:
    def nest(data: dict[str, Any]) -> None:
        item = data["paths"].pop("/trees/{id}")
        item["parameters"].append(
            {"name": "wood", "in": "path", "required": True, "schema": STRING}
        )
        data["paths"]["/woods/{wood}/trees/{id}"] = item

    assert [rule for rule, _, _ in told(nest)] == ["PATH_CHANGED"]


def test_the_type_of_a_parameter_counts() -> None:
    def narrow(data: dict[str, Any]) -> None:
        data["paths"]["/trees/{id}"]["parameters"][0]["schema"]["minimum"] = 2
        track(data)["parameters"][0]["schema"]["enum"] = ["1", "2"]

    assert told(narrow) == [
        ("REQ_ENUM_VALUE_ADDED", "track", "header.X-Strict"),
        ("REQ_CONSTRAINT_TIGHTENED", "put_tree", "path.id"),
    ]


def test_headers_are_the_same_in_any_case_and_scalars_in_any_style() -> None:
    def respell(data: dict[str, Any]) -> None:
        track(data)["parameters"][0].update(name="x-strict", explode=True)
        track(data)["responses"]["200"]["headers"] = {
            "x-request-id": {"required": True, "schema": STRING}
        }

    assert told(respell) == []


def test_an_operation_without_id_is_known_by_the_end_of_its_path() -> None:
    def anonymous(data: dict[str, Any]) -> None:
        del track(data)["operationId"]

    def move(data: dict[str, Any]) -> None:
        data["paths"]["/v2/track"] = data["paths"].pop("/track")

    assert told(move, anonymous) == [("PATH_CHANGED", "post /track", "")]


def test_classes_named_after_a_renamed_operation_are_not_told_apart() -> None:
    def rename(data: dict[str, Any]) -> None:
        data["paths"]["/trees/{id}"]["put"]["operationId"] = "plant"

    def inline(data: dict[str, Any]) -> None:
        body = data["paths"]["/trees/{id}"]["put"]["requestBody"]["content"]["application/json"]
        body["schema"] = {"type": "object", "properties": {"a": {
            "type": "object", "properties": {"b": STRING}}}}  # fmt: skip

    assert told(rename, inline) == [("SOURCE_OPERATION_ID_CHANGED", "put_tree", "")]


def test_bodies() -> None:
    def put(data: dict[str, Any]) -> dict[str, Any]:
        operation: dict[str, Any] = data["paths"]["/trees/{id}"]["put"]
        return operation

    def required(data: dict[str, Any]) -> None:
        put(data)["requestBody"]["required"] = True

    def gone(data: dict[str, Any]) -> None:
        del put(data)["requestBody"]

    assert told(required) == [("REQ_BODY_BECAME_REQUIRED", "put_tree", "body")]
    assert told(gone) == [("REQ_MEDIA_TYPE_REMOVED", "put_tree", "body")]
    # A body where there was none: told once, by what it means for callers.
    assert [rule for rule, _, _ in _back(gone)] == ["REQ_MEDIA_TYPE_ADDED"]
    assert [rule for rule, _, _ in _back(gone, required)] == ["REQ_BODY_BECAME_REQUIRED"]


def _back(edit: Edit, base: Edit | None = None) -> list[tuple[str, str | None, str]]:
    """The same in the other direction."""
    old, new = copy.deepcopy(BASE), copy.deepcopy(BASE)
    if base:
        base(new)
    edit(old)
    found = compare(model_of(old), model_of(new))
    return [(each.rule, each.operation, each.path) for each in found]


def test_an_operation_removed_while_another_is_added_is_both() -> None:
    def other(data: dict[str, Any]) -> None:
        del data["paths"]["/trees/{id}"]
        data["paths"]["/ping"] = {
            "get": {"operationId": "ping", "responses": {"200": {"description": "pong"}}}
        }

    assert told(other) == [
        ("OPERATION_REMOVED", "put_tree", ""),
        ("OPERATION_ADDED", "ping", ""),
    ]


def test_credentials_that_all_operations_ask_for_otherwise_are_told_once() -> None:
    def more(data: dict[str, Any]) -> None:
        data["components"]["securitySchemes"]["b"] = {"type": "http", "scheme": "basic"}
        data["security"] = [{"b": []}]

    assert told(more) == [("SECURITY_SCHEME_CHANGED", None, "")]


def listens(data: dict[str, Any]) -> None:
    """Give `track` a callback that carries an order's id and gets an answer."""
    schema = {"type": "object", "properties": {"id": STRING, "event": {"const": "Called"}}}
    answer = {"description": "Heard.", "content": {"application/json": {"schema": schema}}}
    body = {"content": {"application/json": {"schema": schema}}}
    call = {"requestBody": body, "responses": {"200": answer}}
    track(data)["callbacks"] = {"done": {"{$request.body#/url}": {"post": call}}}


def called(data: dict[str, Any]) -> dict[str, Any]:
    items: dict[str, Any] = track(data)["callbacks"]["done"]
    operation: dict[str, Any] = next(iter(items.values()))["post"]
    return operation


CALLBACK = "track > post done {$request.body#/url}"


def test_a_callback_carries_an_answer_and_is_given_a_request() -> None:
    def narrow(part: dict[str, Any]) -> None:
        part["content"]["application/json"]["schema"] = {"type": "array", "items": {}}

    sent = told(lambda data: narrow(called(data)["requestBody"]), base=listens)
    assert sent == [("RESP_TYPE_CHANGED", CALLBACK, "body")]
    answered = told(lambda data: narrow(called(data)["responses"]["200"]), base=listens)
    assert answered == [("REQ_TYPE_CHANGED", CALLBACK, "response.200")]


def test_what_a_callback_carries_is_no_event_and_no_method() -> None:
    data = copy.deepcopy(BASE)
    listens(data)
    assert model_of(data).events == model_of(BASE).events
    (callback,) = model_of(data).operations[0].callbacks
    assert (callback.name, callback.path) == ("", "done {$request.body#/url}")
    assert told(lambda data: called(data).update(operationId="other"), base=listens) == []


def test_callbacks_come_go_and_are_told_where_to_call() -> None:
    def elsewhere(data: dict[str, Any]) -> None:
        items = track(data)["callbacks"]["done"]
        items["{$request.body#/other}"] = items.pop("{$request.body#/url}")

    assert told(listens) == [("OPERATION_ADDED", CALLBACK, "")]
    assert told(lambda data: track(data).pop("callbacks"), base=listens) == [
        ("OPERATION_REMOVED", CALLBACK, "")
    ]
    assert told(elsewhere, base=listens) == [("PATH_CHANGED", CALLBACK, "")]


def test_a_callback_that_is_its_own_callback_ends() -> None:
    def recursive(data: dict[str, Any]) -> None:
        listens(data)
        reference = {"$ref": "#/components/callbacks/again"}
        call = {"responses": {"200": {"description": "Heard."}}, "callbacks": {"more": reference}}
        data["components"]["callbacks"] = {"again": {"{$url}": {"post": call}}}
        called(data)["callbacks"] = {"again": reference, "x-note": 1}

    assert told(recursive, base=recursive) == []


UNHEARD: dict[str, tuple[Edit, str, str]] = {
    "links": (
        lambda data: track(data)["responses"]["200"].update(links={"next": {"operationId": "x"}}),
        "DOCS_INFO_CHANGED",
        "response.200",
    ),
    "a header's example": (
        lambda data: header(data).update(example="x"),
        "DOCS_EXAMPLE_CHANGED",
        "response.200.header.X-Request-Id",
    ),
    "a header's content": (
        lambda data: (header(data).pop("schema"), header(data).update(
            content={"text/plain": {"schema": {"type": "integer"}}})),
        "RESP_TYPE_CHANGED",
        "response.200.header.X-Request-Id",
    ),
    "another key of a header": (
        lambda data: header(data).update(allowEmptyValue=True),
        "RESP_CONSTRAINT_RELAXED",
        "response.200.header.X-Request-Id",
    ),
    "more of an operation": (
        lambda data: track(data).update(externalDocs={"url": "https://example.com"}),
        "DOCS_INFO_CHANGED",
        "",
    ),
    "an unknown key of an operation": (
        lambda data: track(data).update(consumes=["text/plain"]),
        "UNCLASSIFIED",
        "",
    ),
    "an unknown key of a body": (
        lambda data: track(data)["requestBody"].update(summary="x"),
        "UNCLASSIFIED",
        "body",
    ),
    "a path's summary": (
        lambda data: data["paths"]["/track"].update(summary="x"),
        "DOCS_DESCRIPTION_CHANGED",
        "",
    ),
    "a path's description": (
        lambda data: data["paths"]["/track"].update(description="x"),
        "DOCS_DESCRIPTION_CHANGED",
        "",
    ),
    "another discriminator": (
        lambda data: data["components"]["schemas"]["order_placed"]["properties"]["payment"].update(
            discriminator={"propertyName": "type"}
        ),
        "DISCRIMINATOR_CHANGED",
        "payment",
    ),
}  # fmt: skip


def header(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = track(data)["responses"]["200"]["headers"]["X-Request-Id"]
    return found


def union(data: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = track(data)["requestBody"]["content"]["application/json"]["schema"]
    return schema


@pytest.mark.parametrize("name", UNHEARD)
def test_what_the_document_says_besides_is_heard(name: str) -> None:
    edit, rule, path = UNHEARD[name]
    assert (rule, path) in [(rule, path) for rule, _, path in told(edit)]


def test_a_discriminator_that_says_what_the_tags_say_is_not_heard() -> None:
    def base(data: dict[str, Any]) -> None:
        mapping = {"Order Placed": "#/components/schemas/order_placed"}
        union(data)["discriminator"] = {"propertyName": "event", "mapping": mapping}

    def mapping(data: dict[str, Any]) -> dict[str, str]:
        found: dict[str, str] = union(data)["discriminator"]["mapping"]
        return found

    one_more = {"Order Shipped": "order_shipped"}
    assert told(base) == []
    assert told(lambda data: mapping(data).update(one_more), base) == []
    assert told(lambda data: mapping(data).update({"Order Placed": "order_placed"}), base) == []


def test_credentials_that_all_operations_ask_for_are_told_once_beside_callbacks() -> None:
    def other(data: dict[str, Any]) -> None:
        data["components"]["securitySchemes"]["key"] = {"type": "http", "scheme": "bearer"}

    assert told(other) == told(other, base=listens)
    assert [operation for _, operation, _ in told(other)] == [None]


def test_parameters_of_a_callback_are_those_of_an_answer() -> None:
    def given(data: dict[str, Any]) -> None:
        listens(data)
        parameter = {"name": "X-Sign", "in": "header", "schema": STRING}
        called(data)["parameters"] = [{**parameter, "required": True}]

    def optional(data: dict[str, Any]) -> None:
        called(data)["parameters"][0]["required"] = False

    assert told(optional, base=given) == [
        ("RESP_HEADER_BECAME_OPTIONAL", CALLBACK, "header.X-Sign")
    ]
