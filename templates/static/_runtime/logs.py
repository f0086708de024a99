"""What is logged, without query, headers or bodies.

At DEBUG one line for each attempt; at WARNING a request that was accepted with an odd answer.
"""

from __future__ import annotations

import logging

from .endpoints import Answer
from .errors import ClientError
from .http import Request, Response
from .preparing import PACKAGE

_LOGGER = logging.getLogger(PACKAGE)


def enabled() -> bool:
    """Whether anyone listens."""
    return _LOGGER.isEnabledFor(logging.DEBUG)


def attempt(
    request: Request, number: int, seconds: float, outcome: Response | ClientError
) -> None:
    """Log one attempt: method, URL without query, outcome, duration, its number."""
    result = outcome.status if isinstance(outcome, Response) else type(outcome).__name__
    milliseconds = seconds * 1000
    _LOGGER.debug(
        "%s %s: %s in %.1f ms, attempt %d",
        request.method,
        request.place,
        result,
        milliseconds,
        number,
    )


def accepted(request: Request, answer: Answer) -> None:
    """Warn of what is wrong with a success: it is no error, so that nobody sends again."""
    _LOGGER.warning(
        "%s %s: %d, so it was accepted, but the answer is odd: %s",
        request.method,
        request.place,
        answer.status,
        answer.problem,
    )
