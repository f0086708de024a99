"""The async client that a generated one extends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from inspect import isawaitable
from time import monotonic
from typing import Any, TypeVar

from ..http.connections import out_of_time
from ..http.messages import AsyncTransport, Request, Response
from ..http.streams import AsyncSocketTransport
from .client import ClientCore
from .requests import Endpoint
from .responses import Answer

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
        until = monotonic() + seconds
        try:
            return await _awaited(source(), seconds)
        except (TimeoutError, asyncio.TimeoutError):
            if monotonic() < until:  # it is the source's own
                raise
            raise out_of_time(maybe_sent=False) from None

    async def _pause(self, seconds: float) -> bool:
        alarm: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._alarms[alarm] = None
        try:
            if not self._closed:
                await asyncio.wait({alarm}, timeout=seconds)
            return not (self._closed or alarm.done())
        finally:
            self._alarms.pop(alarm, None)

    def _end_pauses(self) -> None:
        """May be called from another thread."""
        self._closed = True
        for alarm in list(self._alarms):
            with suppress(RuntimeError):  # its loop is closed
                alarm.get_loop().call_soon_threadsafe(_ring, alarm)

    async def aclose(self) -> None:
        """As `BaseClient.close`."""
        if not self._closed:
            self._end_pauses()
            await self._transport.aclose()

    __aenter__ = _entered

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


async def _awaited(key: object, seconds: float) -> object:
    return await asyncio.wait_for(key, seconds) if isawaitable(key) else key


def _ring(alarm: asyncio.Future[None]) -> None:
    if not alarm.done():
        alarm.set_result(None)
