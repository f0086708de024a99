"""HTTP/1.1 without sockets: requests to bytes, bytes to answers. Sync and async share it."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any, NamedTuple

from .headers import Headers
from .messages import (
    ANSWER_LIMIT,
    ConnectionFailed,
    MalformedAnswer,
    Request,
    Response,
    TransportError,
    describe,
)
from .streamed import Spool, Streamed

_NAME = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
# Name and colon, the value up to the end of the line, lines that fold it (RFC 9112, 5.2).
_FIELDS = rb"(?:%b:[^\n]*\n(?:[ \t][^\n]*\n)*)*\r?\n" % _NAME
# Most answers have a head that nothing but one length is to be learnt from.
_OTHERS = (
    rb"(?:(?!(?i:connection|content-length|transfer-encoding):)%b:[^\r\n]*\r\n)*"
    % _NAME
)
_PLAIN_HEAD = re.compile(
    rb"HTTP/1\.1 ([2-9][0-9]{2})(?: [^\r\n]*)?\r\n"
    rb"(%b(?i:content-length): ?([0-9]{1,18})\r\n%b)\r\n" % (_OTHERS, _OTHERS)
)
_END_OF_HEAD = re.compile(rb"\n\r?\n")
_STATUS_LINE = rb"HTTP/1\.([01]) ([1-9][0-9]{2})(?: [^\r\n]*)?\r?\n"
_STATUS = rb"HTTP/1\.[01] ([2-9][0-9]{2})[ \r\n]"
_CHUNK_SIZE = rb"([0-9A-Fa-f]{1,12})[ \t]*(?:;[^\r\n]*)?\r?"
_MOST_INTERIM = 16
_LONGEST_LINE = 4096
_WITHOUT_BODY = frozenset({204, 205, 304})
_NOTHING = (b"\r", b"")
_SENDS_LENGTH = frozenset({"POST", "PUT", "PATCH"})


class Limits(NamedTuple):
    """What an answer may cost us, in bytes and header lines; more is an error."""

    head: int = 65_536
    fields: int = 200
    body: int = ANSWER_LIMIT


DEFAULT_LIMITS = Limits()


def limits_of(request: Request) -> Limits:
    """What the answer to a request may cost."""
    most = request.answer_limit
    return DEFAULT_LIMITS if most == DEFAULT_LIMITS.body else Limits(body=most)


class Arrived(NamedTuple):
    """A whole answer, and whether the connection may serve another request."""

    response: Response
    reusable: bool


def encode(request: Request, *, via: bytes | None = None) -> bytes:
    """The request as one piece of bytes; for a proxy with the headers `via`, which it gets.

    Of one whose body is streamed, all that comes before the body.
    """
    target = request.target if via is None else request.url
    authority = request.origin.partition("://")[2]
    line = f"{request.method} {target} HTTP/1.1\r\nHost: {authority}\r\n"
    body, length = request.body or b"", b""
    if isinstance(body, Streamed):
        length, body = _measure(body), b""
    elif request.body is not None or request.method in _SENDS_LENGTH:
        length = b"Content-Length: %d\r\n" % len(body)
    fields = (via or b"") + request.headers.encoded()
    return b"%b%b%b\r\n%b" % (line.encode("ascii"), fields, length, body)


def _measure(body: Streamed) -> bytes:
    """The header that says where a streamed body ends."""
    if body.length is None:
        return b"Transfer-Encoding: chunked\r\n"
    return b"Content-Length: %d\r\n" % body.length


def tokens(value: str) -> list[str]:
    """The parts of a list in a header, in lower case. White space is space and tab, no more."""
    return [part.strip(" \t").lower() for part in value.split(",")]


def spools(status: int, headers: Headers) -> bool:
    """Whether the body of an answer is kept as it comes: that of a success, uncompressed."""
    coded = headers.get("content-encoding", "identity").strip(" \t").lower()
    return 200 <= status < 300 and coded == "identity"


class _Received(Headers):
    """The header fields of an answer, parsed when one of them is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __getattr__(self, name: str) -> Any:
        if name not in ("pairs", "by_name", "_encoded"):
            raise AttributeError(name)
        super().__init__(_pairs(self._text))
        return getattr(self, name)

    def __contains__(self, name: object) -> bool:
        return str(name).lower() in self._text.lower() and super().__contains__(name)


_NO_HEADERS = Headers()


class Reader:
    """Reads the answer to one request from bytes as they come.

    The rule for answers that break off is here, for whoever reads: until the status is known that
    is a TransportError; from then on it is an answer with that status, and `incomplete` says why.
    """

    def __init__(
        self, method: str, limits: Limits = DEFAULT_LIMITS, spool: Spool | None = None
    ) -> None:
        self._method = method
        self._spool = spool
        self._spooling = False
        self._limits = limits
        self._steps: Generator[None, bytes, Arrived] | None = None
        """Takes the bytes that follow, `b""` for the end of the connection."""
        self._buffer = bytearray()
        """What came and is not taken yet."""
        self._minor_version = self._status = 0
        self._headers = _NO_HEADERS
        self._body = bytearray()

    def feed(self, data: bytes) -> Arrived | None:
        """Take bytes, `b""` for the end of the connection; the answer, once it is there.

        Raises TransportError: what came is no answer.
        """
        if self._steps is None:
            plain = self._read_plain(data)
            if plain is not None:
                return plain
            self._steps = self._read()
            next(self._steps)
        try:
            self._steps.send(data)
        except StopIteration as stop:
            arrived: Arrived = stop.value
            return arrived
        except TransportError as error:
            return self.broken_off(error)
        return None

    def broken_off(self, error: TransportError) -> Arrived:
        """The answer as far as it came before `error`; without a status that is raised."""
        begun = re.match(_STATUS, self._buffer)
        status = self._status or (int(begun[1]) if begun else 0)
        if not status:
            raise error
        body, reason = bytes(self._body), str(error.args[0])
        spool = self._spool if self._spooling else None
        return Arrived(Response(status, self._headers, body, reason, spool), False)

    def _read_plain(self, data: bytes) -> Arrived | None:
        """The answer, if all of it came at once and is like most. `_read` would say the same."""
        head = _PLAIN_HEAD.match(data)
        if head is None or self._method in ("HEAD", "CONNECT"):
            return None
        status, fields, length = int(head[1]), head[2], int(head[3])
        begin, (head_most, fields_most, body_most) = head.end(), self._limits
        if (
            len(data) - begin != length
            or length > body_most
            or begin > head_most
            or fields.count(b"\n") > fields_most
            or status in _WITHOUT_BODY
        ):
            return None
        received = _Received(fields.decode("latin-1"))
        return Arrived(Response(status, received, data[begin:]), True)

    def _read(self) -> Generator[None, bytes, Arrived]:
        interim = 0
        while not self._status:
            head = yield from self._whole_head()
            self._take_head(head)
            interim += not self._status
            if interim == _MOST_INTERIM:
                raise MalformedAnswer("too many interim answers (1xx)")
            del self._buffer[: len(head)]
        if self._status == 101:
            raise MalformedAnswer("the server switched to another protocol unasked")
        return (yield from self._read_body())

    def _whole_head(self) -> Generator[None, bytes, bytes]:
        """Wait for a head; its empty line is part of it."""
        buffer, seen, most = self._buffer, 0, self._limits.head
        while True:
            found = _END_OF_HEAD.search(buffer, seen)
            end = found.end() if found else len(buffer)
            if end > most:
                raise MalformedAnswer(f"the head of the answer exceeds {most} bytes")
            if found:
                return bytes(buffer[:end])
            if not b"HTTP/1.".startswith(bytes(buffer[:7])):
                raise MalformedAnswer("the answer is not HTTP/1.x")
            seen = max(0, end - 2)
            more = yield
            if not more:
                reason = "the connection ended within the head of the answer"
                raise ConnectionFailed(reason, maybe_sent=True)
            buffer += more

    def _take_head(self, head: bytes) -> None:
        first = re.match(_STATUS_LINE, head)
        if first is None:
            raise MalformedAnswer(
                "the answer does not begin with an HTTP/1.x status line"
            )
        status, most = int(first[2]), self._limits.fields
        fields = head[first.end() :]
        if fields.count(b"\n") - 1 > most:
            raise MalformedAnswer(f"the answer has more than {most} header lines")
        if re.fullmatch(_FIELDS, fields) is None:
            raise MalformedAnswer("the answer has a malformed header line")
        if status >= 200 or status == 101:
            self._minor_version, self._status = int(first[1]), status
            self._headers = Headers(_pairs(fields.decode("latin-1")))

    def _read_body(self) -> Generator[None, bytes, Arrived]:
        """Where the body ends, by what the head says (RFC 9112, 6.3)."""
        coding = self._headers.by_name.get("transfer-encoding")
        length = self._headers.by_name.get("content-length")
        tunnel = self._method == "CONNECT" and self._status < 300
        if self._method == "HEAD" or self._status in _WITHOUT_BODY or tunnel:
            return self._arrived(b"", bytes(self._buffer))
        self._spooling = self._spool is not None and spools(self._status, self._headers)
        if coding is not None and tokens(coding) == ["chunked"]:
            yield from self._read_chunks()
            # With a length beside the coding the connection is to be closed.
            whole = bytes(self._body), bytes(self._buffer)
            return self._arrived(*whole, delimited=length is None)
        size = None if length is None or coding is not None else _parse_length(length)
        if coding is not None:
            self._body = self._buffer
            raise MalformedAnswer(f"the transfer coding {coding!r} is unknown")
        if self._spooling:
            return (yield from self._spool_body(size))
        self._body = body = self._buffer
        self._check_size(size or 0)
        while size is None or len(body) < size:
            self._check_size(len(body) if size is None else size)
            more = yield
            if not more and size is None:
                return self._arrived(bytes(body), b"", delimited=False)
            if not more:
                reason = f"the body ended after {len(body)} of {size} bytes"
                raise MalformedAnswer(reason)
            body += more
        return self._arrived(bytes(body[:size]), bytes(body[size:]))

    def _spool_body(self, size: int | None) -> Generator[None, bytes, Arrived]:
        """Move a body out of the buffer as it comes, to where it is kept."""
        buffer, left = self._buffer, size
        while left is None or left:
            part = buffer if left is None else buffer[:left]
            self._keep(part)
            left = None if left is None else left - len(part)
            del buffer[: len(part)]
            if left == 0:
                break
            more = yield
            if not more and left is None:
                return self._arrived(b"", b"", delimited=False)
            if not more:
                raise MalformedAnswer(
                    f"the body ended {left} of {size} bytes too early"
                )
            buffer += more
        return self._arrived(b"", bytes(buffer))

    def _keep(self, part: bytearray) -> None:
        if self._spool is None or not self._spooling:
            self._body += part
            return
        try:
            self._spool.write(part)
        except OSError as error:
            raise MalformedAnswer(
                f"the body cannot be kept: {describe(error)}"
            ) from None
        self._check_size(0)

    def _arrived(self, body: bytes, rest: bytes, *, delimited: bool = True) -> Arrived:
        """`rest`: what came after it. `delimited`: the answer itself said where it ends."""
        options = tokens(self._headers.by_name.get("connection", ""))
        keep = self._minor_version > 0 or "keep-alive" in options
        keep = keep and delimited and "close" not in options
        # A tunnel stays open whatever the proxy says of keeping connections alive.
        keep = (keep or self._method == "CONNECT") and not rest
        spool = self._spool if self._spooling else None
        return Arrived(Response(self._status, self._headers, body, spool=spool), keep)

    def _check_size(self, size: int) -> None:
        most = self._limits.body
        if self._spool is not None and self._spooling:
            size, most = size + self._spool.size, self._spool.most
        if size > most:
            raise MalformedAnswer(f"the body exceeds {most} bytes")

    def _read_chunks(self) -> Generator[None, bytes, None]:
        """Move a chunked body out of the buffer, and the trailer that follows it."""
        body, buffer, size = self._body, self._buffer, -1
        while size:
            match = re.fullmatch(_CHUNK_SIZE, (yield from self._line()))
            if match is None:
                raise MalformedAnswer("a chunk size is malformed")
            size = left = int(match[1], 16)
            self._check_size(len(body) + size)
            while left:  # as it comes, so that a body that is cut off is kept
                part = buffer[:left]
                self._keep(part)
                left -= len(part)
                del buffer[: len(part)]
                if left:
                    yield from self._more()
            if size and (yield from self._line()) not in _NOTHING:
                raise MalformedAnswer("a chunk is longer than its size")
        for _ in range(self._limits.fields):
            if (yield from self._line()) in _NOTHING:  # else: a trailer field
                return
        raise MalformedAnswer("the answer has too many trailer lines")

    def _line(self) -> Generator[None, bytes, bytes]:
        """Take a line out of the buffer, without its LF."""
        buffer = self._buffer
        while (end := buffer.find(b"\n")) < 0:
            if len(buffer) > _LONGEST_LINE:
                raise MalformedAnswer("a line between chunks is too long")
            yield from self._more()
        line = bytes(buffer[:end])
        del buffer[: end + 1]
        return line

    def _more(self) -> Generator[None, bytes, None]:
        more = yield
        if not more:
            raise MalformedAnswer("the body ended within its chunks")
        self._buffer += more


def _pairs(fields: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for line in fields.split("\n"):
        # What `strip()` takes for white space is more than HTTP does.
        text = line.removesuffix("\r")
        if text[:1] in (" ", "\t"):
            name, value = pairs.pop()
            pairs.append((name, value + " " + text.strip(" \t")))
        elif text:
            name, _, value = text.partition(":")
            pairs.append((name, value.strip(" \t")))
    return pairs


def _parse_length(text: str) -> int:
    # The same length twice is joined to "5, 5"; two lengths are an error.
    length, *others = set(tokens(text)) if "," in text else {text}
    if others or not (length.isascii() and length.isdigit() and len(length) < 19):
        raise MalformedAnswer("the Content-Length is malformed")
    return int(length)
