"""Events in a stream of a real Redis, with clients of every kind."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import pytest
import redis
import redis.asyncio

from behaviour.faultserver import reply, slow
from customerio_events import Client, UserSuppressed
from customerio_events.outbox import Relay
from customerio_events.relay import SinkError
from customerio_events.sinks.redis import RedisStream
from sinks import servers
from sinks.receiving import (
    KEY,
    Failures,
    Receiver,
    always,
    events,
    running,
)
from sinks.servers import RedisServer, until
from sinks.streams import engines_made, left, nothing_left, relay_of

pytestmark = pytest.mark.heavy
server = servers.for_module(RedisServer)
engine = engines_made()


def test_what_waits_before_and_while_somebody_delivers(engine: Any) -> None:
    with Receiver() as receiver:
        relay = relay_of(engine, receiver)
        for event in events(100):
            relay.put(event)
        assert left(engine) == (100, 0)
        with running(relay):
            receiver.wait(100)
            for event in events(200):
                relay.put(event)
            receiver.wait(200)
            nothing_left(engine)
        assert engine.xinfo_consumers("events", "relay") == []
    assert all(value == 1 for user, value in receiver.delivered().items() if user > "u99")
    assert receiver.seen[0].headers["authorization"].startswith("Basic ")


@pytest.mark.parametrize("protocol", [2, 3])
@pytest.mark.parametrize("decoded", [True, False])
def test_clients_of_every_kind(server: RedisServer, protocol: int, decoded: bool) -> None:
    options: Any = {"protocol": protocol, "decode_responses": decoded}
    with Receiver() as receiver, redis.Redis(port=server.port, **options) as engine:
        engine.flushall()
        stream = RedisStream(engine, "events", claim_after=0.2)
        relay = relay_of(engine, receiver, stream=stream)
        engine.xgroup_create("events", "relay", "0", mkstream=True)
        for event in events(5):
            relay.put(event)
        engine.xreadgroup("relay", "one that died", {"events": ">"}, count=2)
        with running(relay):
            receiver.wait(5)
            nothing_left(engine)


def test_nothing_of_the_client_is_stored(engine: Any) -> None:
    with Receiver() as receiver:
        relay = relay_of(engine, receiver)
        relay.put(UserSuppressed(user_id="42"), label="a", strict_mode=True)
        ((_, fields),) = engine.xrange("events")
        document = json.loads(fields[b"parcel"])
        assert KEY not in str(fields)
        assert document == {
            "v": 1,
            "operation": "track",
            "key": "42",
            "label": "a",
            "headers": {"X-Strict-Mode": "1"},
            "body": document["body"],
        }
        with running(relay):
            receiver.wait(1)
    assert receiver.seen[0].headers["x-strict-mode"] == "1"


def test_dead_letters_tried_again(engine: Any) -> None:
    with Receiver(always(reply(400), 3)) as receiver:
        stream = RedisStream(engine, "events")
        relay = relay_of(engine, receiver, stream=stream)
        for event in events(3):
            relay.put(event)
        with running(relay):
            until(lambda: left(engine) == (0, 3), "no dead letters")
            assert stream.retry_dead() == 3
            receiver.wait(3)
            nothing_left(engine)
    assert left(engine) == (0, 0)


def test_two_that_put_dead_letters_back_at_once(engine: Any) -> None:
    """The second has come when the first has seen what there is."""
    for number in range(3):
        engine.xadd("{events}:dead", {"parcel": str(number)})
    other = RedisStream(engine, "events")
    moved = list[int]()

    class Slow:
        def execute_command(self, *args: Any, **options: Any) -> Any:
            found = engine.execute_command(*args, **options)
            if args[0] == "XRANGE":
                moved.append(other.retry_dead())
            return found

    moved.append(RedisStream(Slow(), "events").retry_dead())
    assert moved == [3, 0]
    assert left(engine) == (3, 0)


def test_what_is_no_event(engine: Any) -> None:
    """What others have put in is a dead letter; what a newer version has put in is left to it."""
    told = Failures()
    newer = json.dumps({"v": 2, "operation": "track", "shape": "new"})
    with Receiver() as receiver:
        relay = relay_of(engine, receiver, on_failure=told)
        engine.xadd("events", {"parcel": "not json"})
        engine.xadd("events", {"other": "field"})
        engine.xadd("events", {"parcel": newer})
        relay.put(UserSuppressed(user_id="42"))
        with running(relay):
            receiver.wait(1)
            until(lambda: left(engine) == (1, 2), "it is not put aside")
            time.sleep(3.0)  # claimed once more, and left once more
    assert left(engine) == (1, 2)
    ((_, kept),) = engine.xrange("events")
    assert kept[b"parcel"].decode() == newer
    assert [failure.kind for failure in told.told] == ["dead", "dead"]


def test_a_stream_that_is_deleted_is_made_again(engine: Any) -> None:
    with Receiver() as receiver:
        relay = relay_of(engine, receiver)
        with running(relay):
            relay.put(UserSuppressed(user_id="1"))
            receiver.wait(1)
            engine.delete("events")
            relay.put(UserSuppressed(user_id="2"))
            receiver.wait(2)


def test_a_long_call_is_not_taken_over(engine: Any) -> None:
    """Longer than `claim_after`: who sends says that it is still at work."""
    with Receiver(lambda n, user: slow(2.0, reply(200))) as receiver:
        first, second = (
            relay_of(engine, receiver, stream=RedisStream(engine, "events", claim_after=0.5))
            for _ in range(2)
        )
        first.put(UserSuppressed(user_id="42"))
        with running(first), running(second):
            receiver.wait(1)
            nothing_left(engine)
    assert len(receiver.arrived) == 1


def test_what_cannot_work_is_said(engine: Any) -> None:
    with pytest.raises(TypeError, match="sync client"):
        RedisStream(redis.asyncio.Redis(), "events")
    with pytest.raises(ValueError, match="have a name"):
        RedisStream(engine, "")
    engine.set("text", "1")
    with Receiver() as receiver:
        relay = relay_of(engine, receiver, stream=RedisStream(engine, "text"))
        with pytest.raises(SinkError, match="no stream"):
            relay.run()
    with pytest.raises(SinkError, match="make a Relay"):
        RedisStream(engine, "events").run(lambda: True)


def test_a_client_that_is_disabled(engine: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is stored, and nothing that others have stored is taken for delivered."""
    with Receiver() as receiver:
        relay_of(engine, receiver).put(UserSuppressed(user_id="1"))
        with Client(api_key=KEY, server=receiver.url, disabled=True) as off:
            relay = Relay(RedisStream(engine, "events"), client=off)
            relay.put(UserSuppressed(user_id="2"))
            with pytest.raises(TypeError):
                relay.put("no event")  # type: ignore[call-overload]
            with running(relay):
                time.sleep(0.5)
    assert left(engine) == (1, 0)
    assert receiver.arrived == []
    assert "disabled" in caplog.text


def test_threads_put_at_the_same_time(engine: Any) -> None:
    with Receiver() as receiver:
        relay = relay_of(engine, receiver)

        def put(prefix: str) -> None:
            for event in events(100, prefix):
                relay.put(event)

        threads = [threading.Thread(target=put, args=(f"t{n}-",)) for n in range(8)]
        with running(relay):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            receiver.wait(800)
            nothing_left(engine)
    assert set(receiver.delivered().values()) == {1}
