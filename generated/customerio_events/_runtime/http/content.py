"""What the headers of an answer say of its body: media type, charset, compression."""

from __future__ import annotations

from .http1 import DEFAULT_LIMITS, tokens
from .messages import Headers, Response

_JSON = frozenset({"application/json", "text/json"})
_GZIP = frozenset({"gzip", "x-gzip"})
_MOST_LAYERS = 3
_MOST_MEMBERS = 64
_PIECE = 65_536
_RAW, _ZLIB, _GZIPPED = -15, 15, 31
"""How zlib is told what to expect."""


def media_type(headers: Headers) -> str:
    """The Content-Type without its parameters, in lower case; empty if there is none."""
    return headers.get("content-type", "").partition(";")[0].strip(" \t").lower()


def is_json(media_type: str) -> bool:
    """Whether bodies of a media type are JSON."""
    return media_type in _JSON or media_type.endswith("+json")


def decode_text(body: bytes, headers: Headers) -> str:
    """A body as text; what does not fit its charset is replaced."""
    charset = "utf-8"
    for parameter in headers.get("content-type", "").split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip(" \t").lower() == "charset":
            charset = value.strip(' \t"')
    try:
        return body.decode(charset, "replace")
    except (LookupError, ValueError):  # none that Python knows, or no charset at all
        return body.decode("utf-8", "replace")


def uncompressed(response: Response, most: int = DEFAULT_LIMITS.body) -> Response:
    """The response with its body as it was before the server compressed it, unasked.

    Of one that cannot be uncompressed, or not within `most` bytes, as much as can; `incomplete`
    says so. A body that is not compressed, whatever its header says, is left alone: another
    transport may have seen to it.
    """
    codings = response.headers.by_name.get("content-encoding")
    if codings is None:
        return response
    layers = [each for each in tokens(codings) if each not in ("", "identity")]
    if not layers or not response.body:
        return response
    body, problem = response.body, response.incomplete
    if len(layers) > _MOST_LAYERS:
        problem = problem or f"the body is compressed {len(layers)} times"
        layers = []
    for coding in reversed(layers):
        body, wrong = _inflated(body, coding, most)
        problem = problem or wrong
        if wrong:
            break
    return Response(response.status, response.headers, body, problem)


def _inflated(body: bytes, coding: str, most: int) -> tuple[bytes, str]:
    """The body without a layer of compression, and what is wrong with it, if anything is."""
    if coding not in _GZIP and coding != "deflate":
        return (
            body,
            f"the body is compressed in a way that is not known ({coding[:40]})",
        )
    window = _window(body, coding)
    if window is None:
        return body, ""
    try:
        from zlib import error  # seldom needed, and not part of every Python
    except ImportError:
        return body, "the body is compressed, and this Python cannot uncompress it"
    made = bytearray()
    try:
        read = _inflate(body, window, made, most)
    except error:
        read = -1
    if len(made) > most:
        return bytes(made[:most]), f"the body exceeds {most} bytes when uncompressed"
    if window == _RAW and read != len(body):  # it bears no mark: this was none
        return body, ""
    whole = read >= 0
    return bytes(made), "" if whole else f"the body is not whole, or not {coding}"


def _window(body: bytes, coding: str) -> int | None:
    """What to expect of a body, by its first bytes; None: it is not compressed."""
    if coding in _GZIP:
        return _GZIPPED if body[:2] == b"\x1f\x8b" else None
    wrapped = body[0] & 15 == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    return _ZLIB if wrapped else _RAW


def _inflate(body: bytes, window: int, made: bytearray, most: int) -> int:
    """Append what comes out, little more than `most`; how many bytes that was made of, or -1."""
    from zlib import decompressobj

    at = 0
    for _ in range(_MOST_MEMBERS):
        member = decompressobj(window)
        while not member.eof:
            piece = member.unconsumed_tail
            if not piece:
                piece = body[at : at + _PIECE]
                at += len(piece)
            out = member.decompress(piece, _PIECE)
            made += out
            if len(made) > most or not (piece or out):
                return -1
        at -= len(member.unused_data)
        if window != _GZIPPED or body[at : at + 2] != b"\x1f\x8b":
            return at
    return -1
