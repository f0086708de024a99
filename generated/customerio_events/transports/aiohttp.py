"""Send through an aiohttp session that the host application already has.

The session's own redirects and status checks are not used; its connector is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from importlib import import_module
from types import TracebackType
from typing import Any, Protocol

from .._runtime.errors import ClientError, UnexpectedAnswer
from .._runtime.http import Headers, Request, Response, Timeouts
from ._foreign import class_names, failed, timed_out

_LIBRARIES = frozenset({"aiohttp"})
_UNSENT = frozenset({"ClientConnectorError", "ConnectionTimeoutError"})
_OURS = frozenset(
    {"ClientConnectionError", "ClientPayloadError", "ClientResponseError"}
)


class _Fields(Protocol):
    def items(self) -> Iterable[tuple[str, str]]: ...


class _Answer(Protocol):
    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> _Fields: ...
    async def read(self) -> bytes: ...


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
        pending = self._session.request(
            request.method,
            self._url(request.url, encoded=True),
            data=request.body,
            headers=request.headers.pairs,
            allow_redirects=False,
            raise_for_status=False,
            timeout=self._limits(request.timeout),
        )
        seen: _Answer | None = None
        try:
            async with pending as answer:
                seen = answer
                return await _response(answer)
        except Exception as error:
            failure = _translated(error, seen)
            if failure is None:
                raise
        # Outside the handler: the library's error may hold the request and its credentials.
        raise failure

    async def aclose(self) -> None:
        """Nothing: the session is the host's to close."""

    def _limits(self, timeout: Timeouts) -> object:
        found: object = self._timeout(
            total=timeout.total, sock_connect=timeout.connect, sock_read=timeout.read
        )
        return found


async def _response(answer: _Answer) -> Response:
    body = await answer.read()
    return Response(answer.status, Headers(answer.headers.items()), body)


def _translated(error: Exception, seen: _Answer | None) -> ClientError | None:
    names = class_names(error, _LIBRARIES)
    maybe_sent = not names & _UNSENT
    if isinstance(error, asyncio.TimeoutError):
        return timed_out(error, maybe_sent=maybe_sent)
    if seen is not None and "ClientPayloadError" in names:
        headers = Headers(seen.headers.items())
        reason = "the body ended before its end"
        return UnexpectedAnswer(
            status=seen.status, headers=headers, body=b"", reason=reason
        )
    return failed(error, maybe_sent=maybe_sent) if names & _OURS else None
