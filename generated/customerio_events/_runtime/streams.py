"""One connection on an event loop: HTTP/1.1 as an asyncio protocol."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from .errors import ConnectionFailed, TimedOut, TransportError
from .http import Response
from .wire import DEFAULT_LIMITS, Arrived, Limits, Reader

if TYPE_CHECKING:
    import ssl
else:
    from .lazy import ssl

# An event loop may call a timer this much early.
_CLOCK_SLACK = 0.002


class Stream(asyncio.Protocol):
    """A connection and the one exchange going on on it.

    Attributes:
        reusable: nothing is known that keeps it from serving another exchange.
        touched: the exchange going on has seen a byte of its answer.
        idle_since: when it was last put aside, on the loop's clock.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self._loop = loop
        self._limits = limits
        self._transport: asyncio.Transport | None = None
        self._waiter: asyncio.Future[Response] | None = None
        self._reader: Reader | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._last = 0.0
        self._unsent = 0
        self.reusable = False
        self.touched = False
        self.idle_since = 0.0

    async def exchange(
        self, data: bytes | memoryview, method: str, read: float, deadline: float
    ) -> Response:
        """Send one request and wait for its answer; afterwards `reusable` is known.

        `deadline` is on the loop's clock. If this is cancelled, the connection is not reusable.

        Raises:
            ConnectionFailed, TimedOut, MalformedAnswer: no answer came, not even its status.
        """
        self.reusable = self.touched = False
        transport = self._transport
        if transport is None or transport.is_closing():
            raise ConnectionFailed("the server closed the connection")
        self._reader = Reader(method, self._limits)
        self._waiter = waiter = self._loop.create_future()
        transport.write(data)
        self._unsent = transport.get_write_buffer_size()
        self._last = self._loop.time()
        self._watch(read, deadline)
        try:
            response: Response = await waiter
            return response
        finally:
            if self._timer is not None:
                self._timer.cancel()
            self._waiter = self._reader = self._timer = None

    async def secure(self, context: ssl.SSLContext, host: str) -> None:
        """Speak TLS from here on."""
        if self._transport is None:
            raise ConnectionFailed("the server closed the connection")
        upgraded = await self._loop.start_tls(
            self._transport, self, context, server_hostname=host
        )
        if upgraded is None:
            raise ConnectionAbortedError("the connection ended during the handshake")
        self._transport = upgraded

    def abort(self) -> None:
        """Close at once."""
        self.reusable = False
        # A loop that is closed has let go of its connections, and can take no more calls.
        if self._transport is not None and not self._loop.is_closed():
            self._transport.abort()

    def disown(self) -> None:
        """Close the copy of the socket that a child process has, and touch nothing else.

        The loop's own ways would do the same to the parent: both share what the system watches.
        """
        if self._transport is None:
            return
        shared = self._transport.get_extra_info("socket")
        if shared is not None and shared.fileno() >= 0:
            with open(os.devnull, "rb") as nothing:
                os.dup2(nothing.fileno(), shared.fileno())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        self._transport = cast("asyncio.Transport", transport)
        self.reusable = True

    def data_received(self, data: bytes) -> None:
        """Called by the loop."""
        if self._waiter is None or self._waiter.done():
            self.abort()  # unasked, or after a whole answer: nothing more can be trusted here
            return
        self.touched = True
        self._last = self._loop.time()
        self._feed(data)

    def eof_received(self) -> None:
        """Called by the loop, which then closes the connection."""
        self._ended(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the loop."""
        self._ended(exc)
        self._transport = None

    def _ended(self, error: Exception | None) -> None:
        self.reusable = False
        if error is not None:
            self._fail(
                ConnectionFailed(f"the connection broke: {error}", maybe_sent=True)
            )
        elif not self.touched:
            reason = "the server closed the connection unanswered"
            self._fail(ConnectionFailed(reason, maybe_sent=True))
        else:
            self._feed(b"")
            self.reusable = False

    def _feed(self, data: bytes) -> None:
        self._settle(lambda reader: reader.feed(data))

    def _fail(self, error: TransportError) -> None:
        self._settle(lambda reader: reader.broken_off(error))

    def _settle(self, ask: Callable[[Reader], Arrived | None]) -> None:
        """End the exchange, if one is waiting and the reader says that it is over."""
        waiter, reader = self._waiter, self._reader
        if reader is None or waiter is None or waiter.done():
            return
        try:
            arrived = ask(reader)
        except TransportError as error:
            waiter.set_exception(error)
            return
        if arrived is not None:
            self.reusable = arrived.reusable and not self._left_unsent()
            waiter.set_result(arrived.response)

    def _left_unsent(self) -> int:
        transport = self._transport
        return 0 if transport is None else transport.get_write_buffer_size()

    def _watch(self, read: float, deadline: float) -> None:
        due = min(deadline, self._last + read)
        self._timer = self._loop.call_at(due, self._check_time, read, deadline)

    def _check_time(self, read: float, deadline: float) -> None:
        now = self._loop.time() + _CLOCK_SLACK
        unsent = self._left_unsent()
        if unsent < self._unsent:  # the server is still reading what we send
            self._unsent = unsent
            self._last = self._loop.time()
        if now >= deadline:
            self._fail(TimedOut("the total time for the call is over", maybe_sent=True))
        elif now >= self._last + read:
            self._fail(TimedOut("the server takes too long to answer", maybe_sent=True))
        else:
            self._watch(read, deadline)
