"""What was vendored once is called so still, whatever comes beside it; the lock remembers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eventwright.cli import main as cli
from eventwright.document.load import load_bytes
from eventwright.lower.document import lower
from eventwright.model.givennames import NO_NAMES, GivenNames
from eventwright.model.model import Model
from support import client_config

Doc = dict[str, Any]
Captured = pytest.CaptureFixture[str]
STRING = {"type": "string"}


def with_keys(*names: str) -> Doc:
    return {"type": "object", "properties": dict.fromkeys(names, STRING)}


def operation(schema: Any = None, identity: str = "") -> Doc:
    body = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
    return {
        **({"operationId": identity} if identity else {}),
        **(body if schema else {}),
        "responses": {"200": {"description": ""}},
    }


def document(
    paths: Doc | None = None, components: Doc | None = None, *, servers: tuple[str, ...] = ()
) -> Doc:
    """Each component is the body of an operation of its own."""
    components = components or {}
    bodies = {
        f"/{index}": {"post": operation({"$ref": f"#/components/schemas/{name}"}, f"send{index}")}
        for index, name in enumerate(sorted(components))
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "servers": [{"url": url} for url in servers or ("https://x.example",)],
        "paths": {**bodies, **(paths or {})},
        "components": {"schemas": components},
    }


def model(data: Doc, given: GivenNames = NO_NAMES, **config: Any) -> Model:
    return lower(load_bytes(json.dumps(data).encode(), "spec"), client_config(**config), given)


def classes(found: Model) -> dict[str, str]:
    return {item.at: item.name for item in found.objects.values() if item.name}


def attributes(found: Model, key: str) -> dict[str, str]:
    return {field.wire: field.name for field in found.objects[key].fields}


LATER = [("order_item", "OrderItem"), ("order-item", "order_item"), ("order", "Order")]


@pytest.mark.parametrize(("first", "later"), LATER)
def test_a_component_that_comes_later_takes_no_name(first: str, later: str) -> None:
    old = model(document(components={first: with_keys("a")}))
    both = document(components={later: with_keys("b"), first: with_keys("a")})
    new = model(both, old.given)
    place = f"/components/schemas/{first}"
    assert classes(new)[place] == classes(old)[place]
    assert classes(new)[f"/components/schemas/{later}"] != classes(old)[place]
    (told,) = new.remarks
    assert (told.code, told.at) == ("N105", f"/components/schemas/{later}")


def test_nor_does_one_that_is_spelled_like_a_class_inside_an_operation() -> None:
    inline = {"/orders": {"post": operation(with_keys("a"), "createOrder")}}
    old = model(document(inline))
    ((place, name),) = classes(old).items()
    new = model(document(inline, {name: with_keys("b")}), old.given)
    assert classes(new)[place] == name
    assert len(set(classes(new).values())) == 2


def test_alike_objects_that_come_later_are_the_same_class() -> None:
    one, other = {"post": operation(with_keys("a"))}, {"post": operation(with_keys("b"))}
    old = model(document({"/a-b": one, "/a_b": other}))
    told = set(classes(old).values())
    new = model(document({"/a-b": one, "/a_b": other, "/a.b": other}), old.given)
    assert len(told) == 2
    assert set(classes(new).values()) == told


def test_a_name_that_tells_apart_stays_when_the_other_goes() -> None:
    both = model(document(None, {"order_item": with_keys("a"), "OrderItem": with_keys("b")}))
    one = model(document(None, {"order_item": with_keys("a")}), both.given)
    assert list(classes(one).values()) == ["Order_item"]
    assert not one.remarks


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("getUser", "get_user", ["get_user", "get_underscore_user"]),
        ("get-user", "getUser", ["get_user", "getUser"]),
        ("get_user", "getUser", ["get_user", "getUser"]),
    ],
)
def test_methods_and_attributes_stay(old: str, new: str, expected: list[str]) -> None:
    def data(*names: str) -> Doc:
        paths = {f"/op{i}": {"get": operation(identity=each)} for i, each in enumerate(names)}
        return document(paths, {"X": with_keys(*names)})

    first = model(data(old))
    both = model(data(old, new), first.given)
    assert [each.name for each in both.operations if each.id in (old, new)] == expected
    assert list(attributes(both, "/components/schemas/X").values()) == expected
    assert sorted(each.code for each in both.remarks) == ["N106", "N107"]
    last = model(data(new), both.given)
    assert attributes(last, "/components/schemas/X") == {new: expected[1]}, "nor taken over"


def test_aliases_of_enums_stay() -> None:
    def data(*enums: tuple[str, list[str]], **more: Doc) -> Doc:
        properties = {key: {"$ref": f"#/components/schemas/{key}"} for key, _ in enums}
        found = {key: {"type": "string", "enum": values} for key, values in enums}
        thing = {"type": "object", "properties": properties}
        made = document(components={"Thing": thing, **more})
        made["components"]["schemas"] |= found
        return made

    def aliases(found: Model) -> dict[str, str]:
        return {str(each.type.values[0]): each.name for each in found.enums.values()}

    old = model(data(("order_status", ["a", "b"])))
    assert aliases(old) == {"a": "OrderStatus"}
    later = data(("OrderStatus", ["x", "y"]), ("order_status", ["a", "b", "c"]))
    both = model(later, old.given)
    assert aliases(both) == {"a": "OrderStatus", "x": "OrderStatusEnum"}
    again = model(later, both.given)
    assert (again.enums, again.remarks, again.given) == (both.enums, both.remarks, both.given)
    beside = data(("order_status", ["a", "b"]), OrderStatus=with_keys("a"))
    taken = model(beside, old.given)
    assert aliases(taken) == {"a": "OrderStatus"}
    assert classes(taken)["/components/schemas/OrderStatus"] == "CapitalOrderStatus"
    assert [each.message for each in taken.remarks] == [
        "is not called OrderStatus, as an enum has that name already"
    ]
    again = model(beside, taken.given)
    assert (again, again.remarks, again.given) == (taken, taken.remarks, taken.given)
    pair = (("order_status", ["a", "b"]), ("OrderStatusEnum", ["x", "y"]))
    named = {"names": {"/components/schemas/Thing": "OrderStatus"}}
    forced = model(data(*pair), model(data(*pair)).given, **named)
    assert aliases(forced) == {"a": "OrderStatusEnumEnum", "x": "OrderStatusEnum"}
    assert aliases(model(beside)) == {"a": "OrderStatusEnum"}, "a first run has the class first"


def test_servers_stay() -> None:
    urls = ("https://eu.x.example/a", "https://eu.x.example/b", "http://eu.x.example/a")
    old = model(document(servers=urls[:1]))
    new = model(document(servers=urls), old.given)
    assert new.servers[0] == old.servers[0]
    assert len({server.name for server in new.servers}) == 3


SHARED: Doc = {
    "/a": {"get": operation(identity="got"), "put": operation()},
    "/b": {"$ref": "#/paths/~1a"},
}
DOCUMENTS = [
    document(None, {"order_item": with_keys("a"), "OrderItem": with_keys("b")}),
    document(None, {"order_item": with_keys("a-b", "a_b", "aB"), "OrderItem": with_keys("b")}),
    document({f"/{n}": {"get": operation(identity=n)} for n in ("a_b", "aB", "a-b", "AB")}),
    {**document({"/a": {"get": operation()}}), "paths": SHARED},
    document(servers=("https://x.example", "https://x.example/", "http://x.example")),
]


@pytest.mark.parametrize("data", DOCUMENTS)
def test_what_is_remembered_changes_nothing_by_itself(data: Doc) -> None:
    fresh = model(data)
    again = model(data, fresh.given)
    assert (again, again.remarks, again.given) == (fresh, fresh.remarks, fresh.given)


def test_paths_of_one_path_item_have_methods_of_their_own() -> None:
    beside = {"/a-c": {"get": operation()}, "/a_c": {"get": operation()}}
    found = model({**document(), "paths": {**SHARED, **beside}})
    names = [each.name for each in found.operations]
    assert len(set(names)) == len(names) == 6


def test_what_the_configuration_says_or_no_longer_says_counts() -> None:
    data = document(None, {"order_item": with_keys("anId")})
    place = "/components/schemas/order_item"
    key = f"{place}/properties/anId"
    old = model(data)
    config = {"names": {place: "Line"}, "fields": {key: "line_id"}}
    named = model(data, old.given, **config)
    assert classes(named) == {place: "Line"}
    assert attributes(named, place) == {"anId": "line_id"}
    back = model(data, named.given)
    assert (classes(back), attributes(back, place)) == ({place: "OrderItem"}, {"anId": "an_id"})


def test_a_literal_or_an_id_that_changed_gives_another_name() -> None:
    old = model(document({"/a": {"get": operation(identity="old")}}))
    new = model(document({"/a": {"get": operation(identity="new")}}), old.given)
    assert [each.name for each in new.operations] == ["new"]


def test_no_place_in_a_list_is_remembered() -> None:
    arms = [{"title": "A", **with_keys("a")}, {"title": "B", **with_keys("b")}]
    found = model(document(None, {"X": {"oneOf": arms}, "Y": with_keys("anyOf")}))
    assert list(found.given.classes) == ["/components/schemas/Y"]


HOSTILE = ["class", "x y", "Any", "_X", "x", "X\n", "self", "import os", "os.system"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_lock_that_was_edited_gives_no_other_names_than_names(text: str) -> None:
    place = "/components/schemas/order_item"
    data = document(None, {"order_item": with_keys("anId")})
    fresh = model(data)
    given = GivenNames(
        classes={place: f"{text}, not OrderItem"},
        methods={at: f"{text}, not {name}" for at, name in fresh.given.methods.items()},
        attributes={place: f"{text}=anId"} if " " not in text else {},
        servers=dict.fromkeys(fresh.given.servers, text),
    )
    found = model(data, given)
    assert classes(found) == classes(fresh)
    usable = text if text in ("x",) else ""
    assert found.operations[0].name == (usable or fresh.operations[0].name)
    assert attributes(found, place)["anId"] == (usable or "an_id")
    assert found.servers[0].name.isidentifier()
    assert found.servers[0].name != "class"


def test_from_generate_to_generate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("eventwright.toml").write_text('[[client]]\nspec = "api.json"\noutput = "pkg"\n')
    Path("api.json").write_text(json.dumps(document(None, {"order_item": with_keys("anId")})))
    assert cli.run(["generate"]) == 0
    later = document(None, {"OrderItem": with_keys("b"), "order_item": with_keys("an_id", "anId")})
    Path("api.json").write_text(json.dumps(later))
    assert cli.run(["inspect"]) == 0
    assert "CapitalOrderItem" in capsys.readouterr().out
    assert cli.run(["generate"]) == 0
    assert cli.run(["check", "--full"]) == 0
    code = Path("pkg/events.py").read_text("utf-8")
    assert "class CapitalOrderItem(" in code
    assert '    an_id: Annotated[str | None, _t.String(), "anId"]' in code
    lock = Path("pkg/eventwright.lock").read_bytes()
    assert cli.run(["generate"]) == 0
    assert Path("pkg/eventwright.lock").read_bytes() == lock
    assert '"/components/schemas/OrderItem": "CapitalOrderItem, not OrderItem"' in lock.decode()


def test_a_lock_holds_keys_that_no_file_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    inner = with_keys("\udfff\ud800b", 'q"w\u2028')
    data = document(None, {"X": {"type": "object", "properties": {"\ud800 x": inner}}})
    Path("eventwright.toml").write_text('[[client]]\nspec = "api.json"\noutput = "pkg"\n')
    Path("api.json").write_text(json.dumps(data))
    assert cli.run(["generate"]) == 0
    assert cli.run(["check"]) == cli.run(["check", "--full"]) == 0
    lock = json.loads(Path("pkg/eventwright.lock").read_text("utf-8"))
    names = GivenNames(attributes=lock["attributes"])
    (place,) = (each for each in lock["classes"] if "\ud800 x" in each)
    assert names.attributes_of(place) == {"\udfff\ud800b": "b", 'q"w\u2028': "q_w"}
