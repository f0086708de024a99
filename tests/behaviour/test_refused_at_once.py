"""What a client surely cannot work with is refused when it is made; what may work is taken."""

from __future__ import annotations

import functools
import typing
from typing import Any
from unittest import mock

import httpx
import pytest

from behaviour.clients import BODY, async_client, run, sync_client
from behaviour.runtime import load
from behaviour.scenarios import TRACK
from customerio_events import AsyncClient, Client, ConnectionFailed
from customerio_events.testing import AsyncRecordingClient, RecordingClient, answer

http = load("_runtime.http.messages")
transports = load("_runtime.http.sockets")
streaming = load("_runtime.http.streams")
recording = load("_runtime.client.recording")
adapters = load("transports.httpx")
URL = "https://example.com"
OK = http.Response(200, http.Headers(), b"{}")


@pytest.mark.parametrize("retries", [3, None, object()])
@pytest.mark.parametrize("client", [Client, AsyncClient, RecordingClient, AsyncRecordingClient])
def test_retries_are_a_policy(client: Any, retries: Any) -> None:
    came = "None" if retries is None else type(retries).__name__
    with pytest.raises(TypeError, match=rf"RetryPolicy\(attempts=3\), .*none\(\).*, not {came}$"):
        client(api_key="k", retries=retries)


class AsyncSend:
    """Looks sync, but sends as only an async client can use it."""

    async def send(self, request: Any) -> Any:
        raise AssertionError(request)

    def close(self) -> None: ...


class OnlySends:
    def send(self, request: Any) -> Any:
        raise AssertionError(request)


def test_a_transport_of_the_other_side_is_refused() -> None:
    for wrong in (
        streaming.AsyncSocketTransport(),
        AsyncSend(),
        mock.AsyncMock(),
        OnlySends(),
        object(),
    ):
        with pytest.raises(TypeError, match="BaseClient needs a Transport, such as HttpxTransport"):
            sync_client(URL, transport=wrong)
    for wrong in (transports.SocketTransport(), OnlySends(), object()):
        with pytest.raises(TypeError, match="needs an AsyncTransport, such as AsyncHttpxTransport"):
            async_client(URL, transport=wrong)


class Duck:
    """Keeps to the protocol in its own way: attributes that are callable, no methods."""

    def __init__(self) -> None:
        self.send = functools.partial(lambda answer, _: answer, OK)
        self.close = lambda: None


class AsyncDuck:
    """Its `send` is a plain function that returns an awaitable."""

    def send(self, request: Any) -> Any:
        return self._send(request)

    async def _send(self, _: Any) -> Any:
        return OK

    async def aclose(self) -> None: ...


class Wrapper:
    """Hands everything on to another transport."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


@pytest.mark.parametrize(
    "transport", [Duck(), Wrapper(Duck()), mock.MagicMock(**{"send.return_value": OK})]
)
def test_any_transport_with_the_methods_is_taken(transport: Any) -> None:
    with sync_client(URL, transport=transport) as client:
        assert client._call(TRACK, body=BODY).status == 200


@pytest.mark.parametrize(
    "transport", [AsyncDuck(), Wrapper(AsyncDuck()), mock.AsyncMock(**{"send.return_value": OK})]
)
def test_any_async_transport_with_the_methods_is_taken(transport: Any) -> None:
    async def main() -> None:
        async with async_client(URL, transport=transport) as client:
            assert (await client._call(TRACK, body=BODY)).status == 200

    run(main)


class OnlyStreams:
    """Of a client of httpx what is used, and no more."""

    def stream(self, *_: Any, **__: Any) -> Any:
        raise AssertionError


def test_httpx_adapters_tell_sync_from_async() -> None:
    with httpx.Client() as client, pytest.raises(TypeError, match="Client: use HttpxTransport"):
        adapters.AsyncHttpxTransport(client)
    with pytest.raises(TypeError, match="AsyncClient: use AsyncHttpxTransport"):
        adapters.HttpxTransport(httpx.AsyncClient())
    for taken in (OnlyStreams(), mock.MagicMock()):
        adapters.HttpxTransport(taken)
        adapters.AsyncHttpxTransport(taken)
    adapters.AsyncHttpxTransport(httpx.AsyncClient())


@pytest.mark.parametrize("client", [RecordingClient, AsyncRecordingClient])
@pytest.mark.parametrize("answers", [[ValueError()], [200], answer(400), "no", [ConnectionFailed]])
def test_a_script_holds_answers_and_errors(client: Any, answers: Any) -> None:
    expected = r"answers: a list of answer\(…\) or of ClientErrors, not "
    with pytest.raises(TypeError, match=expected):
        client(answers)
    client(given for given in [answer(400), ConnectionFailed("down")])


def test_the_status_of_an_answer_is_one() -> None:
    for status in ("400", 400.0, True):
        wrong: Any = status
        with pytest.raises(TypeError, match=r"a number, as in answer\(400\), not "):
            answer(wrong)
    for status in (0, 40, 600, -1):
        with pytest.raises(ValueError, match=f"from 100 to 599, not {status}"):
            answer(status)


def test_annotations_of_the_async_client_can_be_looked_up() -> None:
    assert "ssl_context" in typing.get_type_hints(AsyncClient.__init__)
