"""What the outcome of an attempt means for what was sent, and what is done now."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from os.path import basename, dirname
from typing import Any, Final

from ..calls.requests import CredentialMissing
from ..calls.responses import Answer
from ..client.hooks import Watch
from ..http.messages import (
    AnswerError,
    ClientError,
    MalformedAnswer,
    TransportError,
    one_line,
)
from .parcels import Parcel

_ITS_OWN_FAULT = frozenset({400, 409, 413, 422})
_OF_ITS_TARGET = frozenset({404, 410})
_LATER = frozenset({408, 425, 429})
_RUNTIME: Final = dirname(dirname(__file__))


class Meaning(Enum):
    """What is done with a parcel after an attempt."""

    DELIVERED = "delivered"
    """The server has it."""
    REJECTED = "rejected"
    """The server does not want it, and never will: it becomes a dead letter."""
    RETRY = "retry"
    """The server, or the way there, has a bad moment: it is sent again, after a pause."""
    PAUSE = "pause"
    """Nothing of its kind can be delivered until somebody mends something, such as a credential."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an attempt came to.

    Attributes:
        meaning: what is done now.
        status: that of the answer; None: none came.
        reason: what went wrong, in a line, without payload and credential; empty for nothing.
        errors: the server's own texts, where the document says where they stand.
        retry_after: seconds within which the server wants no request at all, or None.
        cause: what a hook has raised, before anything was sent.
        kept: the parcel never becomes a dead letter for this, as it is not to blame.
        lacking: this version of the package lacks its operation, which says nothing of others.
        seconds: that it took to learn that.
    """

    meaning: Meaning
    status: int | None = None
    reason: str = ""
    errors: tuple[str, ...] = ()
    retry_after: float | None = None
    cause: BaseException | None = field(default=None, repr=False)
    kept: bool = False
    lacking: bool = False
    seconds: float = 0.0


def verdict(outcome: Answer[Any] | BaseException, parcel: Parcel) -> Verdict:
    """What an answer, or what the call raised instead, means for a parcel.

    Rejected is what the server refuses for what it is: 400, 409, 413 and 422, also 404 and 410
    where the path is of this parcel alone. Retried is after 408, 425, 429 and 5xx, and where no
    answer came. All else, 401 and 403 first, says that nothing gets through as things are: a pause.
    """
    if isinstance(outcome, Answer):
        return _delivered(outcome.status)
    reason = str(outcome) or type(outcome).__name__
    if isinstance(outcome, AnswerError):
        return Verdict(
            meaning=_of_status(outcome.status, parcel),
            status=outcome.status,
            reason=reason,
            errors=outcome.errors,
            retry_after=outcome.retry_after,
        )
    if isinstance(outcome, ClientError):
        return Verdict(
            meaning=_unanswered(outcome),
            reason=reason,
            retry_after=getattr(outcome, "retry_after", None),
        )
    if isinstance(outcome, CredentialMissing):
        return Verdict(meaning=Meaning.PAUSE, reason=reason)
    return _before_sending(outcome)


def _before_sending(error: BaseException) -> Verdict:
    """A function of the program has raised: a hook, or one that gives the credential.

    Which one is in the reason, and what it has raised is not, as that may hold anything. Of a hook
    it is the cause, without the frames that are not the program's.
    """
    hooked, trace = False, error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        hooked = hooked or code is Watch.begin.__code__
        if not code.co_filename.startswith(_RUNTIME):
            break
        trace = trace.tb_next
    name = type(error).__name__
    if trace is not None:
        code = trace.tb_frame.f_code
        what = "the hook" if hooked else "the function"
        place = f"{basename(code.co_filename)}:{trace.tb_lineno}"
        name += f" in {what} {code.co_name} ({place})"
    return Verdict(
        meaning=Meaning.PAUSE,
        reason=one_line(f"{name} before sending"),
        cause=error.with_traceback(trace) if hooked else None,
    )


@lru_cache(maxsize=64)
def _delivered(status: int) -> Verdict:
    return Verdict(meaning=Meaning.DELIVERED, status=status)


def _unanswered(error: ClientError) -> Meaning:
    # A server of tokens has answered instead: it may have a bad moment like any other.
    status: int = getattr(error, "status", 0)
    if _passes(status):
        return Meaning.RETRY
    # What is no HTTP came from something in between, which may be gone in a moment.
    passing = isinstance(error, TransportError) and not error.permanent
    retried = passing or isinstance(error, MalformedAnswer)
    return Meaning.RETRY if retried else Meaning.PAUSE


def _of_status(status: int, parcel: Parcel) -> Meaning:
    if status in _ITS_OWN_FAULT or (parcel.target and status in _OF_ITS_TARGET):
        return Meaning.REJECTED
    return Meaning.RETRY if _passes(status) else Meaning.PAUSE


def _passes(status: int) -> bool:
    return status in _LATER or status >= 500
