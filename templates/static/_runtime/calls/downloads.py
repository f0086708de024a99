"""Answers that may be too large for memory: kept in a temporary file, saved or read in pieces."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import Any, TypeVar

from ..http import streamed
from .responses import Answer

_IN_MEMORY = 1_048_576
_PIECE = 65_536


class Spool(streamed.Spool):
    """The first MiB in memory; a longer body in a temporary file that nobody else can open."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile[bytes](max_size=_IN_MEMORY)

    def write(self, piece: bytes | bytearray) -> None:
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


def kept(answer: Answer[Any]) -> tuple[Any, ...]:
    """What a `Kept` is made of, given the answer to a call."""
    spool = answer.kept if isinstance(answer.kept, Spool) else Spool()
    if answer.body:  # it was short, and came with its head
        spool.write(answer.body)
    said = (answer.status, answer.headers, b"", answer.problem, answer.incomplete)
    return *said, answer._read, None, spool


T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, repr=False)
class Kept(Answer[T_co]):
    """The server has accepted the request; the body may be too large for memory.

    It has come, up to 16 GiB of it, and what is beyond the first MiB is in a temporary file until
    this object is gone. `body` is empty: see `save`, `pieces` and, for all of it at once, `data`.
    """

    spool: Spool = field(default_factory=Spool, compare=False)

    def pieces(self) -> Iterator[bytes]:
        """The body, 64 KiB at a time.

        Raises:
            ValidationError: it did not come whole.
        """
        self._check_whole()
        return self.spool.pieces()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the body to a file; one of that name is replaced when the new one is whole.

        A pipe or a device stays what it is, and gets the body.

        Raises:
            ValidationError: the body did not come whole; nothing is written.
            OSError: the file cannot be written; what was there is untouched.
        """
        pieces = self.pieces()
        target = os.path.realpath(path)
        if os.path.exists(target) and not os.path.isfile(target):
            with open(target, "wb") as other:
                other.writelines(pieces)
            return
        folder, name = os.path.split(target)
        made = os.path.join(folder, f".{name[:100]}.{os.urandom(4).hex()}")
        with open(made, "xb") as file:
            try:
                file.writelines(pieces)
                file.close()
                os.replace(made, target)
            except BaseException:
                file.close()
                os.unlink(made)
                raise

    def __getstate__(self) -> dict[str, Any]:
        raise TypeError(f"a {type(self).__name__} cannot be copied or pickled: save it")

    def __repr__(self) -> str:
        problem = f", {self.problem}" if self.problem else ""
        name = type(self).__name__
        return f"<{name} {self.status}, {self.spool.size} bytes{problem}>"


@dataclass(frozen=True, repr=False)
class Download(Kept[bytes]):
    """A file: a body that is neither JSON nor text. See `Kept`."""

    @classmethod
    def of(cls, answer: Answer[Any]) -> Download:
        """The download that an answer is."""
        return cls(*kept(answer))

    def _as_documented(self, wire: int) -> bytes:
        return b"".join(self.pieces())
