"""The sync client that a generated one extends, and what the async one has in common with it."""

from __future__ import annotations

import _thread
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType
from typing import Any, ClassVar, Final, Generic, TypeVar

from ..auth.environment import FromEnvironment, credentials
from ..calls.requests import (
    NO_HEADERS,
    NO_KEYS,
    Body,
    Endpoint,
    Keys,
    Payload,
    RequestBuilder,
    call_headers,
)
from ..calls.responses import Answer
from ..http.connections import BaseTransport, time_left
from ..http.headers import Headers
from ..http.messages import (
    ANSWER_LIMIT,
    DEFAULT_TIMEOUTS,
    AnswerError,
    Request,
    Response,
    Timeouts,
    Transport,
)
from ..http.security import ApiKey, Secrets, private, ssl
from ..http.servers import Origin, Proxies
from ..http.sockets import SocketTransport, waiting_apart
from ..http.streamed import Streamed
from ..http.waiting import finished
from .attempts import READ_ONCE, Attempting, Call, Course
from .checks import (
    check_transport,
    checked_bool,
    checked_retries,
    no_awaitable,
    proxies_of,
)
from .filling import Fill
from .hooks import Hooked, Watch
from .retries import DEFAULT_RETRIES, RetryPolicy

_T = TypeVar("_T")
_Made = TypeVar("_Made")
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class ClientCore(Attempting, Generic[_T]):
    """Builds requests and makes the attempts of a call, on a transport of some kind.

    Delivery is at least once: see `RetryPolicy`. A redirect is not followed. The context manager
    closes the client, and with it the transport, its own or the one it was given.
    """

    _environment: ClassVar[tuple[FromEnvironment, ...]] = ()
    """The credentials that the environment can give."""
    _filling: ClassVar[Fill | None] = None
    """The keys that events are given where they lack them."""
    _secret_headers: ClassVar[tuple[str, ...]] = ()
    """Those of the document that hold credentials, whether the client was given these or not."""
    _version: ClassVar[str] = ""
    """Of the document, as a token of HTTP."""
    _own_transport: ClassVar[Callable[..., Any]]
    """Makes a transport where none is given."""
    _wanted: ClassVar[tuple[str, str]]
    """What a transport is called, and how it is closed."""
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
        on_request: object = None,
        on_response: object = None,
        on_retry: object = None,
        fill: object = None,
        disabled: bool = False,
    ) -> None:
        """Check everything; connect to nothing yet. For what is not said here see the `Client`.

        Args:
            base_url: the server, http or https; a path in it leads every operation's path.
            authorization: the whole value of the Authorization header: see `basic`, `bearer`.
            credentials: keys that travel in a header, query parameter or cookie of their own.
            headers: sent with every request.
            proxies: the default takes them from the environment if `trust_env`, else none.
            server_urls: instead of URLs that servers have by default, of operations too.
            disabled: nothing is sent.
        """
        for name, value in (("trust_env", trust_env), ("disabled", disabled)):
            checked_bool(name, value)
        proxies = proxies_of(transport, ssl_context, proxies, trust_env)
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
            secret_headers=self._secret_headers,
        )
        # A proxy that cannot be used is refused here rather than by the first call.
        proxies.choose(Origin.parse(self._requests.origin))
        self._retries = checked_retries(retries)
        self._transport = self._carrier(transport, ssl_context, proxies)
        self._fill = self._filling and self._filling.instead(fill)
        hooks = Hooked(on_request, on_response, on_retry, self._takes_async)
        self._hooks = hooks if hooks.any() else None
        self._alarms: dict[Any, None] = {}
        """Of each call that pauses, what wakes it."""
        self._closed, self._disabled = False, disabled
        self._credentials = self._asked()
        self._origin = self._requests.origin

    def _carrier(
        self, given: _T | None, ssl_context: ssl.SSLContext | None, proxies: Proxies
    ) -> _T:
        """The transport that was given, or one of its own. Raises TypeError: it is none."""
        carrier = (
            self._own_transport(ssl_context=ssl_context, proxies=proxies)
            if given is None
            else given
        )
        check_transport(carrier, self._wanted, type(self).__name__)
        return carrier

    def _asked(self) -> Any:
        """The credentials that are asked for before each call; None: none is."""
        if not self._requests.asked:
            return None
        from ..auth.credentials import Credentials  # seldom needed

        return Credentials(self._requests.asked, self._requests.base)

    @classmethod
    @private
    def from_env(cls: Callable[..., _Made], **options: Any) -> _Made:
        """A client with credentials from the environment, which it is never given silently.

        A variable is called after the package and the argument, in upper case. An option that is
        given wins; a client that is `disabled` needs none.

        Raises:
            ValueError: a variable that is needed is not set; says which, and shows no value.
        """
        # Python 3.10 has no Self; a callable says the same to type checkers.
        kind: Any = cls
        instead = "disabled" if options.get("disabled") else ""
        found = credentials(kind._package, kind._environment, options, instead)
        made: _Made = kind(**found, **options)
        return made

    def _on(self, name: str, value: bool) -> bool:
        """Whether a switch is on. Raises TypeError for a value that is no bool."""
        return checked_bool(name, value)

    def _widen(self, calls: int) -> None:
        """Be ready for so many calls at a time, if the transport is one that comes with this."""
        transport: Any = self._transport
        if issubclass(type(transport), BaseTransport):
            transport.widen(calls)

    def _user_agent(self) -> str:
        name = self._package.rpartition(".")[2]
        name = "".join(each if each.isascii() else "_" for each in name)
        version = f"/{self._version}" if self._version else ""
        return f"{name}{version} (eventwright)"

    async def _pause(self, seconds: float) -> bool:
        """Wait; whether the time passed, rather than that the client was closed."""
        return await self._wait(self._alarms, lambda: self._closed, seconds)

    @abstractmethod
    async def _wait(
        self, alarms: dict[Any, None], over: Callable[[], bool], seconds: float
    ) -> bool:
        """Wait until `_wake` is called with the same; whether the time passed instead.

        `over`: that it was called already.
        """

    @abstractmethod
    def _wake(self, alarms: dict[Any, None]) -> None:
        """End the waiting of all who wait with the same `alarms`."""

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
        event: object = None,
    ) -> Answer[Any]:
        """Call an operation. `headers`, `timeout` and `retries` win over the client's.

        Args:
            endpoint: which one.
            body: as it goes on the wire, or what becomes that.
            target: path and query, percent-encoded; by default the path of the operation.
            parameters: the headers that parameters became: they win over `headers`.
            event: the builder that the body was made of, or what is `Unread`: for hooks and logs.

        Raises:
            ClientError: no answer came, or one that is no success.
            RuntimeError: the client is closed.
            TypeError: a body that only an async client can send.
        """
        if self._closed:
            raise RuntimeError("this client is closed")
        requests = self._requests
        limits, own, secrets = requests.limits(timeout), NO_HEADERS, requests.secrets
        if headers:
            own = call_headers(headers)
            secrets = requests.secrets_with(own)
        call = Call(
            endpoint,
            endpoint.path if target is None else target,
            parameters,
            own,
            self._retries if retries is None else checked_retries(retries),
            secrets,
            event,
            self._watch(self._hooks, endpoint, event, own) if self._hooks else None,
        )
        if self._disabled:
            return self._unsent(self._course(call, body, limits))
        if self._credentials is None:
            return await self._attempts(self._course(call, body, limits))
        return await self._with_keys(call, body, limits)

    async def _with_keys(
        self, call: Call, body: Body | None, limits: Timeouts
    ) -> Answer[Any]:
        """Call an operation with credentials that are asked for."""
        credentials = self._credentials
        deadline = call.started + limits.total
        asked = self._requests.sources(call.endpoint)
        keys = await credentials.current(self, asked, deadline)
        limits = replace(limits, total=time_left(deadline))
        course = self._course(call, body, limits, keys)
        try:
            return await self._attempts(course)
        except AnswerError as error:
            if error.status != 401 or not keys:
                raise
            body = course.request.body
            if isinstance(body, Streamed) and not body.fresh():
                error.given_up = READ_ONCE
                raise
            refused = error
        before = keys
        keys = await credentials.renewed(self, keys, deadline)
        if all(keys[key].value == known.value for key, known in before.items()):
            raise refused
        if body is not None:
            body = Payload(course.request.headers.get("content-type", ""), body)
        limits = replace(limits, total=time_left(deadline))
        return await self._attempts(
            self._course(call, body, limits, keys, course.count)
        )

    def _course(
        self,
        call: Call,
        body: Body | None,
        limits: Timeouts,
        keys: Keys = NO_KEYS,
        before: int = 0,
    ) -> Course:
        """The attempts for a request. `keys`: its credentials; `before`: attempts made already."""
        if keys:
            values = (key.value for key in keys.values())
            call.secrets = call.secrets.including(values)
        request = self._requests.build(
            call.endpoint,
            body,
            call.target,
            call.parameters,
            limits,
            call.headers,
            keys,
        )
        return Course(self._requests, call, request, before)

    def _watch(
        self, hooks: Hooked, endpoint: Endpoint, event: object, headers: Headers
    ) -> Watch:
        shown = {n: v for n, v in headers.pairs if not self._requests.secret(n)}
        return Watch(self, hooks, endpoint.name, event, shown)

    async def _fetch_token(
        self, endpoint: Endpoint, request: Request, secrets: Secrets
    ) -> Answer[Any]:
        """The answer of an authorization server, of which hooks hear nothing."""
        call = Call(endpoint, "", NOTHING, NO_HEADERS, self._retries, secrets)
        return await self._attempts(Course(self._requests, call, request))

    def __repr__(self) -> str:
        state = " closed" if self._origin and self._closed else ""
        return f"<{type(self).__name__} {self._origin or 'half made'}{state}>"


_Client = TypeVar("_Client", bound="BaseClient")


# A function of its own, as typing.Self is not there before Python 3.11.
def _entered(client: _Client) -> _Client:
    return client


class BaseClient(ClientCore[Transport]):
    """Sends requests and returns their answers; may be shared by threads. See `ClientCore`."""

    _own_transport = SocketTransport
    _wanted = ("a Transport, such as HttpxTransport", "close")

    @property
    def _waits_apart(self) -> bool:
        """Whether a call waits for sockets alone, so that one thread can make many at once."""
        own = self._hooks is None and self._credentials is None
        return own and waiting_apart(self._transport) is not None

    def _call(self, endpoint: Endpoint, **given: Any) -> Answer[Any]:
        """See `ClientCore._run`."""
        return finished(self._run(endpoint, **given))

    async def _send(self, request: Request) -> Response:
        apart = waiting_apart(self._transport)
        if apart is not None:
            return await apart.carry(request)
        return self._transport.send(request)

    async def _ask(self, source: Callable[[], object], seconds: float) -> object:
        return no_awaitable(source())

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
