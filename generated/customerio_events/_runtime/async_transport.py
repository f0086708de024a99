"""The async transport: standard library only, kept alive, bound to one event loop at a time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from .dialing import open_stream
from .errors import ConnectionFailed
from .http import Request, Response
from .proxies import Proxies
from .routes import Route, Routes
from .slots import Slots
from .streams import Stream
from .tls import default_context
from .wire import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    import ssl

# Common servers and load balancers drop a connection that is idle for 60 seconds or more.
_LONGEST_IDLE = 55.0


class AsyncSocketTransport:
    """HTTP/1.1 over pooled connections on the event loop it is first used on.

    When that loop is closed another one may follow. A dead connection from the pool is replaced as
    `SocketTransport` says. At most `connections` requests are under way at once; more wait, and
    their waiting counts toward their total timeout.
    """

    def __init__(
        self,
        *,
        ssl_context: ssl.SSLContext | None = None,
        proxies: Proxies | None = None,
        limits: Limits = DEFAULT_LIMITS,
        connections: int = 100,
    ) -> None:
        """Without `ssl_context`, the system's trust store; without `proxies`, none is used."""
        if connections < 1:
            raise ValueError("connections must be at least 1")
        self._context = ssl_context
        self._routes = Routes(proxies)
        self._limits = limits
        self._connections = connections
        self._slots = Slots(connections)
        self._idle: dict[str, list[Stream]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    async def send(self, request: Request) -> Response:
        """See `Transport.send`."""
        if self._closed:
            raise RuntimeError("this transport is closed")
        loop = self._bind()
        deadline = loop.time() + request.timeout.total
        slots = self._slots
        await slots.acquire(loop, deadline)
        try:
            return await self._send(loop, request, deadline)
        finally:
            slots.release()

    async def aclose(self) -> None:
        """Close idle connections; one that is in use is closed when its answer is there."""
        self._closed = True
        self._drop_idle()
        await asyncio.sleep(0)  # the loop closes them in its next turn

    async def _send(
        self, loop: asyncio.AbstractEventLoop, request: Request, deadline: float
    ) -> Response:
        route = self._routes.find(request.origin)
        # A view, not bytes: where a traceback is logged with its variables, it shows no credential.
        data = memoryview(route.encode(request))
        pooled = self._take(request.origin, loop.time())
        if pooled is not None:
            try:
                return await self._exchange(pooled, request, data, deadline)
            except ConnectionFailed:
                if pooled.touched:
                    raise
        stream = await self._open(
            route, min(request.timeout.connect, deadline - loop.time())
        )
        return await self._exchange(stream, request, data, deadline)

    async def _exchange(
        self, stream: Stream, request: Request, data: memoryview, deadline: float
    ) -> Response:
        try:
            return await stream.exchange(
                data, request.method, request.timeout.read, deadline
            )
        except BaseException:
            stream.reusable = False  # also when cancelled just as the answer came
            raise
        finally:
            if stream.reusable and not self._closed:
                self._put_aside(request.origin, stream)
            else:
                stream.abort()

    async def _open(self, route: Route, seconds: float) -> Stream:
        context = await self._tls() if route.secure else None
        return await open_stream(route, context, seconds, self._limits)

    async def _tls(self) -> ssl.SSLContext:
        if self._context is None:
            # Reading the trust store takes long enough to be felt by others on the loop.
            loop = asyncio.get_running_loop()
            self._context = await loop.run_in_executor(None, default_context)
        return self._context

    def _bind(self) -> asyncio.AbstractEventLoop:
        loop = asyncio.get_running_loop()
        if loop is self._loop:
            return loop
        if self._loop is not None and not self._loop.is_closed():
            raise RuntimeError(
                "this client belongs to another event loop; make one for each loop"
            )
        self._loop = loop
        self._idle = {}
        self._slots = Slots(self._connections)
        return loop

    def _take(self, origin: str, now: float) -> Stream | None:
        pool = self._idle.get(origin)
        while pool:
            stream = pool.pop()
            if stream.reusable and now - stream.idle_since < _LONGEST_IDLE:
                return stream
            stream.abort()
        return None

    def _put_aside(self, origin: str, stream: Stream) -> None:
        stream.idle_since = asyncio.get_running_loop().time()
        self._idle.setdefault(origin, []).append(stream)

    def _drop_idle(self) -> None:
        for pool in self._idle.values():
            while pool:
                pool.pop().abort()
