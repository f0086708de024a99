"""Transports that send nothing: they keep what would have been sent, and answer by script."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, cast

from .endpoints import Endpoint
from .errors import ClientError
from .http import Headers, Request, Response
from .jsontext import dumps, to_bytes
from .retries import RetryPolicy

ONCE: Final = RetryPolicy.none()
_SUCCESS = 0


def answer(
    status: int | None = None,
    *,
    json: Any = None,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An answer for the script: `answer(429, headers={"Retry-After": "2"})`.

    Args:
        status: without it, the success that the document has for the operation.
        json: the body as JSON; without it and `body`, an empty object.
        body: the body as bytes, for answers that are not JSON.
        headers: beside or instead of the Content-Type that `json` or `body` implies.

    Raises:
        TypeError: the status is no whole number.
        ValueError: the status is none that an answer can have.
    """
    if status is not None:
        _check_status(status)
    content = body or to_bytes(dumps({} if json is None else json))
    kind = "application/octet-stream" if body else "application/json"
    return Response(
        status or _SUCCESS, Headers({"Content-Type": kind, **(headers or {})}), content
    )


def _check_status(status: object) -> None:
    if not isinstance(status, int) or isinstance(status, bool):
        came = type(status).__name__
        raise TypeError(f"the status must be a number, as in answer(400), not {came}")
    if not 100 <= status <= 599:
        raise ValueError(f"the status must be from 100 to 599, not {status:d}")


def _scripted(answers: object) -> Iterator[Response | ClientError]:
    expected = "answers: a list of answer(…) or of ClientErrors"
    if not isinstance(answers, Iterable):
        raise TypeError(f"{expected}, not one {type(answers).__name__}")
    for given in cast("Iterable[object]", answers):
        if not isinstance(given, (Response, ClientError)):
            raise TypeError(f"{expected}, not of {type(given).__name__}")
        yield given


class Recording:
    """What was sent, and the answers still to give."""

    def __init__(self, answers: Iterable[Response | ClientError]) -> None:
        self._script = deque(_scripted(answers))
        self._success = 200
        self.requests: list[Request] = []
        self.delivered: list[bytes] = []

    def expect(self, endpoint: Endpoint) -> None:
        """The operation of the requests that follow."""
        numbers = (int(status) for status in endpoint.statuses if status.isdigit())
        self._success = next((n for n in numbers if 200 <= n < 300), 200)

    def deliver(self, body: bytes | None) -> None:
        """A call returned, so its body was accepted."""
        if body is not None:
            self.delivered.append(body)

    def take(self, request: Request) -> Response:
        """Keep a request and answer it: by script, then with success."""
        self.requests.append(request)
        given = self._script.popleft() if self._script else answer()
        if isinstance(given, ClientError):
            raise given
        status = self._success if given.status == _SUCCESS else given.status
        return Response(status, given.headers, given.body)


class RecordingTransport:
    """A `Transport` that records."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording

    def send(self, request: Request) -> Response:
        return self._recording.take(request)

    def close(self) -> None:
        """Nothing to let go of."""


class AsyncRecordingTransport:
    """An `AsyncTransport` that records."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording

    async def send(self, request: Request) -> Response:
        return self._recording.take(request)

    async def aclose(self) -> None:
        """Nothing to let go of."""
