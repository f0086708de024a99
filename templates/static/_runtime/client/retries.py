"""When to try again, and one call: its attempts counted, timed and logged.

Logged is at DEBUG one line for each attempt, at WARNING a request that was accepted with an odd
answer; without query, headers or bodies.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from time import monotonic
from typing import TYPE_CHECKING, Final

from ..http.errors import AnswerError, ClientError, TransportError
from ..http.messages import Request, Response, positive
from .endpoints import Answer, Endpoint
from .redaction import Secrets
from .responses import hidden_body, hidden_headers, judge, parse_retry_after

_DAY = 86_400.0

if TYPE_CHECKING:
    from logging import Logger


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often and how fast a request is tried again.

    The wait before attempt n+1 is drawn evenly from 0 to `min(cap, base * 2**(n-1))` seconds (full
    jitter), and is never shorter than the server's `Retry-After`, as far as that is not above
    `retry_after_cap`. 400, 401 and a certificate that is not trusted are never tried again.

    Delivery is **at least once**: a connection that breaks after the request went out leaves open
    whether the server handled it, and trying again may then deliver it a second time.

    All of it, pauses included, takes no longer than `Timeouts.total` of the call: a wait that would
    end later is not begun.

    Attributes:
        attempts: how often in all, the first included.
        base: seconds; the longest wait before the second attempt; 0: never wait by choice.
        cap: seconds; the longest wait of our own choice.
        retry_after_cap: seconds; the longest wait at the server's request.
        statuses: the answers after which to try again.
        on_connection_failure: whether to try again when no answer came.
        deadline: seconds from the start of the call after which no attempt begins, should that be
            sooner than the call's own limit; None: no such moment.

    Raises:
        ValueError: a number out of range, or a status that must not be tried again.
    """

    attempts: int = 4
    base: float = 0.5
    cap: float = 30.0
    retry_after_cap: float = 60.0
    statuses: frozenset[int] = frozenset({408, 429, 500, 502, 503, 504})
    on_connection_failure: bool = True
    deadline: float | None = None

    def __post_init__(self) -> None:
        if type(self.attempts) is not int or not 1 <= self.attempts <= 100:
            raise ValueError("attempts must be a whole number from 1 to 100")
        if self.base != 0:  # no wait at all: for tests
            positive("base", self.base, at_most=_DAY)
        positive("cap", self.cap, at_most=_DAY)
        positive("retry_after_cap", self.retry_after_cap, at_most=_DAY)
        if self.deadline is not None:
            positive("deadline", self.deadline, at_most=_DAY)
        object.__setattr__(self, "statuses", frozenset(self.statuses))
        wrong = sorted(
            s for s in self.statuses if s in (400, 401) or not 402 <= s <= 599
        )
        if wrong:
            raise ValueError(f"{wrong[0]} must not be tried again: only 402 to 599 may")

    @classmethod
    def none(cls) -> RetryPolicy:
        """One attempt. (What a dead connection in the pool swallowed is still sent anew.)"""
        return cls(attempts=1, on_connection_failure=False)

    def delay(
        self,
        attempt: int,
        *,
        elapsed: float,
        retry_after: float | None = None,
        draw: Callable[[], float] | None = None,
    ) -> float | None:
        """Seconds to wait after the failed `attempt` (the first is 1), or None: give up.

        `draw`: a number from 0 to 1; by default a random one.
        """
        if attempt >= self.attempts:
            return None
        from random import random  # slow to import, and seldom needed

        wait = (draw or random)() * min(self.cap, self.base * 2.0 ** (attempt - 1))
        if retry_after is not None:
            wait = max(wait, min(retry_after, self.retry_after_cap))
        if self.deadline is not None and elapsed + wait >= self.deadline:
            return None
        return wait


DEFAULT_RETRIES: Final = RetryPolicy()


_DEBUG = 10


class Call:
    """One call under way. Knows neither sockets nor loops: the two clients share it."""

    __slots__ = (
        "_began",
        "_given_up",
        "_number",
        "_outcome",
        "_package",
        "_policy",
        "_request",
        "_started",
    )

    def __init__(self, request: Request, policy: RetryPolicy, package: str) -> None:
        self._request = request
        self._policy = policy
        self._package = package
        self._number = 0
        self._outcome: Response | ClientError | None = None
        self._given_up = ""
        self._started = self._began = monotonic()

    def request(self) -> Request:
        """The request for the next attempt: it may take what is left of the call's time."""
        if self._number == 0:
            return self._request
        limits = self._request.timeout
        left = limits.total + self._started - monotonic()
        return replace(self._request, timeout=replace(limits, total=max(left, 0.001)))

    def pause_after(self, outcome: Response | ClientError) -> float | None:
        """Note how an attempt ended; seconds to wait before the next, or None: that was it."""
        self._number += 1
        self._outcome = outcome
        # Whoever listens has imported it; whoever does not is spared that.
        if "logging" in sys.modules and _logger(self._package).isEnabledFor(_DEBUG):
            self._log_attempt(outcome)
        if isinstance(outcome, Response) and outcome.status < 300:
            return None
        pause = self._pause(outcome)
        self._began = monotonic() + (pause or 0.0)
        return pause

    def give_up(self, reason: str) -> None:
        """There is to be no other attempt after all; the error will say why."""
        self._given_up = reason

    def result(self, endpoint: Endpoint, secrets: Secrets) -> Answer:
        """The answer of the last attempt, or the error it stands for, raised."""
        outcome = self._outcome
        try:
            if isinstance(outcome, Response):
                answer = judge(endpoint, outcome, secrets)
                if answer.problem:
                    self._warn(answer)
                return answer
            if outcome is None:
                raise RuntimeError("no attempt was made")
            _clean(outcome, secrets)
            # Without the frames it came through: they hold what the server sent, as it came.
            raise outcome.with_traceback(None)
        except ClientError as error:
            error.attempts = self._number
            error.given_up = self._given_up
            raise

    def _pause(self, outcome: Response | ClientError) -> float | None:
        policy = self._policy
        retry_after = None
        if isinstance(outcome, TransportError):
            if outcome.permanent or not policy.on_connection_failure:
                return None
        elif isinstance(outcome, (Response, AnswerError)):
            if outcome.status not in policy.statuses:
                return None
            retry_after = parse_retry_after(outcome.headers.get("retry-after"))
        elapsed = monotonic() - self._started
        pause = policy.delay(self._number, elapsed=elapsed, retry_after=retry_after)
        if pause is not None and elapsed + pause >= self._request.timeout.total:
            self.give_up("no time is left for another")
            return None
        return pause

    def _log_attempt(self, outcome: Response | ClientError) -> None:
        failed = type(outcome).__name__
        result = outcome.status if isinstance(outcome, Response) else failed
        milliseconds = (monotonic() - self._began) * 1000
        _logger(self._package).debug(
            "%s %s: %s in %.1f ms, attempt %d",
            self._request.method,
            self._request.place,
            result,
            milliseconds,
            self._number,
        )

    def _warn(self, answer: Answer) -> None:
        """Of what is wrong with a success: it is no error, so that nobody sends again."""
        _logger(self._package).warning(
            "%s %s: %d, so it was accepted, but the answer is odd: %s",
            self._request.method,
            self._request.place,
            answer.status,
            answer.problem,
        )


@cache
def _logger(package: str) -> Logger:
    import logging

    return logging.getLogger(package)


def _clean(error: ClientError, secrets: Secrets) -> None:
    """Take out the credentials that a server or a library put into it."""
    error.args = tuple(secrets.hide(str(argument)) for argument in error.args)
    if isinstance(error, AnswerError):
        error.headers = hidden_headers(error.headers, secrets)
        error.body = hidden_body(error.body, secrets)
        error.reason = secrets.hide(error.reason)
        error.errors = tuple(map(secrets.hide, error.errors))
