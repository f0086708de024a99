"""Worker: handing events over to be sent later, and having them sent, against a volatile queue."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from threading import Thread
from types import MappingProxyType
from typing import Any

from customerio_events import (
    AsyncClient,
    Attempt,
    Client,
    Device,
    DeviceContext,
    DeviceCreatedOrUpdated,
)
from customerio_events.outbox import AsyncOutbox, Outbox

from .building import MOMENT, TOKEN, USER
from .filling import MILLION, filled
from .paired import Work
from .sending import KEY
from .worker import arguments, report

_THREADS = 8


def event() -> DeviceCreatedOrUpdated:
    return DeviceCreatedOrUpdated(
        user_id=USER,
        context=DeviceContext(device=Device(token=TOKEN, type="ios")),
        timestamp=MOMENT,
    )


def outbox(
    path: Path | None, port: int, own: Mapping[str, Any] = MappingProxyType({}), **options: Any
) -> Outbox:
    """`own`: arguments of the client."""
    client = Client(api_key=KEY, server=f"http://127.0.0.1:{port}/v1", **own)
    return Outbox(path, client=client, **options)


def putting(path: Path, port: int) -> Work:
    """Durable when `put` returns; nobody delivers meanwhile."""
    box = outbox(path, port, concurrency=0)

    def put(count: int) -> None:
        for _ in range(count):
            box.put(event())

    return put


def crowding(path: Path, port: int) -> Work:
    """The same by eight threads at once."""
    put = putting(path, port)

    def put_by_threads(count: int) -> None:
        shares = [count // _THREADS + (number < count % _THREADS) for number in range(_THREADS)]
        threads = [Thread(target=put, args=(share,)) for share in shares]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return put_by_threads


def opening(path: Path, port: int) -> Work:
    """Opened, asked how many wait, closed."""

    def open_(count: int) -> None:
        for _ in range(count):
            with outbox(path, port, concurrency=0) as box:
                box.stats()

    return open_


def delivering(box: Outbox) -> Work:
    """From `put` to the answer of the server, one request each."""

    def deliver(count: int) -> None:
        for _ in range(count):
            box.put(event())
        box.flush()

    return deliver


def delivering_on_a_loop(port: int) -> Work:
    """The same by an `AsyncOutbox`."""
    loop = asyncio.new_event_loop()

    async def opened() -> AsyncOutbox:
        client = AsyncClient(api_key=KEY, server=f"http://127.0.0.1:{port}/v1")
        return AsyncOutbox(None, client=client, max_pending=10**9, key=None)

    box = loop.run_until_complete(opened())

    async def deliver(count: int) -> None:
        for _ in range(count):
            await box.put(event())
        await box.flush()

    return lambda count: loop.run_until_complete(deliver(count))


def nothing(attempt: Attempt) -> None:
    """A hook, which might have blocked: each request has a thread."""


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
        million = filled(Path(folder, "million.db"), MILLION)
        whatever_waits: dict[str, Any] = {"max_pending": 10**9, "key": None}
        report(
            {
                "put eventwright": putting(Path(folder, "put.db"), port),
                "put eventwright of eight threads": crowding(Path(folder, "crowd.db"), port),
                "put eventwright behind a million": putting(million, port),
                "put customerio-cdp-analytics": enqueuing(port),
                "open eventwright of a million": opening(million, port),
                "deliver eventwright in memory": delivering(outbox(None, port, **whatever_waits)),
                "deliver eventwright with a hook": delivering(
                    outbox(None, port, {"on_request": nothing}, **whatever_waits)
                ),
                "deliver eventwright on a loop": delivering_on_a_loop(port),
                "deliver eventwright": delivering(
                    outbox(Path(folder, "deliver.db"), port, **whatever_waits)
                ),
                "deliver customerio-cdp-analytics": batching(port),
            }
        )
