"""From an operation's arguments to a Request: what is the same for every call is made once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from .credentials import ApiKey, checked
from .endpoints import Endpoint
from .hiding import Secrets
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
        self._base = base_url.rstrip("/")
        self._timeout = Timeouts.of(timeout)
        self._schemes = {key.scheme: key for key in credentials if key.scheme}
        self._in_query = bool(_located(credentials, "query"))
        always = [key for key in credentials if not key.scheme]
        self._query = _located(always, "query")
        self._fields = _fields(authorization, always, headers)
        self._made: dict[tuple[Endpoint, tuple[tuple[str, str], ...]], Headers] = {}
        self.secrets = Secrets(_secrets(authorization, credentials, proxies))
        # A header that HTTP forbids is refused here.
        Headers([*self._fields.values(), *_located(credentials, "header")]).encoded()

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
        origin, prefix = self._place(endpoint)
        limits = self._timeout if timeout is None else Timeouts.of(timeout)
        fields = self._headers(endpoint, headers, body is not None)
        target = f"{prefix}{fill_path(endpoint.path, path)}"
        if query:
            target += encode_query(query)
        # What cannot fail comes last: nothing here that is shown with an error holds a credential.
        return Request(
            method=endpoint.method,
            origin=origin,
            target=self._with_keys(endpoint, target) or "/",
            headers=fields,
            body=body,
            timeout=limits,
        )

    def _with_keys(self, endpoint: Endpoint, target: str) -> str:
        """The target with the credentials that travel in the query."""
        if not self._in_query:
            return target
        keys = self._query
        if endpoint.security:
            keys = keys + _located(self._asked(endpoint), "query")
        text = encode_query(keys)
        return f"{target}&{text[1:]}" if "?" in target and text else f"{target}{text}"

    def _place(self, endpoint: Endpoint) -> tuple[str, str]:
        """Origin and path of the server: the operation's own, unless the caller has another."""
        own = endpoint.servers
        if not own or self._base in own or self._base not in endpoint.instead_of:
            return self.origin, self._prefix
        origin, prefix = parse_base(own[0])
        return str(origin), prefix

    def _asked(self, endpoint: Endpoint) -> list[ApiKey]:
        """The credentials for an operation: those of the first way in that were all given."""
        for schemes in endpoint.security:
            if all(scheme in self._schemes for scheme in schemes):
                return [self._schemes[scheme] for scheme in schemes]
        ways = " or ".join(
            " with ".join(map(repr, schemes)) for schemes in endpoint.security
        )
        raise ValueError(
            f"{endpoint.name} needs a credential the client was not given: "
            f"that of the security scheme {ways}"
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
            made = self._make(endpoint, content_type, extra)
            if (
                len(self._made) >= _MOST_KEPT
            ):  # headers that differ by call are not worth keeping
                self._made.clear()
            self._made[key] = made
        return made

    def _make(
        self,
        endpoint: Endpoint,
        content_type: str,
        extra: tuple[tuple[str, str], ...],
    ) -> Headers:
        # What can fail comes first: an error is not to show the credentials among its variables.
        Headers(extra).encoded()
        own = [(_key(name), name, value) for name, value in extra]
        asked = self._asked(endpoint) if endpoint.security else []
        fields = dict(self._fields)
        _add_keys(fields, asked)
        if endpoint.accept:
            fields.setdefault("accept", ("Accept", endpoint.accept))
        if content_type:
            fields["content-type"] = ("Content-Type", content_type)
        for key, name, value in own:
            if key == "cookie" and "cookie" in fields:
                value = f"{fields['cookie'][1]}; {value}"
            fields[key] = (name, value)
        return Headers(fields.values())


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
    _add_keys(fields, credentials)
    return fields


def _add_keys(
    fields: dict[str, tuple[str, str]], credentials: Sequence[ApiKey]
) -> None:
    for name, value in _located(credentials, "header"):
        fields[_key(name)] = (name, value)
    cookies = [f"{name}={value}" for name, value in _located(credentials, "cookie")]
    if cookies:
        before = [fields["cookie"][1]] if "cookie" in fields else []
        fields["cookie"] = ("Cookie", "; ".join([*before, *cookies]))


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
