"""What is logged: with which fields, and what once only."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from customerio_events._runtime.delivery.reports import Reports
from delivery.receiver import Receiver, Reply, numbered, outbox

MANY = 250


@pytest.mark.parametrize(("status", "level"), [(400, "WARNING"), (401, "ERROR")])
def test_a_line_has_its_fields(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, status: int, level: str
) -> None:
    """Those of a client's lines, and the id; of a dead letter, and of a pause."""
    told = list[object]()
    with (
        Receiver(lambda number, event: Reply(status, seconds=0.05)) as receiver,
        outbox(receiver, tmp_path / "e.db", on_failure=told.append) as box,
    ):
        receipt = box.put(numbered(1))
        with pytest.raises(TimeoutError) if status == 401 else nullcontext():
            receipt.wait(5 if status == 400 else 0.5)
        box.close(0)
    line: Any = next(each for each in caplog.records if each.levelname == level)
    assert (line.event, line.operation, line.status) == ("UserSuppressed", "track", status)
    assert (line.attempt, line.outbox_id) == (1, receipt.id)
    assert 0.05 <= line.seconds < 60
    assert len(told) == 1


def test_an_error_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    reports = Reports("customerio_events", "relay", None, lambda operation, body: None)
    for _ in range(3):
        reports.once("left to a newer version")
        reports.once("left to other workers")
    assert caplog.messages == ["left to a newer version", "left to other workers"]
    assert {record.levelno for record in caplog.records} == {logging.ERROR}


def test_errors_without_end_are_not_remembered_without_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    reports = Reports("customerio_events", "relay", None, lambda operation, body: None)
    for number in range(MANY):
        reports.once(f"left to version {number}")
    caplog.clear()
    reports.once(f"left to version {MANY - 1}")
    reports.once("left to version 0")
    assert caplog.messages == ["left to version 0"]
