"""The sync transport: standard library sockets, kept alive and shared by threads."""

from __future__ import annotations

import os
from time import monotonic
from typing import TYPE_CHECKING

from .errors import ConnectionFailed
from .http import Request, Response
from .proxies import Proxies
from .routes import Route, Routes
from .sockets import Connection, dial
from .wire import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    import ssl

_MOST_IDLE = 32
# Common servers and load balancers drop a connection that is idle for 60 seconds or more.
_LONGEST_IDLE = 55.0


class SocketTransport:
    """HTTP/1.1 over pooled connections; safe for threads, and for use after a fork.

    A connection that the server closed while it lay in the pool is noticed before use. If one is
    found dead only when used, before a byte of the answer came, the request is sent once more on a
    new connection: the server was almost surely closing it unread. "Almost" is why delivery is at
    least once.
    """

    def __init__(
        self,
        *,
        ssl_context: ssl.SSLContext | None = None,
        proxies: Proxies | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        """Without `ssl_context`, the system's trust store; without `proxies`, none is used."""
        self._context = ssl_context
        self._routes = Routes(proxies)
        self._limits = limits
        self._idle: dict[str, list[Connection]] = {}
        self._process = os.getpid()
        self._closed = False

    def send(self, request: Request) -> Response:
        """See `Transport.send`."""
        if self._closed:
            raise RuntimeError("this transport is closed")
        deadline = monotonic() + request.timeout.total
        route = self._routes.find(request.origin)
        # A view, not bytes: where a traceback is logged with its variables, it shows no credential.
        data = memoryview(route.encode(request))
        pooled = self._take(request.origin)
        if pooled is not None:
            try:
                return self._exchange(pooled, request, data, deadline)
            except ConnectionFailed:
                if pooled.touched:
                    raise
        return self._exchange(
            self._dial(route, request, deadline), request, data, deadline
        )

    def close(self) -> None:
        """Close idle connections; one that is in use is closed when its answer is there."""
        self._closed = True
        self._drop_idle()

    def _exchange(
        self,
        connection: Connection,
        request: Request,
        data: memoryview,
        deadline: float,
    ) -> Response:
        try:
            return connection.exchange(
                data, request.method, request.timeout.read, deadline
            )
        finally:
            if connection.reusable:
                self._put_aside(request.origin, connection)
            else:
                connection.close()

    def _dial(self, route: Route, request: Request, deadline: float) -> Connection:
        context = self._tls() if route.secure else None
        return dial(
            route.origin, route.proxy, context, request.timeout, deadline, self._limits
        )

    def _tls(self) -> ssl.SSLContext:
        if self._context is None:
            from .tls import default_context  # only https pays for it

            self._context = default_context()
        return self._context

    # The pool takes no lock: list.append and list.pop are atomic, and a lock that another thread
    # holds at a fork would stay locked in the child for good.

    def _take(self, origin: str) -> Connection | None:
        if self._process != os.getpid():
            self._process = os.getpid()
            self._drop_idle()
        pool = self._idle.get(origin)
        while pool:
            try:
                connection = pool.pop()
            except IndexError:  # another thread was faster
                return None
            if (
                monotonic() - connection.idle_since < _LONGEST_IDLE
                and not connection.stale()
            ):
                return connection
            connection.close()
        return None

    def _put_aside(self, origin: str, connection: Connection) -> None:
        pool = self._idle.setdefault(origin, [])
        if len(pool) >= _MOST_IDLE:
            connection.close()
            return
        connection.idle_since = monotonic()
        pool.append(connection)
        if self._closed:
            self._drop_idle()

    def _drop_idle(self) -> None:
        for pool in list(self._idle.values()):
            while pool:
                try:
                    pool.pop().close()
                except IndexError:  # another thread was faster
                    break
