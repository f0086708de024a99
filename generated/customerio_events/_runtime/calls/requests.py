"""Operations as the document describes them, and the requests that are made for them."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, cast

from ..builders.base import Builder, EventBuilder
from ..http.content import Read
from ..http.headers import Headers
from ..http.messages import Request, Timeouts
from ..http.security import ApiKey, Secrets, checked
from ..http.servers import Proxies, parse_base, quoted
from ..http.streamed import Spool, Streamed

_MOST_KEPT = 64
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection"})
_SECRET = frozenset({"authorization", "proxy-authorization", "cookie"})
NO_HEADERS = Headers()
_Fields = dict[str, tuple[str, str]]
"""Name and value of each header, by its name in lower case."""
Keys: TypeAlias = Mapping[ApiKey, ApiKey]
"""What stands at the moment for each credential that has a source."""
NO_KEYS: Keys = {}
_Prepared = tuple[str, str, Headers, str]
"""What requests have in common: origin, prefix of the path, headers, credentials in the query."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Endpoint:
    """What the document says of an operation.

    Attributes:
        name: the Python method, behind the name of the client: `track`, `orders.create_order`.
        method: upper case.
        path: with placeholders: `/users/{id}`.
        statuses: the documented ones as the document spells them: "200", "4XX", "default".
        content_type: of the request's body; empty: none is sent.
        accept: what to ask for; empty: nothing in particular.
        json_statuses: the successes among them whose body is JSON and nothing else.
        security: the ways to be let in, the best first: the keys of the security schemes that
            each takes, all together. Empty: no credential is sent.
        servers: its own, where it has some.
        instead_of: the servers of the document, which its own replace.
        error_keys: for a status, the keys that lead to the error texts in its JSON body.
        answers: for an entry of `statuses`, what reads the body.
        spool: makes the place where the body of a success is kept that may be too large for
            memory; None: it is not.
    """

    name: str
    method: str
    path: str
    statuses: tuple[str, ...] = ()
    content_type: str = ""
    accept: str = ""
    json_statuses: tuple[str, ...] = ()
    security: tuple[tuple[str, ...], ...] = ()
    servers: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    error_keys: Mapping[int, tuple[str, ...]] = field(
        default_factory=dict[int, "tuple[str, ...]"]
    )
    answers: Mapping[str, Read] = field(default_factory=dict[str, "Read"])
    spool: Callable[[], Spool] | None = None

    def entry(self, status: int) -> str:
        """The entry of `statuses` for a status, the most particular that fits; "" for none."""
        exact = str(status)
        if exact in self.statuses:
            return exact
        fitting = {spelt.upper(): spelt for spelt in self.statuses}
        return fitting.get(f"{status // 100}XX") or fitting.get("DEFAULT", "")


class CredentialMissing(ValueError):
    """An operation needs a credential that the client was not given; says which."""


class Payload:
    """A body that says itself of what media type it is."""

    def __init__(self, media_type: str, content: bytes | Streamed = b"") -> None:
        self._media_type = media_type
        self._content = content

    def settled(self, boundary: str = "") -> tuple[str, bytes | Streamed]:
        """Its media type, and what is sent.

        `boundary`: what separates its parts, if it has some; empty: one by chance.
        """
        return self._media_type, self._content


Body: TypeAlias = bytes | Streamed | Payload


class RequestBuilder:
    """What a client adds to every request.

    Attributes:
        base: the server's URL.
        origin: the same without the path.
        secrets: the credentials, to be taken out of whatever is shown.
        asked: the credentials that are asked for before a call.
    """

    def __init__(
        self,
        base_url: str,
        *,
        user_agent: str,
        authorization: str | None,
        credentials: Sequence[ApiKey],
        headers: Mapping[str, str] | None,
        timeout: Timeouts | float,
        answer_limit: int,
        proxies: Proxies,
        server_urls: Mapping[str, str],
        secret_headers: Iterable[str] = (),
    ) -> None:
        self._urls = server_urls
        base_url = server_urls.get(base_url, base_url)
        origin, self._prefix = parse_base(base_url)
        self.origin = str(origin)
        self.base = base_url.rstrip("/")
        self._timeout = Timeouts.of(timeout)
        self._answer_limit = _checked_bytes(answer_limit)
        self._schemes = {key.scheme: key for key in credentials if key.scheme}
        self._always = [key for key in credentials if not key.scheme]
        self.asked = [key for key in credentials if key.source is not None]
        self._fields: _Fields = {
            "user-agent": ("User-Agent", user_agent),
            "accept-encoding": ("Accept-Encoding", "identity"),
        }
        secrets = [key.value for key in credentials if key.source is None]
        located = _located(credentials, "header")
        names = [*secret_headers, *(name for name, _ in located)]
        self._secret = _SECRET | {name.lower() for name in names}
        own = call_headers(headers)
        self._fields |= _checked_fields(own.pairs)
        secrets += self._secret_values(own)
        if authorization is not None:
            value = checked(authorization, "the authorization")
            self._fields["authorization"] = ("Authorization", value)
            secrets.append(value)
        _add_keys(self._fields, [key for key in self._always if key.source is None])
        for proxy in (proxies.http, proxies.https):
            secrets += [proxy.authorization] if proxy and proxy.authorization else []
        self.secrets = Secrets(secrets)
        self._prepared: dict[tuple[object, ...], _Prepared] = {}
        # A header that HTTP forbids is refused here.
        Headers([*self._fields.values(), *located]).encoded()

    def limits(self, timeout: Timeouts | float | None) -> Timeouts:
        """Those of a call; None: the client's."""
        return self._timeout if timeout is None else Timeouts.of(timeout)

    def secret(self, name: str) -> bool:
        """Whether a header holds a credential."""
        return name.lower() in self._secret

    def secrets_with(self, headers: Headers, secrets: Secrets | None = None) -> Secrets:
        """`secrets`, by default the client's, and those in headers that a caller gave."""
        known = self.secrets if secrets is None else secrets
        found = self._secret_values(headers)
        return known.including(found) if found else known

    def _secret_values(self, headers: Headers) -> list[str]:
        return [value for name, value in headers.items() if name in self._secret]

    def build(
        self,
        endpoint: Endpoint,
        body: Body | None,
        target: str,
        parameters: Mapping[str, str],
        timeout: Timeouts,
        headers: Headers = NO_HEADERS,
        keys: Keys = NO_KEYS,
    ) -> Request:
        """The request for one attempt.

        Args:
            endpoint: which operation.
            body: as `ClientCore._run`.
            target: path and query, percent-encoded.
            parameters: the headers that parameters became.
            timeout: the limits of the attempt.
            headers: of the call, beside these and the client's.
            keys: what stands for each of its `sources`.
        """
        media_type = endpoint.content_type
        if isinstance(body, Payload):
            media_type, body = body.settled()
        media_type = "" if body is None else media_type
        key: tuple[object, ...] = (endpoint, media_type)
        if parameters or keys:
            key += (*parameters.items(), *keys.values())
        prepared = self._prepared.get(key)
        if prepared is None:
            prepared = self._prepare(endpoint, parameters, media_type, keys)
            if len(self._prepared) >= _MOST_KEPT:  # what differs by call is not kept
                self._prepared.clear()
            self._prepared[key] = prepared
        # What cannot fail comes last: nothing here that is shown with an error holds a credential.
        origin, prefix, fields, query = prepared
        if headers.pairs:  # not kept: they differ by call
            fields = fields.including(beside(headers, parameters, fields))
        target = f"{prefix}{target}"
        if query:
            target += f"{'&' if '?' in target else '?'}{query}"
        return Request(
            method=endpoint.method,
            origin=origin,
            target=target or "/",
            headers=fields,
            body=body,
            timeout=timeout,
            answer_limit=self._answer_limit,
        )

    def sources(self, endpoint: Endpoint) -> list[ApiKey]:
        """The credentials for an operation that are asked for before each call."""
        keys = [*self._always, *self._asked(endpoint)]
        return [key for key in keys if key.source is not None]

    def _prepare(
        self, endpoint: Endpoint, own: Mapping[str, str], media_type: str, keys: Keys
    ) -> _Prepared:
        # What can fail comes first: an error is not to show the credentials among its variables.
        Headers(own).encoded()
        added = _checked_fields(own.items())
        origin, prefix = self._server(endpoint)
        fixed = [key for key in self._always if key.source is None]
        asked = [keys[key] for key in self._always if key in keys]
        asked += [keys.get(key, key) for key in self._asked(endpoint)]
        fields = dict(self._fields)
        _add_keys(fields, asked)
        if endpoint.accept:
            fields.setdefault("accept", ("Accept", endpoint.accept))
        if media_type:
            fields["content-type"] = ("Content-Type", media_type)
        if "cookie" in added and "cookie" in fields:
            name, value = added["cookie"]
            added["cookie"] = (name, f"{fields['cookie'][1]}; {value}")
        pairs = _located([*fixed, *asked], "query")
        query = "&".join(f"{quoted(name)}={quoted(key)}" for name, key in pairs)
        return origin, prefix, Headers((fields | added).values()), query

    def _server(self, endpoint: Endpoint) -> tuple[str, str]:
        """Origin and path of the server: the operation's own, unless the caller has another."""
        own = [self._urls.get(url, url) for url in endpoint.servers]
        replaced = {self._urls.get(url, url) for url in endpoint.instead_of}
        if not own or self.base in own or self.base not in replaced:
            return self.origin, self._prefix
        origin, prefix = parse_base(own[0])
        return str(origin), prefix

    def _asked(self, endpoint: Endpoint) -> list[ApiKey]:
        """The credentials for an operation: those of the first way in that were all given."""
        if not endpoint.security:
            return []
        for schemes in endpoint.security:
            if all(scheme in self._schemes for scheme in schemes):
                return [self._schemes[scheme] for scheme in schemes]
        ways = " or ".join(
            " with ".join(map(repr, schemes)) for schemes in endpoint.security
        )
        raise CredentialMissing(
            f"{endpoint.name} needs a credential the client was not given: "
            f"that of the security scheme {ways}"
        )


def _checked_bytes(limit: object) -> int:
    if isinstance(limit, int) and limit is not True and limit > 0:
        return limit
    raise ValueError("answer_limit must be a number of bytes, at least 1")


def call_headers(headers: Mapping[str, str] | None) -> Headers:
    """The headers that a caller gives, checked. None: none.

    Raises:
        TypeError: no mapping of texts.
        ValueError: what HTTP forbids, or the client sets itself. No value is shown.
    """
    if headers is None:
        return NO_HEADERS
    made = Headers(_checked_fields(_texts(headers)).values())
    made.encoded()
    return made


def _texts(headers: object) -> list[tuple[str, str]]:
    if not isinstance(headers, Mapping):
        came = type(headers).__name__
        raise TypeError(f"headers must be a mapping of names to texts, not {came}")
    pairs = [*cast("Mapping[object, object]", headers).items()]
    for name, value in pairs:
        if not (isinstance(name, str) and isinstance(value, str)):
            raise TypeError(f"the header {name!r} must be a str")
    return cast("list[tuple[str, str]]", pairs)


def beside(headers: Headers, parameters: Mapping[str, str], fields: Headers) -> Headers:
    """What a call adds to the other fields: what a parameter says stands, cookies are joined."""
    fixed = {name.lower() for name in parameters}
    if "cookie" in fields.by_name:
        fixed.add("cookie")
    if fixed.isdisjoint(headers.by_name):
        return headers
    kept = [pair for pair in headers.pairs if pair[0].lower() not in fixed]
    if "cookie" in fixed and "cookie" in headers.by_name:
        joined = f"{fields.by_name['cookie']}; {headers.by_name['cookie']}"
        kept.append(("Cookie", joined))
    return Headers(kept)


def _checked_fields(headers: Iterable[tuple[str, str]]) -> _Fields:
    fields = {name.lower(): (name, value) for name, value in headers}
    for key in fields.keys() & _OURS:
        raise ValueError(f"the header {fields[key][0]} is set by the client itself")
    return fields


def _add_keys(fields: _Fields, credentials: Sequence[ApiKey]) -> None:
    fields |= _checked_fields(_located(credentials, "header"))
    cookies = [f"{name}={value}" for name, value in _located(credentials, "cookie")]
    if cookies:
        before = [fields["cookie"][1]] if "cookie" in fields else []
        fields["cookie"] = ("Cookie", "; ".join([*before, *cookies]))


def _located(credentials: Sequence[ApiKey], location: str) -> list[tuple[str, str]]:
    return [(key.name, key.value) for key in credentials if key.location == location]


def server_url(server: enum.Enum | str, servers: type[enum.Enum]) -> str:
    """The URL of a server given as a member of the enum, its name, or a URL."""
    if isinstance(server, servers):
        return str(server.value)
    known = {member.name.lower(): str(member.value) for member in servers}
    name = str(server)
    if "://" in name or name.lower() in known:
        return known.get(name.lower(), name)
    # What was given is not shown: it may be a credential that got into the wrong place.
    from difflib import get_close_matches  # slow to import

    near = get_close_matches(name.lower(), known, 1, 0.5)
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    listed = ", ".join(map(repr, known))
    raise ValueError(f"unknown server{hint}: give one of {listed}, or a URL")


class Filling(Protocol):
    """What fills in the keys that events lack."""

    def body(self, event: Builder) -> bytes:
        """The JSON of a builder, with what its events lack."""
        ...

    def within(self, value: object, data: Any) -> None:
        """The same where a value holds events; `data`: its JSON."""
        ...


def event_body(
    event: object, accepted: tuple[type[Builder], ...], fill: Filling | None = None
) -> bytes:
    """The JSON of a builder; TypeError for what is none that the operation takes."""
    if isinstance(event, accepted):
        return event.to_json() if fill is None else fill.body(event)
    names = ", ".join(builder.__name__ for builder in accepted)
    came = type(event).__name__
    events = all(issubclass(builder, EventBuilder) for builder in accepted)
    maker = "parse_event" if events else "from_dict"
    hint = f"; {maker} makes one of a mapping" if came == "dict" else ""
    raise TypeError(f"expected {names}, got {came}{hint}")
