"""Worker: sending with 32 requests under way at any time, on one event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from importlib import import_module

from customerio_events import AsyncClient, Device, DeviceContext, DeviceCreatedOrUpdated

from .building import MOMENT, TOKEN, USER, WIRE
from .paired import Work
from .sending import HEADERS, KEY
from .worker import arguments, report

IN_FLIGHT = 32


def eventwright(port: int) -> Callable[[], Awaitable[None]]:
    """Building an event and sending it with the async client of this repository."""
    client = AsyncClient(api_key=KEY, server=f"http://127.0.0.1:{port}/v1")

    async def send() -> None:
        await client.track(
            DeviceCreatedOrUpdated(
                user_id=USER,
                context=DeviceContext(device=Device(token=TOKEN, type="ios")),
                timestamp=MOMENT,
            )
        )

    return send


def aiohttp(port: int) -> Callable[[], Awaitable[None]]:
    """aiohttp and bytes prepared beforehand."""
    session = import_module("aiohttp").ClientSession()
    url = f"http://127.0.0.1:{port}/v1/track"

    async def send() -> None:
        async with session.post(url, data=WIRE, headers=HEADERS) as answer:
            await answer.read()
            if answer.status != 200:
                raise RuntimeError(f"answered {answer.status}")

    return send


def crowd(loop: asyncio.AbstractEventLoop, send: Callable[[], Awaitable[None]]) -> Work:
    """That many times, by 32 tasks that share the work."""

    async def all_of(count: int) -> None:
        left = iter(range(count))

        async def one() -> None:
            for _ in left:
                await send()

        await asyncio.gather(*(one() for _ in range(IN_FLIGHT)))

    return lambda count: loop.run_until_complete(all_of(count))


async def senders(port: int) -> dict[str, Callable[[], Awaitable[None]]]:
    """Made on the loop, as aiohttp wants it."""
    return {"async eventwright": eventwright(port), "async aiohttp": aiohttp(port)}


if __name__ == "__main__":
    loop = asyncio.new_event_loop()
    made = loop.run_until_complete(senders(arguments().port))
    report({name: crowd(loop, send) for name, send in made.items()})
