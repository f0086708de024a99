"""Clients that send nothing: they keep what would have been sent, and answer by script."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar, cast

from ..calls.requests import Body, Endpoint, Payload
from ..calls.responses import Answer, is_json
from ..http.headers import Headers
from ..http.http1 import encode
from ..http.messages import ClientError, Request, Response
from ..http.security import Secrets, private
from ..http.streamed import Streamed
from ..values.jsontext import dumps, loads, to_bytes
from .client import ClientCore
from .retries import RetryPolicy
from .unsent import success_status

ONCE: Final = RetryPolicy.none()
_SUCCESS = 0
_E = TypeVar("_E")


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


class Recorded(Request):
    """A request that was not sent. What is streamed was read, so that its body is bytes."""

    __slots__ = ()
    if TYPE_CHECKING:
        body: bytes | None


class Recorder(ClientCore[Any]):
    """What makes a client record; comes before it among the base classes."""

    _given: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Arguments of the client that need not be given."""
    _event_operations: ClassVar[tuple[str, ...]] = ()
    """Those whose body is an event."""
    _batch_operations: ClassVar[tuple[str, ...]] = ()
    """Those whose body holds events: a list, an object, or lines."""

    @private
    def __init__(
        self,
        answers: Iterable[Response | ClientError] = (),
        *,
        retries: RetryPolicy = ONCE,
        boundary: str = "",
        **options: Any,
    ) -> None:
        self._boundary = boundary
        self._script = deque(_scripted(answers))
        self._recorded: list[Recorded] = []
        self._delivered: list[tuple[Endpoint, bytes]] = []
        self._streams: dict[int, bytes] = {}
        """What was read of a stream, by the identity of it."""
        self._success = 200
        chosen: dict[str, Any] = {"trust_env": False, **dict(self._given), **options}
        super().__init__(retries=retries, **chosen)

    @property
    def requests(self) -> list[Recorded]:
        """Every attempt, in order."""
        return list(self._recorded)

    async def _run(
        self, endpoint: Endpoint, *, body: Body | None = None, **given: Any
    ) -> Answer[Any]:
        self._success = success_status(endpoint)
        media_type, content = endpoint.content_type, body
        if isinstance(body, Payload):
            media_type, content = body.settled(self._boundary)
            body = Payload(media_type, content)
        answer = await super()._run(endpoint, body=body, **given)
        if isinstance(content, Streamed):
            content = self._streams.pop(id(content), None)
        if isinstance(content, bytes) and self._has_events(endpoint, media_type):
            self._delivered.append((endpoint, content))
        return answer

    def _has_events(self, endpoint: Endpoint, media_type: str) -> bool:
        bare = media_type.partition(";")[0].strip().lower()
        if endpoint.name in self._batch_operations:
            return "json" in bare  # lines of it, too
        return is_json(bare) and endpoint.name in self._event_operations

    def _found(self, parse: Callable[[Any], _E]) -> list[_E]:
        """The events of the calls that returned. `parse`: makes one of its JSON."""
        found: list[_E] = []
        for endpoint, body in self._delivered:
            if endpoint.name in self._batch_operations:
                found += (
                    each for text in _texts(body) for each in _within(text, parse)
                )
            else:
                found.append(parse(body))
        return found

    async def _send(self, request: Request) -> Response:
        encode(request)  # refuses what the wire would
        body = request.body
        if isinstance(body, Streamed):
            body = self._streams[id(request.body)] = await self._read(body)
        self._recorded.append(
            Recorded(
                method=request.method,
                origin=request.origin,
                target=request.target,
                headers=request.headers,
                body=body,
                timeout=request.timeout,
            )
        )
        given = self._script.popleft() if self._script else answer()
        if isinstance(given, ClientError):
            raise given
        status = self._success if given.status == _SUCCESS else given.status
        return Response(status, given.headers, given.body)

    async def _fetch_token(
        self, endpoint: Endpoint, request: Request, secrets: Secrets
    ) -> Answer[Any]:
        """Not recorded, and no answer of the script is for it."""
        return Answer(200, Headers(), b'{"access_token": "recorded"}')

    async def _read(self, body: Streamed) -> bytes:
        if self._takes_async:
            return b"".join([piece async for piece in body.async_pieces()])
        return b"".join(body.pieces())


def _texts(body: bytes) -> Iterator[Any]:
    """The JSON values of a body: one, or one in each line."""
    try:
        yield loads(body)
    except ValueError:
        lines = (line.strip(b" \t\r\x1e") for line in body.split(b"\n"))
        yield from map(loads, filter(None, lines))


def _within(value: Any, parse: Callable[[Any], _E]) -> Iterator[_E]:
    """The events that a JSON value holds, or the one that it is."""
    held: Iterable[object] = ()
    if isinstance(value, list):
        held = cast("list[object]", value)
    elif isinstance(value, dict):
        try:
            yield parse(value)
        except ValueError:
            held = cast("dict[str, object]", value).values()
    for each in held:
        yield from _within(each, parse)
