"""Reading from a socket until a deadline, however slowly the other end drips."""

from __future__ import annotations

import io
from socket import socket
from typing import TYPE_CHECKING

from .rules import Deadline

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class TimedReader(io.RawIOBase):
    """The incoming side of `sock`. A read past the deadline raises TimeoutError."""

    def __init__(self, sock: socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        self._sock.settimeout(self._deadline.left())
        return self._sock.recv_into(buffer)
