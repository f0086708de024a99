"""HTTP/1.1 without sockets: requests to bytes, bytes to answers. Sync and async share it."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass
from typing import NamedTuple

from .errors import ConnectionFailed, MalformedAnswer, TransportError
from .messages import Headers, Request, Response

_END_OF_HEAD = re.compile(rb"\n\r?\n")
_STATUS_LINE = re.compile(rb"HTTP/1\.([01]) ([1-9][0-9]{2})(?: [^\r\n]*)?\r?\n")
# Name and colon, the value up to the end of the line, lines that fold it (RFC 9112, 5.2).
_FIELDS = re.compile(
    rb"(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*\r?\n"
)
# One that needs no second look: a space before the value, none after it, CR LF.
_PLAIN_FIELD = re.compile(
    r"^([!#$%&'*+\-.^_`|~0-9A-Za-z]+): ([^\r\n \t](?:[^\r\n]*[^\r\n \t])?)\r$",
    re.MULTILINE,
)
_STATUS = re.compile(rb"HTTP/1\.[01] ([2-9][0-9]{2})[ \r\n]")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,12})[ \t]*(?:;[^\r\n]*)?\r?")
_MOST_INTERIM = 16
_LONGEST_LINE = 4096
_WITHOUT_BODY = frozenset({204, 205, 304})
_NOTHING = (b"\r", b"")
_SENDS_LENGTH = frozenset({"POST", "PUT", "PATCH"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an answer may cost us, in bytes and header lines; more is an error."""

    head: int = 65_536
    fields: int = 200
    body: int = 4_194_304


DEFAULT_LIMITS = Limits()


class Arrived(NamedTuple):
    """A whole answer, and whether the connection may serve another request."""

    response: Response
    reusable: bool


def encode(request: Request, *, via: bytes | None = None) -> bytes:
    """The request as one piece of bytes; for a proxy with the headers `via`, which it gets."""
    target = request.target if via is None else request.url
    authority = request.origin.partition("://")[2]
    line = f"{request.method} {target} HTTP/1.1\r\nHost: {authority}\r\n"
    body, length = request.body or b"", b""
    if request.body is not None or request.method in _SENDS_LENGTH:
        length = b"Content-Length: %d\r\n" % len(body)
    fields = (via or b"") + request.headers.encoded()
    return b"%b%b%b\r\n%b" % (line.encode("ascii"), fields, length, body)


def tokens(value: str) -> list[str]:
    """The parts of a list in a header, in lower case. White space is space and tab, no more."""
    return [part.strip(" \t").lower() for part in value.split(",")]


_NO_HEADERS = Headers()
_Body = Generator[None, bytes, Arrived]
"""Takes the bytes that follow, `b""` for the end of the connection."""


class Reader:
    """Reads the answer to one request from bytes as they come.

    The rule for answers that break off is here, for whoever reads: until the status is known that
    is a TransportError; from then on it is an answer with that status, and `incomplete` says why.
    """

    def __init__(self, method: str, limits: Limits = DEFAULT_LIMITS) -> None:
        self._method = method
        self._limits = limits
        self._head = b""
        """What came of the head, or the whole of it."""
        self._seen = self._interim = self._minor_version = self._status = 0
        self._headers = _NO_HEADERS
        self._body: bytes | bytearray = b""
        self._steps: _Body | None = None

    def feed(self, data: bytes) -> Arrived | None:
        """Take bytes, `b""` for the end of the connection; the answer, once it is there.

        Raises:
            TransportError: what came is no answer.
        """
        try:
            if self._steps is None:
                return self._read_head(data)
            self._steps.send(data)
        except StopIteration as stop:
            arrived: Arrived = stop.value
            return arrived
        except TransportError as error:
            return self.broken_off(error)
        return None

    def broken_off(self, error: TransportError) -> Arrived:
        """The answer as far as it came before `error`; without a status that is raised."""
        begun = _STATUS.match(self._head)
        status = self._status or (int(begun[1]) if begun else 0)
        if not status:
            raise error
        body, reason = bytes(self._body), str(error.args[0])
        return Arrived(Response(status, self._headers, body, reason), False)

    def _read_head(self, more: bytes) -> Arrived | None:
        data = self._head = self._head + more
        most = self._limits.head
        while True:
            end = _END_OF_HEAD.search(data, self._seen)
            if (end.end() if end else len(data)) > most:
                raise MalformedAnswer(f"the head of the answer exceeds {most} bytes")
            if end is None:
                if data[:7] != b"HTTP/1."[: len(data)]:
                    raise MalformedAnswer("the answer is not HTTP/1.x")
                if not more:
                    reason = "the connection ended within the head of the answer"
                    raise ConnectionFailed(reason, maybe_sent=True)
                self._seen = max(0, len(data) - 2)
                return None
            self._take_head(data[: end.end()])
            data = data[end.end() :]
            if self._status >= 200:
                break
            self._interim += 1
            if self._interim == _MOST_INTERIM:
                raise MalformedAnswer("too many interim answers (1xx)")
            self._head, self._seen = data, 0
        return self._read_body(data)

    def _take_head(self, head: bytes) -> None:
        """Parse a head, its empty line included."""
        first = _STATUS_LINE.match(head)
        if first is None:
            raise MalformedAnswer(
                "the answer does not begin with an HTTP/1.x status line"
            )
        status, most = int(first[2]), self._limits.fields
        fields = head[first.end() :].decode("latin-1")
        lines = fields.count("\n") - 1
        if lines > most:
            raise MalformedAnswer(f"the answer has more than {most} header lines")
        pairs = _PLAIN_FIELD.findall(fields)
        if len(pairs) != lines:
            if _FIELDS.fullmatch(head, first.end()) is None:
                raise MalformedAnswer("the answer has a malformed header line")
            pairs = _pairs(fields.split("\n")[:-2])
        if status >= 200 or status == 101:
            self._minor_version, self._status = int(first[1]), status
            self._headers = Headers(pairs)
        if status == 101:
            raise MalformedAnswer("the server switched to another protocol unasked")

    def _read_body(self, data: bytes) -> Arrived | None:
        """Where the body ends, by what the head says (RFC 9112, 6.3)."""
        coding = self._headers.by_name.get("transfer-encoding")
        length = self._headers.by_name.get("content-length")
        tunnel = self._method == "CONNECT" and self._status < 300
        if self._method == "HEAD" or self._status in _WITHOUT_BODY or tunnel:
            return self._arrived(b"", data)
        if coding is not None:
            if tokens(coding) != ["chunked"]:
                self._body = data
                raise MalformedAnswer(f"the transfer coding {coding!r} is unknown")
            self._steps = self._chunked(data, delimited=length is None)
        elif length is None:
            self._steps = self._until_end(data)
        else:
            size = _parse_length(length)
            if size <= len(data) and size <= self._limits.body:
                return self._arrived(data[:size], data[size:])
            self._steps = self._counted(data, size)
        next(self._steps)
        return None

    def _arrived(
        self, body: bytes, rest: bytes = b"", *, delimited: bool = True
    ) -> Arrived:
        """`rest`: what came after it. `delimited`: the answer itself said where it ends."""
        keep = self._minor_version > 0
        connection = self._headers.by_name.get("connection")
        if connection is not None:
            options = tokens(connection)
            keep = (keep or "keep-alive" in options) and "close" not in options
        # A tunnel stays open whatever the proxy says of keeping connections alive.
        keep = self._method == "CONNECT" or (delimited and keep)
        return Arrived(Response(self._status, self._headers, body), keep and not rest)

    def _check_size(self, size: int) -> None:
        most = self._limits.body
        if size > most:
            raise MalformedAnswer(f"the body exceeds {most} bytes")

    def _counted(self, data: bytes, length: int) -> _Body:
        self._body = body = bytearray(data)
        self._check_size(length)
        while len(body) < length:
            more = yield
            if not more:
                raise MalformedAnswer(
                    f"the body ended after {len(body)} of {length} bytes"
                )
            body += more
        return self._arrived(bytes(body[:length]), bytes(body[length:]))

    def _until_end(self, data: bytes) -> _Body:
        self._body = body = bytearray(data)
        while True:
            self._check_size(len(body))
            more = yield
            if not more:
                return self._arrived(bytes(body), delimited=False)
            body += more

    def _chunked(self, data: bytes, *, delimited: bool) -> _Body:
        """`delimited`: not so with a length beside it: RFC 9112, 6.3 says to close then."""
        self._body = body = bytearray()
        buffer = bytearray(data)
        while True:
            match = _CHUNK_SIZE.fullmatch((yield from _line(buffer)))
            if match is None:
                raise MalformedAnswer("a chunk size is malformed")
            size = int(match[1], 16)
            if size == 0:
                break
            self._check_size(len(body) + size)
            while size:  # as it comes, so that a body that is cut off is kept
                part = buffer[:size]
                body += part
                size -= len(part)
                del buffer[: len(part)]
                if size:
                    yield from _more(buffer)
            if (yield from _line(buffer)) not in _NOTHING:
                raise MalformedAnswer("a chunk is longer than its size")
        for _ in range(self._limits.fields):
            if (yield from _line(buffer)) in _NOTHING:  # else: a trailer field
                return self._arrived(bytes(body), bytes(buffer), delimited=delimited)
        raise MalformedAnswer("the answer has too many trailer lines")


def _pairs(lines: list[str]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for line in lines:
        # What `strip()` takes for white space is more than HTTP does.
        if line[0] in " \t":
            name, value = pairs.pop()
            folded = line.removesuffix("\r").strip(" \t")
            pairs.append((name, f"{value} {folded}"))
        else:
            name, _, value = line.partition(":")
            pairs.append((name, value.removesuffix("\r").strip(" \t")))
    return pairs


def _parse_length(text: str) -> int:
    # The same length twice is joined to "5, 5"; two lengths are an error.
    lengths = set(tokens(text)) if "," in text else {text}
    length = lengths.pop()
    if lengths or not (length.isascii() and length.isdigit() and len(length) < 19):
        raise MalformedAnswer("the Content-Length is malformed")
    return int(length)


def _line(buffer: bytearray) -> Generator[None, bytes, bytes]:
    """Take a line out of the buffer, without its LF."""
    while (end := buffer.find(b"\n")) < 0:
        if len(buffer) > _LONGEST_LINE:
            raise MalformedAnswer("a line between chunks is too long")
        yield from _more(buffer)
    found = bytes(buffer[:end])
    del buffer[: end + 1]
    return found


def _more(buffer: bytearray) -> Generator[None, bytes, None]:
    more = yield
    if not more:
        raise MalformedAnswer("the body ended within its chunks")
    buffer += more
