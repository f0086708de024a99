"""Send through a urllib3 pool manager that the host application already has.

The manager's own retries and redirects are not used; its proxies and TLS settings are. urllib3
limits the whole of a request as far as it waits for the server: see `urllib3.Timeout`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http.client import BadStatusLine, HTTPException
from importlib import import_module
from typing import Any, Protocol

from .._runtime.http.messages import Request, Response, TransportError
from ._foreign import (
    Exchange,
    class_names,
    failed,
    sized,
    sync_body,
    timed_out,
    unreadable,
)

_LIBRARIES = frozenset({"urllib3"})
_UNSENT = frozenset({"ConnectTimeoutError", "PoolError", "ProxyError", "SSLError"})
_PIECE = 65_536


class _Fields(Protocol):
    def items(self) -> Iterable[tuple[str, str]]: ...


class _Answer(Protocol):
    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> _Fields: ...
    def read(self, amt: int, decode_content: bool) -> bytes: ...
    def release_conn(self) -> None: ...
    def close(self) -> None: ...


class PoolManager(Protocol):
    """What is used of `urllib3.PoolManager` and `urllib3.ProxyManager`."""

    def urlopen(self, method: str, url: str, redirect: bool = True, **kw: Any) -> Any:
        """See urllib3."""
        ...


class Urllib3Transport:
    """A `Transport` on a `urllib3.PoolManager`, which stays the host's: `close` leaves it open."""

    def __init__(self, manager: PoolManager) -> None:
        self._manager = manager
        self._timeout = import_module("urllib3").Timeout

    def send(self, request: Request) -> Response:
        """See `Transport.send`."""
        exchange = Exchange(request)
        try:
            self._receive(request, exchange)
            return exchange.answer()
        except Exception as error:
            failure = _translated(error)
            if failure is None:
                raise
        # Outside the handler: the library's error may hold the request and its credentials.
        return exchange.broken_off(failure)

    def _receive(self, request: Request, exchange: Exchange) -> None:
        limits = request.timeout
        answer: _Answer = self._manager.urlopen(
            request.method,
            request.url,
            redirect=False,
            retries=False,
            body=sync_body(request),
            headers=dict(sized(request).pairs),
            timeout=self._timeout(
                connect=limits.connect, read=limits.read, total=limits.total
            ),
            preload_content=False,
        )
        exchange.begin(answer.status, answer.headers.items())
        # What there is, where urllib3 can do that (2.x); else so much, however long it takes.
        read: Callable[[int, bool], bytes] = getattr(answer, "read1", answer.read)
        try:
            while piece := read(_PIECE, False):
                exchange.add(piece)
        except BaseException:
            answer.close()
            raise
        answer.release_conn()

    def close(self) -> None:
        """Nothing: the manager is the host's to close."""


def _translated(error: Exception) -> TransportError | None:
    if isinstance(error, TransportError):
        return error
    names = class_names(error, _LIBRARIES)
    if "HTTPError" not in names or "LocationValueError" in names:
        return None
    if _is_unreadable(error, names):
        return unreadable(error)
    maybe_sent = "ReadTimeoutError" in names or not names & _UNSENT
    timeout = "TimeoutError" in names and "NewConnectionError" not in names
    return (timed_out if timeout else failed)(error, maybe_sent=maybe_sent)


def _is_unreadable(error: Exception, names: frozenset[str]) -> bool:
    """Whether it is about bytes that came, not about an end before the status."""
    if "InvalidHeader" in names:
        return True
    reason = error.args[-1] if error.args else None
    if isinstance(reason, BadStatusLine):
        return str(reason).endswith("\n")  # else the connection ended within it
    return isinstance(reason, HTTPException)
