"""When a client tries again, and how long it waits."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from behaviour.faultserver import Fault, FaultServer, drop, reply
from behaviour.runtime import load
from behaviour.scenarios import ONCE, TRACK

errors = load("_runtime.http.messages")
retries = load("_runtime.client.retries")
retry_after = load("_runtime.calls.retry_after").retry_after
Headers = load("_runtime.http.headers").Headers
Policy = retries.RetryPolicy
NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


def delays(policy: Any, draw: float, **options: Any) -> list[float | None]:
    return [
        policy.delay(attempt, elapsed=0.0, draw=lambda: draw, **options)
        for attempt in range(1, policy.attempts + 1)
    ]


def test_backoff_doubles_up_to_the_cap_and_ends() -> None:
    policy = Policy(attempts=6, base=1.0, cap=5.0)
    assert delays(policy, 1.0) == [1.0, 2.0, 4.0, 5.0, 5.0, None]


def test_jitter_is_full() -> None:
    policy = Policy(attempts=4, base=1.0)
    assert delays(policy, 0.0) == [0.0, 0.0, 0.0, None]
    assert delays(policy, 0.5) == [0.5, 1.0, 2.0, None]
    drawn = {policy.delay(3, elapsed=0.0) for _ in range(200)}
    assert len(drawn) > 100
    assert all(0 <= delay <= 4.0 for delay in drawn)


def test_retry_after_is_a_least_wait_up_to_its_cap() -> None:
    policy = Policy(attempts=2, base=1.0, retry_after_cap=60.0)
    assert delays(policy, 0.5, retry_after=7.0) == [7.0, None]
    assert delays(policy, 0.5, retry_after=0.0) == [0.5, None]
    assert delays(policy, 0.5, retry_after=3600.0) == [60.0, None]


def test_nothing_begins_after_the_deadline() -> None:
    policy = Policy(attempts=3, base=1.0, deadline=10.0)
    assert policy.delay(1, elapsed=8.9, draw=lambda: 1.0) == 1.0
    assert policy.delay(1, elapsed=9.1, draw=lambda: 1.0) is None
    assert policy.delay(1, elapsed=1.0, retry_after=30.0, draw=lambda: 1.0) is None


def test_none_is_one_attempt() -> None:
    assert delays(Policy.none(), 1.0) == [None]


@pytest.mark.parametrize(
    "wrong",
    [
        {"attempts": 0},
        {"attempts": True},
        {"attempts": 2.0},
        {"base": -1},
        {"cap": float("nan")},
        {"retry_after_cap": float("inf")},
        {"deadline": -1},
        {"statuses": {400}},
        {"statuses": {401, 503}},
        {"statuses": {200}},
        {"statuses": {301}},
        {"statuses": {700}},
    ],
)
def test_policy_is_checked(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"must"):
        Policy(**wrong)


LATER = format_datetime(NOW + timedelta(seconds=90), usegmt=True)
EARLIER = "Thu, 01 Jan 2026 11:00:00 GMT"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", None),
        ("soon", None),
        ("-1", None),
        ("1e3", None),
        (".5", None),
        ("1.5.5", None),
        ("٣", None),
        ("Thu", None),
        (",", None),
        ("0", 0.0),
        (" 120 ", 120.0),
        ("1.5", 1.5),
        ("0.25", 0.25),
        ("2.", 2.0),
        ("1000000000", 1e9),
        ("9" * 400, 1e9),
        (LATER, 90.0),
        (EARLIER, 0.0),
        ("Thursday, 01-Jan-26 12:00:05 GMT", 5.0),
        ("Thu Jan  1 12:00:05 2026", 5.0),
        ("Thu, 01 Jan 9999 11:00:00 GMT", 1e9),
        ("Thu, 01 Jan 99999 11:00:00 GMT", None),
        ("Thu, 99 Jan 2026 11:00:00 GMT", None),
        ("1, 2", 2.0),
        ("2, 1", 2.0),
        ("3,soon", 3.0),
        ("-5, 4", 4.0),
        (f"5, {LATER}", 90.0),
        (f"{LATER}, 120.5", 120.5),
        (f"{EARLIER}, {LATER},", 90.0),
    ],
)
def test_retry_after_is_read(text: str, seconds: float | None) -> None:
    assert retry_after(Headers({"Retry-After": text}), lambda: NOW) == seconds


def test_retry_after_in_several_lines_is_the_longest() -> None:
    lines = [("Retry-After", "1"), ("retry-after", LATER), ("Retry-After", "2")]
    assert retry_after(Headers(lines), lambda: NOW) == 90.0
    assert retry_after(Headers(), lambda: NOW) is None


@pytest.mark.parametrize(
    ("date", "seconds"), [("Thu, 01 Jan 2026 12:01:00 GMT", 30.0), ("today", 90.0)]
)
def test_a_date_is_compared_with_that_of_the_answer(date: str, seconds: float) -> None:
    """A machine whose clock is wrong would wait for hours, or not at all."""
    headers = Headers({"Retry-After": LATER, "Date": date})
    assert retry_after(headers, lambda: NOW) == seconds


def run_both(url: str, policy: Any) -> list[tuple[Any, float]]:
    """What the sync and the async client end in, and the seconds it took."""
    options: dict[str, Any] = {"trust_env": False, "retries": policy, "timeout": 5.0}

    def sync() -> Any:
        with load("_runtime.client.client").BaseClient(url, **options) as client:
            return client._call(TRACK, body=b"{}")

    async def call() -> Any:
        async with load("_runtime.client.async_client").AsyncBaseClient(url, **options) as client:
            return await client._call(TRACK, body=b"{}")

    return [_timed(sync), _timed(lambda: asyncio.run(call()))]


def _timed(call: Any) -> tuple[Any, float]:
    began = time.monotonic()
    try:
        result = call()
    except errors.ClientError as error:
        result = error
    return result, time.monotonic() - began


def test_retry_after_in_seconds_is_waited_for() -> None:
    answers = (reply(503, headers={"Retry-After": "1"}), reply()) * 2
    with FaultServer(*answers) as server:
        policy = Policy(base=0.001, retry_after_cap=0.2)
        for result, seconds in run_both(server.url, policy):
            assert result.status == 200
            assert 0.2 <= seconds < 1.0


@pytest.mark.parametrize("said", ["0.3", "0\r\nRetry-After: 0.3"], ids=["fraction", "twice"])
def test_retry_after_as_servers_write_it_is_waited_for(said: str) -> None:
    answers = (reply(503, headers={"Retry-After": said}), reply()) * 2
    with FaultServer(*answers) as server:
        for result, seconds in run_both(server.url, Policy(base=0.001)):
            assert result.status == 200
            assert seconds >= 0.3


def test_retry_after_as_a_date_is_waited_for() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    answers = (reply(429, headers={"Retry-After": later}), reply()) * 2
    with FaultServer(*answers) as server:
        policy = Policy(base=0.001, retry_after_cap=0.2)
        for result, seconds in run_both(server.url, policy):
            assert result.status == 200
            assert 0.2 <= seconds < 1.0


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_these_are_tried_again(status: int) -> None:
    with FaultServer(*(reply(status), reply()) * 2) as server:
        for result, _ in run_both(server.url, Policy(base=0.001)):
            assert result.status == 200
        assert len(server.seen) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 418, 422, 501, 302])
def test_these_are_not_tried_again(status: int) -> None:
    with FaultServer(reply(status)) as server:
        for result, _ in run_both(server.url, Policy(base=0.001)):
            assert (result.status, result.attempts) == (status, 1)
        assert len(server.seen) == 2


@pytest.mark.parametrize("fault", [drop, reply(503)], ids=["closed", "503"])
def test_once_is_once(fault: Fault) -> None:
    with FaultServer(fault) as server:
        for result, _ in run_both(server.url, ONCE):
            assert isinstance(result, errors.ClientError)
        assert len(server.seen) == 2


def test_statuses_are_configurable() -> None:
    with FaultServer(*(reply(404), reply()) * 2) as server:
        policy = Policy(base=0.001, statuses=frozenset({404}))
        for result, _ in run_both(server.url, policy):
            assert result.status == 200
    with FaultServer(reply(503)) as server:
        for result, _ in run_both(server.url, policy):
            assert (result.status, result.attempts) == (503, 1)


def test_deadline_ends_a_call() -> None:
    with FaultServer(reply(503, headers={"Retry-After": "30"})) as server:
        for result, seconds in run_both(server.url, Policy(deadline=5.0)):
            assert (result.attempts, result.retry_after) == (1, 30.0)
            assert seconds < 2
