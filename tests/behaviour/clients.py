"""Clients with the settings that most tests share, and a strict event loop for the async one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from behaviour.runtime import load
from behaviour.scenarios import AUTHORIZATION, QUICK, SHORT, TRACK

BODY = b'{"type":"track"}'


def sync_client(url: str, **options: Any) -> Any:
    """A BaseClient with short timeouts, quick retries and a key."""
    return _make(load("_runtime.client.client").BaseClient, url, options)


def async_client(url: str, **options: Any) -> Any:
    """An AsyncBaseClient with the same."""
    return _make(load("_runtime.client.async_client").AsyncBaseClient, url, options)


def _make(kind: Any, url: str, options: dict[str, Any]) -> Any:
    defaults = {"authorization": AUTHORIZATION, "retries": QUICK, "timeout": SHORT}
    return kind(url, trust_env=False, **{**defaults, **options})


def run(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run on a loop that takes a warning or a forgotten error for a failure."""
    complaints: list[dict[str, Any]] = []

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: complaints.append(context))
        await main()
        await asyncio.sleep(0)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        assert not others, others

    asyncio.run(watched())
    assert complaints == []


def call_sync(url: str, *, body: bytes = BODY, **options: Any) -> Any:
    """One call of TRACK by a client of its own."""
    with sync_client(url, **options) as client:
        return client._call(TRACK, body=body)


def call_async(url: str, *, body: bytes = BODY, **options: Any) -> Any:
    """The same by an async client on a loop of its own."""

    async def main() -> Any:
        async with async_client(url, **options) as client:
            return await client._call(TRACK, body=body)

    return asyncio.run(main())


CALLS: dict[str, Callable[..., Any]] = {"sync": call_sync, "async": call_async}
