"""Answers of one JSON text after the other: `application/x-ndjson` and its like."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from ..http.content import Readable, parsed
from ..kinds.base import ANSWER, ANY, Kind
from ..values.problems import Problem, ValidationError
from .downloads import Kept, kept
from .responses import Answer

T_co = TypeVar("T_co", covariant=True)
_LONGEST = 16_777_216


@dataclass(frozen=True, repr=False)
class JsonLines(Kept[tuple[T_co, ...]]):
    """The server has accepted the request; what it lists may be too large for memory.

    It has come, up to 16 GiB of it, as a `Download` has. `items` reads it one by one, `data` is
    all of it at once.
    """

    @classmethod
    def of(cls, answer: Answer[Any]) -> JsonLines[Any]:
        """The items that an answer has."""
        return cls(*kept(answer))

    def items(self) -> Iterator[T_co]:
        """Each item, read when its turn comes, as `data` of an `Answer` is.

        Raises:
            ValidationError: the body did not come whole, or an item is not what the document says.
        """
        return self._lines().items(self.pieces(), ANSWER)

    def _as_documented(self, wire: int) -> tuple[T_co, ...]:
        return tuple(self._lines().items(self.pieces(), wire))

    def _lines(self) -> Lines:
        # Of a status that the document does not foresee nothing is known but that.
        return self._read if isinstance(self._read, Lines) else Lines(lambda: ANY)


class Lines:
    """A body of items, each of a kind; `make` makes the kind when it is first read."""

    def __init__(self, make: Callable[[], Kind]) -> None:
        self._make = make
        self._kind: Kind | None = None

    def __call__(self, answer: Readable, wire: int) -> tuple[Any, ...]:
        """Raises ValidationError, which lists what does not fit."""
        return tuple(self.items([answer.body], wire))

    def items(self, pieces: Iterable[bytes], wire: int) -> Iterator[Any]:
        """Those of a body that comes in pieces. Raises ValidationError."""
        if self._kind is None:
            self._kind = self._make()
        for index, line in enumerate(_lines(pieces)):
            problems: list[Problem] = []
            try:
                found = parsed(line)
            except (ValueError, RecursionError):
                got = f"{len(line)} bytes"
                raise ValidationError(
                    "answer", [Problem((index,), "JSON", got)]
                ) from None
            value = self._kind.check(found, (index,), problems, wire)
            if problems:
                raise ValidationError("answer", problems)
            yield value


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The lines that hold something, without what separates them."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from filter(None, map(_stripped, whole))
        if len(rest) > _LONGEST:
            got = f"more than {_LONGEST} bytes"
            raise ValidationError("answer", [Problem((), "a line of JSON", got)])
    yield from filter(None, [_stripped(rest)])


def _stripped(line: bytes) -> bytes:
    # The record separator of `application/json-seq` stands before each (RFC 7464, 2.2).
    return line.strip(b" \t\r\x1e")
