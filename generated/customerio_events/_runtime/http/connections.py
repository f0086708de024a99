"""How a request travels, sync or async: over a connection that lies idle, or a new one."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from contextlib import suppress
from time import monotonic
from typing import Generic, TypeVar

from .headers import Headers
from .http1 import Reader, encode, limits_of
from .messages import (
    ConnectionFailed,
    MalformedAnswer,
    Request,
    Response,
    TimedOut,
    TransportError,
    describe,
)
from .security import default_context, ssl
from .servers import Origin, Proxies, Proxy
from .streamed import Streamed

# Common servers and load balancers drop a connection that is idle for 60 seconds or more.
_LONGEST_IDLE = 55.0


class Connection(ABC):
    """One connection, used for an exchange at a time."""

    reusable = False
    """Nothing is known that keeps it from serving another exchange."""
    touched = False
    """The exchange going on has seen a byte of its answer."""
    idle_since = 0.0
    """When it was last put aside, on the monotonic clock."""

    @abstractmethod
    async def exchange(
        self,
        data: memoryview,
        reader: Reader,
        read: float,
        deadline: float,
        body: Streamed | None = None,
    ) -> Response:
        """Send one request and read its answer, as `Transport.send`; `reusable` is known then.

        Args:
            data: the request, or what of it comes before `body`.
            reader: of the answer.
            body: what follows `data`.
        """

    @abstractmethod
    async def secure(self, context: ssl.SSLContext, host: str, until: float) -> None:
        """Speak TLS from here on."""

    @abstractmethod
    def stale(self) -> bool:
        """Whether the server closed it, or sent something unasked, while it lay idle."""

    @abstractmethod
    def close(self) -> None:
        """Close it at once; in a child process its copy, and no more than that."""


_C = TypeVar("_C", bound=Connection)


class Pool(Generic[_C]):
    """The idle connections of a transport, each process's its own; `most` of one server.

    It takes no lock: what is done to dict and list is atomic, and a lock that another thread holds
    at a fork would stay locked in the child for good. Connections are found by the process they
    belong to, so that no thread of a child, whenever it comes, sees one of the parent's.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._by_process: dict[int, dict[str, list[_C]]] = {}

    def take(self, origin: str) -> _C | None:
        """A connection that is alive, as far as can be seen."""
        idle = self._mine().get(origin)
        while idle:
            try:
                connection = idle.pop()
            except IndexError:  # another thread was faster
                return None
            young = monotonic() - connection.idle_since < _LONGEST_IDLE
            if young and not connection.stale():
                return connection
            connection.close()
        return None

    def put(self, origin: str, connection: _C) -> None:
        """Put a connection aside for the next request; close it where there are enough."""
        idle = self._mine().setdefault(origin, [])
        if len(idle) >= self._most:
            connection.close()
            return
        connection.idle_since = monotonic()
        idle.append(connection)

    def widen(self, most: int) -> None:
        """Keep at least so many of one server."""
        self._most = max(self._most, most)

    def drop(self) -> None:
        """Close all that lie idle, the parent's too: in the child that is no end of them."""
        for idle in list(self._by_process.values()):
            _close_all(idle)

    def _mine(self) -> dict[str, list[_C]]:
        process = os.getpid()
        found = self._by_process.get(process)
        if found is None:
            found = self._by_process.setdefault(process, {})
            for inherited in [key for key in list(self._by_process) if key != process]:
                _close_all(self._by_process.pop(inherited, {}))
        return found


def _close_all(idle: dict[str, list[_C]]) -> None:
    for connections in list(idle.values()):
        while connections:
            with suppress(IndexError):  # another thread was faster
                connections.pop().close()


class BaseTransport(ABC, Generic[_C]):
    """HTTP/1.1 over pooled connections.

    A connection that the server closed while it lay in the pool is noticed before use. If one is
    found dead only when used, before a byte of the answer came, the request is sent once more on a
    new connection: the server was almost surely closing it unread. "Almost" is why delivery is at
    least once.
    """

    def __init__(
        self,
        ssl_context: ssl.SSLContext | None = None,
        proxies: Proxies | None = None,
        trust_env: bool = True,
    ) -> None:
        """
        Args:
            ssl_context: for TLS; by default the system's trust store.
            proxies: by default those of the environment.
            trust_env: whether HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY count.
        """
        self._context = ssl_context
        if proxies is None:
            proxies = Proxies.from_environment() if trust_env else Proxies()
        self._proxies = proxies
        self._routes: dict[str, tuple[Origin, Proxy | None]] = {}
        self._closed = False

    @abstractmethod
    def widen(self, connections: int) -> None:
        """Allow at least so many connections to one server at a time, and keep as many idle."""

    @abstractmethod
    async def _connect(self, host: str, port: int, until: float) -> _C:
        """Connect to the first address of a host that answers."""

    async def _trust(self, host: str) -> ssl.SSLContext:
        return default_context()

    async def _carry(
        self, request: Request, pool: Pool[_C], deadline: float
    ) -> Response:
        """Send once, see `Transport.send`. `deadline` is on the monotonic clock."""
        server = request.origin
        origin, proxy = self._routes.get(server) or self._route(server)
        plain = proxy is not None and origin.scheme == "http"
        # A view, not bytes: where a traceback is logged with its variables, it shows no credential.
        data = memoryview(encode(request, via=_proxy_fields(proxy) if plain else None))
        body = request.body if isinstance(request.body, Streamed) else None
        # What can be sent once only is not risked on a connection that may be dead.
        once = body is not None and not body.repeatable
        connection = None if once else pool.take(server)
        was_idle = connection is not None
        while True:
            if connection is None:
                until = min(deadline, monotonic() + request.timeout.connect)
                connection = await self._open(origin, proxy, until)
            try:
                reader = Reader(request.method, limits_of(request), request.spool)
                return await connection.exchange(
                    data, reader, request.timeout.read, deadline, body
                )
            except BaseException as error:
                connection.reusable = False  # also when cancelled just as it came
                unread = isinstance(error, ConnectionFailed) and not connection.touched
                if not (was_idle and unread):
                    raise
            finally:
                if connection.reusable:
                    pool.put(server, connection)
                    if self._closed:  # meanwhile
                        pool.drop()
                else:
                    connection.close()
            connection, was_idle = None, False

    def _route(self, server: str) -> tuple[Origin, Proxy | None]:
        """Where a server is, and the proxy on the way to it; found once."""
        origin = Origin.parse(server)
        self._routes[server] = route = (origin, self._proxies.choose(origin))
        return route

    async def _open(self, origin: Origin, proxy: Proxy | None, until: float) -> _C:
        """Connect, through the proxy if there is one, and for https with TLS.

        Raises TransportErrors with `maybe_sent` false: the request itself was not sent.
        """
        secure = origin.scheme == "https"
        if secure and self._context is None:
            self._context = await self._trust(origin.host)
        host, port = (proxy.host, proxy.port) if proxy else (origin.host, origin.port)
        connection = await self._connect(host, port, until)
        try:
            if secure and proxy:
                await _open_tunnel(connection, origin.authority, proxy, until)
            if secure and self._context is not None:
                await _secure(connection, self._context, origin.host, until)
        except BaseException:
            connection.close()
            raise
        return connection


def _proxy_fields(proxy: Proxy | None) -> bytes:
    if proxy is None or proxy.authorization is None:
        return b""
    return Headers({"Proxy-Authorization": proxy.authorization}).encoded()


async def _open_tunnel(
    connection: Connection, authority: str, proxy: Proxy, until: float
) -> None:
    head = f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n".encode("ascii")
    data = memoryview(b"%b%b\r\n" % (head, _proxy_fields(proxy)))
    failed = "the proxy opens no tunnel"
    try:
        answer = await connection.exchange(
            data, Reader("CONNECT"), time_left(until), until
        )
    except TimedOut as error:
        raise TimedOut(f"{failed}: {error}") from None
    except TransportError as error:
        permanent = isinstance(error, MalformedAnswer)
        raise ConnectionFailed(f"{failed}: {error}", permanent=permanent) from None
    status = answer.status
    if not 200 <= status < 300:
        permanent = 400 <= status < 500 and status not in (408, 429)
        raise ConnectionFailed(f"{failed}: {status}", permanent=permanent)
    if not connection.reusable:
        raise ConnectionFailed("the proxy sent something of its own into the tunnel")


async def _secure(
    connection: Connection, context: ssl.SSLContext, host: str, until: float
) -> None:
    try:
        await connection.secure(context, host, until)
    except TimeoutError:
        raise TimedOut(f"the TLS handshake with {host} takes too long") from None
    except (OSError, ValueError) as error:
        # For good, unless the connection merely broke.
        broke = isinstance(error, (ConnectionError, ssl.SSLEOFError))
        reason = f"no TLS with {host}: {describe(error)}"
        raise ConnectionFailed(reason, permanent=not broke) from None


def time_left(deadline: float, *, maybe_sent: bool = False) -> float:
    """Seconds until then on the monotonic clock, more than 0; raises TimedOut if there are none."""
    left = deadline - monotonic()
    if left <= 0:
        raise out_of_time(maybe_sent=maybe_sent)
    return left


def out_of_time(*, maybe_sent: bool) -> TimedOut:
    """The error for a call that has used up its `Timeouts.total`."""
    return TimedOut("the total time for the call is over", maybe_sent=maybe_sent)


def not_connected(host: str, port: int, error: Exception | None) -> TransportError:
    """The error for a server or proxy that could not be reached."""
    if isinstance(error, TimeoutError):
        return TimedOut(f"connecting to {host}:{port} takes too long")
    reason = describe(error) if error is not None else "it has no address"
    return ConnectionFailed(f"cannot connect to {host}:{port}: {reason}")
