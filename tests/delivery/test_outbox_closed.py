"""What an outbox says and does when it ends, and after that."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from customerio_events import AsyncClient, Client
from customerio_events.outbox import AsyncOutbox, Backoff, Failure, Outbox, OutboxError
from delivery.receiver import OK, Receiver, Reply, client, numbered, outbox

SLOW = Reply(200, seconds=2.0)


def async_client(receiver: Receiver) -> AsyncClient:
    return AsyncClient(api_key="secret", server=receiver.url, trust_env=False)


@pytest.mark.parametrize("memory", [True, False])
def test_it_says_that_it_is_closed(tmp_path: Path, memory: bool) -> None:
    with Receiver() as receiver:
        box = Outbox(None if memory else tmp_path / "e.db", client=client(receiver))
        box.close()
        asked: list[Any] = [
            lambda: box.put(numbered(1)),
            lambda: box.put_many([numbered(1)]),
            box.stats,
            box.dead_letters,
            box.retry_dead,
            box.purge_dead,
            box.flush,
            box.resume,
            box.notes,
        ]
        for ask in asked:
            with pytest.raises(RuntimeError, match=r"^this outbox is closed$") as caught:
                ask()
            assert isinstance(caught.value, OutboxError)
        assert box.close() is True


@pytest.mark.parametrize("memory", [True, False])
def test_the_async_one_says_the_same(tmp_path: Path, memory: bool) -> None:
    async def run(receiver: Receiver) -> None:
        path = None if memory else tmp_path / "e.db"
        box = AsyncOutbox(path, client=async_client(receiver))
        await box.aclose()
        asked: list[Any] = [
            lambda: box.put(numbered(1)),
            lambda: box.put_many([numbered(1)]),
            box.stats,
            box.flush,
        ]
        for ask in asked:
            with pytest.raises(RuntimeError, match=r"^this outbox is closed$"):
                await ask()

    with Receiver() as receiver:
        asyncio.run(run(receiver))


def until_paused(box: Outbox) -> None:
    deadline = time.monotonic() + 10
    while not box.stats().paused and time.monotonic() < deadline:
        time.sleep(0.01)


@pytest.mark.parametrize("reply", [Reply(401), Reply(503, "Retry-After: 60\r\n")])
def test_where_nothing_can_go_on_it_ends_at_once(tmp_path: Path, reply: Reply) -> None:
    with Receiver(lambda number, event: reply) as receiver:
        box = outbox(receiver, tmp_path / "e.db")
        box.put(numbered(1))
        time.sleep(0.3)
        begun = time.monotonic()
        assert box.close(20) is False
        assert time.monotonic() - begun < 10

        async def run() -> None:
            box = AsyncOutbox(None, client=async_client(receiver))
            await box.put(numbered(1))
            await asyncio.sleep(0.3)
            begun = time.monotonic()
            assert await box.aclose(20) is False
            assert time.monotonic() - begun < 10

        asyncio.run(run())


def test_a_pause_of_before_is_no_reason_to_give_up(tmp_path: Path) -> None:
    """A program that puts in and closes at once, on a file that was left paused."""
    with Receiver(lambda number, event: Reply(401)) as receiver:
        box = outbox(receiver, tmp_path / "e.db")
        box.put(numbered(1))
        until_paused(box)
        box.close(0)
        receiver.script = lambda number, event: OK
        for number in range(2, 5):
            with outbox(receiver, tmp_path / "e.db") as box:
                box.put(numbered(number))
            assert box.close() is True
    assert len(receiver.arrived.events) == 4


def test_the_time_to_close_is_not_taken_twice(tmp_path: Path) -> None:
    with Receiver(lambda number, event: Reply(200, seconds=30.0)) as receiver:
        box = outbox(receiver, tmp_path / "e.db")
        box.put(numbered(1))
        begun = time.monotonic()
        assert box.close(1.5) is False
        assert 1.4 < time.monotonic() - begun < 2.9


def test_nor_by_an_alarm_that_does_not_end(tmp_path: Path) -> None:
    async def alarm(failure: Failure) -> None:
        await asyncio.sleep(60)

    async def run(receiver: Receiver) -> None:
        box = AsyncOutbox(None, client=async_client(receiver), on_failure=alarm)
        await box.put(numbered(0))
        await box.put(numbered(1))
        begun = time.monotonic()
        await box.aclose(1.5)
        assert time.monotonic() - begun < 2.9

    script = lambda number, event: SLOW if event["n"] else Reply(400)  # noqa: E731
    with Receiver(script) as receiver:
        asyncio.run(run(receiver))


def lost(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    said = [(each.levelname, each.getMessage()) for each in caplog.records]
    return [each for each in said if "the outbox ends" in each[1]]


def test_what_is_lost_with_the_memory_is_told(caplog: pytest.LogCaptureFixture) -> None:
    with Receiver(lambda number, event: Reply(503, "Retry-After: 60\r\n")) as receiver:
        box = Outbox(None, client=client(receiver))
        for number in range(7):
            box.put(numbered(number))
        time.sleep(0.3)
        box.close()
        box.close()
    ((level, text),) = lost(caplog)
    assert level == "WARNING"
    assert "7 events are lost with the outbox" in text
    assert "HTTP 503 for" in text


def test_what_is_left_in_a_file_is_no_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "customerio_events")
    with Receiver() as receiver:
        box = outbox(receiver, tmp_path / "e.db", concurrency=0)
        box.put(numbered(1))
        box.close()
        outbox(receiver, tmp_path / "f.db").close()
        Outbox(None, client=client(receiver)).close()
    ((level, text),) = lost(caplog)
    assert level == "INFO"
    assert "1 events are left in the file" in text


def test_one_in_memory_that_is_collected(caplog: pytest.LogCaptureFixture) -> None:
    async def run(receiver: Receiver) -> None:
        box = AsyncOutbox(None, client=async_client(receiver))
        for number in range(3):
            await box.put(numbered(number))
        await asyncio.sleep(0.2)

    with Receiver(lambda number, event: Reply(503)) as receiver:
        asyncio.run(run(receiver))
        gc.collect()
        box = Outbox(None, client=client(receiver), concurrency=0)
        box.put(numbered(1))
        del box
        gc.collect()
    levels, texts = zip(*lost(caplog), strict=True)
    assert levels == ("WARNING", "WARNING")
    assert "3 events are lost" in texts[0]
    assert "1 events are lost" in texts[1]


def test_one_in_memory_when_the_program_ends() -> None:
    program = """
import asyncio, logging
from customerio_events import AsyncClient, UserSuppressed
from customerio_events.outbox import AsyncOutbox
logging.basicConfig()
box = AsyncOutbox(None, client=AsyncClient(api_key="s", server="http://127.0.0.1:9"))
async def run():
    await box.put(UserSuppressed(user_id="1"))
asyncio.run(run())
"""
    ended = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "generated")},
    )
    assert ended.stderr.count("1 events are lost with the outbox") == 1


def broken(attempt: object) -> None:
    raise KeyError("s3cret")


def test_a_hook_that_raises_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    failures: list[Failure] = []
    with Receiver() as receiver:
        sender = client(receiver, on_request=[lambda attempt: None, broken])
        with Outbox(tmp_path / "e.db", client=sender, on_failure=failures.append) as box:
            box.put(numbered(1))
            until_paused(box)
            paused = box.stats().paused
            assert paused.startswith("KeyError in the hook broken (test_outbox_closed.py:")
            assert "s3cret" not in paused
    (failure,) = failures
    assert isinstance(failure.cause, KeyError)
    (record,) = [each for each in caplog.records if each.levelname == "ERROR"]
    assert record.exc_info
    trace = record.exc_info[2]
    assert trace
    assert trace.tb_frame.f_code.co_name == "broken", "no frame of the runtime is shown"


def test_a_function_for_the_credential_is_named_and_what_it_says_is_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def key() -> str:
        raise LookupError("s3cret")

    failures: list[Failure] = []
    with Receiver() as receiver:
        sender = Client(api_key=key, server=receiver.url, trust_env=False)
        with Outbox(tmp_path / "e.db", client=sender, on_failure=failures.append) as box:
            box.put(numbered(1))
            until_paused(box)
            assert box.stats().paused.startswith("LookupError in the function key (test_outbox_")
    assert [failure.cause for failure in failures] == [None]
    assert "s3cret" not in caplog.text


def test_a_client_that_was_closed_makes_no_dead_letters(tmp_path: Path) -> None:
    """Not even of events that have failed before while others were delivered."""
    with Receiver() as receiver:
        sender = client(receiver)
        quick = Backoff(base=0.001, cap=0.001, pause=0.001, attempts=2)
        with Outbox(tmp_path / "e.db", client=sender, backoff=quick) as box:
            box.put(numbered(1)).wait(5)
            sender.close()
            for number in range(2, 12):
                box.put(numbered(number))
            until_paused(box)
            time.sleep(0.5)
            stats = box.stats()
            assert (stats.pending, stats.dead) == (10, 0)
            assert "the client was closed" in stats.paused
            box.close(0)
        with outbox(receiver, tmp_path / "e.db") as box:
            assert box.flush(10)
        with pytest.raises(ValueError, match="client is closed"):
            Outbox(tmp_path / "e.db", client=sender)


def test_a_file_that_cannot_be_used_for_a_while_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "customerio_events")
    path = tmp_path / "e.db"

    def said(text: str) -> int:
        return sum(text in record.getMessage() for record in caplog.records)

    def rename(old: str, new: str) -> None:
        with closing(sqlite3.connect(path, timeout=10)) as file, file:
            file.execute(f"ALTER TABLE {old} RENAME TO {new}")

    with Receiver() as receiver, outbox(receiver, path) as box:
        box.put(numbered(1)).wait(5)
        rename("state", "gone")
        deadline = time.monotonic() + 10
        while not said("cannot go on") and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(2.5)  # it tries once a second
        assert said("the outbox cannot go on: ") == 1
        rename("gone", "state")
        while not said("the outbox can go on") and time.monotonic() < deadline:
            time.sleep(0.05)
        box.put(numbered(2))
        assert box.flush(10)
        assert said("the outbox can go on") == 1


def test_what_is_collected_is_forgotten() -> None:
    from customerio_events._runtime.store import forks

    def known() -> int:
        return len(forks._steps) + len(forks._ends)  # pyright: ignore[reportPrivateUsage]

    gc.collect()
    before = known()
    for _ in range(5):
        Outbox(None, client=Client(api_key="s", server="http://127.0.0.1:9"), concurrency=0)
    gc.collect()
    assert known() == before
