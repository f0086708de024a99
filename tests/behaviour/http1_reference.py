"""How an answer is read, line by line: what the reader of the package is compared with.

Slow and plain, and written before it. Each line of a head is looked at by itself.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from behaviour.runtime import load

_messages = load("_runtime.http.messages")
_errors = load("_runtime.http.messages")
_http1 = load("_runtime.http.http1")
Headers: Any = _messages.Headers
Response: Any = _messages.Response
Limits: Any = _http1.Limits
DEFAULT_LIMITS: Any = _http1.DEFAULT_LIMITS
ConnectionFailed: Any = _errors.ConnectionFailed
MalformedAnswer: Any = _errors.MalformedAnswer
TransportError: Any = _errors.TransportError

_STATUS_LINE = re.compile(rb"HTTP/1\.([01]) ([1-9][0-9]{2})(?: [^\r\n]*)?\r?")
_STATUS = re.compile(rb"HTTP/1\.[01] ([2-9][0-9]{2})[ \r\n]")
_FIELD_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,12})[ \t]*(?:;[^\r\n]*)?\r?")
_END_OF_HEAD = re.compile(rb"\n\r?\n")
_MOST_INTERIM = 16
_LONGEST_LINE = 4096
_WITHOUT_BODY = frozenset({204, 205, 304})
_NOTHING = (b"\r", b"")


@dataclass(frozen=True, slots=True)
class Arrived:
    """A whole answer, and whether the connection may serve another request."""

    response: Any
    reusable: bool


class Reader:
    """Reads the answer to one request from bytes as they come.

    The rule for answers that break off is here, for whoever reads: until the status is known that
    is a TransportError; from then on it is an answer with that status, and `incomplete` says why.
    """

    __slots__ = ("_partial", "_steps")

    def __init__(self, method: str, limits: Any = DEFAULT_LIMITS) -> None:
        self._partial = _Partial(limits)
        self._steps = _read(method, self._partial)
        next(self._steps)

    def feed(self, data: bytes) -> Arrived | None:
        """Take bytes, `b""` for the end of the connection; the answer, once it is there.

        Raises:
            TransportError: what came is no answer.
        """
        try:
            self._steps.send(data)
        except StopIteration as stop:
            arrived: Arrived = stop.value
            return arrived
        except TransportError as error:
            return self.broken_off(error)
        return None

    def broken_off(self, error: Any) -> Arrived:
        """The answer as far as it came before `error`; without a status that is raised."""
        partial = self._partial
        status = partial.status or _status(partial.head)
        if not status:
            raise error
        reason = str(error.args[0])
        return Arrived(Response(status, partial.headers, bytes(partial.body), reason), False)


class _Partial:
    """An answer as far as it is known."""

    __slots__ = ("body", "head", "headers", "limits", "status")

    def __init__(self, limits: Any) -> None:
        self.limits = limits
        self.status = 0
        self.head = b""
        """What came of the head, or the whole of it."""
        self.headers: Any = Headers()
        self.body: bytes | bytearray = b""

    def check_size(self, size: int) -> None:
        if size > self.limits.body:
            raise MalformedAnswer(f"the body exceeds {self.limits.body} bytes")


def _status(head: bytes) -> int:
    """The status that a head begins with, 0 if that has not come or is an interim one."""
    match = _STATUS.match(head)
    return int(match[1]) if match else 0


def _read(method: str, partial: _Partial) -> Generator[None, bytes, Arrived]:
    data = yield
    for _ in range(_MOST_INTERIM):
        head, data = yield from _head(data, partial)
        version, status, headers = _parse_head(head, partial.limits)
        if status >= 200 or status == 101:
            break
    else:
        raise MalformedAnswer("too many interim answers (1xx)")
    partial.status, partial.headers = status, headers
    if status == 101:
        raise MalformedAnswer("the server switched to another protocol unasked")
    body, rest, delimited = yield from _body(method, partial, data)
    # A tunnel stays open whatever the proxy says of keeping connections alive.
    keep = method == "CONNECT" or (delimited and _keeps_alive(version, headers))
    return Arrived(Response(status, headers, body), keep and not rest)


def _keeps_alive(minor_version: int, headers: Any) -> bool:
    connection = headers.get("connection")
    if connection is None:
        return minor_version > 0
    options = tokens(connection)
    return "close" not in options and (minor_version > 0 or "keep-alive" in options)


def tokens(value: str) -> list[str]:
    """The parts of a list in a header, in lower case. White space is space and tab, no more."""
    return [part.strip(" \t").lower() for part in value.split(",")]


def _head(data: bytes, partial: _Partial) -> Generator[None, bytes, tuple[bytes, bytes]]:
    limits, seen = partial.limits, 0
    while True:
        partial.head = data
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


def _parse_head(head: bytes, limits: Any) -> tuple[int, int, Any]:
    first, _, rest = head.partition(b"\n")
    match = _STATUS_LINE.fullmatch(first)
    if match is None:
        raise MalformedAnswer("the answer does not begin with an HTTP/1.x status line")
    return int(match[1]), int(match[2]), _parse_fields(rest, limits)


def _parse_fields(block: bytes, limits: Any) -> Any:
    lines = block.decode("latin-1").split("\n") if block else []
    if len(lines) > limits.fields:
        raise MalformedAnswer(f"the answer has more than {limits.fields} header lines")
    pairs: list[tuple[str, str]] = []
    for line in lines:
        name, colon, value = line.partition(":")
        if line[:1] in (" ", "\t") and pairs:  # a folded line (RFC 9112, 5.2)
            folded = line.removesuffix("\r").strip(" \t")
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {folded}")
        elif colon and _FIELD_NAME.fullmatch(name):
            # What `strip()` takes for white space is more than HTTP does.
            pairs.append((name, value.removesuffix("\r").strip(" \t")))
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
        if tokens(coding) != ["chunked"]:
            partial.body = data
            raise MalformedAnswer(f"the transfer coding {coding!r} is unknown")
        body, rest = yield from _chunked(partial, data)
        return body, rest, length is None  # both at once: RFC 9112, 6.3 says to close
    if length is None:
        return (yield from _until_end(partial, data))
    return (yield from _counted(partial, data, _parse_length(length)))


def _parse_length(text: str) -> int:
    # The same length twice is joined to "5, 5"; two lengths are an error.
    lengths = set(tokens(text)) if "," in text else {text}
    length = lengths.pop()
    if lengths or not (length.isascii() and length.isdigit() and len(length) < 19):
        raise MalformedAnswer("the Content-Length is malformed")
    return int(length)


def _counted(partial: _Partial, data: bytes, length: int) -> _Body:
    if len(data) >= length and length <= partial.limits.body:
        return data[:length], data[length:], True
    partial.body = body = bytearray(data)
    partial.check_size(length)
    while len(body) < length:
        more = yield
        if not more:
            raise MalformedAnswer(f"the body ended after {len(body)} of {length} bytes")
        body += more
    return bytes(body[:length]), bytes(body[length:]), True


def _until_end(partial: _Partial, data: bytes) -> _Body:
    partial.body = body = bytearray(data)
    while True:
        partial.check_size(len(body))
        more = yield
        if not more:
            return bytes(body), b"", False
        body += more


def _chunked(partial: _Partial, data: bytes) -> Generator[None, bytes, tuple[bytes, bytes]]:
    partial.body = body = bytearray()
    buffer = _Buffer(data)
    while True:
        match = _CHUNK_SIZE.fullmatch((yield from buffer.line()))
        if match is None:
            raise MalformedAnswer("a chunk size is malformed")
        size = int(match[1], 16)
        if size == 0:
            break
        partial.check_size(len(body) + size)
        yield from buffer.move(size, body)
        if (yield from buffer.line()) not in _NOTHING:
            raise MalformedAnswer("a chunk is longer than its size")
    for _ in range(partial.limits.fields):
        if (yield from buffer.line()) in _NOTHING:  # else: a trailer field
            return bytes(body), bytes(buffer.data)
    raise MalformedAnswer("the answer has too many trailer lines")


class _Buffer:
    """Bytes of a chunked body that are not understood yet."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = bytearray(data)

    def line(self) -> Generator[None, bytes, bytes]:
        while (end := self.data.find(b"\n")) < 0:
            if len(self.data) > _LONGEST_LINE:
                raise MalformedAnswer("a line between chunks is too long")
            yield from self._more()
        found = bytes(self.data[:end])
        del self.data[: end + 1]
        return found

    def move(self, size: int, body: bytearray) -> Generator[None, bytes, None]:
        """Move `size` bytes to the body as they come, so that a cut-off body is kept."""
        while True:
            part = self.data[:size]
            body += part
            del self.data[: len(part)]
            size -= len(part)
            if not size:
                return
            yield from self._more()

    def _more(self) -> Generator[None, bytes, None]:
        more = yield
        if not more:
            raise MalformedAnswer("the body ended within its chunks")
        self.data += more
