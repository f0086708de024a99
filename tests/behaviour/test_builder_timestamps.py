"""Timestamps of builders: which are taken, how they are written, and that they stay so."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import date, datetime, timedelta, timezone, tzinfo
from types import ModuleType
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import pytest

from behaviour.told import WHEN, problems
from eventwright.runtime.runtime import runtime as static


@pytest.mark.parametrize("wrong", [None, 1, "2026-11-24T09:30:00Z", date(2026, 11, 24)])
def test_timestamp_takes_datetimes_only(flagship: ModuleType, wrong: Any) -> None:
    if wrong is None:
        assert flagship.UserDeleted(user_id="1", timestamp=None).timestamp is None
        return
    found = problems(flagship, flagship.UserDeleted, user_id="1", timestamp=wrong)
    assert [line.partition(":")[0] for line in found] == ["$.timestamp"]


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (WHEN, "2026-11-24T09:30:00Z"),
        (WHEN.replace(microsecond=5), "2026-11-24T09:30:00.000005Z"),
        (WHEN.astimezone(timezone(timedelta(hours=-8))), "2026-11-24T01:30:00-08:00"),
        (WHEN.astimezone(timezone(timedelta(hours=5, minutes=45))), "2026-11-24T15:15:00+05:45"),
        (WHEN.replace(year=987), "0987-11-24T09:30:00Z"),
        (datetime(2026, 1, 1, tzinfo=timezone(timedelta(seconds=1))), "2025-12-31T23:59:59Z"),
    ],
)
def test_timestamp_on_the_wire(flagship: ModuleType, moment: datetime, text: str) -> None:
    made = flagship.UserDeleted(user_id="1", timestamp=moment)
    assert made.to_dict()["timestamp"] == text
    assert json.loads(made.to_json())["timestamp"] == text
    assert flagship.parse_event(made.to_json()) == made


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T09:30:00.123456789Z",
        "2026-11-24t09:30:00z",
        "2026-11-24T09:30:00-00:00",
        "2016-12-31T23:59:60Z",
        "2026-11-24T09:30:00.100Z",
    ],
)
def test_read_timestamps_are_written_as_they_were(flagship: ModuleType, text: str) -> None:
    read = flagship.UserDeleted.from_dict(
        {"userId": "1", "type": "track", "event": "User Deleted", "timestamp": text}
    )
    for same in (read, copy.deepcopy(read), pickle.loads(pickle.dumps(read))):
        assert same.to_dict()["timestamp"] == text
        assert json.loads(same.to_json())["timestamp"] == text


class Zone(tzinfo):
    def tzname(self, moment: datetime | None) -> None:
        return None

    def dst(self, moment: datetime | None) -> None:
        return None


class Broken(Zone):
    def utcoffset(self, moment: datetime | None) -> NoReturn:
        raise RuntimeError("no zone")


class Moving(Zone):
    offset = timedelta(hours=1)

    def utcoffset(self, moment: datetime | None) -> timedelta:
        return self.offset


@pytest.mark.parametrize(
    ("moment", "got"),
    [
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(seconds=30))), "in UTC"),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone(timedelta(seconds=-30))), "in UTC"),
        (datetime(2026, 1, 1, tzinfo=Broken()), "zone fails with RuntimeError"),
    ],
)
def test_a_moment_without_text_is_a_problem(
    flagship: ModuleType, moment: datetime, got: str
) -> None:
    (found,) = problems(flagship, flagship.UserDeleted, user_id="1", timestamp=moment)
    assert found.startswith("$.timestamp: expected an aware datetime, got one ")
    assert got in found


@pytest.mark.parametrize("text", ["9999-12-31T23:59:60-00:01", "0001-01-01T00:00:60+23:59"])
def test_leap_seconds_at_the_ends_of_time(flagship: ModuleType, text: str) -> None:
    wire = {"userId": "1", "type": "track", "event": "User Deleted", "timestamp": text}
    (found,) = problems(flagship, flagship.parse_event, wire)
    assert found.startswith("$.timestamp: expected a date-time of RFC 3339")


def test_a_zone_cannot_change_an_event(flagship: ModuleType) -> None:
    zone = Moving()
    made = flagship.UserDeleted(user_id="1", timestamp=datetime(2026, 1, 1, tzinfo=zone))
    zone.offset = timedelta(hours=2)
    assert made.to_dict()["timestamp"] == "2026-01-01T00:00:00+01:00"


def test_the_hour_that_comes_twice(flagship: ModuleType) -> None:
    moment = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin"))
    made = flagship.UserDeleted(user_id="1", timestamp=moment)
    assert made.to_dict()["timestamp"] == "2026-10-25T02:30:00+01:00"
    assert flagship.parse_event(made.to_json()) == made


def test_the_text_of_a_timestamp_cannot_change(flagship: ModuleType) -> None:
    wire = {"userId": "1", "type": "track", "event": "User Deleted"}
    read = flagship.parse_event({**wire, "timestamp": "2026-11-24t09:30:00z"})
    with pytest.raises(AttributeError, match="text"):
        read.timestamp.text = "garbage"
    with pytest.raises(AttributeError, match="text"):
        del read.timestamp.text
    assert read.to_dict()["timestamp"] == "2026-11-24t09:30:00z"


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        *(("09:30:00Z", True), ("23:59:60Z", True), ("00:59:60.5+01:00", True)),
        *(("09:30:60Z", False), ("23:59:60-01:00", False), ("24:00:00Z", False), ("9:30Z", False)),
    ],
)
def test_times(text: str, valid: bool) -> None:
    assert static("kinds.formats").TIME[1](text) is valid
