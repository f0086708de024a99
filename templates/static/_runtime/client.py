"""The sync client that a generated one extends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from sys import is_finalizing
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from .attempts import Attempts
from .credentials import ApiKey
from .endpoints import Answer, Endpoint
from .errors import ClientError
from .http import DEFAULT_TIMEOUTS, Response, Timeouts, Transport
from .options import checked_retries, checked_transport
from .pauses import Pauses
from .preparing import NOTHING, Preparation, choose_proxies
from .private import private
from .proxies import Proxies
from .refusals import cut_short
from .retries import DEFAULT_RETRIES, RetryPolicy
from .transport import SocketTransport
from .urls import Origin

if TYPE_CHECKING:
    import ssl
else:
    from .lazy import ssl

_Client = TypeVar("_Client", bound="BaseClient")


# A function of its own, as typing.Self is not there before Python 3.11.
def _entered(client: _Client) -> _Client:
    return client


class BaseClient:
    """Sends requests and returns their answers; may be shared by threads.

    Delivery is at least once: see `RetryPolicy`. A redirect is not followed. The context manager
    closes the client, and with it the transport, its own or the one it was given.
    """

    _origin = ""
    """The server; empty while the client is only half made."""

    @private
    def __init__(
        self,
        base_url: str,
        *,
        authorization: str | None = None,
        credentials: Sequence[ApiKey] = (),
        headers: Mapping[str, str] | None = None,
        timeout: Timeouts | float = DEFAULT_TIMEOUTS,
        retries: RetryPolicy = DEFAULT_RETRIES,
        transport: Transport | None = None,
        ssl_context: ssl.SSLContext | None = None,
        proxies: Proxies | None = None,
        trust_env: bool = True,
    ) -> None:
        """Check everything; connect to nothing yet.

        Args:
            base_url: the server, http or https; a path in it leads every operation's path.
            authorization: the whole value of the Authorization header: see `basic`, `bearer`.
            credentials: keys that travel in a header, query parameter or cookie of their own.
            headers: sent with every request.
            timeout: the limits of a call; a number is all its time, retries and pauses
                included, in seconds.
            retries: when to try again.
            transport: carries the requests; then neither `ssl_context` nor `proxies` has a use.
            ssl_context: how to speak TLS; the default trusts what the system trusts.
            proxies: the default takes them from the environment if `trust_env`, else none.
            trust_env: whether HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY count.

        Raises:
            ValueError: one of these is unusable. A credential is not shown.
            TypeError: the retries or the transport are of a kind that cannot work.
        """
        chosen = choose_proxies(transport, ssl_context, proxies, trust_env)
        self._preparation = Preparation(
            base_url,
            authorization=authorization,
            credentials=credentials,
            headers=headers or {},
            timeout=timeout,
            proxies=chosen,
        )
        # A proxy that cannot be used is refused here rather than by the first call.
        chosen.choose(Origin.parse(self._preparation.origin))
        self._retries = checked_retries(retries)
        self._transport: Transport = (
            SocketTransport(ssl_context=ssl_context, proxies=chosen)
            if transport is None
            else checked_transport(self, transport)
        )
        self._pauses = Pauses()
        self._closed = False
        self._origin = self._preparation.origin

    def _call(
        self,
        endpoint: Endpoint,
        *,
        body: bytes | None = None,
        path: Mapping[str, object] = NOTHING,
        query: Iterable[tuple[str, object]] = (),
        headers: Mapping[str, object] = NOTHING,
        timeout: Timeouts | float | None = None,
    ) -> Answer:
        """Call an operation.

        Args:
            endpoint: which one.
            body: as it goes on the wire.
            path: the values of the path's placeholders.
            query: names and values, in order.
            headers: of this call; they win over the client's.
            timeout: of this call, instead of the client's.

        Raises:
            ClientError: see `errors`.
            RuntimeError: the client is closed.
        """
        if self._closed:
            raise RuntimeError("this client is closed")
        preparation = self._preparation
        request = preparation.request(endpoint, body, path, query, headers, timeout)
        attempts = Attempts(request, self._retries)
        while True:
            outcome: Response | ClientError
            try:
                outcome = self._transport.send(attempts.request())
            except ClientError as error:
                outcome = error
            except Exception as error:
                if not is_finalizing():
                    raise
                outcome = cut_short(error)
            pause = attempts.pause_after(outcome)
            if pause is None:
                return attempts.result(endpoint, preparation.secrets)
            if not self._pauses.wait(pause):
                attempts.give_up("the client was closed")
                return attempts.result(endpoint, preparation.secrets)

    def close(self) -> None:
        """Close the connections. May be called twice.

        An attempt under way is finished, and its outcome is the call's: no other follows. A pause
        between two attempts ends at once, and the call with what the last attempt brought.
        """
        if not self._closed:
            self._closed = True
            self._pauses.end()
            self._transport.close()

    __enter__ = _entered

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        state = " closed" if self._origin and self._closed else ""
        return f"<{type(self).__name__} {self._origin or 'half made'}{state}>"
