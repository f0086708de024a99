"""From an operation's arguments to a Request: what is the same for every call is made once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from .credentials import ApiKey, Secrets, checked
from .endpoints import Endpoint
from .http import Headers, Request, Timeouts
from .proxies import Proxies
from .urls import encode_query, fill_path, parse_base, plain_text

PACKAGE: Final = __name__.rpartition("._runtime")[0]
"""The dotted name of the package this is part of."""

NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
_MOST_KEPT = 64
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection"})


class Preparation:
    """What a client adds to every request.

    Attributes:
        origin: the server, without the path.
        secrets: the credentials, to be taken out of whatever is shown.
    """

    def __init__(
        self,
        base_url: str,
        *,
        authorization: str | None,
        credentials: Sequence[ApiKey],
        headers: Mapping[str, str],
        timeout: Timeouts | float,
        proxies: Proxies,
    ) -> None:
        origin, self._prefix = parse_base(base_url)
        self.origin = str(origin)
        self._timeout = Timeouts.of(timeout)
        self._query = _located(credentials, "query")
        self._fields = _fields(authorization, credentials, headers)
        self._names = [key.name for key in credentials if key.location == "header"]
        self._made: dict[tuple[Endpoint, tuple[tuple[str, str], ...]], Headers] = {}
        self.secrets = Secrets(_secrets(authorization, credentials, proxies))
        Headers(
            self._fields.values()
        ).encoded()  # a header that HTTP forbids is refused here

    def request(
        self,
        endpoint: Endpoint,
        body: bytes | None,
        path: Mapping[str, object],
        query: Iterable[tuple[str, object]],
        headers: Mapping[str, object],
        timeout: Timeouts | float | None,
    ) -> Request:
        """The request for one call."""
        target = f"{self._prefix}{fill_path(endpoint.path, path)}"
        if query or self._query:
            target += encode_query([*query, *self._query])
        return Request(
            method=endpoint.method,
            origin=self.origin,
            target=target or "/",
            headers=self._headers(endpoint, headers, body is not None),
            body=body,
            timeout=self._timeout if timeout is None else Timeouts.of(timeout),
        )

    def _headers(
        self, endpoint: Endpoint, own: Mapping[str, object], has_body: bool
    ) -> Headers:
        extra = (
            tuple((name, plain_text(value)) for name, value in own.items())
            if own
            else ()
        )
        content_type = endpoint.content_type if has_body else ""
        key = (endpoint, (*extra, ("Content-Type", content_type)))
        made = self._made.get(key)
        if made is None:
            made = self._make(endpoint.accept, content_type, extra)
            if (
                len(self._made) >= _MOST_KEPT
            ):  # headers that differ by call are not worth keeping
                self._made.clear()
            self._made[key] = made
        return made

    def _make(
        self, accept: str, content_type: str, extra: tuple[tuple[str, str], ...]
    ) -> Headers:
        fields = dict(self._fields)
        if accept:
            fields.setdefault("accept", ("Accept", accept))
        if content_type:
            fields["content-type"] = ("Content-Type", content_type)
        for name, value in extra:
            fields[_key(name)] = (name, value)
        made = Headers(fields.values(), secret=self._names)
        made.encoded()
        return made


def choose_proxies(
    transport: object | None,
    ssl_context: object | None,
    proxies: Proxies | None,
    trust_env: bool,
) -> Proxies:
    """The proxies a client's own transport uses: those given, else those of the environment.

    Raises:
        ValueError: options of a client's own transport beside a transport that was given.
    """
    if transport is not None:
        if ssl_context is not None or proxies is not None:
            raise ValueError(
                "ssl_context and proxies are the business of the transport given"
            )
        return Proxies()
    if proxies is not None:
        return proxies
    return Proxies.from_environment() if trust_env else Proxies()


def _fields(
    authorization: str | None, credentials: Sequence[ApiKey], headers: Mapping[str, str]
) -> dict[str, tuple[str, str]]:
    """Every header of the client, by its name in lower case; a credential wins."""
    fields = {
        "user-agent": ("User-Agent", f"{PACKAGE.rpartition('.')[2]} (eventwright)"),
        "accept-encoding": ("Accept-Encoding", "identity"),
    }
    for name, value in headers.items():
        fields[_key(name)] = (name, value)
    if authorization is not None:
        fields["authorization"] = (
            "Authorization",
            checked(authorization, "the authorization"),
        )
    for name, value in _located(credentials, "header"):
        fields[_key(name)] = (name, value)
    cookies = "; ".join(
        f"{name}={value}" for name, value in _located(credentials, "cookie")
    )
    if cookies:
        fields["cookie"] = ("Cookie", cookies)
    return fields


def _key(name: str) -> str:
    key = name.lower()
    if key in _OURS:
        raise ValueError(f"the header {name} is set by the client itself")
    return key


def _located(credentials: Sequence[ApiKey], location: str) -> list[tuple[str, str]]:
    return [(key.name, key.value) for key in credentials if key.location == location]


def _secrets(
    authorization: str | None, credentials: Sequence[ApiKey], proxies: Proxies
) -> list[str]:
    found = [key.value for key in credentials]
    both = (proxies.http, proxies.https)
    found += [proxy.authorization for proxy in both if proxy and proxy.authorization]
    return found if authorization is None else [authorization, *found]
