"""What the adapters share: answers as other libraries bring them, and their errors.

Errors are told apart by name, as the library may not be installed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from time import monotonic

from .._runtime.http.headers import Headers
from .._runtime.http.http1 import spools
from .._runtime.http.messages import (
    ConnectionFailed,
    MalformedAnswer,
    Request,
    Response,
    TimedOut,
    TransportError,
    describe,
)
from .._runtime.http.streamed import Spool, Streamed


class Exchange:
    """A request under way. Once its status has come, whatever happens is an answer with it."""

    def __init__(self, request: Request) -> None:
        self._total = request.timeout.total
        self._began = monotonic()
        self._status = 0
        self._headers = Headers()
        self._body = bytearray()
        self._spool = request.spool
        self._most = request.answer_limit

    def begin(self, status: int, headers: Iterable[tuple[str, str]]) -> None:
        """Note the head of the answer."""
        self._status = status
        self._headers = Headers(headers)
        if not spools(status, self._headers):
            self._spool = None

    def add(self, piece: bytes) -> None:
        """Note a part of the body.

        Raises:
            TransportError: it is too large, or takes too long.
        """
        if self._spool is not None:
            self._keep(piece, self._spool)
        else:
            self._body += piece
        if len(self._body) > self._most:
            raise ConnectionFailed(f"the body exceeds {self._most} bytes")
        if monotonic() - self._began > self._total:
            raise TimedOut("the total time for the call is over", maybe_sent=True)

    @staticmethod
    def _keep(piece: bytes, spool: Spool) -> None:
        try:
            spool.write(piece)
        except OSError as error:
            raise ConnectionFailed(
                f"the body cannot be kept: {describe(error)}"
            ) from None
        if spool.size > spool.most:
            raise ConnectionFailed(f"the body exceeds {spool.most} bytes")

    def answer(self) -> Response:
        """The answer, now that it is whole."""
        body = bytes(self._body)
        return Response(self._status, self._headers, body, spool=self._spool)

    def broken_off(self, error: TransportError) -> Response:
        """The answer as far as it came.

        Raises:
            TransportError: the error itself, where not even a status has come.
        """
        if not self._status:
            raise error
        reason = str(error.args[0])
        body = bytes(self._body)
        return Response(self._status, self._headers, body, reason, self._spool)


def sync_body(request: Request) -> bytes | Iterator[bytes] | None:
    """The body as sync libraries take it."""
    body = request.body
    return body.pieces() if isinstance(body, Streamed) else body


def async_body(request: Request) -> bytes | AsyncIterator[bytes] | None:
    """The body as async libraries take it."""
    body = request.body
    return body.async_pieces() if isinstance(body, Streamed) else body


def sized(request: Request) -> Headers:
    """The headers, with the length of a streamed body if that is known."""
    body = request.body
    if not isinstance(body, Streamed) or body.length is None:
        return request.headers
    return Headers([*request.headers.pairs, ("Content-Length", str(body.length))])


def class_names(error: BaseException, libraries: frozenset[str]) -> frozenset[str]:
    """The names of the error's classes that one of the libraries defines; empty: not theirs."""
    return frozenset(
        cls.__name__
        for cls in type(error).__mro__
        if cls.__module__.partition(".")[0] in libraries
    )


def timed_out(error: BaseException, *, maybe_sent: bool) -> TransportError:
    """TimedOut, in the library's words."""
    return TimedOut(_words(error), maybe_sent=maybe_sent)


def failed(error: BaseException, *, maybe_sent: bool) -> TransportError:
    """ConnectionFailed, in the library's words; for good if a certificate is not trusted."""
    words = _words(error)
    untrusted = "CERTIFICATE_VERIFY_FAILED" in words
    return ConnectionFailed(words, maybe_sent=maybe_sent, permanent=untrusted)


def unreadable(error: BaseException) -> TransportError:
    """MalformedAnswer, in the library's words: it answered, so it is not to be asked again."""
    return MalformedAnswer(_words(error))


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
