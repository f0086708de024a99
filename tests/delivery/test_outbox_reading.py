"""What is read of a long file, and when: some at a time, and not what is known to wait anyway."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from customerio_events import UserSuppressed
from delivery.receiver import Receiver, counts, numbered, outbox


def _watched(box: Any, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """How many were found by each read, and up to which id."""
    store, pages = box._state.store, list[tuple[int, int]]()
    real = store.read

    def read(*given: Any) -> Any:
        page = real(*given)
        pages.append((len(page.found), page.end))
        return page

    monkeypatch.setattr(store, "read", read)
    return pages


def _filled(path: Path, users: list[str]) -> None:
    with Receiver() as receiver, outbox(receiver, path, concurrency=0) as box:
        box.put_many([numbered(number, user) for number, user in enumerate(users)])


def test_what_waits_for_its_key_is_not_read_to_find_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty thousand of one person before one of another, which need not wait for them."""
    _filled(tmp_path / "e.db", [*["hot"] * 50_000, "other"])
    with Receiver() as receiver, outbox(receiver, tmp_path / "e.db", timeout=30) as box:
        pages = _watched(box, monkeypatch)
        last = 0
        while not any(event["userId"] == "other" for event in receiver.arrived.events):
            assert not box.flush(0.05)
            last = len(receiver.arrived.events)
        assert last < 10_000
        assert max(end for _, end in pages) == 50_001
        assert sum(found for found, _ in pages) < 1000
        assert len(pages) < 30
        assert not box.close(0)


@pytest.mark.parametrize("size", [10, 300_000])
def test_ids_that_are_gone_and_large_bodies(tmp_path: Path, size: int) -> None:
    """Between what is read at a time there may be nothing at all."""
    path = tmp_path / "e.db"
    with Receiver() as receiver:
        with outbox(receiver, path, concurrency=0) as box:
            box.put(numbered(0))
            store: Any = box._state.store  # pyright: ignore[reportPrivateUsage]
            change = store._journal.connection.execute
            change("UPDATE event SET id = 70000")
            events = [
                UserSuppressed(user_id=f"u{number % 3}", extra={"n": number, "text": "x" * size})
                for number in range(1, 60)
            ]
            box.put_many(events)
            change("UPDATE event SET id = id + 1000000000000 WHERE id > 70030")
        with outbox(receiver, path) as box:
            assert box.flush(30)
    found = counts(receiver.arrived, set(range(60)))
    assert (found.lost, found.duplicated, found.ordered) == (set(), 0, True)


class _Counting(dict[int, Any]):
    """Knows how often somebody looked into it."""

    looks = 0

    def get(self, *given: Any) -> Any:
        self.looks += 1
        return super().get(*given)

    def items(self) -> Any:
        self.looks += len(self)
        return super().items()


def test_what_is_read_in_memory_does_not_grow_with_what_waits(tmp_path: Path) -> None:
    """Of one key as many as are wanted; before, all that waits was looked at each time."""
    with Receiver() as receiver, outbox(receiver, ":memory:", timeout=30) as box:
        store: Any = box._state.store  # pyright: ignore[reportPrivateUsage]
        store._events = looked = _Counting(store._events)
        box.put_many([numbered(number, "hot") for number in range(2_000)])
        assert box.flush(30)
    assert looked.looks < 4_000
    found = counts(receiver.arrived, set(range(2_000)))
    assert (found.lost, found.duplicated, found.ordered) == (set(), 0, True)
