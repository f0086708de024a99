"""From a response to an Answer, or to the error that says what it is instead."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from .credentials import Secrets
from .endpoints import Answer, Endpoint
from .errors import (
    AnswerError,
    BadRequest,
    ServerFailure,
    TooManyRequests,
    Unauthorized,
    UnexpectedAnswer,
    one_line,
)
from .http import Headers, Response
from .retries import parse_retry_after
from .urls import Origin

_BY_STATUS: Mapping[int, type[AnswerError]] = {
    400: BadRequest,
    401: Unauthorized,
    429: TooManyRequests,
}


def judge(endpoint: Endpoint, response: Response, secrets: Secrets) -> Answer:
    """The answer, if it is a documented success.

    Raises:
        AnswerError: it is not. A credential that the server echoed is taken out.
    """
    status = response.status
    if not 200 <= status < 300:
        raise _failure(endpoint, response, secrets)
    if not endpoint.documents(status):
        raise _unexpected(
            hidden(response, secrets), "the document does not foresee this status"
        )
    if not endpoint.json_answer or status in (204, 205):
        return Answer(status, response.headers, response.body)
    try:
        data = json.loads(response.body)
    except (ValueError, RecursionError):
        pass
    else:
        return Answer(status, response.headers, response.body, data)
    # Outside the handler: the parser's error holds the whole body, echoed credentials and all.
    safe = hidden(response, secrets)
    raise _unexpected(safe, _not_json(safe))


def hidden(response: Response, secrets: Secrets) -> Response:
    """The response without the credentials it may echo."""
    headers = Headers(
        (name, secrets.hide(value)) for name, value in response.headers.pairs
    )
    return Response(response.status, headers, secrets.hide_bytes(response.body))


def _failure(endpoint: Endpoint, answer: Response, secrets: Secrets) -> AnswerError:
    response = hidden(answer, secrets)
    status = response.status
    if 300 <= status < 400:
        return _unexpected(
            response, f"a redirect{_destination(response.headers)}, not followed"
        )
    kind = ServerFailure if status >= 500 else _BY_STATUS.get(status)
    if kind is None:
        if not endpoint.documents(status):
            return _unexpected(response, "the document does not foresee this status")
        kind = AnswerError
    # Hidden once more when decoded: JSON can spell a credential in ways that bytes do not show.
    texts = _error_texts(answer.body, endpoint.error_keys.get(status))
    return kind(
        status=status,
        headers=response.headers,
        body=response.body,
        errors=tuple(map(secrets.hide, texts)),
        retry_after=parse_retry_after(response.headers.get("retry-after")),
    )


def _unexpected(response: Response, reason: str) -> UnexpectedAnswer:
    return UnexpectedAnswer(
        status=response.status,
        headers=response.headers,
        body=response.body,
        reason=reason,
    )


def _not_json(response: Response) -> str:
    if not response.body:
        return "an empty body where the document promises JSON"
    content_type = response.headers.get("content-type", "no content type").partition(
        ";"
    )[0]
    return f"a body that is not JSON where the document promises it ({one_line(content_type)[:60]})"


def _destination(headers: Headers) -> str:
    """Where a redirect leads, without path and query: they may hold what was sent."""
    location = headers.get("location", "")
    if not location or (location.startswith("/") and not location.startswith("//")):
        return ""
    try:
        return f" to {Origin.parse(location)}"
    except ValueError:
        return " to something other than an http URL"


def _error_texts(body: bytes, keys: tuple[str, ...] | None) -> tuple[str, ...]:
    if keys is None:
        return ()
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    for key in keys:
        if not isinstance(found, dict):
            return ()
        found = cast("dict[str, object]", found).get(key)
    if isinstance(found, str):
        return (found,)
    items = cast("list[object]", found) if isinstance(found, list) else []
    return tuple(item if isinstance(item, str) else json.dumps(item) for item in items)
