"""Send through an httpx or httpx2 client that the host application already has.

The client's own retries, redirects and credentials are not used; its proxies and TLS settings are.
httpx knows no limit on the whole of a request: `Timeouts.total` is kept by the async adapter, and
by the sync one from the head of the answer on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Protocol

from .._runtime.http.headers import Headers
from .._runtime.http.messages import (
    Request,
    Response,
    TimedOut,
    Timeouts,
    TransportError,
)
from ._foreign import (
    Exchange,
    async_body,
    class_names,
    failed,
    sized,
    sync_body,
    timed_out,
    unreadable,
)

_LIBRARIES = frozenset({"httpx", "httpx2"})
_READERS = frozenset({"h11"})
_UNSENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"})
_Limits = tuple[float, float, float, float]
_Pairs = Sequence[tuple[bytes, bytes]]


class _Fields(Protocol):
    def multi_items(self) -> Sequence[tuple[str, str]]: ...


class _Answer(Protocol):
    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> _Fields: ...
    def iter_raw(self) -> Iterator[bytes]: ...
    def aiter_raw(self) -> AsyncIterator[bytes]: ...


class HttpxClient(Protocol):
    """What is used of `httpx.Client` and `httpx2.Client`."""

    def stream(
        self,
        method: str,
        url: str,
        *,
        content: bytes | Iterator[bytes] | None,
        headers: _Pairs,
        auth: None,
        follow_redirects: bool,
        timeout: _Limits,
    ) -> AbstractContextManager[_Answer]:
        """See httpx."""
        ...


class AsyncHttpxClient(Protocol):
    """What is used of `httpx.AsyncClient` and `httpx2.AsyncClient`."""

    def stream(
        self,
        method: str,
        url: str,
        *,
        content: bytes | AsyncIterator[bytes] | None,
        headers: _Pairs,
        auth: None,
        follow_redirects: bool,
        timeout: _Limits,
    ) -> AbstractAsyncContextManager[_Answer]:
        """See httpx."""
        ...


class HttpxTransport:
    """A `Transport` on an `httpx.Client`, which stays the host's: `close` leaves it open."""

    def __init__(self, client: HttpxClient) -> None:
        """Raises TypeError for a client that is async."""
        if hasattr(client, "__aenter__") and not hasattr(client, "__enter__"):
            name = type(client).__name__
            raise TypeError(
                f"HttpxTransport needs an httpx.Client, not {name}: use AsyncHttpxTransport"
            )
        self._client = client

    def send(self, request: Request) -> Response:
        """See `Transport.send`."""
        exchange = Exchange(request)
        try:
            with self._client.stream(
                request.method,
                request.url,
                content=sync_body(request),
                headers=_pairs(sized(request)),
                auth=None,
                follow_redirects=False,
                timeout=_limits(request.timeout),
            ) as answer:
                exchange.begin(answer.status_code, answer.headers.multi_items())
                for piece in answer.iter_raw():
                    exchange.add(piece)
            return exchange.answer()
        except Exception as error:
            failure = _translated(error)
            if failure is None:
                raise
        # Outside the handler: the library's error holds the request and with it the credentials.
        return exchange.broken_off(failure)

    def close(self) -> None:
        """Nothing: the client is the host's to close."""


class AsyncHttpxTransport:
    """An `AsyncTransport` on an `httpx.AsyncClient`, which stays the host's."""

    def __init__(self, client: AsyncHttpxClient) -> None:
        """Raises TypeError for a client that is sync."""
        if hasattr(client, "__enter__") and not hasattr(client, "__aenter__"):
            name = type(client).__name__
            raise TypeError(
                f"AsyncHttpxTransport needs an httpx.AsyncClient, not {name}: use HttpxTransport"
            )
        self._client = client

    async def send(self, request: Request) -> Response:
        """See `Transport.send`."""
        exchange = Exchange(request)
        try:
            await asyncio.wait_for(
                self._receive(request, exchange), request.timeout.total
            )
            return exchange.answer()
        except Exception as error:
            failure = _translated(error)
            if failure is None:
                raise
        return exchange.broken_off(failure)  # outside the handler, as above

    async def _receive(self, request: Request, exchange: Exchange) -> None:
        async with self._client.stream(
            request.method,
            request.url,
            content=async_body(request),
            headers=_pairs(sized(request)),
            auth=None,
            follow_redirects=False,
            timeout=_limits(request.timeout),
        ) as answer:
            exchange.begin(answer.status_code, answer.headers.multi_items())
            async for piece in answer.aiter_raw():
                exchange.add(piece)

    async def aclose(self) -> None:
        """Nothing: the client is the host's to close."""


def _pairs(headers: Headers) -> _Pairs:
    # As bytes: of text, httpx takes ASCII only, and shows what it does not take.
    return [
        (name.encode("ascii"), value.encode("latin-1")) for name, value in headers.pairs
    ]


def _limits(timeout: Timeouts) -> _Limits:
    connect = min(timeout.connect, timeout.total)
    read = min(timeout.read, timeout.total)
    return (connect, read, read, connect)


def _translated(error: Exception) -> TransportError | None:
    if isinstance(error, TransportError):
        return error
    names = class_names(error, _LIBRARIES)
    maybe_sent = not names & _UNSENT
    if isinstance(error, asyncio.TimeoutError):
        return TimedOut("the total time for the call is over", maybe_sent=True)
    if "RemoteProtocolError" in names and _is_unreadable(error):
        return unreadable(error)
    if "TimeoutException" in names:
        return timed_out(error, maybe_sent=maybe_sent)
    ours = names & {"RequestError", "StreamError"}
    return failed(error, maybe_sent=maybe_sent) if ours else None


def _is_unreadable(error: BaseException) -> bool:
    """Whether it is about bytes that came, which h11 reads: not about an end, nor about HTTP/2."""
    cause: BaseException | None = error
    while cause is not None:
        if class_names(cause, _READERS):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
