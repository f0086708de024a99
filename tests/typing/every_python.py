"""Run by test_pythons on each CPython there is: builders behave as a person expects on all."""

from __future__ import annotations

import copy
import dataclasses
import json
import operator
import pickle
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from customerio_events import (
    Device,
    DeviceContext,
    DeviceDeleted,
    RelationshipDeleted,
    ReportDeliveryEvent,
    UserDeleted,
    parse_event,
)

WIRE = {
    "userId": "42",
    "type": "track",
    "event": "Device Deleted",
    "context": {"device": {"token": "a\u20ac", "type": "ios", "os": [1, 2.5, None]}, "ip": "::1"},
    "timestamp": "2026-11-24T09:30:00.250+01:00",
    "messageId": {"deep": [True]},
}


def refused(change: Callable[[], object]) -> bool:
    """Whether it raises AttributeError, as for any frozen object."""
    try:
        change()
    except AttributeError:
        return True
    return False


def assign(target: object, name: str) -> Callable[[], object]:
    return lambda: setattr(target, name, "x")


def remove(target: object, name: str) -> Callable[[], object]:
    return lambda: delattr(target, name)


def round_trip(event: DeviceDeleted) -> None:
    assert event.to_dict() == WIRE
    assert json.loads(event.to_json()) == WIRE
    assert DeviceDeleted.from_dict(WIRE) == event == DeviceDeleted.from_json(json.dumps(WIRE))
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(event, protocol))
        assert again == event
        assert again.to_json() == event.to_json()
    for same in (copy.copy(event), copy.deepcopy(event), dataclasses.replace(event)):
        assert same == event
        assert hash(same) == hash(event)
        assert same.to_json() == event.to_json()


def built(event: DeviceDeleted) -> None:
    device = Device(token="a\u20ac", type="ios", extra={"os": [1, 2.5, None]})
    context = DeviceContext(device=device, extra={"ip": "::1"})
    twin = DeviceDeleted(
        user_id="42",
        context=context,
        timestamp=event.timestamp,
        extra={"messageId": {"deep": [True]}},
    )
    assert twin == event
    assert repr(device) == "Device(token='a\u20ac', type='ios', extra={'os': [1, 2.5, None]})"
    assert len({twin, event}) == 1
    assert twin.to_json() == event.to_json()
    assert dataclasses.replace(twin, user_id="43") != event
    assert twin != UserDeleted(user_id="42")
    moment = datetime(2026, 11, 24, 9, 30, tzinfo=timezone(timedelta()))
    assert UserDeleted(user_id="1", timestamp=moment).to_json().endswith(b'"2026-11-24T09:30:00Z"}')


def dict_of(value: Any) -> dict[str, Any]:
    assert isinstance(value, dict)
    return value


def immutable(event: DeviceDeleted) -> None:
    defaulting = RelationshipDeleted(user_id="1", properties={"objectId": "2"}).properties
    for target in (event, event.context, event.context.device, defaulting):
        for name in (*type(target).__match_args__, "extra", "omitted", "type", "event", "unknown"):
            assert refused(assign(target, name)), (type(target), name)
            assert refused(remove(target, name)), (type(target), name)
        assert not hasattr(target, "__dict__")
    try:
        operator.setitem(dict_of(event.extra), "more", 1)
    except TypeError:
        pass
    else:
        raise AssertionError("extra can be changed")


def matched(event: object) -> str:
    match event:
        case DeviceDeleted(user_id=user, context=DeviceContext(device=Device(token=token))):
            return f"{user} {token}"
        case ReportDeliveryEvent():
            return "report"
        case _:
            return "another"


def main() -> None:
    event = parse_event(WIRE)
    assert isinstance(event, DeviceDeleted)
    round_trip(event)
    built(event)
    immutable(event)
    assert matched(event) == "42 a\u20ac"
    assert matched(UserDeleted(user_id="1")) == "another"
    heavy = {"asyncio", "ssl", "http", "http.client", "socket"} & sys.modules.keys()
    assert not heavy, heavy
    print("fine")


main()
