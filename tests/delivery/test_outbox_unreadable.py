"""An outbox that cannot be read for a moment, as while another process mends what a crash left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from customerio_events._runtime.store.errors import Busy
from customerio_events._runtime.store.storage import Page, Stored
from customerio_events._runtime.store.store import Store
from delivery.receiver import Receiver, counts, numbered, outbox


class Moments:
    """Has so many reads fail."""

    def __init__(self, number: int) -> None:
        self.left = number

    def pass_by(self) -> None:
        if self.left:
            self.left -= 1
            raise Busy("it is locked")


@pytest.mark.parametrize("user", ["", "the same"])
def test_what_could_not_be_read_for_a_moment_is_delivered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: str
) -> None:
    path, number = tmp_path / "e.db", 450
    moments = Moments(0)

    real, real_of_key = Store.read, Store.read_of_key

    def read(*given: Any) -> Page:
        moments.pass_by()
        return real(*given)

    def read_of_key(*given: Any) -> list[Stored]:
        moments.pass_by()
        return real_of_key(*given)

    with Receiver() as receiver:
        with outbox(receiver, path, concurrency=0) as box:
            box.put_many([numbered(each, user) for each in range(number)])
        with monkeypatch.context() as patched:
            patched.setattr(Store, "read_of_key", read_of_key)
            patched.setattr(Store, "read", read)
            moments.left = 0 if user else 1
            with outbox(receiver, path) as box:
                if user:  # when that of the long lane is read that was left out at first
                    while not receiver.arrived.events:
                        pass
                    moments.left = 1
                assert box.flush(10), box.stats()
        assert not moments.left
    found = counts(receiver.arrived, set(range(number)))
    assert (found.lost, found.duplicated, found.ordered) == (set(), 0, True)
