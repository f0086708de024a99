"""Send through an aiohttp session that the host application already has.

The session's own redirects and status checks are not used; its connector is.
aiohttp 3.9 or newer.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from importlib import import_module
from types import TracebackType
from typing import Any, Protocol

from .._runtime.http.messages import Request, Response, Timeouts, TransportError
from ._foreign import (
    Exchange,
    async_body,
    class_names,
    failed,
    sized,
    timed_out,
    unreadable,
)

_LIBRARIES = frozenset({"aiohttp"})
_UNSENT = frozenset({"ClientConnectorError", "ConnectionTimeoutError"})
_OURS = frozenset({"ClientConnectionError", "ClientPayloadError"})


class _Fields(Protocol):
    def items(self) -> Iterable[tuple[str, str]]: ...


class _Content(Protocol):
    def iter_any(self) -> AsyncIterator[bytes]: ...


class _Answer(Protocol):
    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> _Fields: ...
    @property
    def content(self) -> _Content: ...


class _Pending(Protocol):
    async def __aenter__(self) -> Any: ...
    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None: ...


class ClientSession(Protocol):
    """What is used of `aiohttp.ClientSession`."""

    def request(
        self,
        method: str,
        url: Any,
        *,
        data: Any,
        headers: Sequence[tuple[str, str]],
        allow_redirects: bool,
        raise_for_status: bool,
        auto_decompress: bool,
        timeout: Any,
    ) -> _Pending:
        """See aiohttp."""
        ...


class AiohttpTransport:
    """An `AsyncTransport` on an `aiohttp.ClientSession`, which stays the host's."""

    def __init__(self, session: ClientSession) -> None:
        self._session = session
        self._timeout = import_module("aiohttp").ClientTimeout
        self._url = import_module("yarl").URL

    async def send(self, request: Request) -> Response:
        """See `Transport.send`."""
        exchange = Exchange(request)
        pending = self._session.request(
            request.method,
            self._url(request.url, encoded=True),
            data=async_body(request),
            headers=sized(request).pairs,
            allow_redirects=False,
            raise_for_status=False,
            auto_decompress=False,
            timeout=self._limits(request.timeout),
        )
        try:
            await _receive(pending, exchange)
            return exchange.answer()
        except Exception as error:
            failure = _translated(error)
            if failure is None:
                raise
            _note_head(error, exchange)
        # Outside the handler: the library's error may hold the request and its credentials.
        return exchange.broken_off(failure)

    async def aclose(self) -> None:
        """Nothing: the session is the host's to close."""

    def _limits(self, timeout: Timeouts) -> object:
        found: object = self._timeout(
            total=timeout.total, sock_connect=timeout.connect, sock_read=timeout.read
        )
        return found


async def _receive(pending: _Pending, exchange: Exchange) -> None:
    async with pending as entered:
        answer: _Answer = entered
        exchange.begin(answer.status, answer.headers.items())
        async for piece in answer.content.iter_any():
            exchange.add(piece)


def _note_head(error: Exception, exchange: Exchange) -> None:
    """Of a head that was cut off, aiohttp says in the error what it has read of it."""
    head = getattr(error, "message", None)
    status = getattr(head, "code", None)
    if (
        isinstance(status, int) and status >= 200
    ):  # else an interim one, or not all of it
        exchange.begin(status, ())


def _translated(error: Exception) -> TransportError | None:
    if isinstance(error, TransportError):
        return error
    names = class_names(error, _LIBRARIES)
    if "ClientResponseError" in names:  # of bytes that came: status checks are off
        return unreadable(error)
    maybe_sent = not names & _UNSENT
    if isinstance(error, asyncio.TimeoutError):
        return timed_out(error, maybe_sent=maybe_sent)
    return failed(error, maybe_sent=maybe_sent) if names & _OURS else None
