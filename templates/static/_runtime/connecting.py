"""Opening a blocking connection, within a limit of time: names, addresses, tunnel, TLS."""

from __future__ import annotations

import socket
from time import monotonic
from typing import TYPE_CHECKING

from .errors import TimedOut, TransportError
from .http import Timeouts
from .lookups import Address, addresses
from .proxies import Proxy
from .refusals import check_tunnel, not_connected, tls_failed, tunnel_failed
from .sockets import Connection, time_left
from .urls import Origin
from .wire import DEFAULT_LIMITS, Limits, encode_connect

if TYPE_CHECKING:
    import ssl
else:
    from .lazy import ssl


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
    found = addresses(host, port, time_left(until))
    failure: OSError | None = None
    for place, address in enumerate(found):
        # One address that swallows everything must not use up the time of the others.
        seconds = time_left(until) / (len(found) - place)
        try:
            return _connect_to(address, seconds)
        except OSError as error:
            failure = error
    raise not_connected(host, port, failure)


def _connect_to(address: Address, seconds: float) -> socket.socket:
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


def _open_tunnel(
    connected: socket.socket, origin: Origin, proxy: Proxy, until: float
) -> None:
    tunnel = Connection(connected)
    data = memoryview(encode_connect(origin.authority, proxy.authorization))
    try:
        answer = tunnel.exchange(data, "CONNECT", time_left(until), until)
    except TransportError as error:
        raise tunnel_failed(error) from None
    check_tunnel(answer.status, tunnel.reusable)


def _secure(
    connected: socket.socket, context: ssl.SSLContext, host: str, until: float
) -> socket.socket:
    try:
        connected.settimeout(time_left(until))
        return context.wrap_socket(connected, server_hostname=host)
    except TimeoutError:
        raise TimedOut(f"the TLS handshake with {host} takes too long") from None
    except (OSError, ValueError) as error:
        raise tls_failed(host, error) from None
