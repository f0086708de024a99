"""What could not be delivered: told in one vocabulary, looked at and put back."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from customerio_events import AsyncClient, Client
from customerio_events.outbox import AsyncOutbox, Backoff, DeadLetter, Failure, Outbox, OutboxFull
from delivery.receiver import OK, Receiver, Reply, client, numbered, outbox, until

WORDS = ("kind", "id", "operation", "body", "key", "label", "status", "reason", "errors", "cause")


def test_a_failure_and_a_dead_letter_read_alike(tmp_path: Path) -> None:
    failures: list[Failure] = []
    with (
        Receiver(lambda number, event: Reply(400)) as receiver,
        outbox(receiver, tmp_path / "e.db", on_failure=failures.append) as box,
    ):
        box.put(numbered(1, "u7"), label="row 3").wait(10)
        (letter,) = box.dead_letters()
        box.close()
    (failure,) = failures
    told = {word: getattr(failure, word) for word in WORDS}
    assert told == {word: getattr(letter, word) for word in WORDS}
    assert told == {
        "kind": "dead",
        "id": 1,
        "operation": "track",
        "body": numbered(1, "u7").to_json(),
        "key": "u7",
        "label": "row 3",
        "status": 400,
        "reason": letter.reason,
        "errors": ("no such person",),
        "cause": None,
    }
    assert set(Failure.__dataclass_fields__) <= {*WORDS}, "a dead letter has all of it"
    assert "u7" not in repr([failure, letter]), "nor is the payload shown"


@pytest.mark.parametrize("memory", [True, False])
def test_dead_letters_are_put_back_by_themselves_or_by_ids(tmp_path: Path, memory: bool) -> None:
    failures: list[Failure] = []
    with Receiver(lambda number, event: Reply(400)) as receiver:
        path: Any = None if memory else tmp_path / "e.db"
        sender = client(receiver)
        with Outbox(path, client=sender, on_failure=failures.append) as box:
            receipts = box.put_many(numbered(number) for number in range(6))
            for receipt in receipts:
                receipt.wait(10)
            deadline = time.monotonic() + 10
            while len(failures) < 6 and time.monotonic() < deadline:
                time.sleep(0.01)
            receiver.script = lambda number, event: OK
            first, second, *others = box.dead_letters()
            assert isinstance(first, DeadLetter)
            assert box.retry_dead([]) == 0
            assert box.retry_dead(iter([first])) == 1
            assert box.retry_dead([second.id]) == 1
            assert box.retry_dead([first, second, first.id]) == 0, "these are no dead letters now"
            by_id = {failure.id: failure for failure in failures}
            assert box.retry_dead([by_id[others[0].id], others[1]]) == 2
            assert box.retry_dead() == 2
            assert box.flush(10)
            wrong: Any
            for wrong in ("12", 3, first, [first.parcel], ["1"], [True], [None]):
                with pytest.raises(TypeError, match=r"dead letter"):
                    box.retry_dead(wrong)
            for wrong in ({"most": "9"}, {"after": True}, {"most": None}):
                with pytest.raises(TypeError, match="whole number"):
                    box.dead_letters(**wrong)
            with pytest.raises(ValueError, match="at least 0, not -1"):
                box.dead_letters(most=-1)
            assert box.dead_letters() == []
    assert sorted(event["n"] for event in receiver.arrived.events) == list(range(6))


@pytest.mark.parametrize("memory", [True, False])
def test_dead_letters_are_deleted_by_themselves_or_by_ids(tmp_path: Path, memory: bool) -> None:
    """And nothing else is; who kept a receipt learns of it."""
    with (
        Receiver(lambda number, event: OK if event["n"] == 5 else Reply(400)) as receiver,
        Outbox(None if memory else tmp_path / "e.db", client=client(receiver)) as box,
    ):
        receipts = box.put_many(numbered(number) for number in range(6))
        until(lambda: box.stats().pending == 0)
        first, second, *others = box.dead_letters()
        assert box.purge_dead([]) == 0
        assert box.purge_dead([first, second.id, first, 6, 99]) == 2
        assert box.dead_letters() == others
        with pytest.raises(TypeError, match="a list of them or of their ids"):
            box.purge_dead(others[0].id)  # type: ignore[arg-type] # pyright: ignore
        assert box.purge_dead() == 3
        assert (box.dead_letters(), box.retry_dead()) == ([], 0)
        assert (box.stats().dead, box.stats().delivered) == (0, 1)
        outcomes = [box._state.store.outcome(receipt.id) for receipt in receipts]  # pyright: ignore
    assert outcomes[:5] == [0] * 5


@pytest.mark.parametrize("memory", [True, False])
def test_dead_letters_take_no_room_until_they_are_put_back(tmp_path: Path, memory: bool) -> None:
    path: Any = None if memory else tmp_path / "e.db"
    with (
        Receiver(lambda number, event: Reply(400)) as receiver,
        Outbox(path, client=client(receiver), max_pending=3) as box,
    ):
        for receipt in box.put_many(map(numbered, range(3))):
            receipt.wait(10)
        receiver.script = lambda number, event: Reply(503)
        box.put_many(map(numbered, range(3, 5)))
        assert box.retry_dead([1]) == 1
        with pytest.raises(OutboxFull, match="3 events wait already, and 3 may"):
            box.put(numbered(5))
        assert (box.stats().pending, box.stats().dead) == (3, 2)
        receiver.script = lambda number, event: OK
        assert box.flush(20)
        assert box.put(numbered(5)).wait(10).delivered


def test_the_async_one_looks_at_them_without_blocking(tmp_path: Path) -> None:
    threads: set[int] = set()

    async def run(receiver: Receiver) -> None:
        sender = AsyncClient(api_key="secret", server=receiver.url, trust_env=False)
        async with AsyncOutbox(tmp_path / "e.db", client=sender) as box:
            for receipt in await box.put_many([numbered(1), numbered(2)], notes={"a": "b"}):
                await receipt.wait(10)
            store: Any = box._state.store  # pyright: ignore[reportPrivateUsage]
            for name in ("dead_letters", "revive", "purge"):
                watch(store, name)
            letters = await box.dead_letters()
            assert [letter.id for letter in letters] == [1, 2]
            assert [letter.id for letter in await box.dead_letters(after=1, most=5)] == [2]
            assert await box.notes() == {"a": "b"}
            receiver.script = lambda number, event: OK
            assert await box.retry_dead(letters[:1]) == 1
            assert await box.retry_dead() == 1
            await box.resume()
            assert await box.purge_dead() == 0
            assert await box.flush(10)
            assert (await box.stats()).delivered == 2
        for ask in (box.dead_letters, box.retry_dead, box.purge_dead, box.resume, box.notes):
            with pytest.raises(RuntimeError, match="this outbox is closed"):
                await ask()

    def watch(store: Any, name: str) -> None:
        done = getattr(store, name)

        def noted(*given: Any, **named: Any) -> Any:
            threads.add(threading.get_ident())
            return done(*given, **named)

        setattr(store, name, noted)

    with Receiver(lambda number, event: Reply(400)) as receiver:
        asyncio.run(run(receiver))
    assert threads
    assert threading.get_ident() not in threads, "not on the thread of the loop"


def test_resume_of_the_async_one_tries_at_once(tmp_path: Path) -> None:
    async def run(receiver: Receiver) -> None:
        sender = AsyncClient(api_key="secret", server=receiver.url, trust_env=False)
        async with AsyncOutbox(tmp_path / "e.db", client=sender, backoff=Backoff()) as box:
            await box.put(numbered(1))
            while not (await box.stats()).paused:
                await asyncio.sleep(0.01)
            receiver.script = lambda number, event: OK
            await box.resume()
            assert await box.purge_dead() == 0
            assert await box.flush(10)

    with Receiver(lambda number, event: Reply(401)) as receiver:
        asyncio.run(run(receiver))


def test_many_are_put_as_one_is(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with Receiver() as receiver, outbox(receiver, tmp_path / "e.db") as box:
        receipts = box.put_many(
            [numbered(number) for number in range(20)],
            operation="track",
            key="all",
            strict_mode=True,
        )
        assert all(receipt.wait(10).delivered for receipt in receipts)
        wrong: Any
        for wrong in ({"operation": "identify"}, {"key": 3}, {"labels": "abc"}, {"timeout": 3}):
            with pytest.raises((TypeError, ValueError)):
                box.put_many([numbered(1)], **wrong)
        for wrong in (numbered(1), {"event": "x"}, "x", None):
            with pytest.raises(
                TypeError, match=r"put_many takes a list of events, not .* put takes"
            ):
                box.put_many(wrong)
        for wrong in ([numbered(1)], (numbered(1),), iter([numbered(1)])):
            with pytest.raises(TypeError, match="; put_many of an outbox takes several"):
                box.put(wrong)
        assert box.stats().pending == 0
    assert [event["n"] for event in receiver.arrived.events] == list(range(20)), "in order"
    assert all("X-Strict-Mode: 1" in head for head in receiver.arrived.headers)


def test_no_key_for_one_and_for_an_outbox(tmp_path: Path) -> None:
    """None for an outbox is no order; None for one event is as the outbox has it."""
    sender = Client(api_key="s", server="http://127.0.0.1:9", trust_env=False)

    def keys(**given: Any) -> list[str]:
        with Outbox(None, client=sender, concurrency=0, **given) as box:
            box.put(numbered(1, "u1"))
            box.put(numbered(1, "u1"), key=None)
            box.put(numbered(1, "u1"), key="")
            box.put(numbered(1, "u1"), key="k")
            store = box._state.store  # pyright: ignore[reportPrivateUsage]
            return [stored.parcel.key for stored in store.read(0, 10).found]

    made = Client(api_key="s", server="http://127.0.0.1:9", trust_env=False)
    assert keys() == ["u1", "u1", "", "k"]
    sender = made
    assert keys(key=None) == ["", "", "", "k"]
