"""What a transport knows of a body that is sent, or kept, piece by piece."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator


class Streamed:
    """A body that is sent piece by piece, as it is read.

    Attributes:
        length: in bytes; None where only reading tells.
        repeatable: it can be read from its beginning as often as needed.
        asynchronous: only an async client can read it.
    """

    length: int | None = None
    repeatable = False
    asynchronous = False

    def fresh(self) -> bool:
        """Whether it can still be sent whole."""
        raise NotImplementedError

    def pieces(self) -> Iterator[bytes]:
        """All of it, from its beginning; as many bytes as `length` says, or an error."""
        raise NotImplementedError

    def async_pieces(self) -> AsyncIterator[bytes]:
        """The same for an event loop."""
        raise NotImplementedError

    def framed(self) -> Iterator[bytes]:
        """The pieces as HTTP/1.1 has them: in chunks where the length is not known."""
        raise NotImplementedError

    def async_framed(self) -> AsyncIterator[bytes]:
        """The same for an event loop."""
        raise NotImplementedError


class Spool(ABC):
    """Where the body of an answer is kept as it comes, that may be too large for memory.

    Attributes:
        size: how many bytes have come.
        most: more than so many are refused.
    """

    size = 0
    most = 17_179_869_184

    @abstractmethod
    def write(self, piece: bytes | bytearray) -> None:
        """Keep a part of the body. Raises OSError: there is no room for it."""
