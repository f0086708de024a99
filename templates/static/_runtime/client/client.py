"""The sync client that a generated one extends, and what the async one has in common with it.

Logged is at DEBUG one line for each attempt, at WARNING a request that was accepted with an odd
answer; without query, headers or bodies.
"""

from __future__ import annotations

import _thread
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from inspect import isawaitable, iscoroutine, iscoroutinefunction
from sys import is_finalizing
from time import monotonic
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar

from ..http.connections import finished, time_left
from ..http.messages import (
    ANSWER_LIMIT,
    DEFAULT_TIMEOUTS,
    AnswerError,
    ClientError,
    Request,
    Response,
    Timeouts,
    Transport,
    program_ends,
)
from ..http.security import ApiKey, Secrets, private, ssl
from ..http.servers import Origin, Proxies
from ..http.sockets import SocketTransport
from ..http.streamed import Streamed
from .requests import (
    NO_HEADERS,
    Body,
    Endpoint,
    Payload,
    RequestBuilder,
    call_headers,
)
from .responses import Answer, Errors, cleaned, judge
from .retries import DEFAULT_RETRIES, RetryPolicy

if TYPE_CHECKING:
    from logging import Logger

    from .credentials import Credentials

_DEBUG = 10
_READ_ONCE = "its body can be read only once"
_T = TypeVar("_T")
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class ClientCore(Generic[_T]):
    """Builds requests and makes the attempts of a call, on a transport of some kind.

    Delivery is at least once: see `RetryPolicy`. A redirect is not followed. The context manager
    closes the client, and with it the transport, its own or the one it was given.
    """

    _package: ClassVar[str] = __name__.rpartition("._runtime")[0]
    """The dotted name of the package: what the logger is called, and the agent."""
    _version: ClassVar[str] = ""
    """Of the document, as a token of HTTP."""
    _own_transport: ClassVar[Callable[..., Any]]
    """Makes a transport where none is given."""
    _wanted: ClassVar[tuple[str, str]]
    """What a transport is called, and how it is closed."""
    _errors: ClassVar[Errors] = MappingProxyType({})
    """What the package has instead of the errors of the runtime."""
    _takes_async: ClassVar[bool] = False
    """Whether it sends what only an event loop can iterate."""
    _transport: _T
    _origin = ""
    """The server; empty while the client is only half made."""

    @private
    def __init__(
        self,
        base_url: str,
        *,
        authorization: str | None = None,
        credentials: Sequence[ApiKey | None] = (),
        headers: Mapping[str, str] | None = None,
        timeout: Timeouts | float = DEFAULT_TIMEOUTS,
        answer_limit: int = ANSWER_LIMIT,
        retries: RetryPolicy = DEFAULT_RETRIES,
        transport: _T | None = None,
        ssl_context: ssl.SSLContext | None = None,
        proxies: Proxies | None = None,
        trust_env: bool = True,
        server_urls: Mapping[str, str] = NOTHING,
    ) -> None:
        """Check everything; connect to nothing yet. For what is not said here see the `Client`.

        Args:
            base_url: the server, http or https; a path in it leads every operation's path.
            authorization: the whole value of the Authorization header: see `basic`, `bearer`.
            credentials: keys that travel in a header, query parameter or cookie of their own.
            headers: sent with every request.
            proxies: the default takes them from the environment if `trust_env`, else none.
            server_urls: instead of URLs that servers have by default, of operations too.
        """
        if transport is not None and (ssl_context is not None or proxies is not None):
            raise ValueError(
                "ssl_context and proxies are the business of the transport given"
            )
        if proxies is None:
            own = trust_env and transport is None
            proxies = Proxies.from_environment() if own else Proxies()
        self._requests = RequestBuilder(
            base_url,
            user_agent=self._user_agent(),
            authorization=authorization,
            credentials=[key for key in credentials if key is not None],
            headers=headers,
            timeout=timeout,
            answer_limit=answer_limit,
            proxies=proxies,
            server_urls=server_urls,
        )
        # A proxy that cannot be used is refused here rather than by the first call.
        proxies.choose(Origin.parse(self._requests.origin))
        self._retries = _checked_retries(retries)
        self._transport = self._checked_transport(
            transport
            if transport is not None
            else self._own_transport(ssl_context=ssl_context, proxies=proxies)
        )
        self._alarms: dict[Any, None] = {}
        """Of each call that pauses, what wakes it."""
        self._closed = False
        self._credentials: Credentials | None = None
        if self._requests.asked:
            from .credentials import Credentials  # seldom needed

            self._credentials = Credentials(self._requests.asked, self._requests.base)
        self._origin = self._requests.origin

    def _user_agent(self) -> str:
        name = self._package.rpartition(".")[2]
        name = "".join(each if each.isascii() else "_" for each in name)
        version = f"/{self._version}" if self._version else ""
        return f"{name}{version} (eventwright)"

    def _send(self, request: Request) -> Awaitable[Response]:
        raise NotImplementedError

    async def _pause(self, seconds: float) -> bool:
        """Wait; whether the time passed, rather than that the client was closed."""
        return await self._wait(self._alarms, lambda: self._closed, seconds)

    async def _wait(
        self, alarms: dict[Any, None], over: Callable[[], bool], seconds: float
    ) -> bool:
        """Wait until `_wake` is called with the same; whether the time passed instead.

        `over`: that it was called already.
        """
        raise NotImplementedError

    def _wake(self, alarms: dict[Any, None]) -> None:
        """End the waiting of all who wait with the same `alarms`."""
        raise NotImplementedError

    def _ask(self, source: Callable[[], object], seconds: float) -> Awaitable[Any]:
        """What a function returns that gives a credential, awaited if need be."""
        raise NotImplementedError

    async def _run(
        self,
        endpoint: Endpoint,
        *,
        body: Body | None = None,
        target: str | None = None,
        parameters: Mapping[str, str] = NOTHING,
        headers: Mapping[str, str] | None = None,
        timeout: Timeouts | float | None = None,
        retries: RetryPolicy | None = None,
    ) -> Answer[Any]:
        """Call an operation. `headers`, `timeout` and `retries` win over the client's.

        Args:
            endpoint: which one.
            body: as it goes on the wire, or what becomes that.
            target: path and query, percent-encoded; by default the path of the operation.
            parameters: the headers that parameters became: they win over `headers`.

        Raises:
            ClientError: no answer came, or one that is no success.
            RuntimeError: the client is closed.
            TypeError: a body that only an async client can send.
        """
        if self._closed:
            raise RuntimeError("this client is closed")
        where = endpoint.path if target is None else target
        policy = self._retries if retries is None else _checked_retries(retries)
        limits, started = self._requests.limits(timeout), monotonic()
        own, secrets = NO_HEADERS, self._requests.secrets
        if headers:
            own = call_headers(headers)
            secrets = self._requests.secrets_with(own)
        make = self._requests.build
        if self._credentials is None:
            request = make(endpoint, body, where, parameters, limits, own)
            return await self._attempts(endpoint, request, policy, started, secrets)
        deadline = started + limits.total
        asked = self._requests.sources(endpoint)
        keys = await self._credentials.current(self, asked, deadline)
        limits = replace(limits, total=time_left(deadline))
        request = make(endpoint, body, where, parameters, limits, own, keys)
        secrets = secrets.including(key.value for key in keys.values())
        try:
            return await self._attempts(endpoint, request, policy, started, secrets)
        except AnswerError as error:
            if error.status != 401 or not keys:
                raise
            if isinstance(request.body, Streamed) and not request.body.fresh():
                error.given_up = _READ_ONCE
                raise
            refused = error
        before = keys
        keys = await self._credentials.renewed(self, keys, deadline)
        if all(keys[key].value == known.value for key, known in before.items()):
            raise refused
        if request.body is not None:
            body = Payload(request.headers.get("content-type", ""), request.body)
        limits = replace(limits, total=time_left(deadline))
        request = make(endpoint, body, where, parameters, limits, own, keys)
        secrets = secrets.including(key.value for key in keys.values())
        made = refused.attempts
        return await self._attempts(endpoint, request, policy, started, secrets, made)

    async def _attempts(
        self,
        endpoint: Endpoint,
        request: Request,
        retries: RetryPolicy,
        started: float,
        secrets: Secrets,
        before: int = 0,
    ) -> Answer[Any]:
        """Send a request until it is answered or there is no use in it.

        Args:
            endpoint: what it is for.
            request: with the limits for all attempts.
            retries: when and how often to try again.
            started: when the call began, on the monotonic clock.
            secrets: what is not to be shown.
            before: how many attempts were made already.
        """
        streamed = request.body if isinstance(request.body, Streamed) else None
        if streamed is not None and streamed.asynchronous and not self._takes_async:
            raise TypeError("only an async client can send an async iterable")
        limits, began = request.timeout, monotonic()
        deadline, attempt, given_up = began + limits.total, 1, ""
        outcome: Response | ClientError
        while True:
            if endpoint.spool is not None:
                request = replace(request, spool=endpoint.spool())
            try:
                outcome = await self._send(request)
            except ClientError as error:
                outcome = error
            except Exception as error:
                if not is_finalizing():
                    raise
                outcome = program_ends(error)
            # Whoever listens has imported it; whoever does not is spared that.
            if "logging" in sys.modules and _logger(self._package).isEnabledFor(_DEBUG):
                self._log(request, outcome, monotonic() - began, before + attempt)
            if isinstance(outcome, Response) and outcome.status < 300:
                break
            now = monotonic()
            pause = retries.pause_after(outcome, attempt, now - started)
            if pause is None:
                break
            if streamed is not None and not streamed.fresh():
                given_up = _READ_ONCE
                break
            if now + pause >= deadline:
                given_up = "no time is left for another"
                break
            if not await self._pause(pause):
                given_up = "the client was closed"
                break
            began = monotonic()
            left = max(deadline - began, 0.001)
            request = replace(request, timeout=replace(limits, total=left))
            attempt += 1
        try:
            return self._result(endpoint, request, outcome, secrets)
        except ClientError as error:
            error.attempts, error.given_up = before + attempt, given_up
            raise

    async def _fetch_token(
        self, endpoint: Endpoint, request: Request, secrets: Secrets
    ) -> Answer[Any]:
        """The answer of an authorization server."""
        return await self._attempts(
            endpoint, request, self._retries, monotonic(), secrets
        )

    def _log(
        self,
        request: Request,
        outcome: Response | ClientError,
        seconds: float,
        attempt: int,
    ) -> None:
        failed = type(outcome).__name__
        result = outcome.status if isinstance(outcome, Response) else failed
        parts = (request.method, request.place, result, seconds * 1000, attempt)
        _logger(self._package).debug("%s %s: %s in %.1f ms, attempt %d", *parts)

    def _result(
        self,
        endpoint: Endpoint,
        request: Request,
        outcome: Response | ClientError,
        secrets: Secrets,
    ) -> Answer[Any]:
        """The answer of the last attempt, or the error it stands for, raised."""
        if isinstance(outcome, ClientError):
            # Without the frames it came through: they hold what the server sent, as it came.
            raise cleaned(outcome, secrets).with_traceback(None)
        answer = judge(endpoint, outcome, secrets, self._errors, request.answer_limit)
        if answer.problem:  # it is no error, so that nobody sends again
            _logger(self._package).warning(
                "%s %s: %d, so it was accepted, but the answer is odd: %s",
                request.method,
                request.place,
                answer.status,
                answer.problem,
            )
        return answer

    def _checked_transport(self, transport: _T) -> _T:
        """Transports are told by what they can do; one that may be right is taken."""
        wanted, close = self._wanted
        missing = [
            f"it has no method {name!r}"
            for name in ("send", close)
            if not callable(getattr(transport, name, None))
        ]
        # Of an async one it is not asked: a function that returns an awaitable is as good.
        async_ = iscoroutinefunction(getattr(transport, "send", None))
        if not missing and (close == "aclose" or not async_):
            return transport
        problem = missing[0] if missing else "its 'send' is async"
        name = type(self).__name__
        raise TypeError(f"{name} needs {wanted}, not {_kind(transport)}: {problem}")

    def __repr__(self) -> str:
        state = " closed" if self._origin and self._closed else ""
        return f"<{type(self).__name__} {self._origin or 'half made'}{state}>"


def _checked_retries(retries: object) -> RetryPolicy:
    if isinstance(retries, RetryPolicy):
        return retries
    raise TypeError(
        "retries must be a RetryPolicy, as in RetryPolicy(attempts=3), or RetryPolicy.none() "
        f"for one attempt, not {_kind(retries)}"
    )


@cache
def _logger(package: str) -> Logger:
    import logging

    return logging.getLogger(package)


def _kind(value: object) -> str:
    return "None" if value is None else type(value).__name__


def _no_awaitable(key: object) -> object:
    if isinstance(key, str) or not isawaitable(key):
        return key
    if iscoroutine(key):
        key.close()  # or Python would complain that nobody awaits it
    raise TypeError("only an async client can await what a credential comes from")


_Client = TypeVar("_Client", bound="BaseClient")


# A function of its own, as typing.Self is not there before Python 3.11.
def _entered(client: _Client) -> _Client:
    return client


class BaseClient(ClientCore[Transport]):
    """Sends requests and returns their answers; may be shared by threads. See `ClientCore`."""

    _own_transport = SocketTransport
    _wanted = ("a Transport, such as HttpxTransport", "close")

    def _call(self, endpoint: Endpoint, **given: Any) -> Answer[Any]:
        """See `ClientCore._run`."""
        return finished(self._run(endpoint, **given))

    async def _send(self, request: Request) -> Response:
        return self._transport.send(request)

    async def _ask(self, source: Callable[[], object], seconds: float) -> object:
        return _no_awaitable(source())

    async def _wait(
        self, alarms: dict[Any, None], over: Callable[[], bool], seconds: float
    ) -> bool:
        # A lock for each call, which is let go to wake it: there is none that a fork could leave
        # locked in a child for good, and no thread ever waits to wake another.
        alarm = _thread.allocate_lock()
        alarm.acquire()
        alarms[alarm] = None
        try:
            return not (over() or alarm.acquire(timeout=seconds))
        finally:
            alarms.pop(alarm, None)

    def _wake(self, alarms: dict[Any, None]) -> None:
        for alarm in list(alarms):
            with suppress(RuntimeError):  # woken already
                alarm.release()

    def close(self) -> None:
        """Close the connections. May be called twice.

        An attempt under way is finished, and its outcome is the call's: no other follows. A pause
        between two attempts ends at once, and the call with what the last attempt brought.
        """
        if self._closed:
            return
        self._closed = True
        self._wake(self._alarms)
        self._transport.close()

    __enter__ = _entered

    def __exit__(self, *_: object) -> None:
        self.close()
