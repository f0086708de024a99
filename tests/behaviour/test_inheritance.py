"""Schemas that are told by a discriminator on their parent, or are alternatives of themselves."""

from __future__ import annotations

import copy
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from support import event_document, generate_from, import_package

Doc = dict[str, Any]
STRING = {"type": "string"}


def ref(name: str) -> Doc:
    return {"$ref": f"#/components/schemas/{name}"}


def child(parent: str, *required: str, **properties: Doc) -> Doc:
    own = {"type": "object", "properties": properties, "required": list(required)}
    return {"allOf": [ref(parent), *([own] if properties else [])]}


COMPONENTS: Doc = {
    "Event": {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": STRING, "at": STRING},
        "discriminator": {
            "propertyName": "kind",
            "mapping": {"login": "#/components/schemas/Login", "logout": "Logout"},
        },
    },
    "Login": child("Event", "ip", ip=STRING),
    "Logout": child("Event"),
    "Renamed": child("Login", "old", old=STRING),
}


@pytest.fixture(scope="module", params=["3.0.3", "3.1.0"])
def events(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    document = event_document(ref("Event"), version=request.param, components=COMPONENTS)
    return import_package(document, tmp_path_factory.mktemp("inherited"))


def test_what_extends_a_parent_is_an_event(events: ModuleType) -> None:
    made = [
        (events.Login(ip="::1", at="now"), {"kind": "login", "ip": "::1", "at": "now"}),
        (events.Logout(), {"kind": "logout"}),
        (events.Renamed(ip="::1", old="x"), {"kind": "Renamed", "ip": "::1", "old": "x"}),
    ]
    client = import_module(f"{events.__package__}.testing").RecordingClient()
    for built, data in made:
        assert built.to_dict() == data
        assert events.parse_event(data) == built
        client.send(built)
    assert client.events == [built for built, _ in made]


def test_what_no_child_has_is_no_event(events: ModuleType) -> None:
    with pytest.raises(ValueError, match="unknown event 'signup'"):
        events.parse_event({"kind": "signup"})


def test_names_and_notes_are_of_the_children_where_they_stand() -> None:
    document = event_document(ref("Event"), components=COMPONENTS)
    model = generate_from(document).model
    found = {model.objects[each.key].name: each.at for each in model.events}
    assert found == {name: f"/components/schemas/{name}" for name in ("Login", "Logout", "Renamed")}
    assert [each for each in model.remarks if each.code != "N111"] == []
    named = generate_from(document, names={"/components/schemas/Login": "SignIn"}).model
    assert {named.objects[each.key].name for each in named.events} >= {"SignIn", "Logout"}


def test_a_parent_in_a_property_is_each_of_its_children(tmp_path: Path) -> None:
    holder = {"type": "object", "required": ["event"], "properties": {"event": ref("Event")}}
    document = event_document(holder, components=COMPONENTS)
    events = import_package(document, tmp_path)
    made = events.Send.from_dict({"event": {"kind": "login", "ip": "::1"}})
    assert isinstance(made.event, events.Login)
    with pytest.raises(ValueError, match="ip"):
        events.Send.from_dict({"event": {"kind": "login"}})
    # What no child has is of the parent alone.
    other = {"event": {"kind": "signup", "at": "now"}}
    made = events.Send.from_dict(other)
    assert type(made.event).__name__ == "ObjectEventOther"  # `Event` is taken
    assert made.to_dict() == other


def test_a_parent_that_lists_its_children_is_each_of_them(tmp_path: Path) -> None:
    components = copy.deepcopy(COMPONENTS)
    components["Event"]["oneOf"] = [ref("Login"), ref("Logout")]
    document = event_document(ref("Event"), components=components)
    codes = [each.code for each in generate_from(document).model.remarks]
    assert codes == ["N119"]
    events = import_package(document, tmp_path)
    assert events.Login(ip="::1").to_dict() == {"kind": "login", "ip": "::1"}
    assert type(events.parse_event({"kind": "logout"})).__name__ == "Logout"


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
def test_unions_that_are_arms_of_each_other_have_the_arms_of_both(
    keyword: str, tmp_path: Path
) -> None:
    components: Doc = {
        "A": {keyword: [{"type": "integer"}, ref("B")]},
        "B": {keyword: [STRING, ref("C"), ref("B")], "x-b": {}},
        "C": {**ref("D"), "description": "of D"},
        "D": ref("A"),
    }
    holder = {"type": "object", "properties": {"a": ref("A"), "b": ref("B")}}
    document = event_document(holder, components=components)
    assert "N119" in [each.code for each in generate_from(document).model.remarks]
    events = import_package(document, tmp_path)
    for value in (1, "x"):
        assert events.Send(a=value, b=value).to_dict() == {"a": value, "b": value}
    wrongs: list[Any] = [1.5, True, []]
    for wrong in wrongs:
        for key in ("a", "b"):
            with pytest.raises(ValueError, match=key):
                events.Send(**{key: wrong})


def test_a_parent_without_children_stays_what_it_is() -> None:
    components = {"Event": COMPONENTS["Event"] | {"discriminator": {"propertyName": "kind"}}}
    files = generate_from(event_document(ref("Event"), components=components)).files
    assert "class ObjectEvent(Builder)" in files["events.py"]
