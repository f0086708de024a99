"""What a response means: an Answer, or the error that says what it is instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from json import JSONDecoder
from typing import Any, Generic, TypeAlias, TypeVar

from ..http.content import Read, Readable, parsed
from ..http.headers import Headers
from ..http.http1 import tokens
from ..http.messages import (
    ANSWER_LIMIT,
    AnswerError,
    BadRequest,
    ClientError,
    Conflict,
    Forbidden,
    NotFound,
    Response,
    ServerFailure,
    TooManyRequests,
    Unauthorized,
    UnexpectedAnswer,
    UnprocessableContent,
    one_line,
)
from ..http.security import Secrets
from ..http.servers import Origin
from ..http.streamed import Spool
from ..kinds.base import ANSWER, JSON
from .requests import Endpoint
from .retry_after import retry_after

T_co = TypeVar("T_co", covariant=True)

_MARK = r"[ \t\n\r]*([\[\]{:,])[ \t\n\r]*"
_MOST_MEMBERS = 1000
_decode = JSONDecoder(strict=False).raw_decode
_JSON = frozenset(
    {"application/json", "text/json", "application/x-json", "text/x-json"}
)
_GZIP = frozenset({"gzip", "x-gzip"})
_MOST_LAYERS = 3
_MOST_ARCHIVES = 64
_PIECE = 65_536
_RAW, _ZLIB, _GZIPPED = -15, 15, 31
"""How zlib is told what to expect."""
_BY_STATUS: Mapping[int, type[AnswerError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    422: UnprocessableContent,
    429: TooManyRequests,
}
Errors: TypeAlias = Mapping[type[AnswerError], type[AnswerError]]
"""What a package has instead of the errors of the runtime."""

_EMPTY = frozenset({204, 205})
_UNFORESEEN = "the document does not foresee this status"
# What an error keeps of an answer: looking for credentials in it takes time.
_LONGEST_BODY = 262_144
_MOST_TEXTS = 50
_LONGEST_TEXT = 1000


@dataclass(frozen=True, repr=False)
class Answer(Readable, Generic[T_co]):
    """The server has accepted the request. Its repr shows neither headers nor body.

    Attributes:
        status: the HTTP status code.
        headers: the answer's headers.
        body: the body, uncompressed.
        problem: what is wrong with the answer, in a line; empty where it is as documented. The
            request was accepted all the same: sending it again would have it handled twice.
        incomplete: why the body is not whole; empty for one that is.
        json: the parsed JSON; None where none came.
    """

    status: int
    headers: Headers
    body: bytes
    problem: str = ""
    incomplete: str = ""
    _read: Read | None = field(default=None, compare=False)
    kept: Spool | None = field(default=None, compare=False)
    """Where the body is instead; None: in `body`."""

    @cached_property
    def data(self) -> T_co:
        """The body as the document has it for this status; read when asked for, and kept.

        A server may be newer than the document: bounds, patterns and conditions are not checked,
        undeclared keys are kept as `extra`, texts that an enum does not have are `Unrecognized`,
        and null for an optional key counts as absent. Where the document says nothing, what
        `json` is.

        Raises:
            ValidationError: not what the document says all the same; lists every problem.
        """
        read: T_co = self._as_documented(ANSWER)
        return read

    def checked(self) -> T_co:
        """The same, put to everything that the document says.

        Raises:
            ValidationError: not what the document allows; lists every problem.
        """
        read: T_co = self._as_documented(JSON)
        return read

    def __repr__(self) -> str:
        problem = f", {self.problem}" if self.problem else ""
        return f"<Answer {self.status}, {len(self.body)} bytes{problem}>"

    def __getstate__(self) -> dict[str, Any]:
        return self._state()


def judge(
    endpoint: Endpoint,
    response: Response,
    secrets: Secrets,
    errors: Errors,
    limit: int = ANSWER_LIMIT,
) -> Answer[Any]:
    """The answer, if it is a success: any 2xx is, whatever else is wrong with it.

    Raises AnswerError if not: of `errors` the one that stands for its class. A credential that
    the server echoed is taken out. `limit`: see `Request.answer_limit`.
    """
    answer = uncompressed(response, limit)
    if 200 <= answer.status < 300:
        return _accepted(endpoint, answer, secrets)
    raise _failure(endpoint, answer, secrets, errors)


def cleaned(error: ClientError, secrets: Secrets) -> ClientError:
    """The error, without the credentials that a server or a library put into it."""
    error.args = tuple(secrets.hide(str(argument)) for argument in error.args)
    if isinstance(error, AnswerError):
        error.headers = _hidden_headers(error.headers, secrets)
        error.body = _hidden_body(error.body, secrets)
        error.reason = secrets.hide(error.reason)
        error.errors = tuple(map(secrets.hide, error.errors))
    return error


def _hidden_headers(headers: Headers, secrets: Secrets) -> Headers:
    return Headers((name, secrets.hide(value)) for name, value in headers.pairs)


def _hidden_body(body: bytes, secrets: Secrets, *, cut: bool = False) -> bytes:
    """As much of a body as an error keeps; `cut`: it may end in the midst of a credential."""
    cut = cut or len(body) > _LONGEST_BODY
    return secrets.hide_bytes(body[:_LONGEST_BODY], cut=cut)


def _accepted(endpoint: Endpoint, response: Response, secrets: Secrets) -> Answer[Any]:
    status = response.status
    data, problem = None, response.incomplete
    spelt = endpoint.entry(status)
    if not problem:
        demanded = spelt in endpoint.json_statuses and status not in _EMPTY
        data, problem = _data(response, demanded and endpoint.method != "HEAD")
        problem = problem if spelt else _UNFORESEEN
    if problem:
        problem = secrets.hide(one_line(problem))
    read = None if status in _EMPTY else endpoint.answers.get(spelt)
    incomplete = response.incomplete
    if incomplete:
        incomplete = secrets.hide(one_line(incomplete))
    # Without its parameter: to call what has one takes as long as all the rest.
    answer: Answer[Any] = Answer(
        status,
        response.headers,
        response.body,
        problem,
        incomplete,
        read,
        response.spool,
    )
    answer.__dict__["json"] = data  # parsed already
    return answer


def _data(response: Response, demanded: bool) -> tuple[Any, str]:
    """The JSON in a body, and what is wrong with it. `demanded`: it must be there."""
    if not response.body:
        return None, "an empty body where the document has JSON" if demanded else ""
    if not demanded and not is_json(media_type(response.headers)):
        return None, ""
    try:
        return parsed(response.body), ""
    except (ValueError, RecursionError):
        shown = media_type(response.headers)[:60] or "no content type"
        return None, f"a body that is not JSON, though it should be ({shown})"


def _failure(
    endpoint: Endpoint, answer: Response, secrets: Secrets, errors: Errors
) -> AnswerError:
    status, spelt = answer.status, endpoint.entry(answer.status)
    headers = _hidden_headers(answer.headers, secrets)
    kind = ServerFailure if status >= 500 else _BY_STATUS.get(status)
    reason = one_line(secrets.hide(answer.incomplete))
    if 300 <= status < 400:
        kind = UnexpectedAnswer
        reason = f"a redirect{_destination(headers)}, not followed"
    elif status not in _BY_STATUS and status < 500 and not spelt:
        kind, reason = UnexpectedAnswer, reason or _UNFORESEEN
    kind = kind or AnswerError
    return errors.get(kind, kind)(
        status=status,
        headers=headers,
        body=_hidden_body(answer.body, secrets, cut=bool(answer.incomplete)),
        reason=reason,
        errors=_errors(answer.body, endpoint.error_keys.get(status), secrets),
        retry_after=retry_after(headers),
        read=endpoint.answers.get(spelt),
        incomplete=reason if answer.incomplete else "",
    )


def _destination(headers: Headers) -> str:
    """Where a redirect leads, without path and query: they may hold what was sent."""
    location = headers.get("location", "")
    if not location or (location.startswith("/") and not location.startswith("//")):
        return ""
    try:
        return f" to {Origin.parse(location)}"
    except ValueError:
        return " to something other than an http URL"


def _errors(
    body: bytes, keys: tuple[str, ...] | None, secrets: Secrets
) -> tuple[str, ...]:
    """The first of the texts, and of each its beginning."""
    if keys is None:
        return ()
    # Hidden here once more: JSON can spell a credential in ways that the body's bytes do not show.
    found = list(islice(error_texts(body, keys), _MOST_TEXTS + 1))
    texts = [_shortened(text, secrets) for text in found[:_MOST_TEXTS]]
    return (*texts, "…") if len(found) > _MOST_TEXTS else tuple(texts)


def _shortened(text: str, secrets: Secrets) -> str:
    if len(text) <= _LONGEST_TEXT:
        return secrets.hide(text)
    return f"{secrets.hide(text[:_LONGEST_TEXT], cut=True)}…"


def media_type(headers: Headers) -> str:
    """The Content-Type without its parameters, in lower case; empty if there is none."""
    return headers.get("content-type", "").partition(";")[0].strip(" \t").lower()


def is_json(media_type: str) -> bool:
    """Whether bodies of a media type are JSON."""
    return media_type in _JSON or media_type.endswith("+json")


def uncompressed(response: Response, most: int = ANSWER_LIMIT) -> Response:
    """The response with its body as it was before the server compressed it, unasked.

    Of one that cannot be uncompressed, or not within `most` bytes, as much as can; `incomplete`
    says so. A body that is not compressed, whatever its header says, is left alone: another
    transport may have seen to it.
    """
    if "content-encoding" not in response.headers:
        return response
    codings = tokens(response.headers["content-encoding"])
    layers = [each for each in codings if each not in ("", "identity")]
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
        unknown = f"in a way that is not known ({coding[:40]})"
        return body, f"the body is compressed {unknown}"
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
    for _ in range(_MOST_ARCHIVES):
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


def error_texts(body: bytes, keys: tuple[str, ...]) -> Iterator[str]:
    """The texts in the list, or the one text, that the keys lead to.

    What is no text comes as it stands in the body. Of a body that breaks off, or is not JSON after
    all, what was there until then.
    """
    text = body.decode("utf-8-sig", "replace")
    try:
        at = len(text) - len(text.lstrip(" \t\n\r"))
        for key in keys:
            at = _value_of(text, at, key)
        if text[at : at + 1] == "[":
            yield from _elements(text, at)
        elif text[at : at + 1] == '"':
            yield _decode(text, at)[0]
    except (ValueError, RecursionError):
        return


def _mark(text: str, at: int, wanted: str) -> tuple[str, int]:
    """The next mark and where the text goes on after it; ValueError for none that is wanted."""
    match = re.compile(_MARK).match(text, at)
    if match is None or match[1] not in wanted:
        raise ValueError(wanted)
    return match[1], match.end()


def _value_of(text: str, at: int, key: str) -> int:
    """Where the value of a key begins in the object at `at`. Raises ValueError."""
    _, at = _mark(text, at, "{")
    for _ in range(_MOST_MEMBERS):
        name, at = _decode(text, at)
        _, at = _mark(text, at, ":")
        if name == key:
            return at
        _, at = _decode(text, at)
        _, at = _mark(text, at, ",")
    raise ValueError(key)


def _elements(text: str, at: int) -> Iterator[str]:
    mark, at = _mark(text, at, "[")
    while mark != "]" and text[at : at + 1] != "]":
        value, end = _decode(text, at)
        yield value if isinstance(value, str) else text[at:end]
        mark, at = _mark(text, end, ",]")
