"""Connections that lie idle, each process's its own."""

from __future__ import annotations

import os
from time import monotonic

from .sockets import Connection

_MOST_IDLE = 32
# Common servers and load balancers drop a connection that is idle for 60 seconds or more.
_LONGEST_IDLE = 55.0
_Idle = dict[str, list[Connection]]


class Pool:
    """The idle connections of a transport.

    It takes no lock: what is done to dict and list is atomic, and a lock that another thread holds
    at a fork would stay locked in the child for good. Connections are found by the process they
    belong to, so that no thread of a child, whenever it comes, sees one of the parent's.
    """

    __slots__ = ("_by_process",)

    def __init__(self) -> None:
        self._by_process: dict[int, _Idle] = {}

    def take(self, origin: str) -> Connection | None:
        """A connection that is alive, as far as can be seen."""
        idle = self._mine().get(origin)
        while idle:
            try:
                connection = idle.pop()
            except IndexError:  # another thread was faster
                return None
            if (
                monotonic() - connection.idle_since < _LONGEST_IDLE
                and not connection.stale()
            ):
                return connection
            connection.close()
        return None

    def put(self, origin: str, connection: Connection) -> None:
        """Put a connection aside for the next request; close it where there are enough."""
        idle = self._mine().setdefault(origin, [])
        if len(idle) >= _MOST_IDLE:
            connection.close()
            return
        connection.idle_since = monotonic()
        idle.append(connection)

    def drop(self) -> None:
        """Close all that lie idle, the parent's too: in the child that is no end of them."""
        for process in list(self._by_process):
            _close(self._by_process.get(process, {}))

    def _mine(self) -> _Idle:
        process = os.getpid()
        found = self._by_process.get(process)
        if found is None:
            inherited = [key for key in list(self._by_process) if key != process]
            found = self._by_process.setdefault(process, {})
            for key in inherited:
                _close(self._by_process.pop(key, {}))
        return found


def _close(idle: _Idle) -> None:
    for connections in list(idle.values()):
        while connections:
            try:
                connections.pop().close()
            except IndexError:  # another thread was faster
                break
