"""Events that share a literal, have several, or are told by a number: all are built and parsed."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from support import event_document, import_package

STRING = {"type": "string"}


def arm(literal: Any, *required: str, **properties: Any) -> dict[str, Any]:
    said = literal if isinstance(literal, dict) else {"const": literal}
    return {
        "type": "object",
        "required": ["kind", *required],
        "properties": {"kind": said, **properties},
    }


def two_operations(one: Any, two: Any) -> dict[str, Any]:
    document = event_document(one)
    other = json.loads(json.dumps(document["paths"]["/events"]))
    other["post"]["operationId"] = "import"
    content = other["post"]["requestBody"]["content"]["application/json"]
    content["schema"] = two
    document["paths"]["/imports"] = other
    return document


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    sent = [arm("text", a=STRING), arm("date", "day", day=STRING), arm("same")]
    imported = [arm("text", b=STRING), arm("date", day={"type": "integer"}), arm("same")]
    document = two_operations({"oneOf": sent}, {"oneOf": imported})
    return import_package(document, tmp_path_factory.mktemp("shared"))


PARSED = [
    ({"kind": "text", "a": "x"}, "SendText"),
    ({"kind": "text", "b": "x"}, "ImportText"),
    ({"kind": "text"}, "SendText"),
    # What one of them refuses is the other's, whatever comes first.
    ({"kind": "text", "a": 1, "b": "x"}, "ImportText"),
    ({"kind": "date", "day": "x"}, "SendDate"),
    ({"kind": "date", "day": 1}, "ImportDate"),
    ({"kind": "date"}, "ImportDate"),
    # Of one shape they are one class.
    ({"kind": "same"}, "Same"),
]


@pytest.mark.parametrize(("data", "name"), PARSED)
def test_what_is_received_is_the_event_that_takes_it(
    shared: ModuleType, data: Any, name: str
) -> None:
    parsed = shared.parse_event(data)
    assert type(parsed).__name__ == name
    assert parsed.to_dict() == data
    assert parsed == getattr(shared, name).from_dict(data)


def test_what_none_takes_is_refused_by_the_nearest(shared: ModuleType) -> None:
    with pytest.raises(ValueError, match="day"):
        shared.parse_event({"kind": "date", "day": []})
    with pytest.raises(ValueError, match="unknown event 'dat'; did you mean 'date'"):
        shared.parse_event({"kind": "dat"})


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    components = {
        "Cat": arm("cat"),
        "Lizard": arm({"enum": ["lizard", "gecko"]}, n={"type": "integer"}),
        "Seven": arm(7),
    }
    refs = [{"$ref": f"#/components/schemas/{name}"} for name in components]
    document = event_document({"oneOf": refs}, components=components)
    return import_package(document, tmp_path_factory.mktemp("several"))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ({"kind": "cat"}, "Cat"),
        ({"kind": "lizard", "n": 1}, "Lizard"),
        ({"kind": "gecko"}, "Lizard"),
        ({"kind": 7}, "Seven"),
    ],
)
def test_each_literal_leads_to_its_event(several: ModuleType, data: Any, name: str) -> None:
    for given in (data, json.dumps(data)):
        parsed = several.parse_event(given)
        assert type(parsed).__name__ == name
        assert parsed.to_dict() == data


def test_one_of_several_literals_is_an_argument(several: ModuleType) -> None:
    assert several.Lizard(kind="gecko").to_dict() == {"kind": "gecko"}
    assert several.Seven().to_dict() == {"kind": 7}
    with pytest.raises(ValueError, match="kind"):
        several.Lizard(kind="cat")


@pytest.mark.parametrize("literal", [8, True, 7.5, "7"])
def test_a_number_that_no_event_has_is_unknown(several: ModuleType, literal: Any) -> None:
    with pytest.raises(ValueError, match=r"unknown event|the name of an event"):
        several.parse_event({"kind": literal})


def test_a_client_that_records_keeps_them(several: ModuleType) -> None:
    package = __import__(several.__package__ or "", fromlist=["testing"])
    from importlib import import_module

    client = import_module(f"{package.__name__}.testing").RecordingClient()
    made = [several.Lizard(kind="gecko"), several.Seven(), several.Cat()]
    for each in made:
        client.send(each)
    assert client.events == made


def test_in_modules_of_their_own_too(tmp_path: Path) -> None:
    arms = [arm(f"kind {number}", **{f"p{number}": STRING}) for number in range(110)]
    twin = [arm("kind 5", other=STRING), arm(900)]
    document = two_operations({"oneOf": arms}, {"oneOf": twin})
    events = import_package(document, tmp_path)
    for data, name in (
        ({"kind": "kind 5", "other": "x"}, "ImportKind5"),
        ({"kind": "kind 5", "p5": "x"}, "SendKind5"),
        ({"kind": "kind 6", "p6": "x"}, "Kind6"),
        ({"kind": 900}, "Kind900"),
    ):
        assert type(events.parse_event(data)).__name__ == name
        assert events.parse_event(data).to_dict() == data
