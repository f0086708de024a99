"""Faults while events are delivered from a stream of a real Redis.

Of each it is counted what was accepted, received, duplicated and lost; lost is always 0.
"""

from __future__ import annotations

import json
import logging
import time
from typing import Any

import pytest
import redis
import redis.asyncio

from behaviour.faultserver import Fault, closed_port, drop, reply, reset, slow
from customerio_events import Client, UserSuppressed, UserUnsuppressed
from customerio_events.outbox import Backoff, Relay
from customerio_events.relay import SinkError
from customerio_events.sinks.redis import RedisStream
from sinks import servers
from sinks.receiving import (
    KEY,
    QUICK,
    UNKNOWN,
    Failures,
    Judge,
    Receiver,
    accept,
    always,
    events,
    run,
    running,
    script,
)
from sinks.servers import RedisServer, until
from sinks.streams import consumers, engines_made, left, nothing_left, relay_of

pytestmark = pytest.mark.heavy
server = servers.for_module(RedisServer)
engine = engines_made()


@pytest.mark.parametrize("fault", [reply(500), reply(429), reply(408), drop, reset])
def test_faults_that_pass(engine: Any, fault: Any) -> None:
    with Receiver(always(fault, 3)) as receiver:
        relay = relay_of(engine, receiver)
        for event in events(50):
            relay.put(event)
        with running(relay):
            receiver.wait(50)
            nothing_left(engine)
    assert set(receiver.delivered().values()) == {1}
    assert len(receiver.arrived) == 53
    assert left(engine) == (0, 0)


def test_no_request_while_the_server_wants_none(engine: Any, server: RedisServer) -> None:
    """Of the one that was told so, and of other consumers."""
    refused = reply(429, headers={"Retry-After": "1.0, 0"})
    with Receiver(always(refused, 1)) as receiver:
        relay = relay_of(engine, receiver, concurrency=1)
        arguments = (str(server.port), receiver.url, "5", "")
        with script("redis_worker.py", *arguments), script("redis_worker.py", *arguments):
            until(lambda: consumers(engine) == 2, "the workers are not there")
            relay.put(UserSuppressed(user_id="first"))
            until(lambda: receiver.arrived, "nothing came")
            time.sleep(0.1)  # what is under way to the others
            for event in events(100):
                relay.put(event)
            receiver.wait(101)
        first = receiver.arrived[0].at
        assert not [each for each in receiver.arrived[1:] if each.at < first + 1.0]
    assert set(receiver.delivered().values()) == {1}


def test_one_poisonous_event_among_500(engine: Any, caplog: pytest.LogCaptureFixture) -> None:
    refused = reply(400, {"meta": {"errors": ["no such person"]}})
    told = Failures()
    with Receiver(lambda n, user: refused if user == "u250" else reply(200)) as receiver:
        relay = relay_of(engine, receiver, on_failure=told)
        for event in events(500):
            relay.put(event)
        with running(relay), caplog.at_level(logging.WARNING, "customerio_events"):
            receiver.wait(499)
            nothing_left(engine)
    assert left(engine) == (0, 1)
    assert set(receiver.delivered().values()) == {1}
    ((_, letter),) = engine.xrange("{events}:dead")
    assert json.loads(letter[b"errors"]) == ["no such person"]
    assert letter[b"status"] == b"400"
    assert json.loads(letter[b"parcel"])["key"] == "u250"
    (failure,) = told.told
    assert (failure.kind, failure.status, failure.errors) == ("dead", 400, ("no such person",))
    (logged,) = caplog.records
    assert logged.levelno == logging.WARNING
    assert (logged.status, logged.attempt) == (400, 1)  # type: ignore[attr-defined]
    assert "u250" not in logged.getMessage()


def test_an_event_that_fails_while_others_do_not_becomes_a_dead_letter(
    engine: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def judge(number: int, user: str) -> Any:
        return reply(500) if user == "u0" else reply(200)

    backoff = Backoff(base=0.01, cap=0.02, attempts=3)
    with Receiver(judge) as receiver:
        relay = relay_of(engine, receiver, backoff=backoff)
        with running(relay):
            for event in events(100):
                relay.put(event)
                time.sleep(0.005)
            receiver.wait(99)
            until(lambda: engine.xlen("{events}:dead") == 1, "no dead letter")
            nothing_left(engine)
    (dead,) = [vars(each) for each in caplog.records if "a dead letter" in each.message]
    assert (dead["event"], dead["operation"], dead["status"]) == ("UserSuppressed", "track", 500)
    assert dead["attempt"] >= 3
    assert dead["seconds"] > 0


@pytest.mark.parametrize("status", [401, 403])
def test_a_server_that_lets_nobody_in(
    engine: Any, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    told = Failures()
    with Receiver(always(reply(status))) as receiver:
        relay = relay_of(engine, receiver, on_failure=told)
        for event in events(100):
            relay.put(event)
        with running(relay), caplog.at_level(logging.INFO, "customerio_events"):
            until(lambda: told.told, "nobody was told")
            time.sleep(1.0)
            assert len(receiver.arrived) < 20  # those under way, and some probes
            receiver.judge = accept
            receiver.wait(100)
            nothing_left(engine)
    assert [failure.kind for failure in told.told] == ["paused"]
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]
    assert left(engine) == (0, 0)


def test_a_consumer_that_is_killed(engine: Any, server: RedisServer) -> None:
    """kill -9 in the middle: what it had is claimed, all arrives."""
    with Receiver(lambda n, user: slow(0.01, reply(200))) as receiver:
        relay = relay_of(engine, receiver)
        for event in events(600):
            relay.put(event)
        arguments = (str(server.port), receiver.url, "1", "")
        with script("redis_worker.py", *arguments) as first:
            until(lambda: len(receiver.arrived) > 100, "it does not deliver")
            first.kill()
        assert engine.xpending("events", "relay")["pending"] > 0
        with script("redis_worker.py", *arguments) as second:
            receiver.wait(600)
            nothing_left(engine)
            assert second.terminate() == 0
    duplicated = [user for user, times in receiver.delivered().items() if times > 1]
    assert len(duplicated) <= 16  # those whose acknowledgement was lost


def test_a_consumer_that_is_asked_to_stop(engine: Any, server: RedisServer) -> None:
    """SIGTERM: what is under way is finished, the rest is for others at once."""
    with Receiver(lambda n, user: slow(0.05, reply(200))) as receiver:
        relay = relay_of(engine, receiver)
        for event in events(300):
            relay.put(event)
        arguments = (str(server.port), receiver.url, "60", "")
        with script("redis_worker.py", *arguments) as first:
            until(lambda: len(receiver.arrived) > 50, "it does not deliver")
            assert first.terminate() == 0
        with script("redis_worker.py", *arguments):
            receiver.wait(300)
            nothing_left(engine)
    assert set(receiver.delivered().values()) == {1}


def test_order_of_a_key_across_restarts_of_a_consumer_with_a_name(
    engine: Any, server: RedisServer
) -> None:
    with Receiver(lambda n, user: slow(0.003, reply(500 if n % 7 == 0 else 200))) as receiver:
        relay = relay_of(engine, receiver)
        for number in range(150):
            made = UserSuppressed if number % 2 else UserUnsuppressed
            relay.put(made(user_id="one", extra={"messageId": str(number)}))
        for reached in (20, 60, 150):
            with script("redis_worker.py", str(server.port), receiver.url, "60", "me") as worker:
                until(lambda at=reached: receiver.delivered()["one"] >= at, "too slow")  # type: ignore[misc]
                if reached < 150:
                    worker.kill()
                else:
                    nothing_left(engine)
    accepted = [
        int(json.loads(seen.body)["messageId"])
        for seen, come in zip(receiver.seen, receiver.arrived, strict=True)
        if come.accepted
    ]
    first_seen = list(dict.fromkeys(accepted))
    assert first_seen == list(range(150))


def test_redis_gone_for_a_while(server: RedisServer) -> None:
    """`put` raises, `run` waits and goes on; what was accepted is there after a power cut."""
    with Receiver(lambda n, user: slow(0.005, reply(200))) as receiver, server.client() as engine:
        engine.flushall()
        relay = relay_of(engine, receiver, stream=RedisStream(engine, "events", claim_after=1.0))
        for event in events(400):
            relay.put(event)
        with running(relay):
            until(lambda: len(receiver.arrived) > 50, "it does not deliver")
            server.kill()
            with pytest.raises(redis.ConnectionError):
                relay.put(UserSuppressed(user_id="x"))
            time.sleep(2.0)
            server.start()
            for event in events(10, "later"):
                relay.put(event)
            receiver.wait(410)
            nothing_left(engine)
        assert "x" not in receiver.delivered()


def test_the_server_down_while_events_come(engine: Any) -> None:
    port = closed_port()
    with Client(api_key=KEY, server=f"http://127.0.0.1:{port}", trust_env=False) as sending:
        stream = RedisStream(engine, "events")
        relay = Relay(stream, client=sending, backoff=QUICK)
        with running(relay):
            for event in events(300):
                relay.put(event)
            time.sleep(1.0)
            assert left(engine) == (300, 0)
            pending = engine.xpending("events", "relay")["pending"]
            assert pending < 40  # the others were left alone
    with Receiver() as receiver, running(relay_of(engine, receiver)):
        receiver.wait(300)
        nothing_left(engine)


def test_an_outage_is_told_once(engine: Any, caplog: pytest.LogCaptureFixture) -> None:
    with Receiver(always(reply(503))) as receiver:
        relay = relay_of(engine, receiver)
        for event in events(100):
            relay.put(event)
        with running(relay), caplog.at_level(logging.INFO, "customerio_events"):
            until(lambda: caplog.records, "nobody was told")
            seen = len(receiver.arrived)
            until(lambda: len(receiver.arrived) > seen + 20, "it is not tried again")
            receiver.judge = accept
            receiver.wait(100)
            nothing_left(engine)
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert "the relay waits: HTTP 503; tried again in" in caplog.records[0].getMessage()
    assert left(engine) == (0, 0)


def test_an_operation_that_is_not_known_holds_up_nobody(
    engine: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """With the pauses of every day."""
    told = Failures()
    with Receiver() as receiver:
        stream = RedisStream(engine, "events")
        relay = relay_of(engine, receiver, stream=stream, backoff=Backoff(), on_failure=told)
        for _ in range(30):
            stream.put(UNKNOWN)
        for event in events(30):
            relay.put(event)
        with running(relay), caplog.at_level(logging.INFO, "customerio_events"):
            receiver.wait(30)
            until(lambda: left(engine) == (30, 0), "something else is left")
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert "paused for one operation, the others go on" in record.getMessage()
    assert [failure.kind for failure in told.told] == ["paused"]


def test_events_of_a_newer_version_are_told_of_once(
    engine: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with Receiver() as receiver:
        relay = relay_of(engine, receiver)
        for _ in range(20):
            engine.xadd("events", {"parcel": '{"v": 2, "operation": "track", "body": "{}"}'})
        for event in events(20):
            relay.put(event)
        with running(relay), caplog.at_level(logging.INFO, "customerio_events"):
            receiver.wait(20)
            until(lambda: left(engine) == (20, 0), "something else is left")
    (record,) = caplog.records
    assert "left to a newer version of the package: it is of version 2" in record.getMessage()


WANTS_REST = reply(429, headers={"Retry-After": "1"})


@pytest.mark.parametrize("judge", [accept, always(WANTS_REST, 1), always(reply(400))])
@pytest.mark.parametrize("before", [False, True])
def test_a_memory_that_is_full_is_emptied(engine: Any, judge: Judge, before: bool) -> None:
    """Nothing can be put in then, but what is there is delivered, or a dead letter."""
    with Receiver(judge) as receiver:
        relay = relay_of(engine, receiver)
        if before:  # somebody has delivered already
            with running(relay):
                until(lambda: consumers(engine), "nobody reads")
        for event in events(40):
            relay.put(event)
        engine.config_set("maxmemory", engine.info("memory")["used_memory"] - 50_000)
        try:
            with pytest.raises(redis.RedisError, match="maxmemory"):
                relay.put(UserSuppressed(user_id="late"))
            with running(relay):
                nothing_left(engine)
        finally:
            engine.config_set("maxmemory", 0)
    delivered = receiver.delivered()
    assert len(delivered) + left(engine)[1] == 40
    assert set(delivered.values()) <= {1}


def test_dead_letters_that_cannot_be_put_aside(engine: Any) -> None:
    """As the key is somebody else's: said at once, or when one comes, which stays where it was."""
    with Receiver() as receiver:
        stream = RedisStream(engine, "events", consumer="me")
        relay = relay_of(engine, receiver, stream=stream)
        relay.put(UserSuppressed(user_id="u"))

        def refused(number: int, user: str) -> Fault:
            engine.set("{events}:dead", "something else")
            return reply(400)

        receiver.judge = refused
        with pytest.raises(SinkError, match="no stream"):
            run(relay)
        assert receiver.arrived
        assert engine.xlen("events") == 1
        with pytest.raises(SinkError, match="no stream"):
            run(relay)
        engine.delete("{events}:dead")
        receiver.judge = always(reply(400))
        with running(relay):
            nothing_left(engine)
    assert left(engine) == (0, 1)
