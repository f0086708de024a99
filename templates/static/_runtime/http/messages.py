"""What a transport is given, what it returns, and what can go wrong with a call.

The text of an error is one line without control characters, fit for a log, and none holds a
credential. All errors can be copied and pickled.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol

from ..kinds.base import ANSWER
from .content import Read, Readable
from .headers import Headers
from .streamed import Spool, Streamed

_LONGEST_EXCERPT = 200
_LONGEST_DETAIL = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """How long a call may take, in seconds. There is always a limit.

    Attributes:
        connect: until connected, the proxy's tunnel and the TLS handshake included; of one attempt.
        read: the longest silence while the request is sent or the answer awaited; of one attempt.
        total: of the whole call, from its start to the last byte of the answer, with all attempts
            and the pauses between them. A pause that would end later is not made. (The default
            has room for four attempts that meet nothing but silence.)

    Raises:
        ValueError: not a number above 0 and of at most a day.
    """

    connect: float = 5.0
    read: float = 10.0
    total: float = 60.0

    def __post_init__(self) -> None:
        for name in ("connect", "read", "total"):
            positive(f"the {name} timeout", getattr(self, name))

    @classmethod
    def of(cls, value: Timeouts | float) -> Timeouts:
        """`value` itself, or for a number of seconds: a total of that, no other limit above it."""
        if isinstance(value, Timeouts):
            return value
        seconds = positive("the timeout", value)
        return cls(connect=min(seconds, 5.0), read=seconds, total=seconds)


def positive(what: str, value: object) -> float:
    """`value`, if it is a number of seconds above 0 and not above a day, else a ValueError."""
    seconds = value if isinstance(value, (int, float)) else 0
    if type(value) is not bool and 0 < seconds <= 86_400:
        return float(seconds)
    raise ValueError(f"{what} must be a number of seconds above 0, at most 86400")


DEFAULT_TIMEOUTS: Final = Timeouts()
ANSWER_LIMIT: Final = 4_194_304


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Request:
    """A request, ready to be carried. Its repr shows neither headers nor query nor body.

    Attributes:
        method: upper case.
        origin: scheme, host and, unless it is the scheme's own, port: `https://example.com`.
        target: path and query, percent-encoded: `/v1/track?a=b`.
        headers: everything but Host, Content-Length, Transfer-Encoding and Connection, which the
            transport adds.
        body: None for no body at all; what is large or not there yet is `Streamed`.
        timeout: the limits for this attempt; `total` is what is left for the call.
        spool: where the body of a success goes, however large it is; None: into memory.
        answer_limit: bytes that the body of an answer may have in memory, uncompressed too.
    """

    method: str
    origin: str
    target: str
    headers: Headers
    body: bytes | Streamed | None
    timeout: Timeouts
    spool: Spool | None = None
    answer_limit: int = ANSWER_LIMIT

    @property
    def url(self) -> str:
        """The whole URL, query included: a credential may be part of it."""
        return self.origin + self.target

    @property
    def place(self) -> str:
        """The URL without its query: what may be shown and logged."""
        return self.origin + self.target.partition("?")[0]

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.place}>"


@dataclass(frozen=True, slots=True, repr=False)
class Response:
    """An answer. Its repr shows no more than its size: a server may echo a credential.

    Attributes:
        status: the HTTP status code.
        headers: as far as they came.
        body: as far as it came, and as it came: compressed, if it is.
        incomplete: why the answer is not whole; empty for one that is.
        spool: where the body is instead, if it is there.
    """

    status: int
    headers: Headers
    body: bytes
    incomplete: str = ""
    spool: Spool | None = None

    def __repr__(self) -> str:
        return f"<Response {self.status}, {len(self.body)} bytes>"


class Transport(Protocol):
    """Carries requests; safe to use from several threads."""

    def send(self, request: Request) -> Response:
        """Send once and return the answer whatever its status; follow no redirect.

        Once the status is known, whatever else goes wrong is an answer with that status, which
        says in `incomplete` what it was: the server has spoken, and must not be asked again.

        Raises:
            TransportError: no answer came, not even its status.
        """
        ...

    def close(self) -> None:
        """Let go of what is held. May be called twice."""
        ...


class AsyncTransport(Protocol):
    """Carries requests without blocking the event loop; see `Transport`."""

    async def send(self, request: Request) -> Response:
        """As `Transport.send`."""
        ...

    async def aclose(self) -> None:
        """As `Transport.close`."""
        ...


class ClientError(Exception):
    """Anything that keeps a call from succeeding.

    Attributes:
        attempts: how often the request was tried.
        given_up: why it was not tried again, though it was to be: too little time, the client was
            closed. Empty otherwise.
    """

    attempts: int = 1
    given_up: str = ""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))

    def __str__(self) -> str:
        attempts = f"after {self.attempts} attempts" if self.attempts > 1 else ""
        notes = "; ".join(filter(None, (attempts, self.given_up)))
        return f"{self.args[0]} ({notes})" if notes else str(self.args[0])

    def __reduce__(self) -> tuple[Any, ...]:
        # The default would call the class with `args`, which not every class here takes.
        return Exception.__new__, (type(self), *self.args), self.__dict__


class TransportError(ClientError):
    """No answer came.

    Attributes:
        maybe_sent: the server may have received and even handled the request.
        permanent: trying again is no use, as with a certificate that is not trusted.
    """

    def __init__(
        self, message: str, *, maybe_sent: bool = False, permanent: bool = False
    ) -> None:
        super().__init__(message)
        self.maybe_sent = maybe_sent
        self.permanent = permanent


class ConnectionFailed(TransportError):
    """There was no connection, or it broke: name not found, refused, reset, TLS, proxy."""


class TimedOut(TransportError):
    """A limit of `Timeouts` was reached."""


class MalformedAnswer(TransportError):
    """What came back is not HTTP/1.x, so not even its status is known."""

    def __init__(self, message: str) -> None:
        super().__init__(message, maybe_sent=True, permanent=True)


class AnswerError(ClientError, Readable):
    """The server answered, and the answer is not success: nothing was accepted.

    Attributes:
        status: the HTTP status code.
        headers: the answer's headers.
        body: the answer's body, uncompressed; of a long one the first 256 KiB.
        data: the body as the document has it for this status, read when asked for; parsed JSON,
            or None, where it says nothing. Raises ValidationError for a body that does not fit.
        json: the parsed JSON; None where none came.
        reason: what is unexpected about the answer, or why it is not whole; may be empty.
        incomplete: why the body is not whole; empty for one that is.
        errors: the error texts in the body, where the document says where they stand: the first
            50 (then a last one, "…", stands for the others), each cut off after 1,000 characters.
        retry_after: seconds to wait that the server asked for (`Retry-After`), or None.
    """

    if not TYPE_CHECKING:

        @cached_property
        def data(self) -> Any:
            return self._as_documented(ANSWER)

    def __init__(
        self,
        *,
        status: int,
        headers: Headers,
        body: bytes,
        reason: str = "",
        errors: tuple[str, ...] = (),
        retry_after: float | None = None,
        read: Read | None = None,
        incomplete: str = "",
    ) -> None:
        from http import HTTPStatus  # slow to import

        phrases = [f" {each.phrase}" for each in HTTPStatus if each == status]
        detail = _shortened("; ".join(errors), _LONGEST_DETAIL) or excerpt(body)
        parts = (f"{status}{''.join(phrases)}", reason, detail)
        super().__init__(": ".join(filter(None, parts)))
        self.status = status
        self.headers = headers
        self.body = body
        self.errors = errors
        self.retry_after = retry_after
        self.reason = one_line(reason)
        self.incomplete = incomplete
        self._read = read

    def __reduce__(self) -> tuple[Any, ...]:
        return Exception.__new__, (type(self), *self.args), self._state()


class BadRequest(AnswerError):
    """400: the server refused the request; `errors` says why, where the document tells."""


class Unauthorized(AnswerError):
    """401: the credentials are missing, wrong, or for another region."""


class Forbidden(AnswerError):
    """403: the credentials do not allow it."""


class NotFound(AnswerError):
    """404: there is nothing of that kind, or no such path on this server."""


class Conflict(AnswerError):
    """409: the request does not agree with how things stand on the server."""


class UnprocessableContent(AnswerError):
    """422: the body is well formed, and the server cannot do what it says."""


class TooManyRequests(AnswerError):
    """429: come back later; `retry_after` in seconds, or None where the server did not say."""


class ServerFailure(AnswerError):
    """5xx: the server failed; `retry_after` in seconds, or None where it did not say."""


class UnexpectedAnswer(AnswerError):
    """A status other than 2xx that the document does not foresee, or a redirect: see `reason`."""


def one_line(text: str) -> str:
    """The text with line breaks as spaces and other unprintable characters as `\\ufffd`."""
    flat = " ".join(text.split())
    return "".join(c if c.isprintable() else "\ufffd" for c in flat)


def excerpt(body: bytes) -> str:
    """The beginning of a body, readable."""
    # Four bytes is the most a character takes: cut before decoding, a body may be large.
    text = one_line(body[: 4 * _LONGEST_EXCERPT + 4].decode("utf-8", "replace"))
    return _shortened(text, _LONGEST_EXCERPT)


def program_ends(error: Exception, host: str = "") -> ConnectionFailed:
    """The error for a call at the very end of a program, when Python is half gone already.

    `host`: it could not be connected to any more, so that nothing was sent.
    """
    reason = f"the program is ending ({type(error).__name__}: {error})"
    reason = f"cannot connect to {host}: {reason}" if host else reason
    return ConnectionFailed(reason, maybe_sent=not host, permanent=True)


def describe(error: BaseException) -> str:
    """What the system said, without its numbers: those differ by platform."""
    text = error.strerror if isinstance(error, OSError) else None
    return text or str(error) or type(error).__name__


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
