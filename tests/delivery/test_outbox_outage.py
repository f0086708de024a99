"""What a user is told while the server is down, and when it is back."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from customerio_events import AsyncClient
from customerio_events._runtime.store.store import Store
from customerio_events.outbox import AsyncOutbox, Backoff, Outbox, Stall
from delivery.receiver import BREAK, OK, Receiver, Reply, Script, client, numbered, outbox, until

QUICK = Backoff(base=0.01, cap=0.05, threshold=5)
HOSTILE = Reply(503, "X-Odd: \x1b[31m\r\n")


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """What was logged about stalls, without the exact times."""
    found = [(each.levelname, each.getMessage()) for each in caplog.records]
    return [each for each in found if "gets through" in each[1] or "again, after" in each[1]]


@pytest.mark.parametrize(
    ("reply", "what"), [(HOSTILE, "HTTP 503"), (BREAK, "connection"), (Reply(429), "HTTP 429")]
)
def test_an_outage_is_told_once_and_its_end_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, reply: Reply, what: str
) -> None:
    caplog.set_level(logging.INFO, "customerio_events")
    with (
        Receiver(lambda number, event: reply) as receiver,
        outbox(receiver, tmp_path / "e.db", backoff=QUICK) as box,
    ):
        assert box.stats().stalled is None
        begun = time.time()
        receipts = [box.put(numbered(number)) for number in range(50)]
        until(lambda: lines(caplog))
        time.sleep(0.5)
        stall = box.stats().stalled
        assert isinstance(stall, Stall)
        assert what in stall.reason
        assert begun - 0.1 <= stall.since <= begun + 5 <= time.time() + 5
        assert stall.until >= time.time() - 1
        with pytest.raises(TimeoutError, match=rf"waits in the outbox: .*{what}.* for .* s, tried"):
            receipts[0].wait(0.01)
        assert len(receiver.arrived.times) > 8, "there were many attempts"
        receiver.script = lambda number, event: OK
        assert box.flush(10)
        assert box.stats().stalled is None
    (first, text), (last, end) = lines(caplog)
    assert (first, last) == ("WARNING", "INFO")
    assert what in text
    assert "tried again in 0." in text
    assert "delivers again, after" in end
    assert "secret" not in caplog.text
    assert "\x1b" not in caplog.text


def test_a_single_event_is_enough(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing else fails, and it does so slowly: no breaker has opened."""
    slow = Backoff(base=0.3, cap=0.3, threshold=1000)
    with (
        Receiver() as receiver,
        outbox(receiver, tmp_path / "e.db", backoff=slow) as box,
    ):
        receiver.down()
        box.put(numbered(1))
        until(lambda: lines(caplog))
        stall = box.stats().stalled
        assert stall
        assert "refused" in stall.reason
        assert not box.close(0)
    assert [level for level, _ in lines(caplog)] == ["WARNING"]


def test_a_blip_is_no_outage(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "customerio_events")
    script: Script = lambda number, event: Reply(500 if number % 3 == 0 else 200)  # noqa: E731
    with (
        Receiver(script) as receiver,
        outbox(receiver, tmp_path / "e.db", backoff=Backoff(base=0.01, cap=0.05)) as box,
    ):
        for number in range(60):
            box.put(numbered(number))
        assert box.flush(20)
        assert box.stats().retried >= 10
    assert lines(caplog) == []


def test_one_that_fails_by_itself_says_so(tmp_path: Path) -> None:
    """Others are delivered, so that no stall explains it."""

    def script(number: int, event: dict[str, Any]) -> Reply:
        return Reply(503) if event["n"] == 1 else OK

    backoff = Backoff(base=0.05, cap=60, attempts=100, threshold=1000)
    with Receiver(script) as receiver, outbox(receiver, tmp_path / "e.db", backoff=backoff) as box:
        failing, behind = box.put(numbered(1, "a")), box.put(numbered(2, "a"))
        while box.stats().retried < 3:
            box.put(numbered(3, "b")).wait(10)
        words = r"event {} still waits in the outbox: {}tried \d+ times, last: HTTP 503"
        with pytest.raises(TimeoutError, match=words.format(1, "")):
            failing.wait(0)
        with pytest.raises(TimeoutError, match=words.format(2, "event 1 of its key goes first: ")):
            behind.wait(0)
        box.close(0)


def test_one_that_is_under_way_says_so(tmp_path: Path) -> None:
    slow = Receiver(lambda number, event: Reply(seconds=60))
    with slow as receiver, outbox(receiver, tmp_path / "e.db") as box:
        receipt = box.put(numbered(1))
        until(lambda: box.stats().in_flight)
        with pytest.raises(TimeoutError, match=r"still waits in the outbox: it is being sent$"):
            receipt.wait(0)
        box.close(0)


def test_a_long_retry_after_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with (
        Receiver(lambda number, event: Reply(503, "Retry-After: 90\r\n")) as receiver,
        outbox(receiver, tmp_path / "e.db") as box,
    ):
        box.put(numbered(1))
        until(lambda: lines(caplog))
        stall = box.stats().stalled
        assert stall
        assert 80 < stall.until - time.time() <= 90
        assert not box.close(0)
        ((_, text),) = lines(caplog)
        assert "HTTP 503; tried again in 9" in text
        # The next process is held up by the same, and knows why.
        with outbox(receiver, tmp_path / "e.db") as other:
            until(lambda: other.stats().delivers)
            until(lambda: other.stats().stalled)
            assert other.close(0) is False


def test_other_processes_know_of_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Who only puts in, and who looks at the file."""
    path = tmp_path / "e.db"
    with (
        Receiver(lambda number, event: HOSTILE) as receiver,
        outbox(receiver, path, backoff=QUICK) as box,
        outbox(receiver, path, concurrency=0) as other,
    ):
        receipt = other.put(numbered(1))
        until(lambda: lines(caplog))
        until(lambda: other.stats().stalled)
        with pytest.raises(TimeoutError, match="HTTP 503 for"):
            receipt.wait(0.01)
        with closing(sqlite3.connect(path)) as found:
            (text,) = found.execute("SELECT value FROM meta WHERE name = 'stalled'").fetchone()
        assert "HTTP 503" in text
        receiver.script = lambda number, event: OK
        assert box.flush(10)
        until(lambda: other.stats().stalled is None)


def test_a_stall_that_was_left_behind_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "e.db"
    with Receiver(lambda number, event: HOSTILE) as receiver:
        box = outbox(receiver, path, backoff=QUICK)
        box.put(numbered(1))
        until(lambda: box.stats().stalled)
        time.sleep(0.3)
        box.close(0)
        receiver.script = lambda number, event: OK
        with outbox(receiver, path) as other:
            assert other.flush(10)
            assert other.stats().stalled is None


def test_a_file_of_before_is_taken(tmp_path: Path) -> None:
    """One without the table in which stalls are noted: of an earlier version of the package."""
    path = tmp_path / "e.db"
    with Receiver() as receiver:
        with outbox(receiver, path, concurrency=0) as box:
            box.put(numbered(1))
        with closing(sqlite3.connect(path)) as found:
            found.execute("DROP TABLE meta")
        with outbox(receiver, path) as box:
            assert box.flush(10)
            assert box.stats().stalled is None


def test_flush_says_why_it_took_too_long(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "customerio_events")
    with (
        Receiver(lambda number, event: Reply(503)) as receiver,
        outbox(receiver, tmp_path / "e.db", backoff=QUICK) as box,
    ):
        box.put(numbered(1))
        assert not box.flush(0.5)
        box.close(0)
    assert "flush: after 0.5 s 1 events wait: HTTP 503 for" in caplog.text


def test_the_async_one_tells_the_same(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "customerio_events")

    async def run(receiver: Receiver) -> None:
        sender = AsyncClient(api_key="secret", server=receiver.url, trust_env=False)
        async with AsyncOutbox(None, client=sender, backoff=QUICK) as box:
            receipt = await box.put(numbered(1))
            with pytest.raises(TimeoutError, match="HTTP 503 for"):
                await receipt.wait(0.7)
            assert (await box.stats()).stalled
            receiver.script = lambda number, event: OK
            assert await box.flush(10)
            assert (await box.stats()).stalled is None

    with Receiver(lambda number, event: HOSTILE) as receiver:
        asyncio.run(run(receiver))
    assert [level for level, _ in lines(caplog)] == ["WARNING", "INFO"]


def test_a_pause_is_no_stall(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with (
        Receiver(lambda number, event: Reply(401)) as receiver,
        Outbox(tmp_path / "e.db", client=client(receiver), backoff=Backoff(pause=0.01)) as box,
    ):
        box.put(numbered(1))
        until(lambda: box.stats().paused)
        receiver.script = lambda number, event: Reply(503)
        time.sleep(0.5)
        assert box.stats().stalled is None
        assert box.stats().paused
        box.close(0)
    assert lines(caplog) == []


def test_stalls_that_come_and_go_are_told_of_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a while; one that begins meanwhile and lasts is told of after that."""
    caplog.set_level(logging.INFO, "customerio_events")
    answered = [0]

    def script(number: int, event: dict[str, Any]) -> Reply:
        answered[0] += 1
        return OK if answered[0] % 10 == 0 else Reply(503)

    with (
        Receiver(script) as receiver,
        outbox(receiver, tmp_path / "e.db", backoff=QUICK, key=None) as box,
    ):
        for number in range(30):
            box.put(numbered(number))
        assert box.flush(20)
        assert [level for level, _ in lines(caplog)] == ["WARNING", "INFO"]
        receiver.script = lambda number, event: Reply(503)
        for number in range(30, 40):
            box.put(numbered(number))
        until(lambda: box.stats().stalled)
        assert len(lines(caplog)) == 2
        monkeypatch.setattr(box._reports, "_quiet_until", 0.0)  # time passes
        until(lambda: len(lines(caplog)) == 3)
        receiver.script = lambda number, event: OK
        assert box.flush(10)
    assert [level for level, _ in lines(caplog)] == ["WARNING", "INFO"] * 2


def test_a_pause_of_before_is_forgotten_where_another_has_delivered_meanwhile(
    tmp_path: Path,
) -> None:
    """What this process knows of the server is old when it takes over again."""
    path = tmp_path / "e.db"
    with Receiver(lambda number, event: Reply(401)) as receiver, outbox(receiver, path) as box:
        box.put(numbered(0))
        until(lambda: box.stats().paused)
        with closing(Store(str(path), "os", 0, create=False)) as other:
            assert other.claim("another", 10.0, lambda owner: True)
            until(lambda: not box.stats().delivers)
            other.pause("")
            receiver.script = lambda number, event: OK
            other.release("another")
        until(lambda: box.stats().delivered, 10)
        assert not box.stats().paused
