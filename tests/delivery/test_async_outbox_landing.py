"""What has come back to an async outbox is written together, and by nobody who can be cancelled."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from customerio_events import AsyncClient
from customerio_events._runtime.outbox import landing
from customerio_events._runtime.outbox.landing import Landing
from customerio_events._runtime.outbox.sleepers import Sleepers
from customerio_events.outbox import AsyncOutbox, AsyncReceipt, OutboxError
from delivery.receiver import OK, Receiver, Reply, counts, numbered, outbox

EIGHT = set(range(8))
NINE = set(range(9))


def opened(receiver: Receiver, path: Path | None, **options: Any) -> AsyncOutbox:
    sender = AsyncClient(api_key="secret", server=receiver.url, trust_env=False)
    return AsyncOutbox(path, client=sender, **options)


def settling(box: AsyncOutbox, *errors: BaseException) -> list[int]:
    """How many each write settles, as it goes on; the first ones raise these errors instead."""
    store: Any = box._state.store  # pyright: ignore[reportPrivateUsage]
    settle, written, left = store.settle, list[int](), list(errors)

    def counted(settled: Any, *, wait: float) -> None:
        if left:
            raise left.pop(0)
        settle(settled, wait=wait)
        written.append(len(settled.delivered))

    store.settle = counted
    return written


@contextmanager
def locked(path: Path) -> Iterator[sqlite3.Connection]:
    """Another process, as it were, is writing to the file, until it rolls back."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield other
    finally:
        other.close()


async def put_eight(box: AsyncOutbox) -> list[AsyncReceipt]:
    """Put them in as one that delivers already: nothing of them is sent before it is waited."""
    await box.put(numbered(8))
    assert await box.flush(20)
    return await box.put_many(map(numbered, EIGHT))


async def landed(box: AsyncOutbox, number: int) -> None:
    """Wait until so many are back, and not written."""
    there: Any = box._landing  # pyright: ignore[reportPrivateUsage]

    async def look() -> None:
        while sum(len(t.settlements) for t in (there._written, there._landed) if t) < number:
            await asyncio.sleep(0.001)

    await asyncio.wait_for(look(), 20)


async def at_rest(box: AsyncOutbox) -> None:
    while (await box.stats()).in_flight:
        await asyncio.sleep(0.001)


def test_what_lands_while_others_write_is_written_together(tmp_path: Path) -> None:
    """And nobody is told of it before."""

    async def main(receiver: Receiver) -> None:
        async with opened(receiver, tmp_path / "e.db") as box:
            receipts = await put_eight(box)
            written = settling(box)
            with locked(tmp_path / "e.db"):
                await landed(box, 8)
                assert [receipt.outcome for receipt in receipts] == [None] * 8
                assert (await box.stats()).pending == 8
            assert {(await receipt.wait(20)).status for receipt in receipts} == {200}
            assert sum(written) == 8
            assert len(written) <= 2, "those who came first, and all others"

    with Receiver() as receiver:
        asyncio.run(main(receiver))
    assert counts(receiver.arrived, NINE).duplicated == 0


def test_what_lands_in_one_turn_is_written_together() -> None:
    """And nobody goes on before it is written."""
    written, going_on = list[list[Any]](), list[int]()

    async def settle(there: Landing, number: Any) -> None:
        await there.settle([number])
        assert any(number in each for each in written)
        going_on.append(number)

    async def main() -> None:
        there = Landing(
            asyncio.get_running_loop(),
            lambda settlements, wait: written.append([*settlements]),
            lambda settlements, error: None,
            lambda error: False,
            at_once=True,
        )
        await asyncio.gather(*(settle(there, number) for number in EIGHT))
        await settle(there, 9)
        assert await there.emptied(0)

    asyncio.run(main())
    assert written == [[*EIGHT], [9]]
    assert going_on == [*EIGHT, 9]


@pytest.mark.parametrize("sync", ["os", "disk"])
def test_whoever_cancels_all_tasks_cancels_no_settlement(tmp_path: Path, sync: str) -> None:
    async def main(receiver: Receiver) -> None:
        path = tmp_path / "e.db"
        async with opened(receiver, path, sync=sync) as box:
            await put_eight(box)
            with locked(path):
                await landed(box, 8)
                for task in asyncio.all_tasks() - {asyncio.current_task()}:
                    task.cancel()
            assert await box.flush(20)
            await box.put(numbered(9))
            assert await box.flush(20)
            await asyncio.wait_for(at_rest(box), 20)
            assert (await box.stats()).delivered == 10

    with Receiver() as receiver:
        asyncio.run(main(receiver))
    found = counts(receiver.arrived, NINE | {9})
    assert (found.duplicated, found.lost) == (0, set())


def test_what_has_landed_outlives_its_loop(tmp_path: Path) -> None:
    path = tmp_path / "e.db"

    async def unlock(other: sqlite3.Connection) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            other.execute("ROLLBACK")

    async def first(box: AsyncOutbox) -> None:
        await put_eight(box)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        unlocking.append(asyncio.create_task(unlock(other)))
        await landed(box, 8)

    async def second(box: AsyncOutbox) -> None:
        await box.put(numbered(9))
        assert await box.flush(20)
        await asyncio.wait_for(at_rest(box), 20)
        assert await box.aclose()

    unlocking = list[Any]()
    with Receiver() as receiver:
        box = opened(receiver, path)
        asyncio.run(first(box))
        asyncio.run(second(box))
    found = counts(receiver.arrived, NINE | {9})
    assert found.lost == set()
    assert found.duplicated <= 8


@pytest.mark.parametrize("path", ["e.db", None])
@pytest.mark.parametrize("step", ["settle", "_go_on"])
def test_what_cannot_be_settled_is_logged_and_sent_again(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    path: str | None,
    step: str,
) -> None:
    async def main(receiver: Receiver) -> None:
        async with opened(receiver, path and tmp_path / path) as box:  # type: ignore[arg-type]
            broken: Any = box if step == "_go_on" else box._state.store  # pyright: ignore[reportPrivateUsage]
            done, left = getattr(broken, step), [ZeroDivisionError] * 3

            def fail(*given: Any, **named: Any) -> Any:
                if left:
                    raise left.pop()
                return done(*given, **named)

            monkeypatch.setattr(broken, step, fail)
            receipts = await box.put_many(map(numbered, EIGHT))
            assert {(await receipt.wait(20)).delivered for receipt in receipts} == {True}
            assert await box.flush(20)
            await asyncio.wait_for(at_rest(box), 20)  # also what was written before it failed
            stats = await box.stats()
            assert (stats.pending, stats.delivered) == (0, 8)

    with Receiver() as receiver:
        asyncio.run(main(receiver))
    found = counts(receiver.arrived, EIGHT)
    assert (found.received, found.lost) == (8, set())
    assert found.duplicated
    assert "the outbox cannot go on" in caplog.text


def test_a_disk_that_takes_nothing_is_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main(receiver: Receiver) -> None:
        async with opened(receiver, tmp_path / "e.db") as box:
            settling(box, *[OutboxError("the disk fails")] * 3)
            await box.put_many(map(numbered, EIGHT))
            assert await box.flush(20)

    monkeypatch.setattr(landing, "_SLOW", 0.01)
    with Receiver() as receiver:
        asyncio.run(main(receiver))
    assert counts(receiver.arrived, EIGHT).duplicated == 0
    said = [each for each in caplog.records if "the disk fails" in each.message]
    assert len(said) == 1


def test_ctrl_c_in_the_midst_of_a_write_stops_nobody_for_good(tmp_path: Path) -> None:
    loop = asyncio.new_event_loop()

    async def begin(box: AsyncOutbox) -> None:
        await box.put_many(map(numbered, EIGHT))
        await asyncio.Event().wait()

    async def end(box: AsyncOutbox) -> None:
        assert await box.flush(20)
        await asyncio.wait_for(at_rest(box), 20)
        assert await box.aclose()

    with Receiver() as receiver:
        box = opened(receiver, tmp_path / "e.db", concurrency=2)
        settling(box, KeyboardInterrupt())
        beginning = loop.create_task(begin(box))
        with pytest.raises(KeyboardInterrupt):
            loop.run_until_complete(beginning)
        beginning.cancel()
        loop.run_until_complete(end(box))
        loop.close()
    assert counts(receiver.arrived, EIGHT).lost == set()


@pytest.mark.parametrize("sync", ["os", "disk"])
def test_ctrl_c_just_behind_a_write_stops_nobody_for_good(tmp_path: Path, sync: str) -> None:
    loop = asyncio.new_event_loop()

    async def begin(box: AsyncOutbox) -> None:
        await box.put_many(map(numbered, EIGHT))
        await asyncio.Event().wait()

    async def end(box: AsyncOutbox) -> None:
        assert await box.flush(20)
        await asyncio.wait_for(at_rest(box), 20)
        await box.put(numbered(8))
        assert await box.flush(20), await box.stats()
        assert await box.aclose()

    with Receiver() as receiver:
        box: Any = opened(receiver, tmp_path / "e.db", sync=sync, concurrency=2)
        go_on, left = box._go_on, [KeyboardInterrupt()]

        def interrupted(*given: Any) -> None:
            if left:
                raise left.pop()
            go_on(*given)

        box._go_on = interrupted
        beginning = loop.create_task(begin(box))
        with pytest.raises(KeyboardInterrupt):
            loop.run_until_complete(beginning)
        beginning.cancel()
        loop.run_until_complete(end(box))
        loop.close()
    assert counts(receiver.arrived, NINE).lost == set()


def test_an_executor_that_ends_ends_no_landing() -> None:
    """A program may shut down the one that it has given its loop."""
    given_up = list[BaseException | None]()

    async def main() -> None:
        loop, busy = asyncio.get_running_loop(), threading.Event()
        threads = ThreadPoolExecutor(1)
        loop.set_default_executor(threads)
        threads.submit(busy.wait)
        there = Landing(
            loop,
            lambda settlements, wait: None,
            lambda settlements, error: given_up.append(error),
            lambda error: False,
            at_once=False,
        )
        number: Any = 1
        landing = asyncio.create_task(there.settle([number]))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        threads.shutdown(wait=False, cancel_futures=True)
        busy.set()
        await asyncio.wait_for(landing, 20)
        assert await there.emptied(0)

    asyncio.run(main())
    assert [type(error) for error in given_up] == [asyncio.CancelledError]


def test_threads_that_were_shut_down_for_good(tmp_path: Path) -> None:
    """What was delivered is written all the same: else it would be sent again and again."""

    async def main(receiver: Receiver) -> None:
        box = opened(receiver, tmp_path / "e.db", sync="disk")
        receipts = await box.put_many(map(numbered, EIGHT))
        while not receiver.arrived.times:
            await asyncio.sleep(0.001)
        await asyncio.get_running_loop().shutdown_default_executor()
        for receipt in receipts:
            assert (await receipt.wait(20)).delivered
        await box.aclose()

    with Receiver(lambda number, event: Reply(seconds=0.3)) as receiver:
        asyncio.run(main(receiver))
    arrived = counts(receiver.arrived, EIGHT)
    assert (arrived.lost, arrived.duplicated) == (set(), 0)


def test_what_is_not_written_in_time_is_said_and_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "e.db"

    async def main(receiver: Receiver) -> None:
        box = opened(receiver, path)
        await put_eight(box)
        with locked(path):
            await landed(box, 8)
            assert not await box.aclose(0)

    with Receiver() as receiver:
        asyncio.run(main(receiver))
        assert "it may be sent once more" in caplog.text
        with outbox(receiver, path, concurrency=0) as box:
            assert (box.stats().pending, box.stats().delivered) == (8, 1)


def test_a_wish_for_rest_counts_before_it_is_written(tmp_path: Path) -> None:
    """While others write, nothing else is sent either."""

    def script(number: int, event: dict[str, Any]) -> Reply:
        return Reply(503, "Retry-After: 60\r\n") if number else OK

    async def main(receiver: Receiver) -> None:
        path = tmp_path / "e.db"
        async with opened(receiver, path, concurrency=2) as box:
            await put_eight(box)
            with locked(path):
                begun = time.monotonic()
                await landed(box, 1)
                assert time.monotonic() - begun < 20, "the loop waited, as long as a thread does"
                desk: Any = box._state.desk  # pyright: ignore[reportPrivateUsage]
                assert desk.take() > 30

    with Receiver(script) as receiver:
        asyncio.run(main(receiver))
    assert len(receiver.arrived.times) <= 3


def test_sleepers() -> None:
    async def main() -> None:
        sleepers = Sleepers()
        await asyncio.wait_for(sleepers.sleep(0.001), 20)
        assert not sleepers._sleeping  # pyright: ignore[reportPrivateUsage]
        tasks = [asyncio.create_task(sleepers.sleep(3600)) for _ in range(4)]
        await asyncio.sleep(0)
        tasks[0].cancel()
        await asyncio.wait(tasks[:1])
        sleepers.wake(everyone=False)
        await asyncio.wait_for(tasks[1], 20)
        assert not tasks[2].done()
        sleepers.wake(everyone=True)
        await asyncio.wait_for(asyncio.gather(*tasks[2:]), 20)
        assert not sleepers._sleeping  # pyright: ignore[reportPrivateUsage]

    asyncio.run(main())
