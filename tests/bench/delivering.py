"""Worker: handing events over to be sent later, and having them sent, against a volatile queue."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from customerio_events import (
    Client,
    Device,
    DeviceContext,
    DeviceCreatedOrUpdated,
    UserSuppressed,
)
from customerio_events.outbox import Outbox

from .building import MOMENT, TOKEN, USER
from .paired import Work
from .sending import KEY
from .worker import arguments, report

_MILLION = 1_000_000
_CHUNK = 2000


def event() -> DeviceCreatedOrUpdated:
    return DeviceCreatedOrUpdated(
        user_id=USER,
        context=DeviceContext(device=Device(token=TOKEN, type="ios")),
        timestamp=MOMENT,
    )


def outbox(path: Path | None, port: int, **options: Any) -> Outbox:
    client = Client(api_key=KEY, server=f"http://127.0.0.1:{port}/v1")
    return Outbox(path, client=client, **options)


def putting(path: Path, port: int) -> Work:
    """Durable when `put` returns; nobody delivers meanwhile."""
    box = outbox(path, port, concurrency=0)

    def put(count: int) -> None:
        for _ in range(count):
            box.put(event())

    return put


def filled(path: Path, port: int) -> Path:
    """A file in which a million events wait."""
    with outbox(path, port, concurrency=0) as box:
        waiting = UserSuppressed(user_id=USER)
        for _ in range(_MILLION // _CHUNK):
            box.put_many([waiting] * _CHUNK)
    return path


def opening(path: Path, port: int) -> Work:
    """Opened, asked how many wait, closed."""

    def open_(count: int) -> None:
        for _ in range(count):
            with outbox(path, port, concurrency=0) as box:
                box.stats()

    return open_


def delivering(path: Path | None, port: int, **options: Any) -> Work:
    """From `put` to the answer of the server, one request each."""
    box = outbox(path, port, max_pending=10**9, key=None, **options)

    def deliver(count: int) -> None:
        for _ in range(count):
            box.put(event())
        box.flush()

    return deliver


def _vendor(port: int) -> Any:
    client = import_module("customerio.analytics.client").Client
    return client(KEY, host=f"http://127.0.0.1:{port}", max_queue_size=10**9)


def _tracking(client: Any) -> Callable[[int], None]:
    def track(count: int) -> None:
        for _ in range(count):
            client.track(
                user_id=USER,
                event="Device Created or Updated",
                context={"device": {"token": TOKEN, "type": "ios"}},
                timestamp=MOMENT,
            )

    return track


def enqueuing(port: int) -> Work:
    """The queue of customerio-cdp-analytics, in memory; nobody sends meanwhile."""
    client = _vendor(port)
    client.join()
    return _tracking(client)


def batching(port: int) -> Work:
    """customerio-cdp-analytics as it comes: a hundred events in a request."""
    client = _vendor(port)
    track = _tracking(client)

    def deliver(count: int) -> None:
        track(count)
        client.flush()

    return deliver


if __name__ == "__main__":
    port = arguments().port
    with tempfile.TemporaryDirectory() as folder:
        million = filled(Path(folder, "million.db"), port)
        report(
            {
                "put eventwright": putting(Path(folder, "put.db"), port),
                "put eventwright behind a million": putting(million, port),
                "put customerio-cdp-analytics": enqueuing(port),
                "open eventwright of a million": opening(million, port),
                "deliver eventwright in memory": delivering(None, port),
                "deliver eventwright": delivering(Path(folder, "deliver.db"), port),
                "deliver customerio-cdp-analytics": batching(port),
            }
        )
