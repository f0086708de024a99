"""What a client logs: no payload, no credential, no query.

At DEBUG a line for each attempt; at WARNING a call that gave up trying again, and one that was
accepted with an odd answer; at ERROR a hook that failed. Each line has what it says as fields too.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from ..http.messages import AnswerError, ClientError, Request, Response
from .unread import event_of

if TYPE_CHECKING:
    from logging import Logger

_DEBUG = 10


@cache
def logger(package: str) -> Logger:
    """That of a package, which is called after it."""
    import logging

    return logging.getLogger(package)


def debugs(package: str) -> bool:
    """Whether anybody listens to each attempt."""
    # Whoever does has imported it; whoever does not is spared that.
    return "logging" in sys.modules and logger(package).isEnabledFor(_DEBUG)


def fields(
    operation: str | None,
    event: object,
    status: int | None,
    attempt: int,
    seconds: float,
) -> dict[str, Any]:
    """What lines have as `extra`: `event` is the name of its class."""
    return {
        "operation": operation,
        "event": _name(event),
        "status": status,
        "attempt": attempt,
        "seconds": seconds,
    }


def status_of(outcome: object) -> int | None:
    """The status that came; None: none did."""
    return outcome.status if isinstance(outcome, (Response, AnswerError)) else None


def described(
    request: Request, outcome: Response | ClientError
) -> tuple[str, str, str]:
    """Method, address and outcome, for a line."""
    came = outcome.status if isinstance(outcome, Response) else type(outcome).__name__
    return request.method, request.place, str(came)


def _name(event: object) -> str | None:
    """What an event is called; one that cannot be read any more has no name."""
    found = None
    with suppress(Exception):
        found = event_of(event)
    return None if found is None else type(found).__name__
