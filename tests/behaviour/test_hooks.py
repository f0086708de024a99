"""Hooks of clients: what they see of each attempt, what they add, what they cannot spoil."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from behaviour.clients import BODY, async_client, sync_client
from behaviour.faultserver import FaultServer, drop, hang, reply
from behaviour.runtime import NAME, load
from behaviour.scenarios import AUTHORIZATION, KEY, ONCE, QUICK, TRACK
from customerio_events import Attempt, ServerFailure, UserDeleted
from customerio_events.testing import AsyncRecordingClient, RecordingClient, answer

errors = load("_runtime.http.messages")
unread = load("_runtime.client.unread")
Call = Callable[..., Any]


def _sync(url: str, options: dict[str, Any], given: dict[str, Any]) -> Any:
    with sync_client(url, **options) as client:
        return client._call(TRACK, body=BODY, **given)


def _async(url: str, options: dict[str, Any], given: dict[str, Any]) -> Any:
    async def main() -> Any:
        async with async_client(url, **options) as client:
            return await client._call(TRACK, body=BODY, **given)

    return asyncio.run(main())


@pytest.fixture(params=[_sync, _async])
def call(request: pytest.FixtureRequest) -> Call:
    """Makes a call by a client with options."""

    def called(server: FaultServer, given: dict[str, Any] | None = None, **options: Any) -> Any:
        return request.param(server.url, options, given or {})

    return called


class Heard:
    """What hooks were told, in order."""

    def __init__(self) -> None:
        self.lines: list[tuple[Any, ...]] = []
        self.attempts: list[Any] = []

    def request(self, attempt: Any) -> None:
        self.attempts.append(attempt)
        self.lines.append(("request", attempt.attempt, attempt.status))

    def response(self, attempt: Any) -> None:
        assert attempt is self.attempts[-1]
        error = type(attempt.error).__name__ if attempt.error else None
        self.lines.append(("response", attempt.attempt, attempt.status or error))
        assert attempt.seconds > 0

    def retry(self, attempt: Any) -> None:
        assert attempt is self.attempts[-1]
        assert 0 <= attempt.pause < 1
        self.lines.append(("retry", attempt.attempt))

    @property
    def options(self) -> dict[str, Any]:
        return {
            "on_request": self.request,
            "on_response": self.response,
            "on_retry": self.retry,
        }


def test_what_they_hear_of_a_call(call: Call) -> None:
    heard = Heard()
    closed = reply(503, headers={"Connection": "close"})
    with FaultServer(closed, drop, reply()) as server:
        call(server, {"target": "/v1/track?key=secret"}, **heard.options)
        assert heard.lines == [
            *[("request", 1, None), ("response", 1, 503), ("retry", 1)],
            *[("request", 2, None), ("response", 2, "ConnectionFailed"), ("retry", 2)],
            *[("request", 3, None), ("response", 3, 200)],
        ]
        first = heard.attempts[0]
        assert (first.operation, first.method) == ("track", "POST")
        assert first.url == f"{server.url}/v1/track"
        assert first.event is None
        assert repr(first) == "<Attempt 1 of track, 503>"
        assert repr(heard.attempts[1]) == "<Attempt 2 of track, ConnectionFailed>"


def test_three_lines_for_traceparent_and_for_an_idempotency_key(call: Call) -> None:
    def trace(attempt: Any) -> None:
        attempt.headers["traceparent"] = f"00-{attempt.attempt:032x}-{1:016x}-01"

    def idempotent(attempt: Any) -> None:
        attempt.headers.setdefault("Idempotency-Key", str(uuid4()))

    with FaultServer(reply(503), reply(503), reply()) as server:
        call(server, on_request=[trace, idempotent])
        assert len({each.headers["traceparent"] for each in server.seen}) == 3
        assert len({each.headers["idempotency-key"] for each in server.seen}) == 1
        call(server, {"headers": {"Idempotency-Key": "mine"}}, on_request=idempotent)
        assert server.seen[-1].headers["idempotency-key"] == "mine"


def test_what_they_set_wins_but_over_a_parameter(call: Call) -> None:
    def hook(attempt: Any) -> None:
        names = ("x-client", "x-call", "x-parameter", "User-Agent")
        attempt.headers.update(dict.fromkeys(names, "hook"))

    given = {"headers": {"X-Call": "call"}, "parameters": {"X-Parameter": "parameter"}}
    with FaultServer(reply()) as server:
        call(server, given, headers={"X-Client": "client"}, on_request=hook)
        sent = server.seen[0].headers
    assert [sent[name] for name in ("x-client", "x-call", "user-agent")] == ["hook"] * 3
    assert sent["x-parameter"] == "parameter"
    assert sent["authorization"] == AUTHORIZATION


def test_credentials_cannot_be_read(call: Call) -> None:
    seen: list[Any] = []
    given = {"headers": {"Authorization": f"Bearer {KEY}", "Cookie": f"k={KEY}", "X-A": "b"}}
    with FaultServer(reply(500, KEY.encode())) as server:
        for more in ({}, given):
            with pytest.raises(errors.ServerFailure):
                call(server, more, on_response=seen.append, retries=ONCE)
        assert server.seen[-1].headers["cookie"] == f"k={KEY}"
    assert [each.headers for each in seen] == [{}, {"X-A": "b"}]
    assert all(KEY not in f"{vars(each)}{each!r}" for each in seen)


def test_a_credential_that_a_hook_sets_is_hidden(call: Call) -> None:
    def sign(attempt: Any) -> None:
        attempt.headers["Authorization"] = "Signature s1gnature-0123"

    with FaultServer(reply(400, b"no: Signature s1gnature-0123")) as server:
        with pytest.raises(errors.BadRequest) as caught:
            call(server, on_request=sign)
        assert server.seen[0].headers["authorization"] == "Signature s1gnature-0123"
    assert "s1gnature" not in f"{caught.value}{vars(caught.value)}"


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("X-A", "b\r\nX-Injected: 1", ValueError),
        ("X-A\r\nX-B", "1", ValueError),
        ("Host", "evil.example", ValueError),
        ("Content-Length", "0", ValueError),
        ("X-A", 1, TypeError),
    ],
)
def test_what_they_set_is_checked(
    call: Call, name: str, value: Any, error: type[Exception]
) -> None:
    with FaultServer(reply()) as server:
        with pytest.raises(error):
            call(server, on_request=lambda attempt: attempt.headers.update({name: value}))
        assert server.seen == []


def test_what_on_request_raises_the_call_raises(call: Call) -> None:
    def refuse(attempt: Any) -> None:
        raise PermissionError("not today")

    with FaultServer(reply()) as server:
        with pytest.raises(PermissionError, match="not today"):
            call(server, on_request=refuse)
        assert server.seen == []


@pytest.mark.parametrize("which", ["on_response", "on_retry"])
def test_what_the_others_raise_changes_nothing(
    call: Call, which: str, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(attempt: Any) -> None:
        raise ZeroDivisionError("in a hook")

    heard: list[Any] = []
    with FaultServer(reply(503), reply()) as server:
        answered = call(server, **{which: [fail, heard.append]})
        assert (answered.status, len(server.seen)) == (200, 2)
    lines = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert len(lines) == len(heard) == (2 if which == "on_response" else 1)
    assert lines[0].name == NAME
    assert "ZeroDivisionError: in a hook" in caplog.text
    assert vars(lines[0])["operation"] == "track"


def test_none_is_called_for_what_is_not_sent(call: Call) -> None:
    heard: list[Any] = []
    with FaultServer(reply()) as server, pytest.raises(ValueError, match="header"):
        call(server, {"headers": {"Host": "a"}}, on_request=heard.append)
    assert heard == []


@pytest.mark.parametrize("name", ["on_request", "on_response", "on_retry"])
@pytest.mark.parametrize("hook", [1, "trace", [None], {"on_request": 1}])
def test_what_is_no_hook(name: str, hook: Any) -> None:
    for connect in (sync_client, async_client):
        with pytest.raises(TypeError, match=f"{name} must be a function of an Attempt"):
            connect("https://example.com", **{name: hook})


def test_a_sync_client_takes_no_async_hook() -> None:
    async def hook(attempt: Any) -> None:
        """Never called."""

    with pytest.raises(TypeError, match="only an async client"):
        sync_client("https://example.com", on_request=hook)
    with FaultServer(reply()) as server, sync_client(server.url, on_request=lambda a: hook(a)) as c:
        with pytest.raises(TypeError, match="only an async client"):
            c._call(TRACK, body=BODY)
        assert server.seen == []


def test_async_hooks_are_awaited() -> None:
    heard: list[Any] = []

    async def hook(attempt: Any) -> None:
        await asyncio.sleep(0.001)
        attempt.headers["X-Number"] = str(attempt.attempt)
        heard.append(attempt.status)

    with FaultServer(reply(503), reply()) as server:
        _async(server.url, dict.fromkeys(("on_request", "on_response", "on_retry"), hook), {})
        assert [each.headers["x-number"] for each in server.seen] == ["1", "2"]
    assert heard == [None, 503, 503, None, 200]


def test_their_time_is_the_calls() -> None:
    async def hook(attempt: Any) -> None:
        await asyncio.sleep(30)

    began = time.monotonic()
    with FaultServer(reply()) as server:
        with pytest.raises(errors.TimedOut) as caught:
            _async(server.url, {"on_request": hook, "timeout": 0.1}, {})
        assert caught.value.maybe_sent is False
        assert server.seen == []
        answered = _async(server.url, {"on_response": hook, "timeout": 0.2}, {})
        assert answered.status == 200, "an event that was accepted does not look refused"
    assert time.monotonic() - began < 5


def test_a_slow_hook_leaves_less_time_for_the_answer() -> None:
    began = time.monotonic()
    with FaultServer(hang) as server, pytest.raises(errors.TimedOut):
        _sync(
            server.url,
            {"on_request": lambda _: time.sleep(0.3), "timeout": 0.5, "retries": ONCE},
            {},
        )
    assert time.monotonic() - began < 0.75


def test_a_call_that_is_made_again_after_a_401_is_one_call(call: Call) -> None:
    heard = Heard()
    keys = iter(["one-0123", "two-0123"])
    key = load("_runtime.http.security").ApiKey("header", "X-Key", lambda: next(keys))
    options = {"credentials": [key], "authorization": None}

    def idempotent(attempt: Any) -> None:
        attempt.headers.setdefault("Idempotency-Key", str(uuid4()))

    with FaultServer(reply(503), reply(401), reply()) as server:
        options |= heard.options
        call(server, **{**options, "on_request": [heard.request, idempotent]})
        assert [each.headers["x-key"] for each in server.seen] == ["one-0123"] * 2 + ["two-0123"]
        assert len({each.headers["idempotency-key"] for each in server.seen}) == 1
    assert [line[:2] for line in heard.lines if line[0] == "request"] == [
        ("request", number) for number in (1, 2, 3)
    ]
    assert heard.lines[-2:] == [("request", 3, None), ("response", 3, 200)]


def test_state_is_kept_for_the_call_and_no_longer(call: Call) -> None:
    found: list[Any] = []

    def count(attempt: Any) -> None:
        attempt.state["n"] = attempt.state.get("n", 0) + 1
        found.append(attempt.state["n"])

    with FaultServer(reply(503), reply()) as server:
        call(server, on_request=count)
        call(server, on_request=count)
    assert found == [1, 2, 1]


def test_an_event_is_read_when_a_hook_looks_at_it(call: Call) -> None:
    read: list[str] = []

    def make() -> str:
        read.append("read")
        return "event"

    event = unread.Unread(make)
    with FaultServer(reply(503), reply()) as server:
        call(server, {"event": event}, on_request=lambda attempt: None)
        assert read == []
        seen: list[Any] = []
        call(server, {"event": event}, on_request=lambda attempt: seen.append(attempt.event))
    assert (read, seen) == (["read"], ["event"])


def test_they_see_the_builder_that_was_sent() -> None:
    seen: list[Any] = []

    def hook(attempt: Attempt) -> None:
        seen.append(attempt.event)
        attempt.headers["X-Event"] = type(attempt.event).__name__

    event = UserDeleted(user_id="42")
    client = RecordingClient(on_request=hook)
    client.track(event)
    assert seen[0] is event
    assert client.requests[0].headers["x-event"] == "UserDeleted"

    async def main() -> None:
        async with AsyncRecordingClient([answer(503)], on_request=hook) as client:
            with pytest.raises(ServerFailure):
                await client.track(event)

    asyncio.run(main())
    assert seen[1] is event


def test_a_client_without_hooks_has_nothing_to_watch() -> None:
    with sync_client("https://example.com", on_request=[], retries=QUICK) as client:
        assert client._hooks is None
