"""From a response to an Answer, or to the error that says what it is instead."""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from json import JSONDecoder
from typing import Any

from ..http.content import is_json, media_type, uncompressed
from ..http.errors import (
    AnswerError,
    BadRequest,
    ServerFailure,
    TooManyRequests,
    Unauthorized,
    UnexpectedAnswer,
    one_line,
)
from ..http.messages import Headers, Response
from ..http.urls import Origin
from .endpoints import Answer, Endpoint
from .redaction import Secrets
from .retries import parse_retry_after

_WHITE = re.compile(r"[ \t\n\r]*")
_MOST_MEMBERS = 1000
_decode = JSONDecoder(strict=False).raw_decode
_loads = JSONDecoder().decode


def error_texts(body: bytes, keys: tuple[str, ...]) -> Iterator[str]:
    """The texts in the list, or the one text, that the keys lead to.

    What is no text comes as it stands in the body. Of a body that breaks off, or is not JSON after
    all, what was there until then.
    """
    text = body.decode("utf-8-sig", "replace")
    try:
        at = _skip(text, 0)
        for key in keys:
            at = _value_of(text, at, key)
        if text[at : at + 1] == "[":
            yield from _elements(text, at)
        elif text[at : at + 1] == '"':
            yield _decode(text, at)[0]
    except (ValueError, RecursionError):
        return


def _skip(text: str, at: int) -> int:
    match = _WHITE.match(text, at)
    return match.end() if match else at


def _expect(text: str, at: int, character: str) -> int:
    """Where the text goes on after a character and white space. Raises ValueError."""
    if text[at : at + 1] != character:
        raise ValueError(character)
    return _skip(text, at + 1)


def _value_of(text: str, at: int, key: str) -> int:
    """Where the value of a key begins in the object at `at`. Raises ValueError."""
    at = _expect(text, at, "{")
    for _ in range(_MOST_MEMBERS):
        name, at = _decode(text, at)
        at = _expect(text, _skip(text, at), ":")
        if name == key:
            return at
        _, at = _decode(text, at)
        at = _expect(text, _skip(text, at), ",")
    raise ValueError(key)


def _elements(text: str, at: int) -> Iterator[str]:
    at = _expect(text, at, "[")
    while text[at : at + 1] != "]":
        value, end = _decode(text, at)
        yield value if isinstance(value, str) else text[at:end]
        at = _skip(text, end)
        if text[at : at + 1] != "]":
            at = _expect(text, at, ",")


_BY_STATUS: Mapping[int, type[AnswerError]] = {
    400: BadRequest,
    401: Unauthorized,
    429: TooManyRequests,
}
_EMPTY = frozenset({204, 205})
_UNFORESEEN = "the document does not foresee this status"
# What an error keeps of an answer: looking for credentials in it takes time.
_LONG_JSON = 64 * 1024
_LONGEST_BODY = 262_144
_MOST_TEXTS = 50
_LONGEST_TEXT = 1000


def judge(endpoint: Endpoint, response: Response, secrets: Secrets) -> Answer:
    """The answer, if it is a success: any 2xx is, whatever else is wrong with it.

    Raises:
        AnswerError: it is not. A credential that the server echoed is taken out.
    """
    answer = uncompressed(response)
    if 200 <= answer.status < 300:
        return _accepted(endpoint, answer, secrets)
    raise _failure(endpoint, answer, secrets)


def hidden_headers(headers: Headers, secrets: Secrets) -> Headers:
    """The headers without the credentials they may echo."""
    return Headers((name, secrets.hide(value)) for name, value in headers.pairs)


def hidden_body(body: bytes, secrets: Secrets, *, cut: bool = False) -> bytes:
    """As much of a body as an error keeps, without the credentials it may echo.

    `cut`: it is not whole, so it may end in the midst of one.
    """
    cut = cut or len(body) > _LONGEST_BODY
    return secrets.hide_bytes(body[:_LONGEST_BODY], cut=cut)


def _accepted(endpoint: Endpoint, response: Response, secrets: Secrets) -> Answer:
    status = response.status
    data, problem = None, response.incomplete
    if not problem:
        spelt = endpoint.entry(status)
        demanded = spelt in endpoint.json_statuses and status not in _EMPTY
        data, problem = _data(response, demanded and endpoint.method != "HEAD")
        problem = problem if spelt else _UNFORESEEN
    if problem:
        problem = secrets.hide(one_line(problem))
    return Answer(status, response.headers, response.body, data, problem)


def _data(response: Response, demanded: bool) -> tuple[Any, str]:
    """The JSON in a body, and what is wrong with it. `demanded`: it must be there."""
    if not response.body:
        return None, "an empty body where the document has JSON" if demanded else ""
    if not demanded and not is_json(media_type(response.headers)):
        return None, ""
    try:
        return _parsed(response.body), ""
    except (ValueError, RecursionError):
        shown = media_type(response.headers)[:60] or "no content type"
        return None, f"a body that is not JSON, though it should be ({shown})"


def _parsed(body: bytes) -> Any:
    """The JSON in a body, the garbage collector paused while a long one is read.

    It would look through all objects of the program again and again, as millions are made at once,
    and hold up an event loop for it.
    """
    if len(body) < _LONG_JSON and body.isascii() and b"\0" not in body:
        return _loads(body.decode("ascii"))  # spares a look at how it is encoded
    paused = len(body) > _LONG_JSON and gc.isenabled()
    if paused:
        gc.disable()
    try:
        return json.loads(body)
    finally:
        if paused:
            gc.enable()


def _failure(endpoint: Endpoint, answer: Response, secrets: Secrets) -> AnswerError:
    status = answer.status
    headers = hidden_headers(answer.headers, secrets)
    kind = ServerFailure if status >= 500 else _BY_STATUS.get(status)
    reason = one_line(secrets.hide(answer.incomplete))
    if 300 <= status < 400:
        kind, reason = (
            UnexpectedAnswer,
            f"a redirect{_destination(headers)}, not followed",
        )
    elif kind is None and not endpoint.entry(status):
        kind, reason = UnexpectedAnswer, reason or _UNFORESEEN
    return (kind or AnswerError)(
        status=status,
        headers=headers,
        body=hidden_body(answer.body, secrets, cut=bool(answer.incomplete)),
        reason=reason,
        errors=_errors(answer.body, endpoint.error_keys.get(status), secrets),
        retry_after=parse_retry_after(headers.get("retry-after")),
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
