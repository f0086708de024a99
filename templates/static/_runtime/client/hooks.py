"""What a program hears of the attempts of its calls, and may add to them.

A client calls its hooks on the thread, or in the task, of the call. Their time is the call's.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping, Sequence
from functools import partial
from inspect import iscoroutinefunction
from typing import Any, TypeAlias, cast

from ..http.messages import AnswerError, ClientError, Request, Response
from .logs import fields, logger
from .unread import event_of


class Attempt:
    """An attempt of a call: what hooks are given.

    The same object goes to `on_request`, `on_response` and `on_retry`. Its repr shows no payload.

    Attributes:
        operation: the method that was called, behind the name of the client: `track`.
        attempt: 1 for the first of the call.
        method: of HTTP.
        url: without query: no credential is in it.
        headers: of the call, without credentials. What `on_request` puts in is sent, with all
            attempts of the call: `setdefault` makes a value for all, an assignment one for each.
            It wins over headers of the client, and credentials; what a parameter says stands.
        state: whatever hooks keep for each other during the call.
        status: of the answer; None: none came, or not yet.
        error: what came instead of an answer; None: an answer did, or nothing yet.
        seconds: how long the attempt took; 0.0 before it ended.
        pause: seconds until the next attempt, for `on_retry`; None: no other is known of.
    """

    def __init__(
        self,
        operation: str,
        event: object,
        attempt: int,
        request: Request,
        headers: MutableMapping[str, str],
        state: dict[str, Any],
    ) -> None:
        self.operation, self.attempt = operation, attempt
        self._given = event
        self.method, self.url = request.method, request.place
        self.headers, self.state = headers, state
        self.status: int | None = None
        self.error: ClientError | None = None
        self.seconds = 0.0
        self.pause: float | None = None

    @property
    def event(self) -> Any:
        """The builder that the call was given; None where it takes none."""
        return event_of(self._given)

    def __repr__(self) -> str:
        error = type(self.error).__name__ if self.error else None
        outcome = self.status or error
        ended = f", {outcome}" if outcome else ""
        return f"<Attempt {self.attempt} of {self.operation}{ended}>"


Hook: TypeAlias = Callable[[Attempt], object]
Hooks: TypeAlias = Hook | Sequence[Hook]
"""A function that is given an `Attempt`, or several of them, which are called in order."""
AsyncHook: TypeAlias = Callable[[Attempt], object | Awaitable[object]]
AsyncHooks: TypeAlias = AsyncHook | Sequence[AsyncHook]
"""The same; what they return is awaited, if it can be."""


class Hooked:
    """The hooks of a client, by when they are called."""

    def __init__(
        self,
        on_request: object,
        on_response: object,
        on_retry: object,
        takes_async: bool,
    ) -> None:
        """Raises TypeError for what cannot be a hook."""
        self.on_request = _checked("on_request", on_request, takes_async)
        self.on_response = _checked("on_response", on_response, takes_async)
        self.on_retry = _checked("on_retry", on_retry, takes_async)

    def any(self) -> bool:
        """Whether there is one."""
        return bool(self.on_request or self.on_response or self.on_retry)


def _checked(name: str, given: object, takes_async: bool) -> tuple[Hook, ...]:
    if given is None:
        return ()
    found: tuple[object, ...] = (given,)
    if not callable(given) and isinstance(given, Iterable):
        found = tuple(cast("Iterable[object]", given))
    return tuple(_hook(name, each, takes_async) for each in found)


def _hook(name: str, given: object, takes_async: bool) -> Hook:
    if not callable(given):
        raise TypeError(
            f"{name} must be a function of an Attempt, or a list of these, not "
            f"{type(given).__name__}"
        )
    if iscoroutinefunction(given) and not takes_async:
        raise TypeError(f"{name} is async: only an async client can await it")
    hook: Hook = given
    return hook


class Watch:
    """The hooks of a client during one call.

    Attributes:
        attempt: the one under way.
    """

    def __init__(
        self,
        client: Any,
        hooks: Hooked,
        operation: str,
        event: object,
        headers: dict[str, str],
    ) -> None:
        """`headers`: of the call, without credentials."""
        self._client, self._hooks = client, hooks
        self._operation, self._event = operation, event
        self._headers, self._state = headers, dict[str, Any]()
        self.attempt: Attempt

    async def begin(
        self, request: Request, number: int, seconds: float
    ) -> dict[str, str]:
        """The headers of an attempt. Raises whatever a hook does."""
        self.attempt = attempt = Attempt(
            self._operation, self._event, number, request, self._headers, self._state
        )
        for hook in self._hooks.on_request:
            await self._client._ask(partial(hook, attempt), seconds)
        return self._headers

    async def end(
        self, outcome: Response | ClientError, took: float, seconds: float
    ) -> None:
        """An attempt is over. `took`: how long it did; `seconds`: how long hooks may wait."""
        attempt = self.attempt
        attempt.seconds = took
        if isinstance(outcome, (Response, AnswerError)):
            attempt.status = outcome.status
        if isinstance(outcome, ClientError):
            attempt.error = outcome
        await self._call(self._hooks.on_response, seconds)

    async def retry(self, pause: float, seconds: float) -> None:
        """Another attempt follows after a pause."""
        self.attempt.pause = pause
        await self._call(self._hooks.on_retry, seconds)

    async def _call(self, hooks: tuple[Hook, ...], seconds: float) -> None:
        """What they raise changes nothing: an event that was accepted must not look refused."""
        attempt = self.attempt
        for hook in hooks:
            try:
                await self._client._ask(partial(hook, attempt), seconds)
            except Exception:
                log = logger(self._client._package)
                log.exception(
                    "a hook of %s failed at attempt %d, which goes on",
                    attempt.operation,
                    attempt.attempt,
                    extra=self._fields(),
                )

    def _fields(self) -> dict[str, Any]:
        attempt = self.attempt
        return fields(
            self._operation,
            self._event,
            attempt.status,
            attempt.attempt,
            attempt.seconds,
        )
