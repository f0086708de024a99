"""Many keys fail, and come first: the others get through all the same, and soon."""

from __future__ import annotations

import threading
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
