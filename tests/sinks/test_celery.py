"""Events as tasks of Celery, with real workers, a real Redis and a real RabbitMQ as brokers.

Of each fault it is counted what was accepted, received, duplicated and lost; lost is always 0.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from celery import Celery

from behaviour.faultserver import Fault, drop, reply, reset, slow, wait_for_close
from customerio_events import Client, UserSuppressed
from customerio_events.outbox import Relay
from customerio_events.relay import SinkError
from customerio_events.sinks.celery import CeleryTask
from sinks import servers
from sinks.receiving import (
    KEY,
    UNKNOWN,
    Receiver,
    Worker,
    accept,
    always,
    client,
    events,
    users,
)
from sinks.servers import RabbitServer, RedisServer, Server, until

pytestmark = pytest.mark.heavy


@dataclass
class Broker:
    """A broker that runs, and how to look into its queues."""

    server: Server
    url: str
    loses: int = 0
    """How many events at most where a worker or the broker is killed: see docs/sinks.md."""

    def queue(self, name: str) -> list[Any]:
        """The messages of a queue, which are taken out of it."""
        with Celery(broker=self.url, set_as_current=False).connection() as connection:
            queue = connection.SimpleQueue(name)
            found = []
            try:
                while True:
                    message = queue.get(block=False)
                    message.ack()
                    found.append(message)
            except queue.Empty:
                return found
            finally:
                queue.close()


@pytest.fixture(scope="module", params=["redis", "amqp"])
def broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    if request.param == "redis":
        with servers.running(RedisServer) as made:
            yield Broker(made, f"redis://127.0.0.1:{made.port}/0", loses=1)
    else:
        with servers.running(RabbitServer) as rabbit:
            yield Broker(rabbit, f"amqp://guest:guest@127.0.0.1:{rabbit.port}//")


@pytest.fixture(autouse=True)
def _empty(broker: Broker) -> None:
    if isinstance(broker.server, RedisServer):  # what is not acknowledged, too
        with broker.server.client() as connected:
            connected.flushall()
        return
    for name in ("events", "customerio_events.deliver.dead"):
        broker.queue(name)


def producer(broker: Broker, receiver: Receiver) -> Relay[None]:
    """What puts in, in this process."""
    app = Celery("acme", broker=broker.url, set_as_current=False)
    if broker.url.startswith("amqp"):
        app.conf.broker_transport_options = {"confirm_publish": True}
    app.conf.broker_connection_timeout = 2
    return Relay(CeleryTask(app, queue="events"), client=client(receiver))


def worker(broker: Broker, receiver: Receiver, processes: int = 2, **more: str) -> Worker:
    command = ("-m", "celery", "-A", "sink_app", "worker", "-Q", "events", "-c", str(processes))
    options = ("--loglevel=WARNING", "--without-gossip", "--without-mingle")
    return Worker(*command, *options, BROKER=broker.url, SERVER=receiver.url, KEY=KEY, **more)


def put(relay: Relay[None], count: int, prefix: str = "u") -> None:
    for event in events(count, prefix):
        relay.put(event)


def settled(broker: Broker) -> None:
    """Nothing is left, not even what waits for an acknowledgement."""
    assert broker.queue("events") == []


def test_what_is_put_in_is_delivered(broker: Broker) -> None:
    with Receiver() as receiver:
        relay = producer(broker, receiver)
        put(relay, 100)
        with worker(broker, receiver) as running:
            receiver.wait(100)
            put(relay, 50, "later")
            receiver.wait(150)
            assert running.terminate() == 0
    settled(broker)
    assert set(receiver.delivered().values()) == {1}
    ports = {seen.connection for seen in receiver.seen}
    assert len(ports) <= 2  # a client for each process, which keeps its connection


def test_nothing_of_the_client_is_in_the_message(broker: Broker) -> None:
    with Receiver() as receiver:
        producer(broker, receiver).put(UserSuppressed(user_id="42"), strict_mode=True)
    (message,) = broker.queue("events")
    assert message.content_type == "application/json"
    shown = f"{message.payload} {message.headers} {message.properties}"
    assert KEY not in shown
    assert base64.b64encode(f"{KEY}:".encode()).decode() not in shown
    assert "42" not in str(message.headers["argsrepr"])
    ((text,), kwargs, _) = message.payload
    assert json.loads(text)["headers"] == {"X-Strict-Mode": "1"}
    assert kwargs == {}


FAULTS: dict[str, Fault] = {"500": reply(500), "429": reply(429), "drop": drop, "reset": reset}


@pytest.mark.parametrize("name", ["500", "reset"])
def test_faults_that_pass(broker: Broker, name: str) -> None:
    with Receiver(always(FAULTS[name], 3)) as receiver:
        put(producer(broker, receiver), 40)
        with worker(broker, receiver) as running:
            receiver.wait(40)
            assert running.terminate() == 0
    settled(broker)
    assert set(receiver.delivered().values()) == {1}


def test_no_request_while_the_server_wants_none(broker: Broker) -> None:
    """Of no process of the pool."""
    refused = reply(429, headers={"Retry-After": "1.0, 0"})
    with Receiver(lambda n, user: refused if user == "first" and n < 2 else reply(200)) as receiver:
        relay = producer(broker, receiver)
        with worker(broker, receiver, 4):
            relay.put(UserSuppressed(user_id="first"))
            until(lambda: receiver.arrived, "nothing came")
            time.sleep(0.05)
            put(relay, 40)
            receiver.wait(41)
        first = receiver.arrived[0].at
        assert not [each for each in receiver.arrived[1:] if each.at < first + 1.0]
    assert set(receiver.delivered().values()) == {1}


def test_one_poisonous_event_among_500(broker: Broker) -> None:
    refused = reply(400, {"meta": {"errors": ["no such person"]}})
    with Receiver(lambda n, user: refused if user == "u250" else reply(200)) as receiver:
        put(producer(broker, receiver), 500)
        with worker(broker, receiver) as running:
            receiver.wait(499)
            until(lambda: "told dead 400 ('no such person',)" in running.said, "nobody was told")
            assert running.terminate() == 0
    settled(broker)
    assert set(receiver.delivered().values()) == {1}
    assert len(receiver.arrived) == 500
    (letter,) = broker.queue("customerio_events.deliver.dead")
    ((text,), kwargs, _) = letter.payload
    assert json.loads(text)["key"] == "u250"
    assert kwargs["dead"]["status"] == 400
    assert kwargs["dead"]["errors"] == ["no such person"]


def test_a_server_that_lets_nobody_in(broker: Broker) -> None:
    with Receiver(always(reply(401))) as receiver:
        put(producer(broker, receiver), 30)
        with worker(broker, receiver) as running:
            until(lambda: "told paused 401" in running.said, "nobody was told")
            time.sleep(1.0)
            assert len(receiver.arrived) <= 6
            assert "the relay is paused, nothing is lost: 401" in running.said
            receiver.judge = accept
            receiver.wait(30, 40)
    assert broker.queue("customerio_events.deliver.dead") == []


def test_events_that_alone_are_let_in_nowhere(broker: Broker) -> None:
    """Be it the first that a process sees, or several in a row: no other waits, nobody is told."""
    shut_out = {"u0", "u5", "u6", "u7"}
    with Receiver(lambda n, user: reply(403 if user in shut_out else 200)) as receiver:
        put(producer(broker, receiver), 40)
        with worker(broker, receiver, 1, PAUSE="600") as running:
            receiver.wait(36)
    assert "told" not in running.said
    assert users(receiver.delivered()).isdisjoint(shut_out)


def test_one_event_that_is_let_in_nowhere(broker: Broker) -> None:
    """Where nothing else is there it is not known that it is to blame: somebody is told."""
    with Receiver(always(reply(403))) as receiver:
        put(producer(broker, receiver), 1)
        with worker(broker, receiver, 2, PAUSE="600") as running:
            until(lambda: "told paused 403" in running.said, "nobody was told")


def test_a_long_wish_for_rest_is_told(broker: Broker) -> None:
    with Receiver(always(reply(503, headers={"Retry-After": "60"}))) as receiver:
        put(producer(broker, receiver), 5)
        with worker(broker, receiver, processes=1) as running:
            words = "nothing gets through, the relay waits: HTTP 503; tried again in 60 s"
            until(lambda: words in running.said, "nobody was told")
        assert len(receiver.arrived) == 1


def test_an_operation_that_is_not_known_holds_up_nobody(broker: Broker) -> None:
    with Receiver() as receiver:
        app = Celery("acme", broker=broker.url, set_as_current=False)
        app.conf.broker_transport_options = {"confirm_publish": broker.url.startswith("amqp")}
        task = CeleryTask(app, name="customerio_events.deliver", queue="events")
        Relay(task, client=client(receiver))
        with worker(broker, receiver, processes=1) as running:
            for _ in range(10):
                task.put(UNKNOWN)
            put(producer(broker, receiver), 10)
            receiver.wait(10)
            until(lambda: "told paused" in running.said, "nobody was told")
        assert running.said.count("paused for one operation, the others go on") == 1
    assert broker.queue("customerio_events.deliver.dead") == []


def test_a_process_of_the_pool_that_is_killed(broker: Broker) -> None:
    """While it waits for the answer: its task goes back to the broker at once."""
    asked = threading.Event()

    def judge(number: int, user: str) -> Fault:
        if user != "u20" or asked.is_set():
            return reply(200)
        asked.set()
        return wait_for_close

    with Receiver(judge) as receiver:
        put(producer(broker, receiver), 40)
        with worker(broker, receiver, 1) as running:
            assert asked.wait(30)
            (child,) = _children(running.pid)
            os.kill(child, signal.SIGKILL)
            receiver.wait(40)
    assert set(receiver.delivered().values()) == {1}


def test_what_cannot_be_published(broker: Broker) -> None:
    """A dead letter whose queue is not there: the event stays with the broker."""
    with Receiver(always(reply(400), 2)) as receiver:
        put(producer(broker, receiver), 1)
        with worker(broker, receiver, ONLY="events") as running:
            receiver.wait(1)
            assert "goes back to the queue: QueueNotFound" in running.said
    assert len(receiver.arrived) == 3


def test_a_worker_that_is_killed(broker: Broker) -> None:
    """kill -9 of all its processes: another one gets what they had."""
    with Receiver(lambda n, user: slow(0.02, reply(200))) as receiver:
        put(producer(broker, receiver), 150)
        with worker(broker, receiver) as first:
            until(lambda: len(receiver.arrived) > 30, "it does not deliver")
            first.kill()
        with worker(broker, receiver):
            receiver.wait(150 - broker.loses)
    duplicated = [user for user, times in receiver.delivered().items() if times > 1]
    assert len(duplicated) <= 4


def _children(pid: int) -> list[int]:
    command = ["ps", "-o", "pid=", "--ppid", str(pid)]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    return [int(line) for line in found.stdout.split()]


def test_a_broker_that_is_killed(broker: Broker) -> None:
    """`put` raises meanwhile; what it accepted is there afterwards.

    RabbitMQ may forget acknowledgements of the last moment, so that these come once more. Workers
    of Celery do not always find their way back to Redis: another one is started.
    """
    with Receiver(lambda n, user: slow(0.02, reply(200))) as receiver:
        relay = producer(broker, receiver)
        put(relay, 100)
        with worker(broker, receiver):
            until(lambda: len(receiver.arrived) > 20, "it does not deliver")
            broker.server.kill()
            with pytest.raises(Exception, match=r"refused|111|closed|Connection"):
                relay.put(UserSuppressed(user_id="x"))
            broker.server.start()
            before = set(receiver.delivered())
            put(relay, 10, "later")
            with worker(broker, receiver):
                receiver.wait(110 - broker.loses, 60)
    duplicated = {user for user, times in receiver.delivered().items() if times > 1}
    assert len(duplicated - before) <= 4


def test_messages_that_are_no_events(broker: Broker) -> None:
    newer = json.dumps({"v": 2, "operation": "track"})
    app = Celery("acme", broker=broker.url, set_as_current=False)
    with Receiver() as receiver:
        name = "customerio_events.deliver"
        app.send_task(name, ("not json",), queue="events")
        app.send_task(name, (newer,), queue="events")
        with worker(broker, receiver) as running:
            until(lambda: "told dead None" in running.said, "it is not put aside")
            until(lambda: "are left to a newer version" in running.said, "it is not left")
    assert [len(broker.queue(f"{name}.dead")), receiver.arrived] == [1, []]


def test_rabbitmq_has_to_confirm() -> None:
    app = Celery("acme", broker="amqp://127.0.0.1:1//", set_as_current=False)
    with Receiver() as receiver:
        relay = Relay(CeleryTask(app), client=client(receiver))
        with pytest.raises(SinkError, match="confirm_publish"):
            relay.put(UserSuppressed(user_id="1"))
        with pytest.raises(SinkError, match="celery -A"):
            relay.run()


def test_tasks_that_are_done_at_once() -> None:
    """`task_always_eager`, as tests of applications have it."""
    app = Celery("acme", broker="memory://", set_as_current=False)
    app.conf.task_always_eager = True
    with Receiver() as receiver:
        Relay(CeleryTask(app), client=client(receiver)).put(UserSuppressed(user_id="1"))
        receiver.wait(1)
        with Client(api_key=KEY, server=receiver.url, disabled=True) as off:
            Relay(CeleryTask(app, name="off"), client=off).put(UserSuppressed(user_id="2"))
    assert receiver.delivered() == {"1": 1}
