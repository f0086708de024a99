"""Outboxes and what the program around them does wrong, or out of order."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from customerio_events import Client
from customerio_events.outbox import (
    Backoff,
    Failure,
    Outbox,
    OutboxError,
    OutboxFull,
    Receipt,
    UnusableFile,
)
from delivery.receiver import OK, Receiver, Reply, counts, numbered, outbox


def senders() -> int:
    return sum(thread.name.startswith("outbox") for thread in threading.enumerate())


def test_an_event_that_cannot_be_stored_harms_no_other(tmp_path: Path) -> None:
    """Of those that several threads commit together one is to blame, and it is told."""
    refused = set[int]()

    def put(number: int) -> None:
        try:
            box.put_many([numbered(number)], labels=["\ud800" if number % 3 == 1 else ""])
        except UnicodeEncodeError:
            refused.add(number)

    with Receiver() as receiver, outbox(receiver, tmp_path / "e.db") as box:
        threads = [threading.Thread(target=put, args=(number,)) for number in range(6)]
        before = senders()
        with box._state.store.lock:  # pyright: ignore[reportPrivateUsage]
            for thread in threads:
                thread.start()
            time.sleep(0.2)  # now all of them wait for the same commit
        for thread in threads:
            thread.join()
        assert box.flush(20)
        assert senders() == before
    assert refused == {1, 4}
    assert counts(receiver.arrived, {0, 2, 3, 5}).lost == set()


@pytest.mark.parametrize(("name", "value"), [("key", 5), ("key", b"k"), ("label", 5)])
def test_what_is_no_text_is_refused(tmp_path: Path, name: str, value: Any) -> None:
    with Receiver() as receiver, outbox(receiver, tmp_path / "e.db") as box:
        with pytest.raises(TypeError, match=f"{name} must be a str"):
            box.put(numbered(1), **{name: value})
        assert box.stats().pending == 0


def test_exit_in_on_failure_ends_no_sender(tmp_path: Path) -> None:
    with (
        Receiver(lambda number, event: Reply(400)) as receiver,
        outbox(receiver, tmp_path / "e.db", on_failure=lambda failure: sys.exit(1)) as box,
    ):
        for number in range(20):
            box.put(numbered(number))
        assert box.flush(10), "all senders are there"
        assert box.stats().dead == 20


def test_exit_in_a_hook_ends_no_sender(tmp_path: Path) -> None:
    left = [sys.exit] * 9

    def hook(attempt: object) -> None:
        if left:
            left.pop()(1)

    with Receiver() as receiver:
        client = Client(api_key="s", server=receiver.url, trust_env=False, on_request=hook)
        with Outbox(tmp_path / "e.db", client=client, backoff=Backoff(pause=0.01)) as box:
            for number in range(20):
                box.put(numbered(number))
            assert box.flush(20), box.stats()
    assert counts(receiver.arrived, set(range(20))).lost == set()


def test_on_failure_may_close_it(tmp_path: Path) -> None:
    closed = list[bool]()

    def close(failure: Failure) -> None:
        closed.append(box.close())

    with Receiver(lambda number, event: Reply(400)) as receiver:
        box = outbox(receiver, tmp_path / "e.db", on_failure=close)
        box.put(numbered(1))
        deadline = time.monotonic() + 10
        while not closed and time.monotonic() < deadline:
            time.sleep(0.01)
        assert closed == [True]
        assert "closed" in repr(box._sender)  # pyright: ignore[reportPrivateUsage]
        begun = time.monotonic()
        with outbox(receiver, tmp_path / "e.db") as other:
            while not other.stats().delivers:
                time.sleep(0.01)
        assert time.monotonic() - begun < 5, "the lease was let go of"


def test_a_function_that_is_to_be_awaited_is_no_alarm_here(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def alert(failure: Failure) -> None:
        raise AssertionError

    with (
        Receiver(lambda number, event: Reply(400)) as receiver,
        outbox(receiver, tmp_path / "e.db", on_failure=lambda failure: alert(failure)) as box,
    ):
        box.put(numbered(1))
        assert box.flush(10)
    assert "only an async client can await" in caplog.text


def test_close_says_the_same_each_time(tmp_path: Path) -> None:
    with Receiver(lambda number, event: Reply(503)) as receiver:
        box = outbox(receiver, tmp_path / "e.db")
        box.put(numbered(1))
        assert [box.close(0.1), box.close(0.1)] == [False, False]
        with pytest.raises(OutboxError, match="this outbox is closed"):
            box.stats()
        receiver.script = lambda number, event: OK
        box = outbox(receiver, tmp_path / "e.db")
        box.flush(10)
        assert [box.close(), box.close()] == [True, True]


@pytest.mark.parametrize("missing", ["file", "folder"])
def test_a_file_that_is_deleted_under_it_takes_nothing_in(tmp_path: Path, missing: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with Receiver(lambda number, event: Reply(503)) as receiver:
        box = outbox(receiver, folder / "e.db")
        box.put(numbered(1))
        if missing == "file":
            (folder / "e.db").unlink()
        else:
            shutil.rmtree(folder)
        time.sleep(0.15)
        with pytest.raises(UnusableFile, match=r"deleted, moved or replaced.*make another"):
            box.put(numbered(2))
        receiver.script = lambda number, event: OK
        assert box.flush(20), "what was stored before is delivered"
        box.close()
        assert counts(receiver.arrived, {1}).lost == set()


def test_a_file_that_is_replaced_under_it_takes_nothing_in(tmp_path: Path) -> None:
    with Receiver() as receiver, outbox(receiver, tmp_path / "e.db", concurrency=0) as box:
        box.put(numbered(1))
        os.rename(tmp_path / "e.db", tmp_path / "e.db.1")  # as rotation of logs does
        with outbox(receiver, tmp_path / "e.db", concurrency=0):
            time.sleep(0.15)
            with pytest.raises(UnusableFile):
                box.put(numbered(2))


def test_many_at_once_count_for_max_pending(tmp_path: Path) -> None:
    with Receiver() as receiver:
        with outbox(receiver, tmp_path / "e.db", max_pending=5, concurrency=0) as box:
            with pytest.raises(OutboxFull, match="6 events at once are more than may wait"):
                box.put_many(map(numbered, range(6)))
            box.put_many(map(numbered, range(4)))
            with pytest.raises(OutboxFull, match="4 events wait already, and 5 may"):
                box.put_many(map(numbered, (4, 5)))
            box.put(numbered(6))
            with pytest.raises(OutboxFull):
                box.put(numbered(7))
            assert box.stats().pending == 5
        with (
            outbox(receiver, ":memory:", max_pending=5, when_full="wait") as box,
            pytest.raises(OutboxFull),
        ):  # there will never be room for these
            box.put_many(map(numbered, range(6)))


@pytest.mark.parametrize("path", ["e.db", ":memory:"])
def test_max_pending_is_exact_and_seldom_looked_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """To ask for each event what waits takes a third of what putting it in takes."""
    monkeypatch.chdir(tmp_path)
    with (
        Receiver() as receiver,
        outbox(receiver, path, max_pending=1000, concurrency=0) as box,
    ):
        store: Any = box._state.store  # pyright: ignore[reportPrivateUsage]
        pending, asked = store.pending, list[int]()

        def counted() -> int:
            asked.append(pending())
            return asked[-1]

        monkeypatch.setattr(store, "pending", counted)
        box.put_many(map(numbered, range(100)))
        for number in range(100, 1000):
            box.put(numbered(number))
        with pytest.raises(OutboxFull, match="1000 events wait already"):
            box.put(numbered(1000))
        assert pending() == 1000
    assert len(asked) < 100, "but for the last few it is known that they fit"


def test_nothing_that_is_shown_holds_the_event(tmp_path: Path) -> None:
    failures = list[Failure]()
    with (
        Receiver(lambda number, event: Reply(400)) as receiver,
        outbox(receiver, tmp_path / "e.db", on_failure=failures.append) as box,
    ):
        box.put(numbered(1, "somebody"), headers={"X-Person": "somebody"})
        assert box.flush(10)
        shown = repr([failures, box.dead_letters(), box])
    assert "somebody" not in shown
    assert b"somebody" in failures[0].body


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform")
def test_threads_of_a_child_share_what_the_first_of_them_makes() -> None:
    """In memory: what would be put into another's is neither flushed nor closed."""
    with Receiver() as receiver, outbox(receiver, ":memory:") as box:
        process = os.fork()
        if not process:
            barrier = threading.Barrier(8)

            def work(number: int) -> None:
                barrier.wait()
                box.put(numbered(number))

            threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            stats = box.stats()
            os._exit(0 if stats.pending + stats.delivered == 8 and senders() <= 2 else 1)
        assert os.waitpid(process, 0)[1] == 0


@pytest.mark.parametrize("concurrency", [1, 8])
@pytest.mark.parametrize("step", ["_parcel", "_judged"])
def test_the_unforeseen_is_logged_and_the_sender_goes_on(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    concurrency: int,
) -> None:
    """Before anything is sent, and when an answer came, of which nothing is known then."""
    with (
        Receiver() as receiver,
        outbox(receiver, tmp_path / "e.db", concurrency=concurrency) as box,
    ):
        broken: Any = box._batches if step == "_parcel" else box  # pyright: ignore[reportPrivateUsage]
        done, left = getattr(broken, step), [ZeroDivisionError] * 3

        def fail(*given: Any) -> Any:
            if left:
                raise left.pop()
            return done(*given)

        monkeypatch.setattr(broken, step, fail)
        with caplog.at_level(logging.ERROR):
            for number in range(10):
                box.put(numbered(number))
            assert box.flush(20), box.stats()
        assert box.stats().in_flight == 0
    assert counts(receiver.arrived, set(range(10))).lost == set()
    assert "the outbox cannot go on" in caplog.text


@pytest.mark.parametrize("path", ["e.db", ":memory:"])
def test_a_receipt_follows_what_is_done_to_a_dead_letter(tmp_path: Path, path: str) -> None:
    """One that is held by a program that was told nothing of it so far."""
    where = path if path == ":memory:" else tmp_path / path
    with Receiver(lambda number, event: Reply(400)) as receiver, outbox(receiver, where) as box:
        ids = [receipt.id for receipt in map(box.put, map(numbered, range(2)))]
        assert box.flush(10)
        receiver.script = lambda number, event: Reply(503)
        assert box.retry_dead([ids[0]]) == 1
        revived, purged = (Receipt(id, box._wait) for id in ids)  # pyright: ignore[reportPrivateUsage]
        with pytest.raises(TimeoutError):
            revived.wait(0.2)
        assert box._state.store.purge() == 1  # pyright: ignore[reportPrivateUsage]
        outcome = purged.wait(1)
        assert (outcome.delivered, outcome.reason) == (False, "it was deleted by hand")
        receiver.script = lambda number, event: OK
        assert revived.wait(20).delivered
