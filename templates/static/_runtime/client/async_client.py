"""The async client that a generated one extends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from inspect import isawaitable
from typing import Any, TypeVar

from ..calls.requests import Endpoint
from ..calls.responses import Answer
from ..http.connections import out_of_time
from ..http.messages import AsyncTransport, Request, Response
from ..http.streams import AsyncSocketTransport
from .client import ClientCore

_Client = TypeVar("_Client", bound="AsyncBaseClient")


# A function of its own, as typing.Self is not there before Python 3.11.
async def _entered(client: _Client) -> _Client:
    return client


class AsyncBaseClient(ClientCore[AsyncTransport]):
    """Sends requests without blocking the event loop. See `ClientCore`."""

    _own_transport = AsyncSocketTransport
    _takes_async = True
    _wanted = ("an AsyncTransport, such as AsyncHttpxTransport", "aclose")

    def _call(
        self, endpoint: Endpoint, **given: Any
    ) -> Coroutine[Any, Any, Answer[Any]]:
        """See `ClientCore._run`. May be cancelled at any point."""
        return self._run(endpoint, **given)

    def _send(self, request: Request) -> Awaitable[Response]:
        return self._transport.send(request)

    async def _ask(self, source: Callable[[], object], seconds: float) -> object:
        key = source()
        return await _awaited(key, seconds) if isawaitable(key) else key

    async def _wait(
        self, alarms: dict[Any, None], over: Callable[[], bool], seconds: float
    ) -> bool:
        alarm: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        alarms[alarm] = None
        try:
            if not over():
                await asyncio.wait({alarm}, timeout=seconds)
            return not (over() or alarm.done())
        finally:
            alarms.pop(alarm, None)

    def _wake(self, alarms: dict[Any, None]) -> None:
        """May be called from another thread."""
        for alarm in list(alarms):
            with suppress(RuntimeError):  # its loop is closed
                alarm.get_loop().call_soon_threadsafe(_ring, alarm)

    def _end_pauses(self) -> None:
        """May be called from another thread."""
        self._closed = True
        self._wake(self._alarms)

    async def aclose(self) -> None:
        """As `BaseClient.close`."""
        if not self._closed:
            self._end_pauses()
            await self._transport.aclose()

    __aenter__ = _entered

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


async def _awaited(key: Awaitable[object], seconds: float) -> object:
    # Not by wait_for: its TimeoutError may be one of the key's own.
    waiting = asyncio.ensure_future(key)
    try:
        await asyncio.wait({waiting}, timeout=seconds)
        if waiting.done():
            return waiting.result()
        raise out_of_time(maybe_sent=False)
    finally:
        waiting.cancel()


def _ring(alarm: asyncio.Future[None]) -> None:
    if not alarm.done():
        alarm.set_result(None)
