"""What can go wrong after an event was built: no answer, or an answer that is not a yes.

The text of each is one line without control characters, fit for a log, and none holds a
credential. All can be copied and pickled.
"""

from __future__ import annotations

from typing import Any

from .messages import Headers

_LONGEST_EXCERPT = 200
_LONGEST_DETAIL = 1000


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
        return _restore, (type(self), self.args, dict(self.__dict__))


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


class AnswerError(ClientError):
    """The server answered, and the answer is not success: nothing was accepted.

    Attributes:
        status: the HTTP status code.
        headers: the answer's headers.
        body: the answer's body, uncompressed; of a long one the first 256 KiB.
        reason: what is unexpected about the answer, or why it is not whole; may be empty.
        errors: the error texts in the body, where the document says where they stand: the first
            50 (then a last one, "…", stands for the others), each cut off after 1,000 characters.
        retry_after: seconds to wait that the server asked for (`Retry-After`), or None.
    """

    def __init__(
        self,
        *,
        status: int,
        headers: Headers,
        body: bytes,
        reason: str = "",
        errors: tuple[str, ...] = (),
        retry_after: float | None = None,
    ) -> None:
        from http import HTTPStatus  # slow to import

        phrases = [f" {each.phrase}" for each in HTTPStatus if each == status]
        detail = _shortened("; ".join(errors), _LONGEST_DETAIL) or excerpt(body)
        parts = (f"{status}{''.join(phrases)}", reason, detail)
        super().__init__(": ".join(part for part in parts if part))
        self.status = status
        self.headers = headers
        self.body = body
        self.errors = errors
        self.retry_after = retry_after
        self.reason = one_line(reason)


class BadRequest(AnswerError):
    """400: the server refused the request; `errors` says why, where the document tells."""


class Unauthorized(AnswerError):
    """401: the credentials are missing, wrong, or for another region."""


class TooManyRequests(AnswerError):
    """429: come back later; `retry_after` in seconds, or None where the server did not say."""


class ServerFailure(AnswerError):
    """5xx: the server failed; `retry_after` in seconds, or None where it did not say."""


class UnexpectedAnswer(AnswerError):
    """An answer the document does not foresee.

    An undocumented status other than 2xx, or a redirect. `reason` says which.
    """


def one_line(text: str) -> str:
    """The text with line breaks as spaces and other unprintable characters as `\\ufffd`."""
    flat = " ".join(text.split())
    return "".join(c if c.isprintable() else "\ufffd" for c in flat)


def excerpt(body: bytes) -> str:
    """The beginning of a body, readable."""
    # Four bytes is the most a character takes: cut before decoding, a body may be large.
    text = one_line(body[: 4 * _LONGEST_EXCERPT + 4].decode("utf-8", "replace"))
    return _shortened(text, _LONGEST_EXCERPT)


def not_connected(host: str, port: int, error: Exception | None) -> TransportError:
    """The error for a server or proxy that could not be reached."""
    if isinstance(error, TimeoutError):
        return TimedOut(f"connecting to {host}:{port} takes too long")
    reason = describe(error) if error is not None else "it has no address"
    return ConnectionFailed(f"cannot connect to {host}:{port}: {reason}")


def out_of_time(*, maybe_sent: bool) -> TimedOut:
    """The error for a call that has used up its `Timeouts.total`."""
    return TimedOut("the total time for the call is over", maybe_sent=maybe_sent)


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


def _restore(
    cls: type[ClientError], args: tuple[Any, ...], state: dict[str, Any]
) -> ClientError:
    error = cls.__new__(cls, *args)
    error.__dict__.update(state)
    return error


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
