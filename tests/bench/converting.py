"""Worker: an event that exists already into a dict, and dicts and JSON bytes into events."""

from __future__ import annotations

import json
from importlib import import_module

from customerio_events import DeviceCreatedOrUpdated

from .building import WIRE, ours
from .paired import Work
from .worker import report

UNDECLARED = WIRE[:-1] + b',"messageId":"m-1"}'


def eventwright() -> dict[str, Work]:
    """Builders of this repository."""
    event, parsed = DeviceCreatedOrUpdated, json.loads(WIRE)
    built = ours()["objects"]()
    assert built.to_json() == WIRE == event.from_dict(built.to_dict()).to_json()

    def to_dict(count: int) -> None:
        for _ in range(count):
            built.to_dict()

    def from_dict(count: int) -> None:
        for _ in range(count):
            event.from_dict(parsed)

    def from_json(count: int) -> None:
        for _ in range(count):
            event.from_json(WIRE)

    def undeclared(count: int) -> None:
        for _ in range(count):
            event.from_json(UNDECLARED)

    return {
        "to_dict eventwright": to_dict,
        "from_dict eventwright": from_dict,
        "from_json eventwright": from_json,
        "from_json undeclared eventwright": undeclared,
    }


def pydantic() -> dict[str, Work]:
    """Pydantic v2 models, as datamodel-code-generator makes them from the same document."""
    event, parsed = import_module("peer_pydantic").DeviceCreatedOrUpdatedEvent, json.loads(WIRE)
    built = event.model_validate_json(WIRE)
    assert built.model_dump(mode="json", by_alias=True, exclude_none=True) == parsed

    def to_dict(count: int) -> None:
        for _ in range(count):
            built.model_dump(mode="json", by_alias=True, exclude_none=True)

    def from_dict(count: int) -> None:
        for _ in range(count):
            event.model_validate(parsed)

    def from_json(count: int) -> None:
        for _ in range(count):
            event.model_validate_json(WIRE)

    def undeclared(count: int) -> None:
        for _ in range(count):
            event.model_validate_json(UNDECLARED)

    return {
        "to_dict pydantic": to_dict,
        "from_dict pydantic": from_dict,
        "from_json pydantic": from_json,
        "from_json undeclared pydantic": undeclared,
    }


def openapi_python_client() -> dict[str, Work]:
    """The attrs class of openapi-python-client; it validates nothing."""
    event = import_module("peer_opc.models").DeviceCreatedOrUpdated

    def from_json(count: int) -> None:
        for _ in range(count):
            event.from_dict(json.loads(WIRE))

    return {"from_json openapi-python-client": from_json}


if __name__ == "__main__":
    report({**eventwright(), **pydantic(), **openapi_python_client()})
