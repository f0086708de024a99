"""HTTP/1.1 without sockets: requests to bytes, bytes to answers. Sync and async share it."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass

from .errors import ConnectionFailed, MalformedAnswer, UnexpectedAnswer
from .http import Headers, Request, Response

_STATUS_LINE = re.compile(rb"HTTP/1\.([01]) ([1-9][0-9]{2})(?: [^\r\n]*)?\r?")
_FIELD_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,12})[ \t]*(?:;[^\r\n]*)?\r?")
_END_OF_HEAD = re.compile(rb"\n\r?\n")
_MOST_INTERIM = 16
_LONGEST_LINE = 4096
_WITHOUT_BODY = frozenset({204, 205, 304})
_SENDS_LENGTH = frozenset({"POST", "PUT", "PATCH"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an answer may cost us, in bytes and header lines; more is an error."""

    head: int = 65_536
    fields: int = 200
    body: int = 16_777_216


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Arrived:
    """A whole answer, and whether the connection may serve another request."""

    response: Response
    reusable: bool


Reader = Generator[None, bytes, Arrived]
"""Takes bytes as they come (`b""`: the connection ended) and returns what arrived."""


def encode(request: Request, *, absolute: bool = False, extra: bytes = b"") -> bytes:
    """The request as one piece of bytes. `absolute`: the form for a proxy, `extra` its headers."""
    target = request.url if absolute else request.target
    authority = request.origin.partition("://")[2]
    line = f"{request.method} {target} HTTP/1.1\r\nHost: {authority}\r\n".encode(
        "ascii"
    )
    body = request.body
    if body is None:
        length = b"Content-Length: 0\r\n" if request.method in _SENDS_LENGTH else b""
        return b"%b%b%b%b\r\n" % (line, extra, request.headers.encoded(), length)
    fields = request.headers.encoded()
    return b"%b%b%bContent-Length: %d\r\n\r\n%b" % (
        line,
        extra,
        fields,
        len(body),
        body,
    )


def encode_connect(authority: str, authorization: str | None) -> bytes:
    """A CONNECT request for `host:port`."""
    fields = [("Host", authority)]
    if authorization is not None:
        fields.append(("Proxy-Authorization", authorization))
    return (
        f"CONNECT {authority} HTTP/1.1\r\n".encode("ascii")
        + Headers(fields).encoded()
        + b"\r\n"
    )


def reader(method: str, limits: Limits = DEFAULT_LIMITS) -> Reader:
    """A reader for the answer to one request, already waiting for bytes.

    It raises MalformedAnswer or ConnectionFailed until the status is known, and UnexpectedAnswer
    from then on.
    """
    made = _read(method, limits)
    next(made)
    return made


def _read(method: str, limits: Limits) -> Reader:
    data = yield
    for _ in range(_MOST_INTERIM):
        head, data = yield from _head(data, limits)
        version, status, headers = _parse_head(head, limits)
        if status >= 200 or status == 101:
            break
    else:
        raise MalformedAnswer("too many interim answers (1xx)")
    partial = _Partial(status, headers, limits)
    if status == 101:
        raise partial.broken("the server switched to another protocol unasked")
    body, rest, delimited = yield from _body(method, partial, data)
    # A tunnel stays open whatever the proxy says of keeping connections alive.
    keep = method == "CONNECT" or (delimited and _keeps_alive(version, headers))
    return Arrived(Response(status, headers, body), keep and not rest)


def _keeps_alive(minor_version: int, headers: Headers) -> bool:
    connection = headers.get("connection", "").lower()
    if minor_version == 0:
        return "keep-alive" in connection
    return "close" not in connection


class _Partial:
    """An answer whose status is known and whose body is not."""

    __slots__ = ("headers", "limits", "status")

    def __init__(self, status: int, headers: Headers, limits: Limits) -> None:
        self.status = status
        self.headers = headers
        self.limits = limits

    def broken(self, reason: str, body: bytes | bytearray = b"") -> UnexpectedAnswer:
        return UnexpectedAnswer(
            status=self.status, headers=self.headers, body=bytes(body), reason=reason
        )

    def check_size(self, size: int, body: bytes | bytearray = b"") -> None:
        if size > self.limits.body:
            raise self.broken(f"the body exceeds {self.limits.body} bytes", body)


def _head(data: bytes, limits: Limits) -> Generator[None, bytes, tuple[bytes, bytes]]:
    seen = 0
    while True:
        end = _END_OF_HEAD.search(data, seen)
        if (end.end() if end else len(data)) > limits.head:
            raise MalformedAnswer(f"the head of the answer exceeds {limits.head} bytes")
        if end:
            return data[: end.start()], data[end.end() :]
        if data[:7] != b"HTTP/1."[: len(data)]:
            raise MalformedAnswer("the answer is not HTTP/1.x")
        seen = max(0, len(data) - 2)
        more = yield
        if not more:
            reason = "the connection ended within the head of the answer"
            raise ConnectionFailed(reason, maybe_sent=True)
        data += more


def _parse_head(head: bytes, limits: Limits) -> tuple[int, int, Headers]:
    first, _, rest = head.partition(b"\n")
    match = _STATUS_LINE.fullmatch(first)
    if match is None:
        raise MalformedAnswer("the answer does not begin with an HTTP/1.x status line")
    return int(match[1]), int(match[2]), _parse_fields(rest, limits)


def _parse_fields(block: bytes, limits: Limits) -> Headers:
    lines = block.decode("latin-1").split("\n") if block else []
    if len(lines) > limits.fields:
        raise MalformedAnswer(f"the answer has more than {limits.fields} header lines")
    pairs: list[tuple[str, str]] = []
    for line in lines:
        name, colon, value = line.partition(":")
        if line[:1] in (" ", "\t") and pairs:  # a folded line (RFC 9112, 5.2)
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {line.strip()}")
        elif colon and _FIELD_NAME.fullmatch(name):
            pairs.append((name, value.strip(" \t\r")))
        else:
            raise MalformedAnswer("the answer has a malformed header line")
    return Headers(pairs)


_Body = Generator[None, bytes, "tuple[bytes, bytes, bool]"]
"""Returns the body, the bytes after it, and whether the body said where it ends."""


def _body(method: str, partial: _Partial, data: bytes) -> _Body:
    coding = partial.headers.get("transfer-encoding")
    length = partial.headers.get("content-length")
    if method == "HEAD" or partial.status in _WITHOUT_BODY:
        return b"", data, True
    if method == "CONNECT" and 200 <= partial.status < 300:
        return b"", data, True
    if coding is not None:
        if coding.strip().lower() != "chunked":
            raise partial.broken(f"the transfer coding {coding!r} is unknown", data)
        body, rest = yield from _chunked(partial, data)
        return body, rest, length is None  # both at once: RFC 9112, 6.3 says to close
    if length is None:
        return (yield from _until_end(partial, data))
    return (yield from _counted(partial, data, _parse_length(partial, length)))


def _parse_length(partial: _Partial, text: str) -> int:
    # The same length twice is joined to "5, 5"; two lengths are an error.
    lengths = {part.strip() for part in text.split(",")}
    length = lengths.pop()
    if lengths or not (length.isascii() and length.isdigit() and len(length) < 19):
        raise partial.broken("the Content-Length is malformed")
    return int(length)


def _counted(partial: _Partial, data: bytes, length: int) -> _Body:
    partial.check_size(length)
    if len(data) >= length:
        return data[:length], data[length:], True
    body = bytearray(data)
    while len(body) < length:
        more = yield
        if not more:
            raise partial.broken(
                f"the body ended after {len(body)} of {length} bytes", body
            )
        body += more
    return bytes(body[:length]), bytes(body[length:]), True


def _until_end(partial: _Partial, data: bytes) -> _Body:
    body = bytearray(data)
    while True:
        partial.check_size(len(body), body)
        more = yield
        if not more:
            return bytes(body), b"", False
        body += more


def _chunked(
    partial: _Partial, data: bytes
) -> Generator[None, bytes, tuple[bytes, bytes]]:
    body = bytearray()
    buffer = _Buffer(partial, data, body)
    while True:
        match = _CHUNK_SIZE.fullmatch((yield from buffer.line()))
        if match is None:
            raise partial.broken("a chunk size is malformed", body)
        size = int(match[1], 16)
        if size == 0:
            break
        partial.check_size(len(body) + size, body)
        yield from buffer.take(size)
        if (yield from buffer.line()).strip(b"\r"):
            raise partial.broken("a chunk is longer than its size", body)
    for _ in range(partial.limits.fields):
        if not (yield from buffer.line()).strip(
            b"\r"
        ):  # else: a trailer field, of no interest
            return bytes(body), bytes(buffer.data)
    raise partial.broken("the answer has too many trailer lines", body)


class _Buffer:
    """Bytes of a chunked body that are not understood yet."""

    __slots__ = ("body", "data", "partial")

    def __init__(self, partial: _Partial, data: bytes, body: bytearray) -> None:
        self.partial = partial
        self.data = bytearray(data)
        self.body = body

    def line(self) -> Generator[None, bytes, bytes]:
        while (end := self.data.find(b"\n")) < 0:
            if len(self.data) > _LONGEST_LINE:
                raise self.partial.broken(
                    "a line between chunks is too long", self.body
                )
            yield from self._more()
        found = bytes(self.data[:end])
        del self.data[: end + 1]
        return found

    def take(self, size: int) -> Generator[None, bytes, None]:
        """Move `size` bytes to the body as they come, so that a cut-off body is kept."""
        while True:
            part = self.data[:size]
            self.body += part
            del self.data[: len(part)]
            size -= len(part)
            if not size:
                return
            yield from self._more()

    def _more(self) -> Generator[None, bytes, None]:
        more = yield
        if not more:
            raise self.partial.broken("the body ended within its chunks", self.body)
        self.data += more
