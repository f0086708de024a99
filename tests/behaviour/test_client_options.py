"""What a client is told, at first and for one call: checked, and sent as meant."""

from __future__ import annotations

import time
from typing import Any

import pytest

from behaviour.clients import BODY, sync_client
from behaviour.faultserver import FaultServer, hang, reply
from behaviour.runtime import load
from behaviour.scenarios import ONCE, TRACK

errors = load("_runtime.http.messages")
http = load("_runtime.http.messages")
proxies = load("_runtime.http.servers")
parameters = load("_runtime.bodies.parameters")
transports = load("_runtime.http.sockets")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com",
        "example.com",
        "https://",
        "https://user:pw@example.com",
        "https://example.com/?a=b",
        "https://example.com/#a",
        "https://example.com:99999",
        "https://example.com:",
        "https://exa mple.com",
        "https://example.com/\r\nX: y",
        "https://example.com\\@evil.example",
        "https://-example.com",
    ],
)
def test_server_url_is_checked(url: str) -> None:
    with pytest.raises(ValueError, match=r"URL|host|[Pp]ort") as caught:
        sync_client(url)
    assert "pw" not in str(caught.value)


@pytest.mark.parametrize("timeout", [None, 0, -1, float("nan"), float("inf"), True, "5", 1e9])
def test_there_is_always_a_timeout(timeout: Any) -> None:
    with pytest.raises(ValueError, match="seconds above 0"):
        sync_client("https://example.com", timeout=timeout)
    if timeout is not None:
        with sync_client("https://example.com") as c, pytest.raises(ValueError, match="seconds"):
            c._call(TRACK, body=BODY, timeout=timeout)
    with pytest.raises(ValueError, match="the read timeout"):
        http.Timeouts(read=timeout)


def test_timeout_of_one_call() -> None:
    with FaultServer(hang) as server, sync_client(server.url, timeout=20, retries=ONCE) as c:
        began = time.monotonic()
        with pytest.raises(errors.TimedOut):
            c._call(TRACK, body=BODY, timeout=0.1)
        assert time.monotonic() - began < 2


def test_path_values_are_encoded() -> None:
    endpoint = load("_runtime.calls.requests").Endpoint(
        name="get", method="GET", path="/users/{id}/{n}", statuses=("200",)
    )
    with FaultServer(reply()) as server, sync_client(server.url) as c:
        c._call(endpoint, target=parameters.fill_path(endpoint.path, {"id": "a/b c?é", "n": True}))
        assert server.seen[0].target == "/users/a%2Fb%20c%3F%C3%A9/true"
        assert "content-length" not in server.seen[0].headers
        for value in ("", ".", ".."):
            with pytest.raises(ValueError, match="needs a value for 'id'"):
                parameters.fill_path(endpoint.path, {"id": value, "n": 1})


def test_credentials_elsewhere_than_authorization() -> None:
    key = load("_runtime.http.security").ApiKey
    keys = [key("header", "X-Key", "h-1"), key("query", "key", "q 1"), key("cookie", "k", "c-1")]
    with (
        FaultServer() as server,
        sync_client(server.url, authorization=None, credentials=keys) as c,
    ):
        c._call(TRACK, body=BODY)
    seen = server.seen[0]
    assert seen.target == "/v1/track?key=q%201"
    assert (seen.headers["x-key"], seen.headers["cookie"]) == ("h-1", "k=c-1")


def test_options_of_a_transport_that_was_given() -> None:
    transport = transports.SocketTransport()
    with pytest.raises(ValueError, match="transport given"):
        sync_client("https://example.com", transport=transport, proxies=proxies.Proxies())


@pytest.mark.parametrize("limit", [0, -1, True, 1.5, "4 MiB", None])
def test_a_limit_of_answers_is_a_number_of_bytes(limit: Any) -> None:
    with pytest.raises(ValueError, match="answer_limit must be a number of bytes, at least 1"):
        sync_client("https://example.com", answer_limit=limit)
