"""The attempts of a call: sent, watched, and made again while there is use in it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from sys import is_finalizing
from time import monotonic
from types import MappingProxyType
from typing import Any, ClassVar

from ..calls.requests import Endpoint, RequestBuilder, beside, call_headers
from ..calls.responses import Answer, Errors, cleaned, judge
from ..http.headers import Headers
from ..http.messages import ClientError, Request, Response, program_ends
from ..http.security import Secrets
from ..http.streamed import Streamed
from .hooks import Watch
from .logs import debugs, described, fields, logger, status_of
from .retries import RetryPolicy
from .unsent import unsent

READ_ONCE = "its body can be read only once"


class Call:
    """What all attempts of a call have in common.

    Attributes:
        started: when it began, on the monotonic clock.
    """

    __slots__ = (
        "endpoint",
        "event",
        "headers",
        "parameters",
        "retries",
        "secrets",
        "started",
        "target",
        "watch",
    )

    def __init__(
        self,
        endpoint: Endpoint,
        target: str,
        parameters: Mapping[str, str],
        headers: Headers,
        retries: RetryPolicy,
        secrets: Secrets,
        event: object = None,
        watch: Watch | None = None,
    ) -> None:
        """
        Args:
            endpoint: the operation.
            target: path and query, percent-encoded.
            parameters: the headers that parameters became.
            headers: beside these and the client's.
            retries: when and how often to try again.
            secrets: what is not to be shown.
            event: what the body was made of.
            watch: the hooks.
        """
        self.started = monotonic()
        self.endpoint, self.target = endpoint, target
        self.parameters, self.headers = parameters, headers
        self.retries, self.secrets = retries, secrets
        self.event, self.watch = event, watch


class Course:
    """The attempts for one request of a call.

    Attributes:
        request: for the attempt under way.
        secrets: what is not to be shown.
        count: how many were made, those for an earlier request of the call included.
        began: when the last one began, on the monotonic clock.
        given_up: why no other is made although the policy has one; empty: for no such reason.
    """

    __slots__ = (
        "_base",
        "_before",
        "_deadline",
        "_requests",
        "began",
        "call",
        "count",
        "given_up",
        "request",
        "secrets",
    )

    def __init__(
        self, requests: RequestBuilder, call: Call, request: Request, before: int = 0
    ) -> None:
        """
        Args:
            requests: of the client.
            request: with the limits for all attempts.
            before: how many attempts of the call were made already.
        """
        self._requests, self._base, self._before = requests, request, before
        self.call, self.request, self.secrets = call, request, call.secrets
        self.count, self.given_up = before, ""
        self.began = monotonic()
        self._deadline = self.began + request.timeout.total

    @property
    def left(self) -> float:
        """The seconds that are left."""
        return max(self._deadline - monotonic(), 0.001)

    def begin(self, headers: Mapping[str, str] | None) -> Request:
        """Another attempt, with the time that is left. `headers`: what hooks have for it."""
        first = self.count == self._before
        self.count += 1
        spool = self.call.endpoint.spool
        changed: dict[str, Any] = {}
        if headers:
            changed["headers"] = self._with(call_headers(headers))
        if headers is not None or not first:
            changed["timeout"] = replace(self._base.timeout, total=self.left)
            self.began = monotonic()
        if spool is not None:
            changed["spool"] = spool()
        if changed:
            self.request = replace(self._base, **changed)
        return self.request

    def _with(self, headers: Headers) -> Headers:
        self.secrets = self._requests.secrets_with(headers, self.secrets)
        known = self._base.headers
        return known.including(beside(headers, self.call.parameters, known))

    def pause(self, outcome: Response | ClientError) -> float | None:
        """The seconds until the next attempt, or None: there is none."""
        now = monotonic()
        made = self.count - self._before
        pause = self.call.retries.pause_after(outcome, made, now - self.call.started)
        if pause is None:
            return None
        body = self.request.body
        if isinstance(body, Streamed) and not body.fresh():
            self.given_up = READ_ONCE
        elif now + pause >= self._deadline:
            self.given_up = "no time is left for another"
        return None if self.given_up else pause

    def exhausted(self, outcome: Response | ClientError) -> bool:
        """Whether it was to be tried again, and is not any more."""
        retries = self.call.retries
        return retries.attempts > 1 and retries.covers(outcome)

    def fields(self, status: int | None, seconds: float) -> dict[str, Any]:
        """What a line of the log has beside its text."""
        return fields(
            self.call.endpoint.name, self.call.event, status, self.count, seconds
        )


class Attempting(ABC):
    """What makes the attempts of a client's calls."""

    _package: ClassVar[str] = __name__.rpartition("._runtime")[0]
    """The dotted name of the package: what the logger is called, and the agent."""
    _errors: ClassVar[Errors] = MappingProxyType({})
    """What the package has instead of the errors of the runtime."""
    _takes_async: ClassVar[bool] = False
    """Whether it sends what only an event loop can iterate."""

    @abstractmethod
    def _send(self, request: Request) -> Awaitable[Response]: ...

    @abstractmethod
    async def _pause(self, seconds: float) -> bool:
        """Wait; whether the time passed, rather than that the client was closed."""

    @abstractmethod
    def _ask(self, source: Callable[[], object], seconds: float) -> Awaitable[Any]:
        """What a function of the caller's returns, awaited if need be."""

    def _unsent(self, course: Course) -> Answer[Any]:
        """The answer where nothing is sent. Raises what is wrong with the request."""
        self._check_body(course.request)
        response = unsent(course.call.endpoint, course.request)
        if debugs(self._package):
            method, place, _ = described(course.request, response)
            said = course.fields(None, 0.0)
            text = "%s %s: not sent, as the client is disabled"
            logger(self._package).debug(text, method, place, extra=said)
        return self._result(course, response)

    def _check_body(self, request: Request) -> None:
        body = request.body
        if isinstance(body, Streamed) and body.asynchronous and not self._takes_async:
            raise TypeError("only an async client can send an async iterable")

    async def _attempts(self, course: Course) -> Answer[Any]:
        """Send a request until it is answered or there is no use in it."""
        self._check_body(course.request)
        watch = course.call.watch
        outcome: Response | ClientError
        while True:
            headers = None
            if watch is not None:
                number = course.count + 1
                headers = await watch.begin(course.request, number, course.left)
            request = course.begin(headers)
            try:
                outcome = await self._send(request)
            except ClientError as error:
                outcome = error
            except Exception as error:
                if not is_finalizing():
                    raise
                outcome = program_ends(error)
            if debugs(self._package):
                self._log(course, outcome)
            if watch is not None:
                await self._watched(watch, course, outcome)
            if isinstance(outcome, Response) and outcome.status < 300:
                break
            pause = course.pause(outcome)
            if pause is None:
                break
            if watch is not None:
                await watch.retry(pause, course.left)
            if not await self._pause(pause):
                course.given_up = "the client was closed"
                break
        try:
            return self._result(course, outcome)
        except ClientError as error:
            error.attempts, error.given_up = course.count, course.given_up
            if course.exhausted(outcome):
                self._log_exhausted(course, error)
            raise

    async def _watched(
        self, watch: Watch, course: Course, outcome: Response | ClientError
    ) -> None:
        took = monotonic() - course.began
        if isinstance(outcome, ClientError):
            cleaned(outcome, course.secrets).with_traceback(None)
        await watch.end(outcome, took, course.left)

    def _result(self, course: Course, outcome: Response | ClientError) -> Answer[Any]:
        """The answer of the last attempt, or the error it stands for, raised."""
        if isinstance(outcome, ClientError):
            # Without the frames it came through: they hold what the server sent, as it came.
            raise cleaned(outcome, course.secrets).with_traceback(None)
        endpoint, limit = course.call.endpoint, course.request.answer_limit
        answer = judge(endpoint, outcome, course.secrets, self._errors, limit)
        if answer.problem:  # it is no error, so that nobody sends again
            method, place, _ = described(course.request, outcome)
            logger(self._package).warning(
                "%s %s: %d, so it was accepted, but the answer is odd: %s",
                method,
                place,
                answer.status,
                answer.problem,
                extra=course.fields(answer.status, monotonic() - course.began),
            )
        return answer

    def _log(self, course: Course, outcome: Response | ClientError) -> None:
        seconds = monotonic() - course.began
        line = (*described(course.request, outcome), seconds * 1000, course.count)
        logger(self._package).debug(
            "%s %s: %s in %.1f ms, attempt %d",
            *line,
            extra=course.fields(status_of(outcome), seconds),
        )

    def _log_exhausted(self, course: Course, error: ClientError) -> None:
        seconds = monotonic() - course.call.started
        said = described(course.request, error)
        why = f" ({error.given_up})" if error.given_up else ""
        logger(self._package).warning(
            "%s %s: %s; given up after %d attempts in %.1f s%s",
            *said,
            course.count,
            seconds,
            why,
            extra=course.fields(status_of(error), seconds),
        )
