"""What becomes of accepted events when servers and networks fail: accepted, received, lost."""

from __future__ import annotations

import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from customerio_events import UserSuppressed
from customerio_events.outbox import Backoff, Failure, Stats
from delivery.receiver import BREAK, OK, Counts, Receiver, Reply, Script, counts, numbered, outbox

QUICK = Backoff(base=0.02, cap=0.3, pause=0.2)


def deliver(
    tmp_path: Path, receiver: Receiver, number: int = 300, seconds: float = 30.0, **options: Any
) -> tuple[Counts, Stats]:
    """Put numbered events in, and wait until nothing is pending."""
    with outbox(receiver, tmp_path / "events.db", **{"backoff": QUICK, **options}) as box:
        for each in range(number):
            box.put(numbered(each))
        assert box.flush(seconds), box.stats()
        stats = box.stats()
    return counts(receiver.arrived, set(range(number))), stats


def first(number: int, reply: Reply) -> Script:
    """So many requests are answered like this, all others well."""
    return lambda count, event: reply if count < number else OK


def each_at_first(number: int, reply: Reply) -> Script:
    """The first requests with each event are answered like this."""
    seen = Counter[int]()

    def script(count: int, event: dict[str, Any]) -> Reply:
        seen[event["n"]] += 1
        return reply if seen[event["n"]] <= number else OK

    return script


def test_all_is_well(tmp_path: Path) -> None:
    with Receiver() as receiver:
        found, stats = deliver(tmp_path, receiver)
    assert found == Counts(300, 0, set(), True)
    assert (stats.pending, stats.delivered, stats.dead, stats.retried) == (0, 300, 0, 0)
    assert len(receiver.arrived.times) == 300


@pytest.mark.parametrize("status", [500, 502, 503, 408, 425, 429, 599])
def test_statuses_that_are_tried_again(tmp_path: Path, status: int) -> None:
    with Receiver(first(3, Reply(status))) as receiver:
        found, stats = deliver(tmp_path, receiver)
    assert found == Counts(300, 0, set(), True)
    assert stats.retried == 3


def test_each_event_fails_three_times(tmp_path: Path) -> None:
    with Receiver(each_at_first(3, Reply(500))) as receiver:
        found, stats = deliver(tmp_path, receiver, 200)
    assert found == Counts(200, 0, set(), True)
    assert (stats.retried, stats.dead) == (600, 0)


@pytest.mark.parametrize(
    ("status", "said"),
    [(429, "Retry-After: 1"), (503, "Retry-After: 1.0"), (503, "Retry-After: 0\r\nretry-after: 1")],
)
def test_nothing_is_sent_within_retry_after(tmp_path: Path, status: int, said: str) -> None:
    with Receiver(first(1, Reply(status, f"{said}\r\n"))) as receiver:
        found, _ = deliver(tmp_path, receiver)
    assert found == Counts(300, 0, set(), True)
    begun = receiver.arrived.times[0]
    # Those that were under way already cannot be called back.
    inside = [t for t in receiver.arrived.times if 0.1 < t - begun < 1.0]
    assert not inside


def test_connections_break_before_the_event_counts(tmp_path: Path) -> None:
    with Receiver(first(20, BREAK)) as receiver:
        found, _ = deliver(tmp_path, receiver)
    assert found == Counts(300, 0, set(), True)


def test_an_answer_that_is_lost_makes_a_duplicate_and_no_more(tmp_path: Path) -> None:
    with Receiver(first(20, Reply(0, taken=True))) as receiver:
        found, _ = deliver(tmp_path, receiver)
    assert (found.received, found.lost) == (300, set())
    assert 1 <= found.duplicated <= 20


@pytest.mark.parametrize("status", [400, 409, 413, 422])
def test_what_the_server_refuses_is_a_dead_letter(tmp_path: Path, status: int) -> None:
    failures: list[Failure] = []
    with Receiver(lambda count, event: Reply(status)) as receiver:
        found, stats = deliver(tmp_path, receiver, 40, on_failure=failures.append)
        assert len(receiver.arrived.times) == 40
        with outbox(receiver, tmp_path / "events.db") as box:
            letters = box.dead_letters()
    assert (found.received, stats.dead, stats.pending) == (0, 40, 0)
    assert sorted(failure.id for failure in failures) == list(range(1, 41))
    assert {(f.kind, f.status) for f in failures} == {("dead", status)}
    assert [letter.id for letter in letters] == list(range(1, 41))
    assert letters[0].parcel.body == numbered(0).to_json()
    assert letters[0].errors == (("no such person",) if status == 400 else ())


def test_one_poison_among_many_harms_no_neighbour(tmp_path: Path) -> None:
    script: Script = lambda count, event: Reply(400) if event["n"] == 77 else OK  # noqa: E731
    with Receiver(script) as receiver:
        found, stats = deliver(tmp_path, receiver, 500)
    assert found == Counts(499, 0, {77}, True)
    assert (stats.dead, len(receiver.arrived.times)) == (1, 500)


@pytest.mark.parametrize("reply", [Reply(500), BREAK, Reply(403), Reply(404)])
def test_one_that_always_fails_holds_up_its_own_key_only(tmp_path: Path, reply: Reply) -> None:
    script: Script = lambda count, event: reply if event["n"] == 77 else OK  # noqa: E731
    with (
        Receiver(script) as receiver,
        outbox(receiver, tmp_path / "events.db", backoff=QUICK) as box,
    ):
        for number in range(500):
            box.put(numbered(number))
        behind = set(range(127, 500, 50))
        deadline = time.monotonic() + 20
        while box.stats().pending > 1 + len(behind) and time.monotonic() < deadline:
            time.sleep(0.02)
        found = counts(receiver.arrived, set(range(500)))
        assert found == Counts(500 - 1 - len(behind), 0, {77, *behind}, True)
        assert not box.close(0)


def test_one_that_always_fails_is_given_up_while_others_are_delivered(tmp_path: Path) -> None:
    script: Script = lambda count, event: Reply(500) if event["n"] == 0 else OK  # noqa: E731
    patience = Backoff(base=0.001, cap=0.001, attempts=3)
    with (
        Receiver(script) as receiver,
        outbox(receiver, tmp_path / "events.db", backoff=patience) as box,
    ):
        poison = box.put(numbered(0, "poison"))
        for number in range(1, 200):
            box.put(numbered(number))
            time.sleep(0.002)
        outcome = poison.wait(10)
        assert box.flush(10)
    assert (outcome.delivered, outcome.status) == (False, 500)
    assert counts(receiver.arrived, set(range(200))).lost == {0}


def test_a_server_that_lets_nobody_in_pauses_the_outbox_and_loses_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    failures: list[Failure] = []
    with (
        Receiver(lambda count, event: Reply(401)) as receiver,
        outbox(receiver, tmp_path / "events.db", backoff=QUICK, on_failure=failures.append) as box,
    ):
        receipts = [box.put(numbered(number)) for number in range(100)]
        with pytest.raises(TimeoutError, match="401 Unauthorized"):
            receipts[0].wait(0.5)
        stats = box.stats()
        assert (stats.pending, stats.dead) == (100, 0)
        assert "401 Unauthorized" in stats.paused
        assert len(receiver.arrived.times) < 20
        assert [(f.kind, f.status) for f in failures] == [("paused", 401)]
        assert [r.levelname for r in caplog.records if "paused" in r.message] == ["ERROR"]
        receiver.script = lambda count, event: OK
        box.resume()
        assert box.flush(20)
        assert box.stats().paused == ""
    assert counts(receiver.arrived, set(range(100))) == Counts(100, 0, set(), True)
    assert "secret" not in caplog.text


def test_slow_answers_are_waited_for_side_by_side(tmp_path: Path) -> None:
    with Receiver(lambda count, event: Reply(200, seconds=0.5)) as receiver:
        begun = time.monotonic()
        found, _ = deliver(tmp_path, receiver, 40, concurrency=20)
        assert time.monotonic() - begun < 0.5 * 40 / 2
    assert found == Counts(40, 0, set(), True)


def test_a_request_that_is_never_answered_is_sent_again(tmp_path: Path) -> None:
    with Receiver(first(4, Reply(0, seconds=60.0))) as receiver:
        found, _ = deliver(tmp_path, receiver, 100, timeout=0.5)
    assert found == Counts(100, 0, set(), True)


@pytest.mark.heavy
def test_the_server_is_down_for_ten_seconds(tmp_path: Path) -> None:
    with (
        Receiver() as receiver,
        outbox(receiver, tmp_path / "events.db", backoff=Backoff(cap=2.0)) as box,
    ):
        down, up = threading.Timer(0.2, receiver.down), threading.Timer(10.2, receiver.up)
        down.start()
        up.start()
        for number in range(5000):
            box.put(numbered(number))
        down.join()
        up.join()
        assert box.flush(60), box.stats()
        stats = box.stats()
    found = counts(receiver.arrived, set(range(5000)))
    assert (found.received, found.lost, found.ordered) == (5000, set(), True)
    assert found.duplicated <= 8, "only those whose answer was under way"
    assert stats.retried < 200


def test_a_rate_is_kept(tmp_path: Path) -> None:
    with Receiver() as receiver:
        found, _ = deliver(tmp_path, receiver, 60, rate=100)
    assert found == Counts(60, 0, set(), True)
    times = receiver.arrived.times
    assert times[-1] - times[0] > 59 / 100 - 0.15


def test_events_without_the_key_are_in_no_order_and_all_arrive(tmp_path: Path) -> None:
    with Receiver() as receiver:
        found, _ = deliver(tmp_path, receiver, 100, key=None)
    assert (found.received, found.duplicated) == (100, 0)


def test_order_is_kept_by_whatever_the_caller_says(tmp_path: Path) -> None:
    script: Script = lambda count, event: Reply(500 if count % 3 else 200)  # noqa: E731
    with (
        Receiver(script) as receiver,
        outbox(receiver, tmp_path / "events.db", backoff=QUICK, key=lambda event: 1) as box,
    ):
        for number in range(30):
            box.put(numbered(number))
        assert box.flush(20)
    assert [event["n"] for event in receiver.arrived.events] == list(range(30))


def test_a_long_lane_is_read_piece_by_piece(tmp_path: Path) -> None:
    """More events of one person than are kept in memory, and others that do not wait for them."""
    with Receiver() as receiver:
        with outbox(receiver, tmp_path / "events.db", concurrency=0) as box:
            box.put_many([numbered(number, "one") for number in range(900)])
            box.put_many([numbered(number) for number in range(900, 1000)])
        with outbox(receiver, tmp_path / "events.db") as box:
            assert box.flush(30)
    found = counts(receiver.arrived, set(range(1000)))
    assert found == Counts(1000, 0, set(), True)
    last_of_others = max(i for i, e in enumerate(receiver.arrived.events) if e["n"] >= 900)
    assert last_of_others < 600


def test_operations_and_events_that_are_none(tmp_path: Path) -> None:
    with Receiver() as receiver, outbox(receiver, tmp_path / "events.db") as box:
        wrong: Any = {"event": "User Suppressed"}
        with pytest.raises(TypeError, match="parse_event makes one of a mapping"):
            box.put(wrong)
        operation: Any = "identify"
        with pytest.raises(ValueError, match="there is 'track'"):
            box.put(UserSuppressed(user_id="1"), operation=operation)
        with pytest.raises(ValueError, match="none is stored"):
            box.put(UserSuppressed(user_id="1"), headers={"Authorization": "Basic eDo="})
        with pytest.raises(TypeError, match="timeout"):
            box.put(UserSuppressed(user_id="1"), timeout=3)
        assert box.stats().pending == 0
        box.put(UserSuppressed(user_id="1"), strict_mode=True, headers={"X-Trace": "7"}).wait(5)
    (head,) = receiver.arrived.headers
    assert "X-Strict-Mode: 1" in head
    assert "X-Trace: 7" in head
    assert "Authorization: Basic" in head


def test_the_file_holds_no_credential(tmp_path: Path) -> None:
    with Receiver(lambda count, event: Reply(401)) as receiver:
        box = outbox(receiver, tmp_path / "events.db")
        box.put(numbered(1))
        time.sleep(0.2)
        box.close(0)
    files = list(tmp_path.glob("events.db*"))
    assert files
    assert all(b"secret" not in file.read_bytes() for file in files)


def test_one_that_is_let_in_nowhere_does_not_pause_the_others_again_and_again(
    tmp_path: Path,
) -> None:
    script: Script = lambda count, event: Reply(403) if event["n"] == 0 else OK  # noqa: E731
    patience = Backoff(base=0.01, cap=0.05, pause=0.5, attempts=20)
    with (
        Receiver(script) as receiver,
        outbox(receiver, tmp_path / "events.db", backoff=patience) as box,
    ):
        bad = box.put(numbered(0, "bad"))
        time.sleep(0.2)
        begun = time.monotonic()
        for number in range(1, 40):
            box.put(numbered(number)).wait(5)
        assert time.monotonic() - begun < 10, "paused for one event, time and again"
        while not bad.outcome and time.monotonic() - begun < 30:
            box.put(numbered(40)).wait(5)
            time.sleep(0.05)
        assert bad.wait(1).status == 403
