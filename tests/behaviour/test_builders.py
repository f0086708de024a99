"""The flagship's builders, as a person uses them."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from behaviour.told import WHEN, problems
from support import event, event_document, import_package, runtime


def test_names_come_from_the_literals(flagship: ModuleType) -> None:
    assert set(flagship.__all__) == {
        "DEVICE_TYPE_VALUES",
        "REPORT_DELIVERY_EVENT_PROPERTIES_METRIC_VALUES",
        "Device",
        "DeviceContext",
        "DeviceCreatedOrUpdated",
        "DeviceDeleted",
        "DeviceType",
        "Event",
        "ObjectDeleted",
        "ObjectDeletedProperties",
        "RelationshipDeleted",
        "RelationshipDeletedProperties",
        "ReportDeliveryEvent",
        "ReportDeliveryEventProperties",
        "ReportDeliveryEventPropertiesMetric",
        "Answer400",
        "Answer400Meta",
        "UserDeleted",
        "UserSuppressed",
        "UserUnsuppressed",
        "parse_event",
    }


def test_bytes_on_the_wire(flagship: ModuleType) -> None:
    made = flagship.DeviceCreatedOrUpdated(
        user_id="42",
        context={"device": {"token": "abc", "type": "ios"}, "ip": "8.8.8.8"},
        timestamp=WHEN,
    )
    assert made.to_json() == (
        b'{"userId":"42","type":"track","event":"Device Created or Updated",'
        b'"context":{"device":{"token":"abc","type":"ios"},"ip":"8.8.8.8"},'
        b'"timestamp":"2026-11-24T09:30:00Z"}'
    )
    report = flagship.ReportDeliveryEvent(properties={"deliveryId": "d1", "metric": "clicked"})
    assert report.to_json() == (
        b'{"type":"track","event":"Report Delivery Event",'
        b'"properties":{"deliveryId":"d1","metric":"clicked"}}'
    )
    deleted = flagship.UserDeleted(user_id="a@example.com", extra={"messageId": "m-1"})
    assert deleted.to_json() == (
        b'{"userId":"a@example.com","type":"track","event":"User Deleted","messageId":"m-1"}'
    )


def test_a_builder_and_a_mapping_are_one(flagship: ModuleType) -> None:
    device = flagship.Device(token="abc", extra={"model": "x"})
    typed = flagship.DeviceDeleted(user_id="1", context=flagship.DeviceContext(device=device))
    plain = flagship.DeviceDeleted(user_id="1", context={"device": {"token": "abc", "model": "x"}})
    half = flagship.DeviceDeleted(user_id="1", context={"device": device})
    assert typed == plain == half
    assert plain.context.device.token == "abc"


def test_constants(flagship: ModuleType) -> None:
    deleted = flagship.UserDeleted(user_id="1")
    assert (deleted.type, deleted.event) == ("track", "User Deleted")
    for name in ("type", "event"):
        with pytest.raises(TypeError, match=name):
            flagship.UserDeleted(user_id="1", **{name: "track"})
    assert problems(flagship, flagship.UserDeleted.from_dict, {"userId": "1", "type": "x"}) == [
        "$.type: expected 'track', got 'x'",
        "$.event: expected 'User Deleted', got nothing (it is required)",
    ]


def test_default(flagship: ModuleType) -> None:
    """A default is written when built; what was absent when read stays absent."""
    made = flagship.RelationshipDeletedProperties(object_id="acme")
    assert made.object_type_id == 1
    assert made.to_dict() == {"objectId": "acme", "objectTypeId": 1}
    read = flagship.RelationshipDeletedProperties.from_dict({"objectId": "acme"})
    assert read.object_type_id == 1
    assert read.to_dict() == {"objectId": "acme"}
    for same in (copy.deepcopy(read), pickle.loads(pickle.dumps(read))):
        assert same.to_dict() == {"objectId": "acme"}
    assert read == made


def test_every_problem_in_one_error(flagship: ModuleType) -> None:
    assert problems(
        flagship,
        flagship.DeviceCreatedOrUpdated,
        user_id=42,
        context={"device": {"type": "windows"}, "bad key": float("nan")},
        timestamp=datetime(2026, 11, 24),
        extra={"event": "x", "ok": {1, 2}},
    ) == [
        "$.userId: expected a string, got 42 (int)",
        "$.context.device.token: expected a string, got nothing (it is required)",
        "$.context.device.type: expected one of 'ios', 'android', got 'windows'",
        "$.context['bad key']: expected a finite number of at most 4300 digits, got nan (float)",
        "$.timestamp: expected an aware datetime, got a naive one, 2026-11-24T00:00:00; say which "
        "time zone it is in, as in datetime.now(timezone.utc)",
        "$.event: expected no declared key in extra, got 'x'",
        "$.ok: expected a JSON value, got an object of type set; use list(…)",
    ]


def test_missing_argument(flagship: ModuleType) -> None:
    with pytest.raises(TypeError, match="user_id"):
        flagship.UserDeleted()
    with pytest.raises(TypeError, match="positional"):
        flagship.UserDeleted("1")


def test_patterns_are_those_of_ecma(tmp_path: Path) -> None:
    schema = {
        "text": {"type": "string", "pattern": r"^[\w-]+ \d\D$"},
        "map": {
            "type": "object",
            "patternProperties": {"^a$": {"type": "integer"}},
            "additionalProperties": {"type": "string"},
        },
    }
    document = event_document(event("Made", schema, patternProperties={r"^x\d$": {"type": "null"}}))
    module = import_package(document, tmp_path)
    made = module.Made(text="a_-1 5x", map={"a": 1, "a\n": "x"}, extra={"x1": None, "x\u0661": 1})
    assert module.parse_event(made.to_json()) == made
    for text in ("\u00e9 5x", "a \u0665x", "a 55", "a 5x\n"):
        assert len(problems(module, module.Made, text=text)) == 1
    assert module.Made(text="a 5\u0665").text == "a 5\u0665"


def test_events_told_apart(flagship: ModuleType) -> None:
    unknown = runtime(flagship, "builders.dispatch").UnknownEvent
    wire = {"userId": "1", "type": "track", "event": "User Deletd"}
    with pytest.raises(unknown) as caught:
        flagship.parse_event(wire)
    assert str(caught.value) == "unknown event 'User Deletd'; did you mean 'User Deleted'?"
    assert caught.value.suggestion == "User Deleted"
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    right = flagship.parse_event(json.dumps({**wire, "event": "User Deleted"}).encode())
    assert type(right) is flagship.UserDeleted


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"{", b"[]", b"null", b'"User Deleted"', b"{}", b'{"event":1}', b'{"event":null}'),
        *(b"\xff", b'{"a":1,"a":2}', b'{"event":"User Deleted","userId":NaN}', b"[" * 100_000),
        *("{'a': 1}", "\ud800", {}, {"event": ["User Deleted"]}, [], None, 1),
    ],
    ids=lambda data: ascii(data)[:30],
)
def test_nonsense_is_a_validation_error(flagship: ModuleType, data: Any) -> None:
    with pytest.raises(runtime(flagship, "values.problems").ValidationError) as caught:
        flagship.parse_event(data)
    assert len(str(caught.value)) < 1000
    assert str(caught.value).replace("\n", "").isprintable()


def test_replace(flagship: ModuleType) -> None:
    made = flagship.UserDeleted(user_id="1", extra={"a": 1})
    moved = dataclasses.replace(made, user_id="2")
    assert moved.to_dict() == {**made.to_dict(), "userId": "2"}
    assert problems(flagship, lambda: dataclasses.replace(made, user_id=2)) == [
        "$.userId: expected a string, got 2 (int)"
    ]
    with pytest.raises((TypeError, ValueError), match="event"):
        dataclasses.replace(made, event="User Suppressed")


def test_equality_is_of_one_class(flagship: ModuleType) -> None:
    one = flagship.UserDeleted(user_id="1")
    assert one != flagship.UserSuppressed(user_id="1")
    assert one != {"userId": "1", "type": "track", "event": "User Deleted"}
    assert one != flagship.UserDeleted(user_id="1", extra={"a": None})
    assert len({one, flagship.UserDeleted(user_id="1"), flagship.UserSuppressed(user_id="1")}) == 2


def test_null_and_absent_differ(tmp_path: Path) -> None:
    text = {"type": ["string", "null"]}
    module = import_package(event_document(event("Made", {"text": text, "any": {}})), tmp_path)
    assert module.Made().to_dict() == {"event": "Made"}
    assert module.Made(text=None, any=None).to_dict() == {
        "event": "Made",
        "text": None,
        "any": None,
    }
    unset = runtime(module, "values").UNSET
    assert module.Made.from_dict({"event": "Made"}).text is unset
    assert module.Made.from_dict({"event": "Made", "text": None}).text is None
    assert (
        copy.deepcopy(module.Made()).text is pickle.loads(pickle.dumps(module.Made())).text is unset
    )


def test_words_of_the_document(flagship: ModuleType) -> None:
    assert flagship.DeviceDeleted.__doc__.startswith("Delete a device.")
    assert "/components/schemas/device_deleted_event" in flagship.DeviceDeleted.__doc__
