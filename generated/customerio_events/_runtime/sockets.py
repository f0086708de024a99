"""One blocking connection: made, used for an exchange at a time, closed."""

from __future__ import annotations

import select
import socket
from time import monotonic
from typing import TYPE_CHECKING, Any

from .errors import (
    ConnectionFailed,
    TimedOut,
    TransportError,
    UnexpectedAnswer,
)
from .http import Response, Timeouts
from .proxies import Proxy
from .refusals import check_tunnel, describe, not_connected, tls_failed, tunnel_failed
from .urls import Origin
from .wire import DEFAULT_LIMITS, Arrived, Limits, encode_connect, reader

if TYPE_CHECKING:
    import ssl

_PIECE = 65_536
_Address = tuple[int, int, int, Any]


class Connection:
    """A socket, and whether it may serve another exchange.

    Attributes:
        reusable: the last answer came whole and left the connection open.
        touched: the exchange going on has seen a byte of its answer.
        idle_since: when it was last put aside, on the monotonic clock.
    """

    __slots__ = ("_limits", "_socket", "idle_since", "reusable", "touched")

    def __init__(
        self, connected: socket.socket, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self._socket = connected
        self._limits = limits
        self.reusable = True
        self.touched = False
        self.idle_since = 0.0

    def close(self) -> None:
        """Close the socket; after a fork the other process keeps its own."""
        self._socket.close()

    def stale(self) -> bool:
        """Whether the server closed it, or sent something unasked, while it lay idle."""
        return _readable(self._socket)

    def exchange(
        self, data: memoryview, method: str, read: float, deadline: float
    ) -> Response:
        """Send one request and read its answer; afterwards `reusable` is known.

        Raises:
            ConnectionFailed, TimedOut, MalformedAnswer: no answer came.
            UnexpectedAnswer: it came, but not whole.
        """
        self.reusable = self.touched = False
        broken = self._send(data, deadline)
        arrived = self._receive(method, read, deadline, broken)
        self.reusable = arrived.reusable and broken is None
        return arrived.response

    def _send(self, view: memoryview, deadline: float) -> OSError | None:
        """Send all of it. A server may refuse early and stop reading: its answer still counts."""
        try:
            while view:
                self._socket.settimeout(_left(deadline, maybe_sent=True))
                view = view[self._socket.send(view) :]
        except TimeoutError:
            raise TimedOut(
                "the server takes too long to read the request", maybe_sent=True
            ) from None
        except OSError as error:
            return error
        return None

    def _receive(
        self, method: str, read: float, deadline: float, broken: OSError | None
    ) -> Arrived:
        parser = reader(method, self._limits)
        try:
            while True:
                parser.send(self._next_piece(read, deadline, broken))
        except StopIteration as stop:
            arrived: Arrived = stop.value
            return arrived

    def _next_piece(
        self, read: float, deadline: float, broken: OSError | None
    ) -> bytes:
        try:
            self._socket.settimeout(min(read, _left(deadline, maybe_sent=True)))
            piece = self._socket.recv(_PIECE)
        except TimeoutError:
            _left(deadline, maybe_sent=True)  # was it that limit?
            raise TimedOut(
                "the server takes too long to answer", maybe_sent=True
            ) from None
        except OSError as error:
            reason = f"the connection broke: {describe(broken or error)}"
            raise ConnectionFailed(reason, maybe_sent=True) from None
        if piece:
            self.touched = True
        elif not self.touched:
            raise ConnectionFailed(
                "the server closed the connection unanswered", maybe_sent=True
            )
        return piece


def dial(
    origin: Origin,
    proxy: Proxy | None,
    context: ssl.SSLContext | None,
    timeout: Timeouts,
    deadline: float,
    limits: Limits = DEFAULT_LIMITS,
) -> Connection:
    """Connect, through the proxy if there is one, and for https with TLS.

    Raises:
        ConnectionFailed, TimedOut: with `maybe_sent` false: the request itself was not sent.
    """
    until = min(deadline, monotonic() + timeout.connect)
    host, port = (proxy.host, proxy.port) if proxy else (origin.host, origin.port)
    connected = _connect(host, port, until)
    try:
        if context is not None:
            if proxy:
                _open_tunnel(connected, origin, proxy, until)
            connected = _secure(connected, context, origin.host, until)
    except BaseException:
        connected.close()
        raise
    return Connection(connected, limits)


def _connect(host: str, port: int, until: float) -> socket.socket:
    addresses = _addresses(host, port)
    failure: OSError | None = None
    for place, address in enumerate(addresses):
        # One address that swallows everything must not use up the time of the others.
        seconds = _left(until) / (len(addresses) - place)
        try:
            return _connect_to(address, seconds)
        except OSError as error:
            failure = error
    raise not_connected(host, port, failure)


def _connect_to(address: _Address, seconds: float) -> socket.socket:
    family, kind, protocol, place = address
    connecting = socket.socket(family, kind, protocol)
    try:
        connecting.settimeout(seconds)
        connecting.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connecting.connect(place)
    except BaseException:
        connecting.close()
        raise
    return connecting


def _addresses(host: str, port: int) -> list[_Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise not_connected(host, port, error) from None
    return [
        (family, kind, protocol, address)
        for family, kind, protocol, _, address in found
    ]


def _open_tunnel(
    connected: socket.socket, origin: Origin, proxy: Proxy, until: float
) -> None:
    tunnel = Connection(connected)
    data = memoryview(encode_connect(origin.authority, proxy.authorization))
    try:
        answer = tunnel.exchange(data, "CONNECT", _left(until), until)
    except (TransportError, UnexpectedAnswer) as error:
        raise tunnel_failed(error) from None
    check_tunnel(answer.status, tunnel.reusable)


def _secure(
    connected: socket.socket, context: ssl.SSLContext, host: str, until: float
) -> socket.socket:
    try:
        connected.settimeout(_left(until))
        return context.wrap_socket(connected, server_hostname=host)
    except TimeoutError:
        raise TimedOut(f"the TLS handshake with {host} takes too long") from None
    except (OSError, ValueError) as error:
        raise tls_failed(host, error) from None


def _left(deadline: float, *, maybe_sent: bool = False) -> float:
    left = deadline - monotonic()
    if left <= 0:
        raise TimedOut("the total time for the request is over", maybe_sent=maybe_sent)
    return left


if hasattr(select, "poll"):

    def _readable(checked: socket.socket) -> bool:
        poll = select.poll()
        poll.register(checked, select.POLLIN)
        return bool(poll.poll(0))

else:

    def _readable(checked: socket.socket) -> bool:
        return bool(select.select([checked], [], [], 0)[0])
