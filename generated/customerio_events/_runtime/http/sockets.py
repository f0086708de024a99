"""The sync transport, and one blocking connection: opened within a limit of time, used, closed."""

from __future__ import annotations

import _thread
import select
import socket
from collections.abc import Callable
from sys import is_finalizing
from time import monotonic
from typing import Any, TypeVar

from .base import BaseTransport, Connection, Pool, finished, time_left
from .errors import (
    ConnectionFailed,
    TimedOut,
    TransportError,
    describe,
    not_connected,
    out_of_time,
)
from .http1 import DEFAULT_LIMITS, Arrived, Limits, Reader
from .messages import Request, Response
from .security import default_context, ssl

_MOST_IDLE = 32
_PIECE = 65_536
_T = TypeVar("_T")
_Address = tuple[int, int, int, Any]
_Outcome = list["list[_Address] | OSError | UnicodeError"]


class SocketConnection(Connection):
    """A connection on a socket."""

    def __init__(
        self, connected: socket.socket, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self._socket = connected
        self._limits = limits
        self._broken: OSError | None = None
        self._timeout = -1.0
        self.reusable = True

    def close(self) -> None:
        self._socket.close()

    def stale(self) -> bool:
        return _ready(self._socket, 0.0, writing=False)[0]

    async def secure(self, context: ssl.SSLContext, host: str, until: float) -> None:
        self._limit(time_left(until))
        self._socket = context.wrap_socket(self._socket, server_hostname=host)

    async def exchange(
        self, data: memoryview, method: str, read: float, deadline: float
    ) -> Response:
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
                self._limit(min(read, time_left(deadline, maybe_sent=True)))
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
        self._limit(0.0)
        silent_since = monotonic()
        while view:
            left = time_left(deadline, maybe_sent=True)
            wait = max(0.0, min(read + silent_since - monotonic(), left))
            readable, writable = _ready(connected, wait, writing=True)
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
            self._limit(min(read, time_left(deadline, maybe_sent=True)))
            piece = self._socket.recv(_PIECE)
        except TimeoutError:
            if monotonic() >= deadline:
                raise out_of_time(maybe_sent=True) from None
            reason = "the server takes too long to answer"
            raise TimedOut(reason, maybe_sent=True) from None
        except OSError as error:
            reason = f"the connection broke: {describe(self._broken or error)}"
            raise ConnectionFailed(reason, maybe_sent=True) from None
        self._touch(piece)
        return piece

    def _limit(self, seconds: float) -> None:
        """Set the socket's timeout, which asks the system each time: seldom is it another."""
        if seconds != self._timeout:
            self._socket.settimeout(seconds)
            self._timeout = seconds

    def _touch(self, piece: bytes) -> None:
        if piece:
            self.touched = True
        elif not self.touched:
            reason = "the server closed the connection unanswered"
            raise ConnectionFailed(reason, maybe_sent=True)


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


def connect(host: str, port: int, until: float) -> socket.socket:
    """Connect to the first address of a host that answers.

    Raises:
        ConnectionFailed: there is none.
        TimedOut: the moment has come, on the monotonic clock.
    """
    found = _addresses(host, port, time_left(until))
    failure: OSError | None = None
    for place, (family, kind, protocol, address) in enumerate(found):
        connecting: socket.socket | None = None
        try:
            connecting = socket.socket(family, kind, protocol)
            # One address that swallows everything must not use up the time of the others.
            connecting.settimeout(time_left(until) / (len(found) - place))
            connecting.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connecting.connect(address)
            return connecting
        except BaseException as error:
            if connecting is not None:
                connecting.close()
            if not isinstance(error, OSError):
                raise
            failure = error
    raise not_connected(host, port, failure)


def _addresses(host: str, port: int, seconds: float) -> list[_Address]:
    """Where to connect to, in the system's order, waited for no longer than allowed."""
    outcome: _Outcome = []
    is_address = ":" in host or host.replace(".", "").isdigit()
    if is_address or is_finalizing():  # no other thread runs any more then
        _look_up(host, port, outcome)
    else:
        # The system's resolver cannot be interrupted. It works in a thread, which is left to itself
        # when the time is over: one without a lock or a list that others share, as a fork may
        # follow.
        done = _thread.allocate_lock()
        done.acquire()
        try:
            _thread.start_new_thread(_look_up, (host, port, outcome, done))
        except RuntimeError:  # no thread to be had, or the program is ending
            _look_up(host, port, outcome)
        else:
            done.acquire(timeout=seconds)
    found = outcome[0] if outcome else TimeoutError()
    if isinstance(found, list):
        return found
    raise not_connected(host, port, found)


def _look_up(
    host: str, port: int, outcome: _Outcome, done: _thread.LockType | None = None
) -> None:
    try:
        # As bytes: of text, Python makes bytes with a codec that it may have to import.
        found = socket.getaddrinfo(host.encode("ascii"), port, type=socket.SOCK_STREAM)
        outcome.append([(*each[:3], each[4]) for each in found])
    except (OSError, UnicodeError) as error:
        outcome.append(error)
    finally:
        if done is not None:
            done.release()


def _unread() -> TimedOut:
    return TimedOut("the server takes too long to read the request", maybe_sent=True)


def _unless_blocked(act: Callable[..., _T], argument: object) -> _T | None:
    """What `act` returns, or None if it would have to wait. (What is readable may be TLS's own.)"""
    try:
        return act(argument)
    except BlockingIOError:
        return None
    except OSError as error:
        if isinstance(error, (ssl.SSLWantReadError, ssl.SSLWantWriteError)):
            return None
        raise


def _ready(
    watched: socket.socket, seconds: float, *, writing: bool
) -> tuple[bool, bool]:
    """Whether it can be read from (or has ended), and whether it can be written to."""
    if not hasattr(select, "poll"):  # Windows
        written = [watched] if writing else []
        readable, writable, _ = select.select([watched], written, [], seconds)
        return bool(readable), bool(writable)
    poll = select.poll()
    poll.register(watched, select.POLLIN | (select.POLLOUT if writing else 0))
    found = poll.poll(seconds * 1000)
    events = found[0][1] if found else 0
    return bool(events & ~select.POLLOUT), bool(events & select.POLLOUT)
