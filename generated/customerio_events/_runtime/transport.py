"""The sync transport: standard library sockets, kept alive and shared by threads."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from .connecting import dial
from .errors import ConnectionFailed
from .http import Request, Response
from .pools import Pool
from .proxies import Proxies
from .routes import Route, Routes
from .sockets import Connection
from .wire import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    import ssl
else:
    from .lazy import ssl


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
        self._pool = Pool()
        self._closed = False

    def send(self, request: Request) -> Response:
        """See `Transport.send`."""
        if self._closed:
            raise RuntimeError("this transport is closed")
        deadline = monotonic() + request.timeout.total
        route = self._routes.find(request.origin)
        # A view, not bytes: where a traceback is logged with its variables, it shows no credential.
        data = memoryview(route.encode(request))
        pooled = self._pool.take(request.origin)
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
        self._pool.drop()

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
                self._pool.put(request.origin, connection)
                if self._closed:  # meanwhile
                    self._pool.drop()
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
