"""Async outboxes and what the program around them does wrong, or out of order."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from customerio_events import AsyncClient
from customerio_events._runtime.store import journal
from customerio_events.outbox import AsyncOutbox, AsyncReceipt, Backoff, Failure, OutboxError
from delivery.receiver import Receiver, Reply, counts, numbered


def opened(receiver: Receiver, path: object, **options: Any) -> AsyncOutbox:
    given = {name: options.pop(name) for name in ("on_request",) if name in options}
    client = AsyncClient(api_key="secret", server=receiver.url, trust_env=False, **given)
    return AsyncOutbox(str(path), client=client, **options)


def test_an_alarm_that_is_to_be_awaited_is_awaited(tmp_path: Path) -> None:
    told = list[int]()

    async def alert(failure: Failure) -> None:
        await asyncio.sleep(0.05)
        told.append(failure.id)
        raise ValueError  # it is logged, and changes nothing

    async def main(receiver: Receiver) -> None:
        async with opened(receiver, tmp_path / "e.db", on_failure=alert) as box:
            for number in range(5):
                await box.put(numbered(number))
            assert await box.flush(10)

    with Receiver(lambda number, event: Reply(400)) as receiver:
        asyncio.run(main(receiver))
    assert sorted(told) == [1, 2, 3, 4, 5], "also those that were under way at the end"


@pytest.mark.parametrize("path", ["e.db", ":memory:"])
def test_a_program_that_cancels_all_tasks_does_not_stop_it(tmp_path: Path, path: str) -> None:
    async def main(receiver: Receiver) -> None:
        where = path if path == ":memory:" else tmp_path / path
        async with opened(receiver, where, backoff=Backoff(base=0.01)) as box:
            for number in range(100):
                await box.put(numbered(number))
            await asyncio.sleep(0.05)
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()
            await asyncio.sleep(0.05)
            await box.put(numbered(100))
            assert await box.flush(20), await box.stats()
            assert (await box.stats()).in_flight == 0

    with Receiver(lambda number, event: Reply(seconds=0.01)) as receiver:
        asyncio.run(main(receiver))
    assert counts(receiver.arrived, set(range(101))).lost == set()


def test_a_hook_that_awaits_what_is_cancelled_does_not_stop_it(tmp_path: Path) -> None:
    left = [asyncio.CancelledError] * 20  # more than there are senders

    async def hook(attempt: object) -> None:
        if left:
            raise left.pop()()

    async def main(receiver: Receiver) -> None:
        quick = Backoff(base=0.01, cap=0.02, pause=0.01)
        async with opened(receiver, tmp_path / "e.db", backoff=quick, on_request=hook) as box:
            for number in range(50):
                await box.put(numbered(number))
            assert await box.flush(30), await box.stats()

    with Receiver() as receiver:
        asyncio.run(main(receiver))
    assert counts(receiver.arrived, set(range(50))).lost == set()


def test_another_loop_is_refused_while_the_first_is_running(tmp_path: Path) -> None:
    async def other(box: AsyncOutbox) -> None:
        with pytest.raises(RuntimeError, match="belongs to another event loop"):
            await box.put(numbered(1))

    async def main(receiver: Receiver) -> None:
        async with opened(receiver, tmp_path / "e.db") as box:
            await box.put(numbered(0))
            await asyncio.to_thread(asyncio.run, other(box))
            assert await box.flush(10)

    with Receiver() as receiver:
        asyncio.run(main(receiver))
    assert counts(receiver.arrived, {0}).received == 1


def test_ten_thousand_at_once(tmp_path: Path) -> None:
    async def main(receiver: Receiver) -> None:
        async with opened(receiver, tmp_path / "e.db", concurrency=0) as box:
            many = asyncio.gather(*(box.put(numbered(number)) for number in range(10_000)))
            assert len({receipt.id for receipt in await many}) == 10_000
            assert (await box.stats()).pending == 10_000
            assert threading.active_count() < 40

    with Receiver() as receiver:
        asyncio.run(main(receiver))


@pytest.mark.parametrize("turns", [0, 1, 2, 4, 8, 16, 64])
@pytest.mark.parametrize("strikes", [1, 2, 9])
def test_aclose_that_is_cancelled_leaves_nothing_open(
    tmp_path: Path, turns: int, strikes: int
) -> None:
    async def main(receiver: Receiver) -> None:
        box: Any = opened(receiver, tmp_path / "e.db")
        await box.put_many(map(numbered, range(20)))
        closing = asyncio.create_task(box.aclose(60))
        await asyncio.sleep(0)
        for _ in range(turns):
            await asyncio.sleep(0)
        for _ in range(strikes):
            closing.cancel()
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await closing
        with pytest.raises(OutboxError, match="closed"):
            box._own.store.last()
        assert box._sender._closed
        await asyncio.gather(*box._own.workers, return_exceptions=True)

    with Receiver(lambda number, event: Reply(seconds=60)) as receiver:
        asyncio.run(asyncio.wait_for(main(receiver), 40))


def test_the_loop_goes_on_while_it_is_closed_and_another_process_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    napped = set[int]()

    def nap(seconds: float) -> None:
        napped.add(threading.get_ident())
        time.sleep(seconds)

    async def main(receiver: Receiver) -> None:
        async with opened(receiver, tmp_path / "e.db") as box:
            await box.put(numbered(1))
            assert await box.flush(20)
            other = sqlite3.connect(tmp_path / "e.db", isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            monkeypatch.setattr(journal, "sleep", nap)
            assert await box.aclose()
            other.close()

    with Receiver() as receiver:
        asyncio.run(main(receiver))
    assert threading.get_ident() not in napped


def test_who_awaits_a_receipt_has_the_tasks_run(tmp_path: Path) -> None:
    """On another loop than before, or where all tasks were cancelled, and nobody puts in."""

    async def put(box: AsyncOutbox) -> list[AsyncReceipt]:
        return await box.put_many(map(numbered, range(20)))

    async def wait(box: AsyncOutbox, receipts: list[AsyncReceipt]) -> None:
        assert (await receipts[0].wait(20)).delivered
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        for receipt in receipts:
            assert (await receipt.wait(20)).delivered
        await box.aclose()

    with Receiver() as receiver:
        box = opened(receiver, tmp_path / "e.db", concurrency=1)
        asyncio.run(wait(box, asyncio.run(put(box))))


def test_a_receipt_belongs_to_the_loop_of_its_outbox(tmp_path: Path) -> None:
    async def other(receipt: AsyncReceipt) -> None:
        with pytest.raises(RuntimeError, match="belongs to another event loop"):
            await receipt.wait(20)

    async def main(receiver: Receiver) -> None:
        async with opened(receiver, tmp_path / "e.db") as box:
            await asyncio.to_thread(asyncio.run, other(await box.put(numbered(1))))

    with Receiver(lambda number, event: Reply(503)) as receiver:
        asyncio.run(main(receiver))


@pytest.mark.parametrize("sync", ["os", "disk"])
def test_a_receipt_has_the_status_also_just_after_it_was_written(tmp_path: Path, sync: str) -> None:
    """Whoever looks into the file finds it gone before this process has told anybody of it."""

    async def main(receiver: Receiver) -> None:
        async with opened(receiver, tmp_path / "e.db", sync=sync, concurrency=1) as box:
            own: Any = box
            settle, receipts = own._state.store.settle, list[AsyncReceipt]()

            def looked_up(*given: Any, **named: Any) -> None:
                settle(*given, **named)
                for receipt in receipts:
                    own._state.look_up(receipt)

            own._state.store.settle = looked_up
            receipts += await box.put_many(map(numbered, range(5)))
            assert {(await receipt.wait(20)).status for receipt in receipts} == {200}

    with Receiver() as receiver:
        asyncio.run(main(receiver))
