"""What clients log: levels, lines, fields; never a payload, a query or a credential."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from behaviour.clients import CALLS
from behaviour.faultserver import Fault, FaultServer, drop, reply
from behaviour.runtime import NAME, load
from behaviour.scenarios import AUTHORIZATION, KEY, ONCE, QUICK
from customerio_events import AsyncClient, Client, ClientError, RetryPolicy, UserSuppressed

RetriesOf = load("_runtime.client.retries").RetryPolicy
FIELDS = {"operation", "event", "status", "attempt", "seconds"}
RESERVED = set(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
PAYLOAD = "p4yload-0123456789"


@pytest.fixture
def records(caplog: pytest.LogCaptureFixture) -> Callable[[int], list[Any]]:
    caplog.set_level(logging.DEBUG)

    def found(level: int) -> list[Any]:
        assert all(set(vars(each)) >= FIELDS for each in caplog.records if each.name == NAME)
        return [each for each in caplog.records if each.name == NAME and each.levelno == level]

    return found


def _fields(record: Any) -> dict[str, Any]:
    return {name: vars(record)[name] for name in FIELDS - {"seconds"}}


@pytest.mark.parametrize("way", CALLS)
def test_a_line_for_each_attempt(way: str, records: Any) -> None:
    with FaultServer(reply(503, headers={"Connection": "close"}), drop, reply()) as server:
        CALLS[way](server.url)
    lines = records(logging.DEBUG)
    assert [_fields(each) for each in lines] == [
        {"operation": "track", "event": None, "status": status, "attempt": attempt}
        for attempt, status in ((1, 503), (2, None), (3, 200))
    ]
    assert all(0 < each.seconds < 1 for each in lines)
    assert "ConnectionFailed in" in lines[1].getMessage()
    assert records(logging.WARNING) == []


@pytest.mark.parametrize("way", CALLS)
@pytest.mark.parametrize(
    ("faults", "options", "warned"),
    [
        ((reply(503),), {}, "ServerFailure; given up after 4 attempts in"),
        ((drop,), {}, "ConnectionFailed; given up after 4 attempts in"),
        ((reply(429, headers={"Retry-After": "9"}),), {}, "TooManyRequests; given up after 4"),
        (
            (reply(503, headers={"Retry-After": "9"}),),
            {"retries": RetriesOf()},
            "after 1 attempts in 0.0 s (no time is left for another)",
        ),
        ((reply(503),), {"retries": ONCE}, ""),
        ((reply(400),), {}, ""),
        ((reply(503), reply(400)), {}, ""),
        ((reply(503), reply()), {}, ""),
    ],
)
def test_exhausted_retries_are_a_warning(
    way: str, faults: tuple[Fault, ...], options: dict[str, Any], warned: str, records: Any
) -> None:
    with FaultServer(*faults) as server:
        try:
            CALLS[way](server.url, **{"retries": QUICK, **options})
        except load("_runtime.http.messages").ClientError as error:
            made = error.attempts
    lines = records(logging.WARNING)
    assert len(lines) == bool(warned)
    for line in lines:
        assert warned in line.getMessage()
        assert line.attempt == made


def test_no_payload_and_no_credential(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    event = UserSuppressed(user_id=PAYLOAD, properties={"a": PAYLOAD}, extra={"b": PAYLOAD})
    echo = f"{PAYLOAD} {KEY} {AUTHORIZATION}".encode()

    def fail(attempt: Any) -> None:
        raise ValueError("a hook of the caller")

    options: dict[str, Any] = {
        "api_key": KEY,
        "retries": RetryPolicy(base=0.001, cap=0.002),
        "trust_env": False,
        "headers": {"X-Own": PAYLOAD},
        "on_response": fail,
    }

    async def main(url: str) -> None:
        async with AsyncClient(server=url, **options) as client:
            for _ in range(2):
                try:
                    await client.track(event)
                except ClientError:
                    continue

    faults = [reply(503, echo)] * 4 + [reply(400, echo), reply(200, echo, headers={"X": KEY})]
    with FaultServer(*faults, *faults) as server, Client(server=server.url, **options) as client:
        for _ in range(3):
            try:
                client.track(event)
            except ClientError:
                continue
        asyncio.run(main(server.url))
    lines = [each for each in caplog.records if each.name == "customerio_events"]
    assert {each.levelno for each in lines} == {logging.DEBUG, logging.WARNING, logging.ERROR}
    for each in lines:
        own = {name: value for name, value in vars(each).items() if name not in RESERVED}
        assert own.keys() - {"taskName"} == FIELDS
        assert own["event"] == "UserSuppressed"
        said = f"{each.getMessage()} {own} {each.args} {each.exc_text}"
        assert PAYLOAD not in said
        assert KEY not in said
        assert AUTHORIZATION not in said


def test_no_field_is_one_that_a_record_has() -> None:
    assert not FIELDS & RESERVED


def test_whoever_logs_nothing_is_spared_the_import() -> None:
    code = (
        "import sys\n"
        "from customerio_events import Client, Headers, Response, UserSuppressed\n"
        "class Transport:\n"
        "    def send(self, request): return Response(200, Headers(), b'{}')\n"
        "    def close(self): pass\n"
        "client = Client(api_key='k', transport=Transport(), on_response=lambda attempt: None)\n"
        "client.track(UserSuppressed(user_id='1'))\n"
        "assert 'logging' not in sys.modules\n"
    )
    path = str(Path(__file__).parents[2] / "generated")
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": path})
