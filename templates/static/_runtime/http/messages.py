"""What is sent and what comes back, and the two protocols of whoever carries it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol, cast

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_BAD_IN_VALUE = re.compile(r"[^\t\x20-\x7e\x80-\xff]")
_LONGEST_TIMEOUT = 86_400.0


class Headers(Mapping[str, str]):
    """Header fields; names are matched without regard to case, and nothing changes them.

    `headers[name]` joins a field that came several times with ", "; `get_all` keeps them apart.
    The repr shows names only: a value may hold a credential, also in an answer.

    Attributes:
        pairs: every field as it was given, in order.
        by_name: the values by their names in lower case.
    """

    def __init__(
        self, fields: Mapping[str, str] | Iterable[tuple[str, str]] = ()
    ) -> None:
        if isinstance(fields, Mapping):
            fields = cast("Mapping[str, str]", fields).items()
        self.pairs = tuple(fields)
        self.by_name = {name.lower(): value for name, value in self.pairs}
        self._encoded: bytes | None = None
        if len(self.by_name) < len(self.pairs):
            for name in self.by_name:
                self.by_name[name] = ", ".join(self.get_all(name))

    def __getitem__(self, name: str) -> str:
        return self.by_name[name.lower()]

    def get_all(self, name: str) -> tuple[str, ...]:
        """Every value of a field, in order; empty when it is absent."""
        wanted = name.lower()
        return tuple(value for key, value in self.pairs if key.lower() == wanted)

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_name)

    def __len__(self) -> int:
        return len(self.by_name)

    def __hash__(self) -> int:
        return hash(frozenset(self.by_name.items()))

    def __repr__(self) -> str:
        return f"Headers({{{', '.join(f'{name!r}: …' for name, _ in self.pairs)}}})"

    def encoded(self) -> bytes:
        """The fields as they go on the wire, each ended by CR LF. Made once.

        Raises:
            ValueError: a name or value that HTTP does not allow; the value is not shown.
        """
        if self._encoded is None:
            self._encoded = b"".join(_field(name, value) for name, value in self.pairs)
        return self._encoded


def _field(name: str, value: str) -> bytes:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not a header name")
    if value != value.strip(" \t") or _BAD_IN_VALUE.search(value):
        raise ValueError(
            f"the value of the header {name} holds characters that HTTP forbids there"
        )
    return f"{name}: {value}\r\n".encode("latin-1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """How long a call may take, in seconds. There is always a limit.

    Attributes:
        connect: until connected, the proxy's tunnel and the TLS handshake included; of one attempt.
        read: the longest silence while the request is sent or the answer awaited; of one attempt.
        total: of the whole call, from its start to the last byte of the answer, with all attempts
            and the pauses between them. A pause that would end later is not made. (The default
            has room for four attempts that meet nothing but silence.)

    Raises:
        ValueError: not a number above 0 and of at most a day.
    """

    connect: float = 5.0
    read: float = 10.0
    total: float = 60.0

    def __post_init__(self) -> None:
        for name in ("connect", "read", "total"):
            seconds = getattr(self, name)
            positive(f"the {name} timeout", seconds, at_most=_LONGEST_TIMEOUT)

    @classmethod
    def of(cls, value: Timeouts | float) -> Timeouts:
        """`value` itself, or for a number of seconds: a total of that, no other limit above it."""
        if isinstance(value, Timeouts):
            return value
        seconds = positive("the timeout", value, at_most=_LONGEST_TIMEOUT)
        return cls(connect=min(seconds, 5.0), read=seconds, total=seconds)


def positive(what: str, value: object, *, at_most: float) -> float:
    """`value`, if it is a finite number above 0 and not above `at_most`, else a ValueError."""
    if isinstance(value, (int, float)) and type(value) is not bool:
        seconds = float(value)
        if math.isfinite(seconds) and 0 < seconds <= at_most:
            return seconds
    raise ValueError(f"{what} must be a number of seconds above 0, at most {at_most:g}")


DEFAULT_TIMEOUTS: Final = Timeouts()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Request:
    """A request, ready to be carried. Its repr shows neither headers nor query nor body.

    Attributes:
        method: upper case.
        origin: scheme, host and, unless it is the scheme's own, port: `https://example.com`.
        target: path and query, percent-encoded: `/v1/track?a=b`.
        headers: everything but Host, Content-Length and Connection, which the transport adds.
        body: None for no body at all.
        timeout: the limits for this attempt; `total` is what is left for the call.
    """

    method: str
    origin: str
    target: str
    headers: Headers
    body: bytes | None
    timeout: Timeouts

    @property
    def url(self) -> str:
        """The whole URL, query included: a credential may be part of it."""
        return self.origin + self.target

    @property
    def place(self) -> str:
        """The URL without its query: what may be shown and logged."""
        return self.origin + self.target.partition("?")[0]

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.place}>"


@dataclass(frozen=True, slots=True, repr=False)
class Response:
    """An answer. Its repr shows no more than its size: a server may echo a credential.

    Attributes:
        status: the HTTP status code.
        headers: as far as they came.
        body: as far as it came, and as it came: compressed, if it is.
        incomplete: why the answer is not whole; empty for one that is.
    """

    status: int
    headers: Headers
    body: bytes
    incomplete: str = ""

    def __repr__(self) -> str:
        return f"<Response {self.status}, {len(self.body)} bytes>"


class Transport(Protocol):
    """Carries requests; safe to use from several threads."""

    def send(self, request: Request) -> Response:
        """Send once and return the answer whatever its status; follow no redirect.

        Once the status is known, whatever else goes wrong is an answer with that status, which
        says in `incomplete` what it was: the server has spoken, and must not be asked again.

        Raises:
            TransportError: no answer came, not even its status.
        """
        ...

    def close(self) -> None:
        """Let go of what is held. May be called twice."""
        ...


class AsyncTransport(Protocol):
    """Carries requests without blocking the event loop; see `Transport`."""

    async def send(self, request: Request) -> Response:
        """As `Transport.send`."""
        ...

    async def aclose(self) -> None:
        """As `Transport.close`."""
        ...
