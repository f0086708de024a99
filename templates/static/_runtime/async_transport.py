"""The async transport: standard library only, kept alive, bound to one event loop at a time."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from .dialing import open_stream, read_trust
from .errors import ConnectionFailed
from .http import Request, Response
from .proxies import Proxies
from .routes import Route, Routes
from .slots import Slots
from .streams import Stream
from .wire import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    import ssl
else:
    from .lazy import ssl

# Common servers and load balancers drop a connection that is idle for 60 seconds or more.
_LONGEST_IDLE = 55.0


class _Home:
    """An event loop, the process it runs in, and what there is on it."""

    __slots__ = ("idle", "loop", "process", "slots")

    def __init__(self, loop: asyncio.AbstractEventLoop, connections: int) -> None:
        self.loop = loop
        self.process = os.getpid()
        self.slots = Slots(connections)
        self.idle: dict[str, list[Stream]] = {}

    def take(self, origin: str) -> Stream | None:
        """An idle connection that is alive, as far as is known."""
        pool = self.idle.get(origin)
        while pool:
            stream = pool.pop()
            if stream.reusable and self.loop.time() - stream.idle_since < _LONGEST_IDLE:
                return stream
            stream.abort()
        return None

    def put(self, origin: str, stream: Stream) -> None:
        """Put a connection aside for the next request."""
        stream.idle_since = self.loop.time()
        self.idle.setdefault(origin, []).append(stream)

    def drop(self) -> None:
        """Close all that lie idle; in a child process, its copies alone."""
        inherited = self.process != os.getpid()
        for pool in self.idle.values():
            while pool:
                stream = pool.pop()
                if inherited:
                    stream.disown()
                else:
                    stream.abort()


class AsyncSocketTransport:
    """HTTP/1.1 over pooled connections on the event loop it is first used on.

    When that loop is closed another one may follow, and in a child process one of its own. A dead
    connection from the pool is replaced as `SocketTransport` says. At most `connections` requests
    are under way at once; more wait, and their waiting counts toward their total timeout.
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
        self._home: _Home | None = None
        self._inherited: list[_Home] = []
        self._closed = False

    async def send(self, request: Request) -> Response:
        """See `Transport.send`."""
        if self._closed:
            raise RuntimeError("this transport is closed")
        home = self._bind()
        deadline = home.loop.time() + request.timeout.total
        await home.slots.acquire(home.loop, deadline)
        try:
            return await self._send(home, request, deadline)
        finally:
            home.slots.release()

    async def aclose(self) -> None:
        """Close idle connections; one that is in use is closed when its answer is there."""
        self._closed = True
        if self._home is not None:
            self._home.drop()
        await asyncio.sleep(0)  # the loop closes them in its next turn

    async def _send(self, home: _Home, request: Request, deadline: float) -> Response:
        route = self._routes.find(request.origin)
        # A view, not bytes: where a traceback is logged with its variables, it shows no credential.
        data = memoryview(route.encode(request))
        pooled = home.take(request.origin)
        if pooled is not None:
            try:
                return await self._exchange(home, pooled, request, data, deadline)
            except ConnectionFailed:
                if pooled.touched:
                    raise
        until = min(deadline, home.loop.time() + request.timeout.connect)
        stream = await self._open(home, route, until)
        return await self._exchange(home, stream, request, data, deadline)

    async def _exchange(
        self,
        home: _Home,
        stream: Stream,
        request: Request,
        data: memoryview,
        deadline: float,
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
                home.put(request.origin, stream)
            else:
                stream.abort()

    async def _open(self, home: _Home, route: Route, until: float) -> Stream:
        if route.secure and self._context is None:
            seconds = until - home.loop.time()
            self._context = await read_trust(home.loop, route.origin.host, seconds)
        context = self._context if route.secure else None
        return await open_stream(route, context, until - home.loop.time(), self._limits)

    def _bind(self) -> _Home:
        loop, home = asyncio.get_running_loop(), self._home
        if home is not None and home.process != os.getpid():
            home.drop()
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
        self._home = home = _Home(loop, self._connections)
        return home
