"""One blocking connection: used for an exchange at a time, closed."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable
from time import monotonic
from typing import TypeVar

from .errors import ConnectionFailed, TimedOut, TransportError
from .http import Response
from .refusals import describe
from .wire import DEFAULT_LIMITS, Arrived, Limits, Reader

_PIECE = 65_536
_T = TypeVar("_T")


class Connection:
    """A socket, and whether it may serve another exchange.

    Attributes:
        reusable: the last answer came whole and left the connection open.
        touched: the exchange going on has seen a byte of its answer.
        idle_since: when it was last put aside, on the monotonic clock.
    """

    __slots__ = ("_broken", "_limits", "_socket", "idle_since", "reusable", "touched")

    def __init__(
        self, connected: socket.socket, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self._socket = connected
        self._limits = limits
        self._broken: OSError | None = None
        self.reusable = True
        self.touched = False
        self.idle_since = 0.0

    def close(self) -> None:
        """Close the socket, and no more than that: after a fork the other process keeps its own."""
        self._socket.close()

    def stale(self) -> bool:
        """Whether the server closed it, or sent something unasked, while it lay idle."""
        return _ready(self._socket, 0.0, writing=False)[0]

    def exchange(
        self, data: memoryview, method: str, read: float, deadline: float
    ) -> Response:
        """Send one request and read its answer; afterwards `reusable` is known.

        Raises:
            ConnectionFailed, TimedOut, MalformedAnswer: no answer came, not even its status.
        """
        self.reusable = self.touched = False
        self._broken = None
        reader = Reader(method, self._limits)
        try:
            arrived = self._send(data, reader, read, deadline)
            while arrived is None:
                arrived = reader.feed(self._next_piece(read, deadline))
        except TransportError as error:
            arrived = reader.broken_off(error)
        self.reusable = arrived.reusable and self._broken is None
        return arrived.response

    def _send(
        self, data: memoryview, reader: Reader, read: float, deadline: float
    ) -> Arrived | None:
        """Send the request. A server may refuse early and stop reading: its answer still counts."""
        try:
            sent = 0
            if len(data) <= _PIECE:
                self._socket.settimeout(min(read, time_left(deadline, maybe_sent=True)))
                sent = self._socket.send(data)
            if sent < len(data):
                return self._send_rest(data[sent:], reader, read, deadline)
        except TimeoutError:
            raise _unread() from None
        except OSError as error:
            self._broken = error
        return None

    def _send_rest(
        self, view: memoryview, reader: Reader, read: float, deadline: float
    ) -> Arrived | None:
        """Send what does not go out at once, and look for an answer that does not wait for it."""
        connected = self._socket
        connected.settimeout(0.0)
        silent_since = monotonic()
        while view:
            wait = min(
                read + silent_since - monotonic(), time_left(deadline, maybe_sent=True)
            )
            readable, writable = _ready(connected, max(wait, 0.0), writing=True)
            if not readable and not writable:
                raise _unread()
            piece = _unless_blocked(connected.recv, _PIECE) if readable else None
            sent = 0
            if piece is not None:
                self._touch(piece)
                arrived = reader.feed(piece)
                if arrived is not None:
                    return Arrived(arrived.response, False)
            elif writable:
                sent = _unless_blocked(connected.send, view[:_PIECE]) or 0
            if piece or sent:
                view, silent_since = view[sent:], monotonic()
        return None

    def _next_piece(self, read: float, deadline: float) -> bytes:
        try:
            self._socket.settimeout(min(read, time_left(deadline, maybe_sent=True)))
            piece = self._socket.recv(_PIECE)
        except TimeoutError:
            time_left(deadline, maybe_sent=True)  # was it that limit?
            raise TimedOut(
                "the server takes too long to answer", maybe_sent=True
            ) from None
        except OSError as error:
            reason = f"the connection broke: {describe(self._broken or error)}"
            raise ConnectionFailed(reason, maybe_sent=True) from None
        self._touch(piece)
        return piece

    def _touch(self, piece: bytes) -> None:
        if piece:
            self.touched = True
        elif not self.touched:
            raise ConnectionFailed(
                "the server closed the connection unanswered", maybe_sent=True
            )


def time_left(deadline: float, *, maybe_sent: bool = False) -> float:
    """Seconds until then on the monotonic clock, more than 0.

    Raises:
        TimedOut: none.
    """
    left = deadline - monotonic()
    if left <= 0:
        raise TimedOut("the total time for the call is over", maybe_sent=maybe_sent)
    return left


def _unread() -> TimedOut:
    return TimedOut("the server takes too long to read the request", maybe_sent=True)


def _unless_blocked(act: Callable[..., _T], argument: object) -> _T | None:
    """What `act` returns, or None if it would have to wait. (What is readable may be TLS's own.)"""
    try:
        return act(argument)
    except BlockingIOError:
        return None
    except OSError as error:
        from ssl import SSLWantReadError, SSLWantWriteError

        if isinstance(error, (SSLWantReadError, SSLWantWriteError)):
            return None
        raise


if hasattr(select, "poll"):

    def _ready(
        watched: socket.socket, seconds: float, *, writing: bool
    ) -> tuple[bool, bool]:
        """Whether it can be read from (or has ended), and whether it can be written to."""
        poll = select.poll()
        poll.register(watched, select.POLLIN | (select.POLLOUT if writing else 0))
        found = poll.poll(seconds * 1000)
        events = found[0][1] if found else 0
        return bool(events & ~select.POLLOUT), bool(events & select.POLLOUT)

else:

    def _ready(
        watched: socket.socket, seconds: float, *, writing: bool
    ) -> tuple[bool, bool]:
        written = [watched] if writing else []
        readable, writable, _ = select.select([watched], written, [], seconds)
        return bool(readable), bool(writable)
