"""Values that are not what they seem: builders keep what is said, and it cannot change."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import pytest

from behaviour.told import problems
from support import event, event_document, import_package, runtime


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


def test_frozen_values_cannot_be_filled_again(flagship: ModuleType) -> None:
    values = runtime(flagship, "values.frozen")
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
    for change in (setattr, object.__setattr__):
        with pytest.raises(AttributeError):
            change(made, "user_id", "2")
    assert not hasattr(made, "__setstate__")
    assert not hasattr(made, "__dict__")
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


def test_a_subclass_is_read_into_itself(flagship: ModuleType) -> None:
    own: Any = type("Own", (flagship.Device,), {"__slots__": ()})
    for made in (own.from_dict({"token": "abc"}), own.from_json(b'{"token":"abc"}')):
        assert type(made) is own
        assert made.token == "abc"
        assert made == own(token="abc") == dataclasses.replace(made)
        assert made != flagship.Device(token="abc")
    strange = Alias("token")
    assert type(own.from_dict({strange: "abc"})) is own


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


def test_subclasses_of_str_cannot_lie(flagship: ModuleType) -> None:
    class Liar(str):
        def __str__(self) -> str:
            return "other"

    made = flagship.UserDeleted(user_id=Liar("1"), extra={Liar("k"): Liar("v")})
    assert json.loads(made.to_json())["userId"] == "1"
    assert made.to_dict()["k"] == "v"
    assert type(made.user_id) is str
