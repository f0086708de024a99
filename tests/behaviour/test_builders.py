"""The flagship's builders, as a person uses them."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
from datetime import date, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import pytest

from support import event, event_document, import_package, runtime

UTC = timezone(timedelta())
WHEN = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def problems(module: ModuleType, make: Any, *arguments: Any, **named: Any) -> list[str]:
    """What the one error says, problem by problem."""
    with pytest.raises(runtime(module, "problems").ValidationError) as caught:
        make(*arguments, **named)
    first, *rest = str(caught.value).splitlines()
    assert first.endswith(f": {len(rest)} problem{'s' * (len(rest) != 1)}")
    return [line.strip() for line in rest]


def test_names_come_from_the_literals(flagship: ModuleType) -> None:
    assert set(flagship.__all__) == {
        "Device",
        "DeviceContext",
        "DeviceCreatedOrUpdated",
        "DeviceDeleted",
        "Event",
        "ObjectDeleted",
        "ObjectDeletedProperties",
        "RelationshipDeleted",
        "RelationshipDeletedProperties",
        "ReportDeliveryEvent",
        "ReportDeliveryEventProperties",
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
        "$.ok: expected a JSON value, got an object of type set",
    ]


def test_missing_argument(flagship: ModuleType) -> None:
    with pytest.raises(TypeError, match="user_id"):
        flagship.UserDeleted()
    with pytest.raises(TypeError, match="positional"):
        flagship.UserDeleted("1")


@pytest.mark.parametrize("wrong", [None, 1, "2026-11-24T09:30:00Z", date(2026, 11, 24)])
def test_timestamp_takes_datetimes_only(flagship: ModuleType, wrong: Any) -> None:
    if wrong is None:
        assert flagship.UserDeleted(user_id="1", timestamp=None).timestamp is None
        return
    found = problems(flagship, flagship.UserDeleted, user_id="1", timestamp=wrong)
    assert [line.partition(":")[0] for line in found] == ["$.timestamp"]


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (WHEN, "2026-11-24T09:30:00Z"),
        (WHEN.replace(microsecond=5), "2026-11-24T09:30:00.000005Z"),
        (WHEN.astimezone(timezone(timedelta(hours=-8))), "2026-11-24T01:30:00-08:00"),
        (WHEN.astimezone(timezone(timedelta(hours=5, minutes=45))), "2026-11-24T15:15:00+05:45"),
        (WHEN.replace(year=987), "0987-11-24T09:30:00Z"),
        (datetime(2026, 1, 1, tzinfo=timezone(timedelta(seconds=1))), "2025-12-31T23:59:59Z"),
    ],
)
def test_timestamp_on_the_wire(flagship: ModuleType, moment: datetime, text: str) -> None:
    made = flagship.UserDeleted(user_id="1", timestamp=moment)
    assert made.to_dict()["timestamp"] == text
    assert json.loads(made.to_json())["timestamp"] == text
    assert flagship.parse_event(made.to_json()) == made


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T09:30:00.123456789Z",
        "2026-11-24t09:30:00z",
        "2026-11-24T09:30:00-00:00",
        "2016-12-31T23:59:60Z",
        "2026-11-24T09:30:00.100Z",
    ],
)
def test_read_timestamps_are_written_as_they_were(flagship: ModuleType, text: str) -> None:
    read = flagship.UserDeleted.from_dict(
        {"userId": "1", "type": "track", "event": "User Deleted", "timestamp": text}
    )
    for same in (read, copy.deepcopy(read), pickle.loads(pickle.dumps(read))):
        assert same.to_dict()["timestamp"] == text
        assert json.loads(same.to_json())["timestamp"] == text


class Zone(tzinfo):
    def tzname(self, moment: datetime | None) -> None:
        return None

    def dst(self, moment: datetime | None) -> None:
        return None


class Broken(Zone):
    def utcoffset(self, moment: datetime | None) -> NoReturn:
        raise RuntimeError("no zone")


class Moving(Zone):
    offset = timedelta(hours=1)

    def utcoffset(self, moment: datetime | None) -> timedelta:
        return self.offset


@pytest.mark.parametrize(
    ("moment", "got"),
    [
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(seconds=30))), "in UTC"),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone(timedelta(seconds=-30))), "in UTC"),
        (datetime(2026, 1, 1, tzinfo=Broken()), "zone fails with RuntimeError"),
    ],
)
def test_a_moment_without_text_is_a_problem(
    flagship: ModuleType, moment: datetime, got: str
) -> None:
    (found,) = problems(flagship, flagship.UserDeleted, user_id="1", timestamp=moment)
    assert found.startswith("$.timestamp: expected an aware datetime, got one ")
    assert got in found


@pytest.mark.parametrize("text", ["9999-12-31T23:59:60-00:01", "0001-01-01T00:00:60+23:59"])
def test_leap_seconds_at_the_ends_of_time(flagship: ModuleType, text: str) -> None:
    wire = {"userId": "1", "type": "track", "event": "User Deleted", "timestamp": text}
    (found,) = problems(flagship, flagship.parse_event, wire)
    assert found.startswith("$.timestamp: expected a date-time of RFC 3339")


def test_a_zone_cannot_change_an_event(flagship: ModuleType) -> None:
    zone = Moving()
    made = flagship.UserDeleted(user_id="1", timestamp=datetime(2026, 1, 1, tzinfo=zone))
    zone.offset = timedelta(hours=2)
    assert made.to_dict()["timestamp"] == "2026-01-01T00:00:00+01:00"


def test_the_hour_that_comes_twice(flagship: ModuleType) -> None:
    moment = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin"))
    made = flagship.UserDeleted(user_id="1", timestamp=moment)
    assert made.to_dict()["timestamp"] == "2026-10-25T02:30:00+01:00"
    assert flagship.parse_event(made.to_json()) == made


def test_the_text_of_a_timestamp_cannot_change(flagship: ModuleType) -> None:
    wire = {"userId": "1", "type": "track", "event": "User Deleted"}
    read = flagship.parse_event({**wire, "timestamp": "2026-11-24t09:30:00z"})
    with pytest.raises(AttributeError, match="text"):
        read.timestamp.text = "garbage"
    with pytest.raises(AttributeError, match="text"):
        del read.timestamp.text
    assert read.to_dict()["timestamp"] == "2026-11-24t09:30:00z"


@pytest.mark.parametrize("number", [10**4300, -(10**4300)], ids=["positive", "negative"])
def test_integers_without_text_are_a_problem(tmp_path: Path, number: int) -> None:
    kinds = {"whole": {"type": "integer"}, "number": {"type": "number"}, "any": {}}
    module = import_package(event_document(event("Made", kinds)), tmp_path)
    for name in kinds:
        assert problems(module, module.Made, **{name: number}) == [
            f"$.{name}: expected a finite number of at most 4300 digits, "
            "got a number of 14285 bits (int)"
        ]
        less = number - (1 if number > 0 else -1)
        made = module.Made(**{name: less})
        assert module.parse_event(made.to_json()).to_dict()[name] == less


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        *(("09:30:00Z", True), ("23:59:60Z", True), ("00:59:60.5+01:00", True)),
        *(("09:30:60Z", False), ("23:59:60-01:00", False), ("24:00:00Z", False), ("9:30Z", False)),
    ],
)
def test_times(flagship: ModuleType, text: str, valid: bool) -> None:
    assert runtime(flagship, "formats").FORMATS["time"][1](text) is valid


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


def test_frozen_values_cannot_be_filled_again(flagship: ModuleType) -> None:
    values = runtime(flagship, "values")
    given = {"a": [1, {"b": 2}], "c": {}}
    made = flagship.UserDeleted(user_id="1", extra=given)
    made.extra.__init__({"x": 1})
    made.extra["a"].__init__([2])
    values.EMPTY.__init__({"x": 1})
    assert values.EMPTY == {}
    assert made.extra == given
    for same in (copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
        assert same == made
        assert type(same.extra["a"]) is values.FrozenList
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.__setstate__(["2", None, None, None, None, {}])
    assert made.user_id == "1"


class Alias(str):
    """A key that hides from look-ups."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return 1


def test_keys_are_what_they_say(flagship: ModuleType) -> None:
    made = flagship.UserDeleted
    assert problems(flagship, made, user_id="1", extra={Alias("userId"): "2"}) == [
        "$.userId: expected no declared key in extra, got '2'"
    ]
    for twice in ({"a": 1, Alias("a"): 2}, {"in": {"a": 1, Alias("a"): 2}}):
        (found,) = problems(flagship, made, user_id="1", extra=twice)
        assert found.endswith(".a: expected every key once, got it twice")
    wire = {"type": "track", "event": "User Deleted"}
    assert problems(flagship, made.from_dict, {**wire, "userId": "1", Alias("userId"): "2"}) == [
        "$.userId: expected every key once, got it twice"
    ]
    assert made.from_dict({**wire, Alias("userId"): "1", "x": 1}).to_dict() == {
        "userId": "1",
        **wire,
        "x": 1,
    }
    assert problems(flagship, made.from_dict, {**wire, 1: 2}) == [
        "$: expected keys that are strings, got the key 1 (int)",
        "$.userId: expected a string, got nothing (it is required)",
    ]


def test_numbers_are_what_they_hold(flagship: ModuleType) -> None:
    real = type("Real", (float,), {"__float__": lambda self: float("nan")})
    whole = type("Whole", (int,), {"__int__": lambda self: 2, "__index__": lambda self: 2})
    made = flagship.UserDeleted(user_id="1", extra={"a": real(1.5), "b": whole(1)})
    assert made.to_json().endswith(b'"a":1.5,"b":1}')
    one = flagship.RelationshipDeletedProperties(object_id="a", object_type_id=whole(1))
    assert one.to_json() == b'{"objectId":"a","objectTypeId":1}'


def test_a_subclass_inside_writes_what_the_class_would(flagship: ModuleType) -> None:
    members = {"__slots__": (), "to_json_text": lambda self: "loud"}
    loud = type("Loud", (flagship.Device,), members)
    context = flagship.DeviceContext(device=loud(token="abc"))
    assert context.to_json() == b'{"device":{"token":"abc"}}'
    assert type(context.device) is flagship.Device


@pytest.mark.parametrize("depth", [90, 110, 5000])
def test_recursion_has_an_end(tmp_path: Path, depth: int) -> None:
    tree = {"type": "object", "properties": {"left": {"$ref": "#/components/schemas/Tree"}}}
    many = {
        "anyOf": [
            {"type": "null"},
            {"type": "array", "items": {"$ref": "#/components/schemas/Many"}},
        ]
    }
    either = {
        "oneOf": [
            {"type": "integer"},
            {"type": "array", "items": {"$ref": "#/components/schemas/Either"}},
        ]
    }
    by_name = {
        "type": ["null", "integer", "object"],
        "additionalProperties": {"$ref": "#/components/schemas/ByName"},
    }
    components = {"Tree": tree, "Many": many, "Either": either, "ByName": by_name}
    schema = {name.lower(): {"$ref": f"#/components/schemas/{name}"} for name in components}
    module = import_package(event_document(event("Made", schema), components=components), tmp_path)
    lists: list[Any] = []
    branches: dict[str, Any] = {}
    for _ in range(depth):
        lists, branches = [lists], {"left": branches}
    for name in schema:
        value = lists if name in ("many", "either") else branches
        wire = {"event": "Made", name: value}
        if depth < 100:
            made = module.parse_event(wire)
            assert made.to_dict() == wire
            assert module.parse_event(made.to_json()) == made == module.Made(**{name: value})
            assert hash(made) == hash(copy.copy(made))
        else:
            (found,) = problems(module, module.parse_event, wire)
            assert "at most 100 levels of nesting" in found


class Hostile:
    def __repr__(self) -> NoReturn:
        raise RuntimeError("no repr")

    __str__ = isprintable = __int__ = __float__ = __repr__


@pytest.mark.parametrize(
    "value",
    [
        *(10**5000, [10**5000], {"a": Hostile()}, (Hostile(),), [[[[[[]]]]]]),
        type("Text", (Hostile, str), {})("a\nb"),
        type("Whole", (Hostile, int), {})(1),
        type("Real", (Hostile, float), {})(1.5),
    ],
    ids=lambda value: type(value).__name__,
)
def test_any_value_can_be_told_of(flagship: ModuleType, value: Any) -> None:
    (found,) = problems(flagship, flagship.UserDeleted, user_id="1", timestamp=value)
    assert found.isprintable()
    assert len(found) < 200


def test_events_told_apart(flagship: ModuleType) -> None:
    unknown = runtime(flagship, "dispatch").UnknownEvent
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
    with pytest.raises(runtime(flagship, "problems").ValidationError) as caught:
        flagship.parse_event(data)
    assert len(str(caught.value)) < 1000
    assert str(caught.value).replace("\n", "").isprintable()


def test_what_was_given_can_change_without_harm(flagship: ModuleType) -> None:
    inner: dict[str, Any] = {"list": [1, {"deep": True}]}
    given: dict[str, Any] = {"device": {"token": "abc"}, "more": inner}
    made = flagship.DeviceDeleted(user_id="1", context=given, extra={"x": inner})
    before = made.to_json()
    inner["list"].append(2)
    given["device"]["token"] = "other"
    made.to_dict()["x"]["list"].clear()
    assert made.to_json() == before
    for change in (made.extra["x"].clear, made.extra["x"]["list"].clear, made.extra.clear):
        with pytest.raises(TypeError):
            change()
    assert hash(made) == hash(copy.copy(made))


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


def test_subclasses_of_str_cannot_lie(flagship: ModuleType) -> None:
    class Liar(str):
        def __str__(self) -> str:
            return "other"

    made = flagship.UserDeleted(user_id=Liar("1"), extra={Liar("k"): Liar("v")})
    assert json.loads(made.to_json())["userId"] == "1"
    assert made.to_dict()["k"] == "v"
    assert type(made.user_id) is str


def test_null_and_absent_differ(tmp_path: Path) -> None:
    text = {"type": ["string", "null"]}
    module = import_package(event_document(event("Made", {"text": text, "any": {}})), tmp_path)
    assert module.Made().to_dict() == {"event": "Made"}
    assert module.Made(text=None, any=None).to_dict() == {
        "event": "Made",
        "text": None,
        "any": None,
    }
    unset = runtime(module, "unset").UNSET
    assert module.Made.from_dict({"event": "Made"}).text is unset
    assert module.Made.from_dict({"event": "Made", "text": None}).text is None
    assert (
        copy.deepcopy(module.Made()).text is pickle.loads(pickle.dumps(module.Made())).text is unset
    )


def test_words_of_the_document(flagship: ModuleType) -> None:
    assert flagship.DeviceDeleted.__doc__.startswith("Delete a device.")
    assert "/components/schemas/device_deleted_event" in flagship.DeviceDeleted.__doc__
