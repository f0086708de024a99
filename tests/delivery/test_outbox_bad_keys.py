"""Many keys fail, and come first: the others get through all the same, and soon."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from customerio_events.outbox import Backoff
from delivery.receiver import OK, Receiver, Reply, numbered, outbox, until

BAD = 60
GOOD = 300
SHORT = Backoff(pause=1.0)


def filled(receiver: Receiver, path: Path) -> None:
    with outbox(receiver, path, concurrency=0) as box:
        box.put_many([numbered(number, f"bad{number}") for number in range(BAD)])
        box.put_many([numbered(BAD + number, f"good{number}") for number in range(GOOD)])


def is_bad(event: Any) -> bool:
    return str(event["userId"]).startswith("bad")


@pytest.mark.parametrize("status", [503, 403])
def test_they_hold_up_nobody(tmp_path: Path, status: int) -> None:
    """A server that is down fails them all; one that fails those alone does not."""
    with Receiver(lambda number, event: Reply(status) if is_bad(event) else OK) as receiver:
        filled(receiver, tmp_path / "e.db")
        with outbox(receiver, tmp_path / "e.db", backoff=SHORT) as box:
            until(lambda: box.stats().delivered == GOOD)
            assert box.stats().dead == 0
            box.close(0)


def test_when_nobody_is_let_in_any_more_that_is_seen(tmp_path: Path) -> None:
    """Though until then only some were not, and that was their own matter."""
    revoked = threading.Event()

    def script(number: int, event: Any) -> Reply:
        return Reply(401) if revoked.is_set() else Reply(403) if is_bad(event) else OK

    with Receiver(script) as receiver:
        filled(receiver, tmp_path / "e.db")
        with outbox(receiver, tmp_path / "e.db", backoff=SHORT) as box:
            until(lambda: box.stats().delivered == GOOD)
            revoked.set()
            before = len(receiver.arrived.times)
            box.put_many([numbered(number, f"other{number}") for number in range(1000)])
            until(lambda: "401" in box.stats().paused)
            assert len(receiver.arrived.times) - before < 100
            stats = box.stats()
            assert (stats.dead, stats.pending) == (0, BAD + 1000)
            revoked.clear()
            until(lambda: box.stats().pending == BAD)
            box.close(0)


def test_one_that_is_let_in_nowhere_pauses_nobody(tmp_path: Path) -> None:
    """Another one is asked first, and it is let in: nobody waits, nobody is called."""
    told: list[str] = []

    def script(number: int, event: Any) -> Reply:
        return Reply(403) if event["userId"] == "bad1" else OK

    with Receiver(script) as receiver:
        filled(receiver, tmp_path / "e.db")
        begun = time.monotonic()
        with outbox(
            receiver, tmp_path / "e.db", on_failure=lambda failure: told.append(failure.kind)
        ) as box:
            until(lambda: box.stats().delivered == BAD + GOOD - 1)
            assert time.monotonic() - begun < 10  # the first pause is 15 s at least
            assert (told, box.stats().paused) == ([], "")
            box.close(0)


def test_an_answer_to_what_went_out_before_ends_no_pause(tmp_path: Path) -> None:
    """The credential was good when that was read: no evidence for those who come after."""

    def script(number: int, event: Any) -> Reply:
        return Reply(400, seconds=0.5) if event["userId"] == "slow" else Reply(401)

    told: list[str] = []
    with (
        Receiver(script) as receiver,
        outbox(
            receiver, tmp_path / "e.db", on_failure=lambda failure: told.append(failure.kind)
        ) as box,
    ):
        box.put_many([numbered(0, "slow"), numbered(1, "locked")])
        until(lambda: box.stats().paused)
        until(lambda: box.stats().dead)
        assert "401" in box.stats().paused
        time.sleep(0.5)
        assert told == ["paused", "dead"]
        assert len(receiver.arrived.times) == 3  # one of them twice, as nobody else was there
        box.close(0)


def test_an_event_that_is_alone_is_asked_once(tmp_path: Path) -> None:
    with (
        Receiver(lambda number, event: Reply(401)) as receiver,
        outbox(receiver, tmp_path / "e.db") as box,
    ):
        box.put(numbered(0, "u"))
        until(lambda: box.stats().paused)
        time.sleep(0.3)
        assert len(receiver.arrived.times) == 1
        box.close(0)


def test_whoever_had_a_503_is_no_less_believed_when_nobody_is_let_in(tmp_path: Path) -> None:
    """Others were delivered then, but nothing says that they would be let in now."""
    revoked = threading.Event()

    def script(number: int, event: Any) -> Reply:
        return Reply(401) if revoked.is_set() else Reply(503) if is_bad(event) else OK

    with (
        Receiver(script) as receiver,
        outbox(receiver, tmp_path / "e.db", backoff=Backoff(cap=0.2)) as box,
    ):
        box.put(numbered(0, "bad"))
        until(lambda: len(receiver.arrived.times) >= 1)
        box.put_many([numbered(number, f"good{number}") for number in range(1, 30)])
        until(lambda: box.stats().delivered == 29 and len(receiver.arrived.times) > 31)
        revoked.set()
        until(lambda: "401" in box.stats().paused, 5)
        assert box.stats().dead == 0
        box.close(0)
