"""Worker: building an event, sending it and reading the answer, one after the other."""

from __future__ import annotations

import http.client
from base64 import b64encode
from importlib import import_module

from customerio_events import Client, Device, DeviceContext, DeviceCreatedOrUpdated

from .building import MOMENT, TOKEN, USER, WIRE
from .paired import Work
from .worker import arguments, report

KEY = "0123456789abcdef0123"
HEADERS = {
    "Authorization": "Basic " + b64encode(f"{KEY}:".encode()).decode(),
    "Content-Type": "application/json",
    "Accept": "application/json",
    "User-Agent": "bench",
}


def eventwright(port: int) -> Work:
    """The client of this repository: retries, limits and typed answers on, as it comes."""
    client = Client(api_key=KEY, server=f"http://127.0.0.1:{port}/v1")

    def send(count: int) -> None:
        for _ in range(count):
            client.track(
                DeviceCreatedOrUpdated(
                    user_id=USER,
                    context=DeviceContext(device=Device(token=TOKEN, type="ios")),
                    timestamp=MOMENT,
                )
            )

    return send


def bare(port: int) -> Work:
    """http.client and bytes prepared beforehand: no building, no checks, nothing on failure."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def send(count: int) -> None:
        for _ in range(count):
            connection.request("POST", "/v1/track", WIRE, HEADERS)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"answered {answer.status}")

    return send


def openapi_python_client(port: int) -> Work:
    """The client of openapi-python-client (httpx), which keeps its connection alive."""
    models, peer = import_module("peer_opc.models"), import_module("peer_opc.client")
    call = import_module("peer_opc.api.default.track_customerio_events").sync
    token = HEADERS["Authorization"].removeprefix("Basic ")
    client = peer.AuthenticatedClient(
        base_url=f"http://127.0.0.1:{port}/v1", token=token, prefix="Basic"
    )
    device = models.DeviceCreatedOrUpdatedContextDevice
    ios = models.DeviceCreatedOrUpdatedContextDeviceType.IOS
    literal = models.DeviceCreatedOrUpdatedEvent.DEVICE_CREATED_OR_UPDATED

    def send(count: int) -> None:
        for _ in range(count):
            event = models.DeviceCreatedOrUpdated(
                user_id=USER,
                type_=models.DeviceCreatedOrUpdatedType.TRACK,
                event=literal,
                context=models.DeviceCreatedOrUpdatedContext(device=device(token=TOKEN, type_=ios)),
                timestamp=MOMENT,
            )
            if call(client=client, body=event) is None:
                raise RuntimeError("no answer")

    return send


def vendor(port: int) -> Work:
    """customerio-cdp-analytics in its synchronous mode."""
    client = import_module("customerio.analytics.client").Client(
        KEY, host=f"http://127.0.0.1:{port}", sync_mode=True
    )

    def send(count: int) -> None:
        for _ in range(count):
            client.track(
                user_id=USER,
                event="Device Created or Updated",
                context={"device": {"token": TOKEN, "type": "ios"}},
                timestamp=MOMENT,
            )

    return send


if __name__ == "__main__":
    port = arguments().port
    report(
        {
            "send eventwright": eventwright(port),
            "send http.client": bare(port),
            "send openapi-python-client": openapi_python_client(port),
            "send customerio-cdp-analytics": vendor(port),
        }
    )
