"""The outbox for event loops: the same promise, kept by tasks."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from customerio_events import AsyncClient, UserSuppressed
from customerio_events._runtime.store import journal
from customerio_events.outbox import AsyncOutbox, Backoff, Failure, OutboxFull, Stats
from delivery.receiver import BREAK, OK, Counts, Receiver, Reply, Script, counts, numbered, outbox
from delivery.test_outbox_life import PACKAGES

QUICK = Backoff(base=0.02, cap=0.3, pause=0.2)


def async_outbox(
    receiver: Receiver, path: object, timeout: float = 60.0, **options: Any
) -> AsyncOutbox:
    client = AsyncClient(api_key="secret", server=receiver.url, trust_env=False, timeout=timeout)
    return AsyncOutbox(str(path), client=client, **{"backoff": QUICK, **options})


def deliver(
    tmp_path: Path, receiver: Receiver, number: int = 300, **options: Any
) -> tuple[Counts, Stats]:
    """Put numbered events in, and wait until nothing is pending."""

    async def main() -> Stats:
        async with async_outbox(receiver, tmp_path / "e.db", **options) as box:
            for each in range(number):
                await box.put(numbered(each))
            assert await box.flush(30), await box.stats()
            return await box.stats()

    stats = asyncio.run(main())
    return counts(receiver.arrived, set(range(number))), stats


def each_at_first(number: int, reply: Reply) -> Script:
    seen = Counter[int]()

    def script(count: int, event: dict[str, Any]) -> Reply:
        seen[event["n"]] += 1
        return reply if seen[event["n"]] <= number else OK

    return script


@pytest.mark.parametrize(
    "script",
    [
        lambda number, event: OK,
        lambda number, event: Reply(500) if number < 3 else OK,
        lambda number, event: BREAK if number < 20 else OK,
        each_at_first(2, Reply(503)),
        lambda number, event: Reply(429, "Retry-After: 1\r\n") if not number else OK,
    ],
    ids=["well", "500", "reset", "each 503", "429"],
)
def test_nothing_is_lost_and_order_is_kept(tmp_path: Path, script: Script) -> None:
    with Receiver(script) as receiver:
        found, stats = deliver(tmp_path, receiver, 200)
    assert found == Counts(200, 0, set(), True)
    assert (stats.pending, stats.delivered, stats.dead) == (0, 200, 0)


def test_in_memory(tmp_path: Path) -> None:
    async def main(receiver: Receiver) -> None:
        async with async_outbox(receiver, ":memory:") as box:
            for number in range(100):
                await box.put(numbered(number))

    with Receiver() as receiver:
        asyncio.run(main(receiver))
    assert counts(receiver.arrived, set(range(100))) == Counts(100, 0, set(), True)
    assert not list(tmp_path.iterdir())


def test_receipts(tmp_path: Path) -> None:
    refuse: Script = lambda number, event: Reply(400) if event["n"] == 2 else OK  # noqa: E731
    failures: list[Failure] = []

    async def main(receiver: Receiver) -> None:
        async with async_outbox(receiver, tmp_path / "e.db", on_failure=failures.append) as box:
            good, bad = await box.put(numbered(1)), await box.put(numbered(2), label="x")
            assert (await good.wait(5)).status == 200
            assert (await good).delivered
            outcome = await bad.wait(5)
            assert (outcome.delivered, outcome.errors) == (False, ("no such person",))

    with Receiver(refuse) as receiver:
        asyncio.run(main(receiver))
    assert [(f.kind, f.label) for f in failures] == [("dead", "x")]


def test_a_wait_that_takes_too_long(tmp_path: Path) -> None:
    async def main(receiver: Receiver) -> None:
        box = async_outbox(receiver, tmp_path / "e.db")
        receipt = await box.put(numbered(1))
        with pytest.raises(TimeoutError, match="401"):
            await receipt.wait(0.5)
        assert not await box.aclose(0)

    with Receiver(lambda number, event: Reply(401)) as receiver:
        asyncio.run(main(receiver))


def test_the_loop_is_not_held_up_while_another_process_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for the other does so in a thread."""
    waiting = set[int]()

    def nap(seconds: float) -> None:
        waiting.add(threading.get_ident())
        time.sleep(seconds)

    async def main(receiver: Receiver) -> None:
        async with async_outbox(receiver, tmp_path / "e.db") as box:
            await box.put(numbered(1))
            other = sqlite3.connect(tmp_path / "e.db", isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            monkeypatch.setattr(journal, "sleep", nap)
            putting = asyncio.create_task(box.put(numbered(2)))
            while not waiting:
                await asyncio.sleep(0.001)
            assert threading.get_ident() not in waiting
            assert not putting.done(), "nothing was accepted that is not stored"
            other.execute("ROLLBACK")
            other.close()
            await putting
            assert await box.flush(10)

    with Receiver() as receiver:
        asyncio.run(main(receiver))
    assert counts(receiver.arrived, {1, 2}) == Counts(2, 0, set(), True)


def test_another_loop_goes_on_where_one_ended(tmp_path: Path) -> None:
    with Receiver(lambda number, event: Reply(seconds=0.2)) as receiver:
        box = async_outbox(receiver, tmp_path / "e.db")

        async def first() -> None:
            for number in range(10):
                await box.put(numbered(number))
            await asyncio.sleep(0.05)  # some are under way, and are cancelled with the loop

        async def second() -> None:
            assert await box.flush(10)
            await box.aclose()

        asyncio.run(first())
        asyncio.run(second())
    found = counts(receiver.arrived, set(range(10)))
    assert (found.received, found.lost) == (10, set())


def test_cancelled_puts_are_stored_or_not(tmp_path: Path) -> None:
    accepted = set[int]()

    async def one(box: AsyncOutbox, number: int) -> None:
        await box.put(numbered(number))
        accepted.add(number)

    async def main(receiver: Receiver) -> None:
        async with async_outbox(receiver, tmp_path / "e.db", sync="disk") as box:
            tasks = [asyncio.create_task(one(box, number)) for number in range(60)]
            await asyncio.sleep(0.005)
            for task in tasks[::2]:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            assert await box.flush(10)

    with Receiver() as receiver:
        asyncio.run(main(receiver))
    found = counts(receiver.arrived, accepted)
    assert (found.lost, found.duplicated) == (set(), 0)
    assert len(accepted) >= 30


def test_a_full_queue(tmp_path: Path) -> None:
    async def main(receiver: Receiver) -> None:
        options: dict[str, Any] = {"max_pending": 3, "concurrency": 0}
        async with async_outbox(receiver, tmp_path / "e.db", **options) as box:
            for number in range(3):
                await box.put(numbered(number))
            with pytest.raises(OutboxFull):
                await box.put(numbered(3))
        options = {"max_pending": 3, "when_full": "wait", "concurrency": 1}
        async with async_outbox(receiver, tmp_path / "e.db", **options) as box:
            for number in range(3, 20):
                await box.put(numbered(number))
            assert await box.flush(10)

    with Receiver() as receiver:
        asyncio.run(main(receiver))
    assert counts(receiver.arrived, set(range(20))).lost == set()


def test_it_shares_the_file_with_a_sync_one(tmp_path: Path) -> None:
    async def main(receiver: Receiver) -> None:
        async with async_outbox(receiver, tmp_path / "e.db") as box:
            receipts = [await box.put(numbered(number)) for number in range(50)]
            outcomes = [await receipt.wait(10) for receipt in receipts]
            assert {outcome.status for outcome in outcomes} == {200}

    with Receiver() as receiver, outbox(receiver, tmp_path / "e.db") as box:
        box.put(UserSuppressed(user_id="1", extra={"n": 100})).wait(5)
        thread = threading.Thread(target=lambda: asyncio.run(main(receiver)))
        thread.start()
        thread.join()
    assert counts(receiver.arrived, set(range(50))) == Counts(51, 0, set(), True)


def test_a_program_that_does_not_use_it_does_not_load_asyncio() -> None:
    program = "import sys, customerio_events.outbox as o; o.Outbox; print('asyncio' in sys.modules)"
    printed = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": PACKAGES[0]}, capture_output=True
    )
    assert printed.stdout.split() == [b"False"], printed.stderr
