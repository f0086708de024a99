"""How many requests are under way at once, by how many threads, and what holds up nobody else."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from customerio_events import AsyncClient, SocketTransport
from customerio_events.outbox import AsyncOutbox, Outbox
from delivery.receiver import OK, Receiver, Reply, client, counts, numbered, outbox
from delivery.test_outbox_life import PACKAGES


class Wrapped:
    """A transport of the caller's, which waits for its answers itself."""

    def __init__(self) -> None:
        self._inner = SocketTransport(trust_env=False)
        self.send, self.close = self._inner.send, self._inner.close


@pytest.mark.parametrize(
    ("given", "threads"),
    [
        (dict, 1),
        (lambda: {"on_request": lambda attempt: None}, 20),
        (lambda: {"transport": Wrapped()}, 20),
    ],
    ids=["plain", "hook", "transport"],
)
@pytest.mark.parametrize("path", ["e.db", ":memory:"])
def test_as_many_are_under_way_as_configured(
    tmp_path: Path, path: str, given: Callable[[], dict[str, Any]], threads: int
) -> None:
    """By one thread, unless something of the caller's may block it."""
    under_way, most = set[int](), [0]
    free = threading.Event()

    def script(number: int, event: dict[str, Any]) -> Reply:
        under_way.add(number)
        most[0] = max(most[0], len(under_way))
        return OK if free.is_set() else Reply(seconds=0.5)

    where = path if path == ":memory:" else tmp_path / path
    with (
        Receiver(script) as receiver,
        Outbox(where, client=client(receiver, **given()), concurrency=20) as box,
    ):
        before = threading.active_count()
        for number in range(50):
            box.put(numbered(number))
        deadline = time.monotonic() + 20
        while most[0] < 20 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(under_way) == 20
        assert box.stats().in_flight == 20
        free.set()
        assert box.flush(20)
        senders = [t for t in threading.enumerate() if t.name == "outbox-sender"]
        assert len(senders) == threads
        assert threading.active_count() == before
    assert counts(receiver.arrived, set(range(50))).lost == set()


class Full:
    """Answers only when so many requests are under way at once; then all."""

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self.begun = 0
        self.reached = False

    def __call__(self, number: int, event: dict[str, Any]) -> Reply:
        self.begun += 1
        self.reached = self.reached or self.begun == self._wanted
        return Reply(seconds=0.01) if self.reached else Reply(seconds=1)


@pytest.mark.parametrize("way", ["sync", "async"])
def test_a_hundred_and_fifty_under_way_have_a_connection_each(tmp_path: Path, way: str) -> None:
    """More than a client has for itself; and they are kept for the next ones."""
    script = Full(150)

    async def on_a_loop(url: str) -> None:
        sender = AsyncClient(api_key="secret", server=url, trust_env=False)
        async with AsyncOutbox(tmp_path / "e.db", client=sender, concurrency=150, key=None) as box:
            await box.put_many(map(numbered, range(3000)))
            assert await box.flush(30)

    with Receiver(script) as receiver:
        if way == "async":
            asyncio.run(on_a_loop(receiver.url))
        else:
            with outbox(receiver, tmp_path / "e.db", concurrency=150, key=None) as box:
                box.put_many(map(numbered, range(3000)))
                assert box.flush(30)
        assert script.reached
        assert receiver.accepted == 150
    assert counts(receiver.arrived, set(range(3000))).lost == set()


def test_an_alarm_that_takes_its_time_holds_up_nobody(tmp_path: Path) -> None:
    released, told = threading.Event(), list[int]()

    def alarm(failure: Any) -> None:
        released.wait(30)
        told.append(failure.id)

    def script(number: int, event: dict[str, Any]) -> Reply:
        return Reply(400) if event["n"] < 5 else OK

    with (
        Receiver(script) as receiver,
        outbox(receiver, tmp_path / "e.db", on_failure=alarm) as box,
    ):
        receipts = [box.put(numbered(number)) for number in range(100)]
        assert box.flush(20)
        assert not told
        released.set()
    assert told == [receipt.id for receipt in receipts[:5]]  # all of them, when it is closed


def test_a_server_that_does_not_answer_holds_up_nobody(tmp_path: Path) -> None:
    """One thread waits for all: each answer is taken when it is there."""

    def script(number: int, event: dict[str, Any]) -> Reply:
        return Reply(seconds=3) if event["n"] == 0 else OK

    with Receiver(script) as receiver, outbox(receiver, tmp_path / "e.db") as box:
        slow = box.put(numbered(0))
        begun = time.monotonic()
        for receipt in [box.put(numbered(number)) for number in range(1, 50)]:
            receipt.wait(20)
        assert slow.outcome is None
        assert time.monotonic() - begun < 3
        assert slow.wait(20).delivered


FEW_FILES = """
import os, resource, sys
from customerio_events import Client, UserSuppressed
from customerio_events.outbox import Outbox, OutboxError

def options(**more):
    client = Client(api_key="secret", server=sys.argv[1], trust_env=False, **more)
    return {"client": client, "concurrency": 50}

box = Outbox(sys.argv[2], **options())
most = len(os.listdir("/proc/self/fd")) + 12
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
for number in range(200):
    box.put(UserSuppressed(user_id=f"u{number}", extra={"n": number}))
assert box.flush(30), box.stats()
print(box.close())
try:
    Outbox(sys.argv[3], **options(on_request=print))
except OutboxError as error:
    print(error)
"""


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="it cannot be seen what is open")
def test_too_few_files_may_be_open(tmp_path: Path) -> None:
    """Connections that cannot be made are tried again; senders that cannot be are an error."""
    with Receiver(lambda number, event: Reply(seconds=0.02)) as receiver:
        address = receiver.url.replace("127.0.0.1", "localhost")
        given = [address, str(tmp_path / "a.db"), str(tmp_path / "b.db")]
        ran = subprocess.run(
            [sys.executable, "-c", FEW_FILES, *given],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(PACKAGES)},
            capture_output=True,
            text=True,
            timeout=60,
        )
    refused = f"{tmp_path / 'b.db'}: it cannot deliver: Too many open files"
    assert ran.stdout.splitlines() == ["True", refused], ran.stderr
    assert counts(receiver.arrived, set(range(200))).lost == set()
