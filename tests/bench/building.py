"""Worker: building "Device Created or Updated" from what programs have, and writing it as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from importlib import import_module
from itertools import repeat
from typing import Any
from zoneinfo import ZoneInfo

from customerio_events import Device, DeviceContext, DeviceCreatedOrUpdated

from .paired import Work
from .worker import report

MOMENT = datetime(2026, 3, 14, 15, 9, 26, 535897, tzinfo=UTC)
OFFSET = MOMENT.astimezone(timezone(timedelta(hours=2)))
BERLIN = MOMENT.astimezone(ZoneInfo("Europe/Berlin"))
TEXT = (
    '{"userId":"97980cfea0067","type":"track","event":"Device Created or Updated","context":'
    '{"device":{"token":"d2FudHMtdG8ta25vdy1pZi15b3UtcmVhZC10aGlz","type":"ios"}},'
    '"timestamp":"2026-03-14T15:09:26.535897Z"}'
)
WIRE = TEXT.encode()
USER = "97980cfea0067"
TOKEN = "d2FudHMtdG8ta25vdy1pZi15b3UtcmVhZC10aGlz"


def ours() -> dict[str, Callable[[], DeviceCreatedOrUpdated]]:
    """Builders of this repository; by what is special about the event."""
    event, context, device = DeviceCreatedOrUpdated, DeviceContext, Device
    return {
        "objects": lambda: event(
            user_id=USER,
            context=context(device=device(token=TOKEN, type="ios")),
            timestamp=MOMENT,
        ),
        "undeclared": lambda: event(
            user_id=USER,
            context=context(device=device(token=TOKEN, type="ios")),
            timestamp=MOMENT,
            extra={"messageId": "m-1"},
        ),
        "offset": lambda: event(
            user_id=USER,
            context=context(device=device(token=TOKEN, type="ios")),
            timestamp=OFFSET,
        ),
        "zone": lambda: event(
            user_id=USER,
            context=context(device=device(token=TOKEN, type="ios")),
            timestamp=BERLIN,
        ),
        "integrations": lambda: event(
            user_id=USER,
            context=context(device=device(token=TOKEN, type="ios")),
            timestamp=MOMENT,
            integrations={"All": False, "Mixpanel": True},
        ),
        "readme": lambda: event(
            user_id=USER,
            context={"device": {"token": TOKEN, "type": "ios"}, "ip": "8.8.8.8"},
            timestamp=MOMENT,
        ),
    }


def pydantic() -> dict[str, Callable[[], Any]]:
    """The same events as models that datamodel-code-generator makes of the same document."""
    models = import_module("peer_pydantic")
    event, context, device = models.DeviceCreatedOrUpdatedEvent, models.Context, models.Device
    return {
        "objects": lambda: event(
            userId=USER,
            context=context(device=device(token=TOKEN, type="ios")),
            timestamp=MOMENT,
        ),
        "undeclared": lambda: event(
            userId=USER,
            context=context(device=device(token=TOKEN, type="ios")),
            timestamp=MOMENT,
            messageId="m-1",
        ),
        "offset": lambda: event(
            userId=USER,
            context=context(device=device(token=TOKEN, type="ios")),
            timestamp=OFFSET,
        ),
        "zone": lambda: event(
            userId=USER,
            context=context(device=device(token=TOKEN, type="ios")),
            timestamp=BERLIN,
        ),
        "integrations": lambda: event(
            userId=USER,
            context=context(device=device(token=TOKEN, type="ios")),
            timestamp=MOMENT,
            integrations={"All": False, "Mixpanel": True},
        ),
        "readme": lambda: event(
            userId=USER,
            context={"device": {"token": TOKEN, "type": "ios"}, "ip": "8.8.8.8"},
            timestamp=MOMENT,
        ),
    }


def openapi_python_client() -> Callable[[], Any]:
    """The attrs class of openapi-python-client; it validates nothing."""
    models = import_module("peer_opc.models")
    event, context = models.DeviceCreatedOrUpdated, models.DeviceCreatedOrUpdatedContext
    device = models.DeviceCreatedOrUpdatedContextDevice
    ios = models.DeviceCreatedOrUpdatedContextDeviceType.IOS
    track = models.DeviceCreatedOrUpdatedType.TRACK
    name = models.DeviceCreatedOrUpdatedEvent.DEVICE_CREATED_OR_UPDATED
    return lambda: event(
        user_id=USER,
        type_=track,
        event=name,
        context=context(device=device(token=TOKEN, type_=ios)),
        timestamp=MOMENT,
    )


def dumped(model: Any) -> bytes:
    """The JSON bytes of a Pydantic model."""
    text: str = model.model_dump_json(by_alias=True, exclude_none=True)
    return text.encode()


def candidates() -> dict[str, Work]:
    """Every event, built, and built and written, by all sides."""
    mine, theirs, plain = ours(), pydantic(), openapi_python_client()
    _agree(mine, theirs)
    found: dict[str, Work] = {}
    for what, make in mine.items():
        found[f"build {what} eventwright"] = _building(make)
        found[f"build {what} pydantic"] = _building(theirs[what])
        found[f"write {what} eventwright"] = _writing(make)
        found[f"write {what} pydantic"] = _dumping(theirs[what])
    found["write objects openapi-python-client"] = _encoding(plain)
    return found


def _agree(
    mine: Mapping[str, Callable[[], DeviceCreatedOrUpdated]],
    theirs: Mapping[str, Callable[[], Any]],
) -> None:
    """Both sides must write the same; text apart, for they order keys differently."""
    for what, make in mine.items():
        wire, peer = make().to_json(), dumped(theirs[what]())
        assert json.loads(wire) == json.loads(peer), (wire, peer)


def _building(make: Callable[[], object]) -> Work:
    def work(count: int) -> None:
        for _ in repeat(None, count):
            make()

    return work


def _writing(make: Callable[[], DeviceCreatedOrUpdated]) -> Work:
    def work(count: int) -> None:
        for _ in repeat(None, count):
            make().to_json()

    return work


def _dumping(make: Callable[[], Any]) -> Work:
    def work(count: int) -> None:
        for _ in repeat(None, count):
            make().model_dump_json(by_alias=True, exclude_none=True).encode()

    return work


def _encoding(make: Callable[[], Any]) -> Work:
    def work(count: int) -> None:
        for _ in repeat(None, count):
            json.dumps(make().to_dict()).encode()

    return work


if __name__ == "__main__":
    report(candidates())
