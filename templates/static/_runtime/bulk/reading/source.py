"""The bytes of an input, line by line or in chunks, and what they hash to."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from select import select
from typing import Any, BinaryIO, Final

LONGEST: Final = 16 * 1024 * 1024
"""Bytes that a line, a cell or an element may have: what is longer is no list of events."""
_CHUNK = 64 * 1024
_HEAD = 512
_MOMENT = 0.25
"""Seconds between looks at whether a signal came."""
_UTF16 = "UTF-16: convert it, as in `iconv -f utf-16{} -t utf-8`"
_MARKS = {
    b"\xff\xfe\0\0": "UTF-32: convert it, as in `iconv -f utf-32 -t utf-8`",
    b"\0\0\xfe\xff": "UTF-32: convert it, as in `iconv -f utf-32 -t utf-8`",
    b"\xff\xfe": _UTF16.format(""),
    b"\xfe\xff": _UTF16.format(""),
    b"\x1f\x8b": "compressed: pipe it in, as in `zcat FILE | … send -`",
    b"\x28\xb5\x2f\xfd": "compressed: pipe it in, as in `zstdcat FILE | … send -`",
    b"BZh": "compressed: pipe it in, as in `bzcat FILE | … send -`",
    b"\xfd7zXZ\0": "compressed: pipe it in, as in `xzcat FILE | … send -`",
    b"PK\x03\x04": "a zip archive or a spreadsheet: save it as CSV in UTF-8",
    b"\xd0\xcf\x11\xe0": "a spreadsheet of an old kind: save it as CSV in UTF-8",
    b"PAR1": "a file of Parquet: write it as CSV or JSON Lines",
    b"%PDF-": "a PDF: events are in CSV, or in JSON",
}
"""What files begin with that are no text in UTF-8."""
_WIDE = {1: "le", 0: "be"}
"""What UTF-16 is called whose every first, or second, byte of a plain letter is null."""


class InputError(Exception):
    """The input as a whole cannot be read, or not as it was asked for."""


class RowError(ValueError):
    """One row cannot be read; the others may be."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that could be read; `line`: where it begins, from 1."""

    line: int
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that is wrong; `came`: the row, as far as it could be read."""

    line: int
    messages: tuple[str, ...]
    came: Any = None


class Source:
    """An input that is read once, from its beginning to its end.

    Attributes:
        bom: whether it begins with a byte order mark, which is not part of the text.
        head: its first bytes, to recognise it by.
        taken: bytes that were read so far.
    """

    def __init__(self, stream: BinaryIO) -> None:
        """Raises InputError for what is no text in UTF-8 by its first bytes."""
        self._stream = stream
        # What is there, rather than as much as was asked for.
        self._some: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
        self._sha256 = sha256()
        self.taken = 0
        head = more = self._read()
        while more and len(head) < _HEAD:  # a pipe may give less at a time
            more = self._read()
            head += more
        _check_text(head)
        self.bom = head.startswith(codecs.BOM_UTF8)
        self.head = head.removeprefix(codecs.BOM_UTF8)

    def chunks(self) -> Iterator[bytes]:
        """Its text, in pieces of any size."""
        chunk = self.head
        while chunk:
            yield chunk
            chunk = self._read()

    def lines(self) -> Iterator[tuple[int, bytes | None]]:
        """Its lines with their numbers, without the line feed; None: one that is too long."""
        number, rest, long = 0, b"", False
        for chunk in self.chunks():
            lines = (rest + chunk).split(b"\n")
            rest = lines.pop()
            for line in lines:
                number += 1
                yield number, None if long or len(line) > LONGEST else line
                long = False
            if long or len(rest) > LONGEST:
                rest, long = b"", True
        if rest or long:
            yield number + 1, None if long else rest

    def sha256(self) -> str:
        """The hash of all that was read, in hexadecimal."""
        return self._sha256.hexdigest()

    def read_on(self) -> str:
        """Read to the end without looking, for the hash of all."""
        while self._read():
            pass
        return self.sha256()

    def _read(self) -> bytes:
        try:
            self._wait()
            chunk = self._some(_CHUNK)
        except OSError as error:
            raise InputError(f"it cannot be read: {error.strerror}") from None
        self._sha256.update(chunk)
        self.taken += len(chunk)
        return chunk

    def _wait(self) -> None:
        """Wait until there is something to read, if that can be told.

        A signal that comes just before a read that blocks is seen when there is something to read,
        which may be never. So it is not read before, and looked up now and then.
        """
        with suppress(OSError, ValueError):  # no file, or on Windows
            while not select([self._stream], [], [], _MOMENT)[0]:
                pass


def _check_text(head: bytes) -> None:
    """Whether it can be text in UTF-8, by its first bytes. Raises InputError."""
    for mark, what in _MARKS.items():
        if head.startswith(mark):
            raise InputError(f"it is {what}")
    for offset, name in _WIDE.items():
        nulls = head[offset::2]
        if nulls and not nulls.strip(b"\0"):
            raise InputError(f"it is {_UTF16.format(name)}")


def decoded(line: bytes | None) -> str:
    """A line as text. Raises RowError."""
    if line is None:
        raise RowError("the line has more than 16 MiB")
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        byte, place = line[error.start], error.start + 1
        message = (
            f"byte {place} of the line, 0x{byte:02x}, is not UTF-8; convert the file, as in "
            "`iconv -f latin1 -t utf-8`"
        )
        raise RowError(message) from None
