"""Where the body of an answer is kept that may be too large for memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile

IN_MEMORY = 1_048_576
"""Bytes; a longer body goes to a temporary file, which nobody else can open."""
MOST = 17_179_869_184
_PIECE = 65_536


class Spool:
    """Takes a body as it comes. Each attempt of a call has one of its own."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile[bytes](max_size=IN_MEMORY)
        self.size = 0

    def write(self, piece: bytes | bytearray) -> None:
        """Keep a part of the body.

        Raises:
            OSError: there is no room for it.
        """
        self._file.write(piece)
        self.size += len(piece)

    def pieces(self) -> Iterator[bytes]:
        """All of it, from its beginning."""
        at = 0
        while at < self.size:
            self._file.seek(at)
            piece = self._file.read(_PIECE)
            at += len(piece)
            yield piece

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write all of it to a file; what was there before is replaced when that is done."""
        save(path, self.pieces())


def save(path: str | os.PathLike[str], pieces: Iterator[bytes]) -> None:
    """Write a file anew; one of that name is replaced when the new one is whole."""
    from tempfile import NamedTemporaryFile

    target = os.path.realpath(path)
    folder, name = os.path.split(target)
    made = NamedTemporaryFile(dir=folder, prefix=f".{name[:100]}.", delete=False)
    try:
        with made:
            made.writelines(pieces)
        os.chmod(made.name, _mode(target))
        os.replace(made.name, target)
    except BaseException:
        os.unlink(made.name)
        raise


def _mode(target: str) -> int:
    """The permissions of the file that is replaced, or what a new one has."""
    try:
        return os.stat(target).st_mode & 0o7777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
