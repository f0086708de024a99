"""Send through an httpx or httpx2 client that the host application already has.

The client's own retries, redirects and credentials are not used; its proxies and TLS settings are.
httpx knows no limit on the whole of a request: of `Timeouts`, `connect` and `read` count.
"""

from __future__ import annotations

from collections.abc import Sequence
from inspect import iscoroutinefunction
from typing import Protocol

from .._runtime.errors import TransportError
from .._runtime.http import Headers, Request, Response, Timeouts
from ._foreign import class_names, failed, timed_out

_LIBRARIES = frozenset({"httpx", "httpx2"})
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
    @property
    def content(self) -> bytes: ...


class HttpxClient(Protocol):
    """What is used of `httpx.Client` and `httpx2.Client`."""

    def request(
        self,
        method: str,
        url: str,
        *,
        content: bytes | None,
        headers: _Pairs,
        auth: None,
        follow_redirects: bool,
        timeout: _Limits,
    ) -> _Answer:
        """See httpx."""
        ...


class AsyncHttpxClient(Protocol):
    """What is used of `httpx.AsyncClient` and `httpx2.AsyncClient`."""

    async def request(
        self,
        method: str,
        url: str,
        *,
        content: bytes | None,
        headers: _Pairs,
        auth: None,
        follow_redirects: bool,
        timeout: _Limits,
    ) -> _Answer:
        """See httpx."""
        ...


class HttpxTransport:
    """A `Transport` on an `httpx.Client`, which stays the host's: `close` leaves it open."""

    def __init__(self, client: HttpxClient) -> None:
        """Raises TypeError for a client that is async."""
        if iscoroutinefunction(client.request):
            name = type(client).__name__
            raise TypeError(
                f"HttpxTransport needs an httpx.Client, not {name}: use AsyncHttpxTransport"
            )
        self._client = client

    def send(self, request: Request) -> Response:
        """See `Transport.send`."""
        try:
            answer = self._client.request(
                request.method,
                request.url,
                content=request.body,
                headers=_pairs(request.headers),
                auth=None,
                follow_redirects=False,
                timeout=_limits(request.timeout),
            )
        except Exception as error:
            failure = _translated(error)
            if failure is None:
                raise
        else:
            return _response(answer)
        # Outside the handler: the library's error holds the request and with it the credentials.
        raise failure

    def close(self) -> None:
        """Nothing: the client is the host's to close."""


class AsyncHttpxTransport:
    """An `AsyncTransport` on an `httpx.AsyncClient`, which stays the host's."""

    def __init__(self, client: AsyncHttpxClient) -> None:
        """Raises TypeError for a client that is sync."""
        if _surely_sync(client):
            name = type(client).__name__
            raise TypeError(
                f"AsyncHttpxTransport needs an httpx.AsyncClient, not {name}: use HttpxTransport"
            )
        self._client = client

    async def send(self, request: Request) -> Response:
        """See `Transport.send`."""
        try:
            answer = await self._client.request(
                request.method,
                request.url,
                content=request.body,
                headers=_pairs(request.headers),
                auth=None,
                follow_redirects=False,
                timeout=_limits(request.timeout),
            )
        except Exception as error:
            failure = _translated(error)
            if failure is None:
                raise
        else:
            return _response(answer)
        raise failure  # outside the handler, as above

    async def aclose(self) -> None:
        """Nothing: the client is the host's to close."""


def _surely_sync(client: AsyncHttpxClient) -> bool:
    # A plain function may still return an awaitable; but what takes `with` alone is a sync client.
    only_with = hasattr(client, "__enter__") and not hasattr(client, "__aenter__")
    return only_with and not iscoroutinefunction(client.request)


def _pairs(headers: Headers) -> _Pairs:
    # As bytes: of text, httpx takes ASCII only, and shows what it does not take.
    return [
        (name.encode("ascii"), value.encode("latin-1")) for name, value in headers.pairs
    ]


def _limits(timeout: Timeouts) -> _Limits:
    return (timeout.connect, timeout.read, timeout.read, timeout.connect)


def _response(answer: _Answer) -> Response:
    return Response(
        answer.status_code, Headers(answer.headers.multi_items()), answer.content
    )


def _translated(error: Exception) -> TransportError | None:
    names = class_names(error, _LIBRARIES)
    maybe_sent = not names & _UNSENT
    if "TimeoutException" in names:
        return timed_out(error, maybe_sent=maybe_sent)
    return failed(error, maybe_sent=maybe_sent) if "RequestError" in names else None
