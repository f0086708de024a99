"""What is logged once only, and how much of it is remembered."""

from __future__ import annotations

import logging

import pytest

from customerio_events._runtime.delivery.reports import Reports

MANY = 250


def test_an_error_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    reports = Reports("customerio_events", "relay", None)
    for _ in range(3):
        reports.once("left to a newer version")
        reports.once("left to other workers")
    assert caplog.messages == ["left to a newer version", "left to other workers"]
    assert {record.levelno for record in caplog.records} == {logging.ERROR}


def test_errors_without_end_are_not_remembered_without_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    reports = Reports("customerio_events", "relay", None)
    for number in range(MANY):
        reports.once(f"left to version {number}")
    caplog.clear()
    reports.once(f"left to version {MANY - 1}")
    reports.once("left to version 0")
    assert caplog.messages == ["left to version 0"]
