"""Bodies that are read while they are sent: from files, from iterables, or put together of both."""

from __future__ import annotations

import asyncio
import os
from abc import ABC, abstractmethod
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from io import TextIOBase
from stat import S_ISREG
from typing import Any, Protocol, cast, runtime_checkable

from .streamed import Streamed

_PIECE = 65_536


@runtime_checkable
class Readable(Protocol):
    """A binary file."""

    def read(self, size: int = ..., /) -> bytes: ...


class Source(ABC):
    """Where bytes come from; see `Streamed`, whose attributes these are."""

    length: int | None = None
    repeatable = False
    asynchronous = False

    def __init__(self) -> None:
        self._begun = False

    def fresh(self) -> bool:
        """Whether all of it can still be read."""
        return self.repeatable or not self._begun

    def begin(self) -> None:
        """Note that it is read from now on.

        Raises:
            RuntimeError: it was read before, and cannot be read again.
        """
        if not self.fresh():
            raise RuntimeError("the body was read already, and can be read only once")
        self._begun = True

    @abstractmethod
    def pieces(self) -> Iterator[bytes]:
        """All of it, from its beginning."""

    async def async_pieces(self) -> AsyncIterator[bytes]:
        """The same for an event loop."""
        for piece in self.pieces():
            yield piece


class _Read(Source):
    """What has to be asked for each piece, which takes its time.

    Of a file that grew since its length was seen, no more than that is read.
    """

    @abstractmethod
    def reader(self) -> Iterator[Callable[[int], bytes]]:
        """Yields once what reads a piece, and ends when it is not needed any more."""

    def pieces(self) -> Iterator[bytes]:
        self.begin()
        left = self.length
        for read in self.reader():
            while piece := checked_piece(read(_most(left))):
                left = None if left is None else left - len(piece)
                yield piece

    async def async_pieces(self) -> AsyncIterator[bytes]:
        self.begin()
        loop, left = asyncio.get_running_loop(), self.length
        for read in self.reader():
            while piece := checked_piece(
                await loop.run_in_executor(None, read, _most(left))
            ):
                left = None if left is None else left - len(piece)
                yield piece


def _most(left: int | None) -> int:
    return _PIECE if left is None else min(_PIECE, left)


class FileSource(_Read):
    """A binary file that is open, from where it stands; again from there if it can be rewound."""

    def __init__(self, file: Any) -> None:
        super().__init__()
        if isinstance(file, TextIOBase):
            raise TypeError('the file is open as text: open it in binary mode, "rb"')
        self._file = file
        self._start = 0
        try:
            self._start = file.tell()
            self.length = max(file.seek(0, os.SEEK_END) - self._start, 0)
            file.seek(self._start)
            self.repeatable = True
        except (AttributeError, OSError, ValueError):  # a pipe, a socket, or closed
            self.length = None

    def reader(self) -> Iterator[Callable[[int], bytes]]:
        if self.repeatable:
            self._file.seek(self._start)
        yield self._file.read


class PathSource(_Read):
    """A file by its path, opened when it is read."""

    repeatable = True

    def __init__(self, path: os.PathLike[str]) -> None:
        """Raises OSError: there is no such file."""
        super().__init__()
        self._path = path
        found = os.stat(path)
        self.length = found.st_size if S_ISREG(found.st_mode) else None

    def reader(self) -> Iterator[Callable[[int], bytes]]:
        with open(self._path, "rb") as file:
            yield file.read


class IterableSource(Source):
    """Anything that gives bytes; again if it is no iterator, which can be used up."""

    def __init__(self, values: Iterable[bytes]) -> None:
        super().__init__()
        self._values = values
        self.repeatable = iter(values) is not values
        if isinstance(values, (list, tuple)):
            listed = cast("Iterable[object]", values)
            self.length = sum(len(checked_piece(each)) for each in listed)

    def pieces(self) -> Iterator[bytes]:
        self.begin()
        for piece in self._values:
            yield checked_piece(piece)


class AsyncSource(Source):
    """The same of what only an event loop can iterate."""

    asynchronous = True

    def __init__(self, values: AsyncIterable[bytes]) -> None:
        super().__init__()
        self._values = values
        self.repeatable = aiter(values) is not values

    def pieces(self) -> Iterator[bytes]:
        raise TypeError("only an async client can send an async iterable")

    async def async_pieces(self) -> AsyncIterator[bytes]:
        self.begin()
        async for piece in self._values:
            yield checked_piece(piece)


def source_of(value: Any) -> Source | None:
    """What reads a value that is no bytes; None where nothing can."""
    if isinstance(value, os.PathLike):
        return PathSource(cast("os.PathLike[str]", value))
    if isinstance(value, AsyncIterable):
        return AsyncSource(cast("AsyncIterable[bytes]", value))
    if isinstance(value, (Readable, TextIOBase)):
        return FileSource(value)
    if isinstance(value, Iterable) and not isinstance(value, (str, dict)):
        return IterableSource(cast("Iterable[bytes]", value))
    return None


def checked_piece(piece: object) -> bytes:
    """A piece as bytes; TypeError for what is none."""
    if isinstance(piece, bytes):
        return piece
    if isinstance(piece, (bytearray, memoryview)):
        return bytes(cast("bytearray", piece))
    raise TypeError(f"a body is made of bytes, not of {type(piece).__name__}")


class Upload(Streamed):
    """A body made of bytes and of what is read while it is sent."""

    def __init__(self, *parts: bytes | Source) -> None:
        self._parts = parts
        sources = [part for part in parts if isinstance(part, Source)]
        self._sources = sources
        lengths = [len(p) if isinstance(p, bytes) else p.length for p in parts]
        known = [length for length in lengths if length is not None]
        self.length = sum(known) if len(known) == len(lengths) else None
        self.repeatable = all(source.repeatable for source in sources)
        self.asynchronous = any(source.asynchronous for source in sources)

    def fresh(self) -> bool:
        return all(source.fresh() for source in self._sources)

    def pieces(self) -> Iterator[bytes]:
        sent = 0
        for part in self._parts:
            for piece in (part,) if isinstance(part, bytes) else part.pieces():
                sent += len(piece)
                yield piece
        self._check_end(sent)

    async def async_pieces(self) -> AsyncIterator[bytes]:
        sent = 0
        for part in self._parts:
            if isinstance(part, bytes):
                sent += len(part)
                yield part
                continue
            async for piece in part.async_pieces():
                sent += len(piece)
                yield piece
        self._check_end(sent)

    def framed(self) -> Iterator[bytes]:
        if self.length is not None:
            yield from self.pieces()
            return
        for piece in self.pieces():
            yield _chunk(piece)
        yield b"0\r\n\r\n"

    async def async_framed(self) -> AsyncIterator[bytes]:
        if self.length is not None:
            async for piece in self.async_pieces():
                yield piece
            return
        async for piece in self.async_pieces():
            yield _chunk(piece)
        yield b"0\r\n\r\n"

    def _check_end(self, sent: int) -> None:
        if self.length is not None and sent < self.length:
            raise ValueError(f"the body ended after {sent} of {self.length} bytes")


def _chunk(piece: bytes) -> bytes:
    """A piece as a chunk; nothing of an empty one, which would end the body."""
    return b"%x\r\n%b\r\n" % (len(piece), piece) if piece else b""
