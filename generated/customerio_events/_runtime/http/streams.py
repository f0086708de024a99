"""One connection on an event loop: HTTP/1.1 as an asyncio protocol."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from time import monotonic
from typing import TypeVar, cast

from .base import Connection
from .errors import ConnectionFailed, TimedOut, TransportError, out_of_time
from .http1 import DEFAULT_LIMITS, Arrived, Limits, Reader
from .messages import Response
from .tls import ssl

_T = TypeVar("_T")
# An event loop may call a timer this much early.
_CLOCK_SLACK = 0.002


class Stream(Connection, asyncio.Protocol):
    """A connection on an event loop. If an exchange is cancelled, it is not reusable."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self._loop = loop
        self._process = os.getpid()
        self._limits = limits
        self._transport: asyncio.Transport | None = None
        self._waiter: asyncio.Future[Response] | None = None
        self._reader: Reader | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._due = self._last = self._read = self._deadline = 0.0
        self._unsent = 0

    async def exchange(
        self, data: memoryview, method: str, read: float, deadline: float
    ) -> Response:
        self.reusable = self.touched = False
        transport = self._open_transport()
        self._reader = Reader(method, self._limits)
        self._waiter = waiter = self._loop.create_future()
        transport.write(data)
        self._unsent = transport.get_write_buffer_size()
        self._last = monotonic()
        self._read, self._deadline = read, deadline
        self._watch()
        try:
            response: Response = await waiter
            return response
        finally:
            self._waiter = self._reader = None

    async def secure(self, context: ssl.SSLContext, host: str, until: float) -> None:
        before = self._open_transport()
        upgraded = await self._loop.start_tls(
            before, self, context, server_hostname=host
        )
        if upgraded is None:
            raise ConnectionAbortedError("the connection ended during the handshake")
        self._transport = upgraded

    def _open_transport(self) -> asyncio.Transport:
        if self._transport is None or self._transport.is_closing():
            raise ConnectionFailed("the server closed the connection")
        return self._transport

    def stale(self) -> bool:
        return not self.reusable

    def close(self) -> None:
        self.reusable = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._transport is None:
            return
        if self._process != os.getpid():
            # The loop's own ways would do the same to the parent: both share what the system
            # watches. So the copy of the socket is closed, and nothing else touched.
            shared = self._transport.get_extra_info("socket")
            if shared is not None and shared.fileno() >= 0:
                with open(os.devnull, "rb") as nothing:
                    os.dup2(nothing.fileno(), shared.fileno())
        elif not self._loop.is_closed():  # else it has let go of its connections
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self.reusable = True

    def data_received(self, data: bytes) -> None:
        if self._waiter is None or self._waiter.done():
            self.close()  # unasked, or after a whole answer: nothing more can be trusted here
            return
        self.touched = True
        self._last = monotonic()
        self._feed(data)

    def eof_received(self) -> None:
        self._ended(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended(exc)
        self._transport = None

    def _ended(self, error: Exception | None) -> None:
        self.reusable = False
        if error is None and self.touched:
            self._feed(b"")
            self.reusable = False
            return
        reason = "the server closed the connection unanswered"
        if error is not None:
            reason = f"the connection broke: {error}"
        self._fail(ConnectionFailed(reason, maybe_sent=True))

    def _feed(self, data: bytes) -> None:
        if self._reader is not None:
            self._settle(self._reader.feed, data)

    def _fail(self, error: TransportError) -> None:
        if self._reader is not None:
            self._settle(self._reader.broken_off, error)

    def _settle(self, ask: Callable[[_T], Arrived | None], given: _T) -> None:
        """End the exchange, if one is waiting and the reader says that it is over."""
        waiter = self._waiter
        if waiter is None or waiter.done():
            return
        try:
            arrived = ask(given)
        except TransportError as error:
            waiter.set_exception(error)
            return
        if arrived is not None:
            self.reusable = arrived.reusable and not self._left_unsent()
            waiter.set_result(arrived.response)

    def _left_unsent(self) -> int:
        transport = self._transport
        return 0 if transport is None else transport.get_write_buffer_size()

    def _watch(self) -> None:
        """Look at the time when a limit may be reached. One timer serves many exchanges."""
        due = min(self._deadline, self._last + self._read)
        if self._timer is not None:
            if self._due <= due:
                return
            self._timer.cancel()
        self._due = due
        self._timer = self._loop.call_later(due - monotonic(), self._check_time)

    def _check_time(self) -> None:
        self._timer = None
        if self._waiter is None or self._waiter.done():
            return
        now = monotonic() + _CLOCK_SLACK
        unsent = self._left_unsent()
        if unsent < self._unsent:  # the server is still reading what we send
            self._unsent = unsent
            self._last = now
        if now >= self._deadline:
            self._fail(out_of_time(maybe_sent=True))
        elif now >= self._last + self._read:
            self._fail(TimedOut("the server takes too long to answer", maybe_sent=True))
        else:
            self._watch()
