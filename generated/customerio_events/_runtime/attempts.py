"""The attempts of one call: counted, timed, logged, and whether there is to be another."""

from __future__ import annotations

from time import monotonic

from . import logs
from .credentials import Secrets
from .endpoints import Answer, Endpoint
from .errors import AnswerError, ClientError, TransportError, UnexpectedAnswer
from .http import Request, Response
from .retries import RetryPolicy, parse_retry_after
from .verdicts import hidden, judge


class Attempts:
    """One call under way. Knows neither sockets nor loops: the two clients share it."""

    __slots__ = ("_began", "_number", "_outcome", "_policy", "_request", "_started")

    def __init__(self, request: Request, policy: RetryPolicy) -> None:
        self._request = request
        self._policy = policy
        self._number = 0
        self._outcome: Response | ClientError | None = None
        self._started = self._began = monotonic()

    def pause_after(self, outcome: Response | ClientError) -> float | None:
        """Note how an attempt ended; seconds to wait before the next, or None: that was it."""
        self._number += 1
        self._outcome = outcome
        if logs.enabled():
            logs.attempt(
                self._request, self._number, monotonic() - self._began, outcome
            )
        if isinstance(outcome, Response) and outcome.status < 300:
            return None
        pause = self._pause(outcome)
        self._began = monotonic() + (pause or 0.0)
        return pause

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
        return policy.delay(self._number, elapsed=elapsed, retry_after=retry_after)

    def result(self, endpoint: Endpoint, secrets: Secrets) -> Answer:
        """The answer of the last attempt, or the error it stands for, raised."""
        outcome = self._outcome
        try:
            if isinstance(outcome, Response):
                return judge(endpoint, outcome, secrets)
            if outcome is None:
                raise RuntimeError("no attempt was made")
            raise _cleaned(outcome, secrets)
        except ClientError as error:
            error.attempts = self._number
            raise


def _cleaned(error: ClientError, secrets: Secrets) -> ClientError:
    """The same error without the credentials that a server or a library put into it."""
    if isinstance(error, UnexpectedAnswer):
        answer = hidden(Response(error.status, error.headers, error.body), secrets)
        return UnexpectedAnswer(
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            reason=secrets.hide(error.reason),
        )
    error.args = tuple(secrets.hide(str(argument)) for argument in error.args)
    return error
