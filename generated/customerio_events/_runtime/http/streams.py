"""The async transport, and one connection on an event loop: HTTP/1.1 as an asyncio protocol."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any, NamedTuple, cast

from .connections import BaseTransport, Connection, Pool, not_connected, out_of_time
from .http1 import Reader
from .messages import (
    ConnectionFailed,
    Request,
    Response,
    TimedOut,
    TransportError,
    program_ends,
)
from .security import default_context, ssl
from .servers import Origin, Proxies, Proxy
from .streamed import Streamed

# An event loop may call a timer this much early.
_CLOCK_SLACK = 0.002
_PIECE = 65_536


class Stream(Connection, asyncio.BufferedProtocol):
    """A connection on an event loop. If an exchange is cancelled, it is not reusable."""

    def __init__(self, loop: asyncio.AbstractEventLoop, room: memoryview) -> None:
        """`room`: what comes is put there first; streams of one loop may share it."""
        self._loop, self._room = loop, room
        self._process = os.getpid()
        self._transport: asyncio.Transport | None = None
        self._waiter: asyncio.Future[Response] | None = None
        self._reader = Reader("")
        self._timer: asyncio.TimerHandle | None = None
        self._due = self._last = self._read = self._deadline = 0.0
        self._unsent = 0
        self._sending = False
        """Of a streamed body there may be more to come."""
        self._full: asyncio.Future[None] | None = None
        """Until it is done, the system takes no more."""

    async def exchange(
        self,
        data: memoryview,
        reader: Reader,
        read: float,
        deadline: float,
        body: Streamed | None = None,
    ) -> Response:
        self.reusable = self.touched = False
        transport = self._open_transport()
        self._reader = reader
        self._waiter = waiter = self._loop.create_future()
        transport.write(data)
        self._unsent = transport.get_write_buffer_size()
        self._last = monotonic()
        self._read, self._deadline = read, deadline
        self._watch()
        try:
            if body is not None:
                await self._send_pieces(body.async_framed(), waiter)
            response: Response = await waiter
            return response
        finally:
            self._waiter = None

    async def _send_pieces(
        self, pieces: AsyncIterator[bytes], waiter: asyncio.Future[Response]
    ) -> None:
        """Send a streamed body, no faster than the server takes it; until an answer comes."""
        self._sending = True
        while not waiter.done():
            asked = asyncio.ensure_future(_next(pieces))
            try:
                await _first(asked, waiter)
                if not asked.done():
                    return
                piece = asked.result()
            except BaseException:
                _discard(waiter)
                raise
            finally:
                asked.cancel()
            if piece is None:
                self._sending = False
                return
            if (transport := self._live) is not None:
                transport.write(piece)
                self._unsent = transport.get_write_buffer_size()
                self._last = monotonic()
            if self._full is not None:
                await _first(self._full, waiter)

    def pause_writing(self) -> None:
        self._full = self._loop.create_future()

    def resume_writing(self) -> None:
        if self._full is not None and not self._full.done():
            self._full.set_result(None)
        self._full = None

    async def secure(self, context: ssl.SSLContext, host: str, until: float) -> None:
        upgraded = await self._loop.start_tls(
            self._open_transport(), self, context, server_hostname=host
        )
        if upgraded is None:
            raise ConnectionAbortedError("the connection ended during the handshake")
        self._transport = upgraded

    @property
    def _live(self) -> asyncio.Transport | None:
        """What can be written to; None: the connection is closed, or about to be."""
        transport = self._transport
        try:
            closed = transport is None or transport.is_closing()
        except AttributeError:  # Python 3.10: TLS has lost what it was spoken over
            closed = True
        return None if closed else transport

    def _open_transport(self) -> asyncio.Transport:
        if (transport := self._live) is None:
            raise ConnectionFailed("the server closed the connection")
        return transport

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

    def get_buffer(self, sizehint: int) -> memoryview:
        # A plain protocol is given what came in a quarter of a megabyte made for it each time.
        return self._room

    def buffer_updated(self, nbytes: int) -> None:
        if self._waiter is None or self._waiter.done():
            self.close()  # unasked, or after a whole answer: nothing more can be trusted here
            return
        self.touched = True
        self._last = monotonic()
        self._feed(bytes(self._room[:nbytes]))

    def eof_received(self) -> None:
        self._ended(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self.close()  # Python 3.10 takes one with TLS, that the server has closed, for open
        self._transport = None
        self._ended(exc)

    def _ended(self, error: Exception | None) -> None:
        reason = "the server closed the connection unanswered"
        if error is not None:
            reason = f"the connection broke: {error}"
        whole = error is None and self.touched
        self._feed(b"" if whole else ConnectionFailed(reason, maybe_sent=True))
        self.reusable = False

    def _feed(self, came: bytes | TransportError) -> None:
        """End the exchange, if one is waiting and the reader says that it is over."""
        reader, waiter = self._reader, self._waiter
        if waiter is None or waiter.done():
            return
        try:
            arrived = (
                reader.feed(came)
                if isinstance(came, bytes)
                else reader.broken_off(came)
            )
        except TransportError as error:
            waiter.set_exception(error)
            return
        if arrived is not None:
            whole = not (self._sending or self._left_unsent())
            self.reusable = arrived.reusable and whole
            waiter.set_result(arrived.response)

    def _left_unsent(self) -> int:
        transport = self._live
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
        # The server is still reading what we send, or we still wait for more to send.
        if unsent < self._unsent or (self._sending and not unsent):
            self._unsent = unsent
            self._last = now
        if now >= self._deadline:
            self._feed(out_of_time(maybe_sent=True))
        elif now >= self._last + self._read:
            self._feed(TimedOut("the server takes too long to answer", maybe_sent=True))
        else:
            self._watch()


class Slots:
    """So many slots; whoever finds none free waits, first come first served."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def acquire(self, loop: asyncio.AbstractEventLoop, deadline: float) -> None:
        """Take a slot, or raise TimedOut at `deadline` on the monotonic clock."""
        if self._free:
            self._free -= 1
            return
        waiter: asyncio.Future[None] = loop.create_future()
        self._waiting.append(waiter)
        try:
            await asyncio.wait({waiter}, timeout=deadline - monotonic())
        except asyncio.CancelledError:
            if waiter.done():
                self.release()  # it was handed over in the moment of the cancellation
            raise
        finally:
            waiter.cancel()
        if waiter.cancelled():
            raise TimedOut("no connection became free in time")

    def release(self) -> None:
        """Give a slot back, to the next in line if there is one."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return
        self._free += 1


class _Home(NamedTuple):
    """An event loop, the process it runs in, and what there is on it."""

    loop: asyncio.AbstractEventLoop
    process: int
    slots: Slots
    pool: Pool[Stream]
    room: memoryview


class AsyncSocketTransport(BaseTransport[Stream]):
    """An `AsyncTransport` on the event loop it is first used on. See `BaseTransport`.

    When that loop is closed another one may follow, and in a child process one of its own. At most
    `connections` requests are under way at once; more wait, and their waiting counts toward their
    total timeout.
    """

    def __init__(
        self,
        *,
        connections: int = 100,
        ssl_context: ssl.SSLContext | None = None,
        proxies: Proxies | None = None,
        trust_env: bool = True,
    ) -> None:
        """For what is not said here see `BaseTransport`."""
        if connections < 1:
            raise ValueError("connections must be at least 1")
        super().__init__(ssl_context, proxies, trust_env)
        self._connections = connections
        self._home: _Home | None = None
        self._inherited: list[_Home] = []

    async def send(self, request: Request) -> Response:
        """See `Transport.send`."""
        if self._closed:
            raise RuntimeError("this transport is closed")
        home = self._bind()
        deadline = monotonic() + request.timeout.total
        await home.slots.acquire(home.loop, deadline)
        try:
            return await self._carry(request, home.pool, deadline)
        finally:
            home.slots.release()

    def widen(self, connections: int) -> None:
        """See `BaseTransport.widen`."""
        more, home = connections - self._connections, self._home
        self._connections = max(self._connections, connections)
        if home is not None:
            home.pool.widen(connections)
            for _ in range(more):
                home.slots.release()

    async def aclose(self) -> None:
        """Close idle connections; one that is in use is closed when its answer is there."""
        self._closed = True
        if self._home is not None:
            self._home.pool.drop()
        await asyncio.sleep(0)  # the loop closes them in its next turn

    def _bind(self) -> _Home:
        loop, home = asyncio.get_running_loop(), self._home
        if home is not None and home.process != os.getpid():
            home.pool.drop()
            # Kept for good: a loop that is let go of closes itself, and would take out of the
            # system's hands what the parent's loop, of which it is a copy, still waits for.
            self._inherited.append(home)
        elif home is not None:
            if home.loop is loop:
                return home
            if not home.loop.is_closed():
                raise RuntimeError(
                    "this client belongs to another event loop; make one for each loop"
                )
        most = self._connections
        room = memoryview(bytearray(_PIECE))
        self._home = _Home(loop, os.getpid(), Slots(most), Pool[Stream](most), room)
        return self._home

    async def _open(self, origin: Origin, proxy: Proxy | None, until: float) -> Stream:
        opening = asyncio.ensure_future(super()._open(origin, proxy, until))
        try:
            await asyncio.wait({opening}, timeout=until - monotonic())
            if not opening.done():
                raise TimedOut(f"connecting to {origin.host} takes too long")
        except BaseException:
            opening.cancel()
            opening.add_done_callback(_discard)  # it may succeed at this very moment
            raise
        return opening.result()

    async def _connect(self, host: str, port: int, until: float) -> Stream:
        home = self._bind()
        try:
            _, stream = await home.loop.create_connection(
                lambda: Stream(home.loop, home.room), host, port
            )
        except (OSError, UnicodeError) as error:
            raise not_connected(host, port, error) from None
        except RuntimeError as error:  # names are looked up in a thread
            raise program_ends(error, host) from None
        return stream

    async def _trust(self, host: str) -> ssl.SSLContext:
        # Reading the system's trust store takes long enough to be felt by others on the loop.
        loop = asyncio.get_running_loop()
        try:
            reading = loop.run_in_executor(None, default_context)
        except RuntimeError as error:  # no thread takes it on any more
            raise program_ends(error, host) from None
        return await reading


async def _first(*waited: asyncio.Future[Any]) -> None:
    await asyncio.wait({*waited}, return_when=asyncio.FIRST_COMPLETED)


async def _next(pieces: AsyncIterator[bytes]) -> bytes | None:
    return await anext(pieces, None)


def _discard(late: asyncio.Future[Any]) -> None:
    """Of an outcome that nobody waits for: an error is no news, a connection is closed."""
    if late.done() and not late.cancelled() and late.exception() is None:
        opened = late.result()
        if isinstance(opened, Stream):
            opened.close()
