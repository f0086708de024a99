"""Worker: building "Device Created or Updated", writing it as JSON bytes, reading it back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib import import_module

from customerio_events import Device, DeviceContext, DeviceCreatedOrUpdated

from .paired import Work
from .worker import report

MOMENT = datetime(2026, 3, 14, 15, 9, 26, 535897, tzinfo=UTC)
TEXT = (
    '{"userId":"97980cfea0067","type":"track","event":"Device Created or Updated","context":'
    '{"device":{"token":"d2FudHMtdG8ta25vdy1pZi15b3UtcmVhZC10aGlz","type":"ios"}},'
    '"timestamp":"2026-03-14T15:09:26.535897Z"}'
)
WIRE = TEXT.encode()
USER = "97980cfea0067"
TOKEN = "d2FudHMtdG8ta25vdy1pZi15b3UtcmVhZC10aGlz"


def ours() -> dict[str, Work]:
    """Builders of this repository."""

    def build(count: int) -> None:
        for _ in range(count):
            DeviceCreatedOrUpdated(
                user_id=USER,
                context=DeviceContext(device=Device(token=TOKEN, type="ios")),
                timestamp=MOMENT,
            )

    def write(count: int) -> None:
        for _ in range(count):
            DeviceCreatedOrUpdated(
                user_id=USER,
                context=DeviceContext(device=Device(token=TOKEN, type="ios")),
                timestamp=MOMENT,
            ).to_json()

    def read(count: int) -> None:
        for _ in range(count):
            DeviceCreatedOrUpdated.from_json(WIRE)

    built = DeviceCreatedOrUpdated.from_json(WIRE)
    assert built.to_json() == WIRE, built.to_json()
    return {"build eventwright": build, "write eventwright": write, "read eventwright": read}


def pydantic() -> dict[str, Work]:
    """Pydantic v2 models, as datamodel-code-generator makes them from the same document."""
    models = import_module("peer_pydantic")
    event, context = models.DeviceCreatedOrUpdatedEvent, models.Context
    device = models.Device

    def build(count: int) -> None:
        for _ in range(count):
            event(
                userId=USER,
                context=context(device=device(token=TOKEN, type="ios")),
                timestamp=MOMENT,
            )

    def write(count: int) -> None:
        for _ in range(count):
            event(
                userId=USER,
                context=context(device=device(token=TOKEN, type="ios")),
                timestamp=MOMENT,
            ).model_dump_json(by_alias=True, exclude_none=True).encode()

    def read(count: int) -> None:
        for _ in range(count):
            event.model_validate_json(WIRE)

    text = event.model_validate_json(WIRE).model_dump_json(by_alias=True, exclude_none=True)
    assert json.loads(text) == json.loads(WIRE), text
    return {"build pydantic": build, "write pydantic": write, "read pydantic": read}


def openapi_python_client() -> dict[str, Work]:
    """The attrs classes of openapi-python-client; they validate nothing."""
    models = import_module("peer_opc.models")
    event, literal = models.DeviceCreatedOrUpdated, models.DeviceCreatedOrUpdatedEvent
    context, device = (
        models.DeviceCreatedOrUpdatedContext,
        models.DeviceCreatedOrUpdatedContextDevice,
    )
    ios = models.DeviceCreatedOrUpdatedContextDeviceType.IOS
    track, name = models.DeviceCreatedOrUpdatedType.TRACK, literal.DEVICE_CREATED_OR_UPDATED

    def write(count: int) -> None:
        for _ in range(count):
            built = event(
                user_id=USER,
                type_=track,
                event=name,
                context=context(device=device(token=TOKEN, type_=ios)),
                timestamp=MOMENT,
            )
            json.dumps(built.to_dict()).encode()

    def read(count: int) -> None:
        for _ in range(count):
            event.from_dict(json.loads(WIRE))

    return {"write openapi-python-client": write, "read openapi-python-client": read}


if __name__ == "__main__":
    report({**ours(), **pydantic(), **openapi_python_client()})
