"""What a user writes, for the type checkers: everything here must pass their strictest mode."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime, timezone

from typing_extensions import assert_never, assert_type

from customerio_events import (
    DEVICE_TYPE_VALUES,
    UNSET,
    AsyncClient,
    Client,
    Device,
    DeviceContext,
    DeviceCreatedOrUpdated,
    DeviceDeleted,
    DeviceType,
    Event,
    ObjectDeleted,
    RelationshipDeleted,
    ReportDeliveryEvent,
    ReportDeliveryEventProperties,
    Unset,
    UserDeleted,
    UserSuppressed,
    UserUnsuppressed,
    or_none,
    parse_event,
)


def send_all() -> None:
    with Client(api_key="key", server="eu", strict_mode=True) as client:
        client.track(
            DeviceCreatedOrUpdated(
                user_id="42",
                context={"device": {"token": "abc", "type": "ios"}, "ip": "8.8.8.8"},
                timestamp=datetime.now(timezone.utc),
            )
        )
        client.track(ReportDeliveryEvent(properties={"deliveryId": "d1", "metric": "clicked"}))
        client.track(UserDeleted(user_id="a@example.com", extra={"messageId": "m-1"}))


async def send_later(event: Event) -> None:
    async with AsyncClient(api_key="key", server="https://example.com/v1") as client:
        answer = await client.track(event, strict_mode=True)
    assert_type(answer.status, int)


def attributes() -> None:
    typed = DeviceDeleted(user_id="42", context=DeviceContext(device=Device(token="abc")))
    assert_type(typed.context, DeviceContext)
    assert_type(typed.context.device.token, str)
    assert_type(typed.timestamp, datetime | None)
    moved = dataclasses.replace(typed, user_id="43")
    assert_type(moved, DeviceDeleted)
    assert_type(moved.to_json(), bytes)
    assert_type(UserDeleted.from_dict({"userId": "42"}), UserDeleted)
    assert_type(ReportDeliveryEventProperties(delivery_id="1", metric="opened").href, str | None)
    assert hash(typed) == hash(DeviceDeleted.from_json(typed.to_json()))


def told_apart(received: bytes | Mapping[str, object]) -> str:
    event = parse_event(received)
    assert_type(event, Event)
    match event:
        case DeviceCreatedOrUpdated() | DeviceDeleted():
            return event.context.device.token
        case UserDeleted(user_id=user) | UserSuppressed(user_id=user):
            return user
        case UserUnsuppressed(event=name):
            return name
        case RelationshipDeleted() | ObjectDeleted():
            return str(event.properties.object_type_id + 1)
        case ReportDeliveryEvent(properties=ReportDeliveryEventProperties(metric=metric)):
            return metric
        case _:
            assert_never(event)


def told_by_constant(event: UserDeleted | UserSuppressed) -> bool:
    return event.event == "User Deleted"


def choices(text: str) -> Device:
    kind: DeviceType = "ios"
    for each in DEVICE_TYPE_VALUES:
        if each == text:
            kind = each
    return Device(token="abc", type=kind)


def absence(note: str | Unset | None = UNSET) -> str:
    assert_type(or_none(note), str | None)
    return or_none(note) or ""
