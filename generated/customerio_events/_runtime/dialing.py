"""Opening a connection on an event loop, within a limit of time."""

from __future__ import annotations

import asyncio
import ssl

from .errors import ConnectionFailed, TimedOut, TransportError
from .proxies import Proxy
from .refusals import (
    check_tunnel,
    no_executor,
    not_connected,
    tls_failed,
    tunnel_failed,
)
from .routes import Route
from .streams import Stream
from .tls import default_context
from .urls import Origin
from .wire import Limits, encode_connect


async def open_stream(
    route: Route, context: ssl.SSLContext | None, seconds: float, limits: Limits
) -> Stream:
    """Connect, through the route's proxy if it has one, and with TLS if `context` is given.

    Raises:
        ConnectionFailed, TimedOut: with `maybe_sent` false: the request itself was not sent.
    """
    opening = asyncio.get_running_loop().create_task(
        _open(route, context, seconds, limits)
    )
    try:
        await asyncio.wait({opening}, timeout=seconds)
    except BaseException:
        _abandon(opening)
        raise
    if not opening.done():
        _abandon(opening)
        raise TimedOut(f"connecting to {route.origin.host} takes too long")
    return opening.result()


async def read_trust(
    loop: asyncio.AbstractEventLoop, host: str, seconds: float
) -> ssl.SSLContext:
    """The default context, for a connection to `host`.

    Reading the system's trust store takes long enough to be felt by others on the loop, so a thread
    does it; all threads may be busy.

    Raises:
        ConnectionFailed, TimedOut: it cannot be read any more, or not in time.
    """
    try:
        reading = loop.run_in_executor(None, default_context)
    except RuntimeError as error:
        raise no_executor(host, error) from None
    await asyncio.wait({reading}, timeout=seconds)
    if not reading.done():
        reading.cancel()
        raise TimedOut(f"connecting to {host} takes too long")
    return reading.result()


def _abandon(opening: asyncio.Task[Stream]) -> None:
    """Let go of an attempt, also where it succeeds at this very moment."""
    opening.cancel()
    opening.add_done_callback(_discard)


def _discard(opened: asyncio.Task[Stream]) -> None:
    if not opened.cancelled() and opened.exception() is None:
        opened.result().abort()


async def _open(
    route: Route, context: ssl.SSLContext | None, seconds: float, limits: Limits
) -> Stream:
    origin, proxy = route.origin, route.proxy
    host, port = (proxy.host, proxy.port) if proxy else (origin.host, origin.port)
    stream = await _connect(host, port, limits)
    try:
        if context is not None:
            if proxy:
                await _open_tunnel(stream, origin, proxy, seconds)
            await _secure(stream, context, origin.host)
    except BaseException:
        stream.abort()
        raise
    return stream


async def _connect(host: str, port: int, limits: Limits) -> Stream:
    loop = asyncio.get_running_loop()
    try:
        _, stream = await loop.create_connection(
            lambda: Stream(loop, limits), host, port
        )
    except (OSError, UnicodeError) as error:
        raise not_connected(host, port, error) from None
    except RuntimeError as error:  # names are looked up in a thread
        raise no_executor(host, error) from None
    return stream


async def _open_tunnel(
    stream: Stream, origin: Origin, proxy: Proxy, seconds: float
) -> None:
    data = encode_connect(origin.authority, proxy.authorization)
    deadline = asyncio.get_running_loop().time() + seconds
    try:
        answer = await stream.exchange(data, "CONNECT", seconds, deadline)
    except TransportError as error:
        raise tunnel_failed(error) from None
    check_tunnel(answer.status, stream.reusable)


async def _secure(stream: Stream, context: ssl.SSLContext, host: str) -> None:
    try:
        await stream.secure(context, host)
    except ConnectionFailed:
        raise
    except (OSError, ValueError) as error:
        raise tls_failed(host, error) from None
