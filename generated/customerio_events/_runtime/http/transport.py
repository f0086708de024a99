"""The sync transport: standard library sockets, kept alive and shared by threads."""

from __future__ import annotations

from time import monotonic
from typing import Any

from .base import BaseTransport, Pool, finished
from .messages import Request, Response
from .sockets import SocketConnection, connect
from .tls import default_context, ssl

_MOST_IDLE = 32


class SocketTransport(BaseTransport[SocketConnection]):
    """A `Transport`; safe for threads, and for use after a fork. See `BaseTransport`."""

    def __init__(self, **options: Any) -> None:
        """See `BaseTransport`."""
        super().__init__(**options)
        self._pool = Pool[SocketConnection](_MOST_IDLE)

    def send(self, request: Request) -> Response:
        """See `Transport.send`."""
        if self._closed:
            raise RuntimeError("this transport is closed")
        deadline = monotonic() + request.timeout.total
        return finished(self._carry(request, self._pool, deadline))

    def close(self) -> None:
        """Close idle connections; one that is in use is closed when its answer is there."""
        self._closed = True
        self._pool.drop()

    async def _connect(self, host: str, port: int, until: float) -> SocketConnection:
        return SocketConnection(connect(host, port, until), self._limits)

    async def _trust(self, host: str) -> ssl.SSLContext:
        return default_context()
