"""Many wait for receipts: who delivers is told of each, and does not ask the file all the time."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from customerio_events import AsyncClient
from customerio_events._runtime.outbox.states import State
from customerio_events._runtime.store.store import Store
from customerio_events.outbox import AsyncOutbox
from delivery.receiver import Receiver, Reply, numbered, outbox

MANY = 200
NEVER = Reply(seconds=60)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids that were looked up in a file, as it goes on."""
    outcome, asked = Store.outcome, list[int]()

    def counted(store: Store, id: int) -> Any:
        asked.append(id)
        return outcome(store, id)

    monkeypatch.setattr(Store, "outcome", counted)
    return asked


def opened(receiver: Receiver, path: Path, **options: Any) -> AsyncOutbox:
    client = AsyncClient(api_key="secret", server=receiver.url, trust_env=False)
    return AsyncOutbox(path, client=client, **options)


def test_who_delivers_seldom_asks_the_file(tmp_path: Path, looks: list[int]) -> None:
    async def main(receiver: Receiver) -> int:
        async with opened(receiver, tmp_path / "e.db") as box:
            receipts = await box.put_many(map(numbered, range(MANY)))
            waiting = [asyncio.create_task(receipt.wait()) for receipt in receipts]
            while not receiver.arrived.times:
                await asyncio.sleep(0.01)
            before = len(looks)
            await asyncio.sleep(1.5)
            asked = len(looks) - before
            for task in waiting:
                task.cancel()
            await box.aclose(0)
            return asked

    with Receiver(lambda number, event: NEVER) as receiver:
        assert MANY <= asyncio.run(main(receiver)) <= 3 * MANY


def test_who_does_not_deliver_asks_often(tmp_path: Path) -> None:
    """As it is told of nothing."""
    with Receiver() as receiver, outbox(receiver, tmp_path / "e.db") as delivers:
        assert delivers.put(numbered(0)).wait(20).delivered

        async def main(concurrency: int) -> float:
            async with opened(receiver, tmp_path / "e.db", concurrency=concurrency) as box:
                await asyncio.sleep(0.2)  # it knows by then that another does
                waits = list[float]()
                for number in range(5):
                    receipt = await box.put(numbered(number))
                    begun = time.monotonic()
                    assert (await receipt).delivered
                    waits.append(time.monotonic() - begun)
                return min(waits)

        for concurrency in (0, 8):
            assert asyncio.run(main(concurrency)) < 0.6, concurrency


def test_closing_wakes_who_waits(tmp_path: Path) -> None:
    """A thread of the program should not hold up its end."""
    with Receiver(lambda number, event: NEVER) as receiver:
        box = outbox(receiver, tmp_path / "e.db")
        receipt, woken = box.put(numbered(1)), list[float]()

        def wait() -> None:
            with pytest.raises(TimeoutError):
                receipt.wait()
            woken.append(time.monotonic())

        thread = threading.Thread(target=wait)
        thread.start()
        while not receiver.arrived.times:
            time.sleep(0.01)
        time.sleep(0.2)  # it has looked, and waits
        closed = time.monotonic()
        box.close(0)
        thread.join()
    assert woken[0] - closed < 0.5


def test_several_may_wait_for_one_receipt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is woken, and none has to look by itself; one that gives up takes no other along."""
    monkeypatch.setattr(State, "patience", 3600.0)
    told = list[bool]()
    sent = threading.Event()

    def script(number: int, event: dict[str, Any]) -> Reply:
        sent.set()
        return Reply(seconds=0.5)

    with Receiver(script) as receiver, outbox(receiver, tmp_path / "e.db") as box:
        receipt = box.put(numbered(0))
        assert sent.wait(20)
        threads = [
            threading.Thread(target=lambda: told.append(receipt.wait().delivered), daemon=True)
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        with pytest.raises(TimeoutError):
            receipt.wait(0.01)
        for thread in threads:
            thread.join(20)
    assert told == [True] * 4


def test_several_tasks_may_wait_for_one_receipt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(State, "patience", 3600.0)

    async def main(receiver: Receiver) -> list[bool]:
        async with opened(receiver, tmp_path / "e.db") as box:
            receipt = await box.put(numbered(0))
            tasks = [asyncio.create_task(receipt.wait()) for _ in range(4)]
            await asyncio.sleep(0)
            with pytest.raises(TimeoutError):
                await receipt.wait(0.01)
            outcomes = await asyncio.wait_for(asyncio.gather(*tasks), 20)
            return [outcome.delivered for outcome in outcomes]

    with Receiver(lambda number, event: Reply(seconds=0.5)) as receiver:
        assert asyncio.run(main(receiver)) == [True] * 4
