"""The sync transport, and one connection: opened within a limit of time, used, closed."""

from __future__ import annotations

import _thread
import os
import socket
from collections.abc import Callable, Iterator
from sys import is_finalizing
from time import monotonic
from typing import Any, TypeVar

from .connections import (
    BaseTransport,
    Connection,
    Pool,
    not_connected,
    out_of_time,
    time_left,
)
from .http1 import Reader
from .messages import (
    ConnectionFailed,
    Request,
    Response,
    TimedOut,
    TransportError,
    describe,
)
from .security import ssl
from .servers import Proxies
from .streamed import Streamed
from .waiting import READ, Ready, finished, poller, ready

_MOST_IDLE = 32
_PIECE = 65_536
_BLOCKED = ("BlockingIOError", "SSLWantReadError", "SSLWantWriteError")
_T = TypeVar("_T")
_Address = tuple[int, int, int, Any]
_Outcome = list["list[_Address] | OSError | UnicodeError"]


class SocketConnection(Connection):
    """A connection on a socket that never blocks: see `waiting` for who waits."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._unsent = memoryview(b"")
        self._following: Iterator[bytes] | None = None
        """Of a streamed body, what comes after `_unsent`."""
        self._broken: OSError | None = None
        self._idle = poller()
        self._idle.register(connected.fileno(), READ)
        self.reusable = True

    def close(self) -> None:
        self._socket.close()

    def stale(self) -> bool:
        return bool(self._idle.poll(0))

    async def secure(self, context: ssl.SSLContext, host: str, until: float) -> None:
        wrapped = context.wrap_socket(
            self._socket, server_hostname=host, do_handshake_on_connect=False
        )
        self._socket = wrapped
        found = Ready(reading=True, writing=True)
        while any(found):
            try:
                return wrapped.do_handshake()
            except ssl.SSLWantReadError:
                found = await ready(wrapped, time_left(until))
            except ssl.SSLWantWriteError:
                found = await ready(
                    wrapped, time_left(until), reading=False, writing=True
                )
        raise TimeoutError

    async def exchange(
        self,
        data: memoryview,
        reader: Reader,
        read: float,
        deadline: float,
        body: Streamed | None = None,
    ) -> Response:
        self.reusable = self.touched = False
        self._unsent, self._broken = data, None
        self._following = None if body is None else body.framed()
        try:
            arrived = None
            while arrived is None:
                arrived = reader.feed(await self._next_piece(read, deadline))
        except TransportError as error:
            arrived = reader.broken_off(error)
        whole = not self._sending() and self._broken is None
        self.reusable = arrived.reusable and whole
        return arrived.response

    async def _next_piece(self, read: float, deadline: float) -> bytes:
        """Wait for a piece of the answer, and send what the server takes of the request meanwhile.

        A server may refuse early and stop reading: its answer still counts.
        """
        piece = self._receive() if self.touched else None  # there may be more of it
        while piece is None:
            self._send()
            seconds = min(read, time_left(deadline, maybe_sent=True))
            found = await ready(self._socket, seconds, writing=self._sending())
            if found.reading:
                piece = self._receive()
            elif not found.writing:
                raise self._timed_out(deadline)
        if not (piece or self.touched):
            reason = "the server closed the connection unanswered"
            raise ConnectionFailed(reason, maybe_sent=True)
        self.touched = True
        return piece

    def _sending(self) -> bool:
        return bool(self._unsent) or self._following is not None

    def _send(self) -> None:
        if self._following is not None and not self._unsent:
            piece = next(self._following, None)
            if piece is None:
                self._following = None
            else:
                self._unsent = memoryview(piece)
        if self._unsent:
            try:
                sent = _unless_blocked(self._socket.send, self._unsent[:_PIECE])
                self._unsent = self._unsent[sent or 0 :]
            except OSError as error:
                self._broken, self._unsent = error, memoryview(b"")
                self._following = None

    def _receive(self) -> bytes | None:
        try:
            return _unless_blocked(self._socket.recv, _PIECE)
        except OSError as error:
            reason = f"the connection broke: {describe(self._broken or error)}"
            raise ConnectionFailed(reason, maybe_sent=True) from None

    def _timed_out(self, deadline: float) -> TimedOut:
        if monotonic() >= deadline:
            return out_of_time(maybe_sent=True)
        task = "read the request" if self._sending() else "answer"
        return TimedOut(f"the server takes too long to {task}", maybe_sent=True)


class SocketTransport(BaseTransport[SocketConnection]):
    """A `Transport`; safe for threads, and for use after a fork. See `BaseTransport`."""

    def __init__(
        self,
        *,
        ssl_context: ssl.SSLContext | None = None,
        proxies: Proxies | None = None,
        trust_env: bool = True,
    ) -> None:
        """See `BaseTransport`."""
        super().__init__(ssl_context, proxies, trust_env)
        self._pool = Pool[SocketConnection](_MOST_IDLE)

    def send(self, request: Request) -> Response:
        """See `Transport.send`."""
        return finished(self.carry(request))

    async def carry(self, request: Request) -> Response:
        """As `send`; waits for nothing but sockets: see `waiting`."""
        if self._closed:
            raise RuntimeError("this transport is closed")
        deadline = monotonic() + request.timeout.total
        return await self._carry(request, self._pool, deadline)

    def widen(self, connections: int) -> None:
        """See `BaseTransport.widen`; there is no limit to those in use."""
        self._pool.widen(connections)

    def close(self) -> None:
        """Close idle connections; one that is in use is closed when its answer is there."""
        self._closed = True
        self._pool.drop()

    async def _connect(self, host: str, port: int, until: float) -> SocketConnection:
        found = await _addresses(host, port, time_left(until))
        failure: OSError | None = None
        for number, (family, kind, protocol, address) in enumerate(found):
            connecting: socket.socket | None = None
            try:
                connecting = socket.socket(family, kind, protocol)
                connecting.setblocking(False)
                connecting.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                # One address that swallows everything must not use up the time of the others.
                seconds = time_left(until) / (len(found) - number)
                await _connected(connecting, address, seconds)
                return SocketConnection(connecting)
            except BaseException as error:
                if connecting is not None:
                    connecting.close()
                if not isinstance(error, OSError):
                    raise
                failure = error
        raise not_connected(host, port, failure)


def waiting_apart(transport: object) -> SocketTransport | None:
    """A transport that leaves the waiting to others; None: another, be it made of that one."""
    return transport if type(transport) is SocketTransport else None


async def _connected(connecting: socket.socket, address: Any, seconds: float) -> None:
    try:
        connecting.connect(address)
    except BlockingIOError:
        found = await ready(connecting, seconds, reading=False, writing=True)
        if not any(found):
            raise TimeoutError from None
        number = connecting.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if number:
            raise OSError(number, os.strerror(number)) from None


async def _addresses(host: str, port: int, seconds: float) -> list[_Address]:
    """Where to connect to, in the system's order, waited for no longer than allowed."""
    outcome: _Outcome = []
    is_address = ":" in host or host.replace(".", "").isdigit()
    if is_address or is_finalizing():  # no other thread runs any more then
        _look_up(host, port, outcome)
    else:
        await _looked_up(host, port, outcome, seconds)
    found = outcome[0] if outcome else TimeoutError()
    if isinstance(found, list):
        return found
    raise not_connected(host, port, found)


async def _looked_up(host: str, port: int, outcome: _Outcome, seconds: float) -> None:
    """Look up in a thread, as the system's resolver cannot be interrupted.

    It is left to itself when the time is over: one without a lock or a list that others share, as a
    fork may follow.
    """
    try:
        here, there = socket.socketpair()
    except OSError:  # none to be had
        _look_up(host, port, outcome)
        return
    with here:
        try:
            _thread.start_new_thread(_look_up, (host, port, outcome, there))
        except RuntimeError:  # no thread to be had, or the program is ending
            _look_up(host, port, outcome, there)
        else:
            await ready(here, seconds)


def _look_up(
    host: str, port: int, outcome: _Outcome, done: socket.socket | None = None
) -> None:
    try:
        # As bytes: of text, Python makes bytes with a codec that it may have to import.
        found = socket.getaddrinfo(host.encode("ascii"), port, type=socket.SOCK_STREAM)
        outcome.append([(*each[:3], each[4]) for each in found])
    except (OSError, UnicodeError) as error:
        outcome.append(error)
    finally:
        if done is not None:
            done.close()


def _unless_blocked(act: Callable[..., _T], argument: object) -> _T | None:
    """What `act` returns, or None if it would have to wait. (What is readable may be TLS's own.)"""
    try:
        return act(argument)
    except OSError as error:
        # By name: ssl takes long to import.
        if type(error).__name__ in _BLOCKED:
            return None
        raise
