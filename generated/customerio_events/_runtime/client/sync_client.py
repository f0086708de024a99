"""The sync client that a generated one extends."""

from __future__ import annotations

import _thread
from contextlib import suppress
from typing import Any, TypeVar

from ..http.base import finished
from ..http.messages import Request, Response, Transport
from ..http.transport import SocketTransport
from .base import ClientCore
from .endpoints import Answer, Endpoint

_Client = TypeVar("_Client", bound="BaseClient")


# A function of its own, as typing.Self is not there before Python 3.11.
def _entered(client: _Client) -> _Client:
    return client


class BaseClient(ClientCore[Transport]):
    """Sends requests and returns their answers; may be shared by threads. See `ClientCore`."""

    _wanted = ("a Transport, such as HttpxTransport", "close")

    def _make_transport(self, **options: Any) -> Transport:
        return SocketTransport(**options)

    def _call(self, endpoint: Endpoint, **given: Any) -> Answer:
        """See `ClientCore._run`."""
        return finished(self._run(endpoint, **given))

    async def _send(self, request: Request) -> Response:
        return self._transport.send(request)

    async def _pause(self, seconds: float) -> bool:
        # A lock for each call, which is let go to wake it: there is none that a fork could leave
        # locked in a child for good, and no thread ever waits to wake another.
        alarm = _thread.allocate_lock()
        alarm.acquire()
        self._alarms[alarm] = None
        try:
            return not (self._closed or alarm.acquire(timeout=seconds))
        finally:
            self._alarms.pop(alarm, None)

    def _end_pauses(self) -> None:
        self._closed = True
        for alarm in list(self._alarms):
            with suppress(RuntimeError):  # woken already
                alarm.release()

    def close(self) -> None:
        """Close the connections. May be called twice.

        An attempt under way is finished, and its outcome is the call's: no other follows. A pause
        between two attempts ends at once, and the call with what the last attempt brought.
        """
        if not self._closed:
            self._end_pauses()
            self._transport.close()

    __enter__ = _entered

    def __exit__(self, *_: object) -> None:
        self.close()
