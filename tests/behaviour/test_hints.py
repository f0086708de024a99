"""Errors that say how to mend what is nearly right."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from behaviour.told import problems
from support import event, event_document, import_package, runtime

KINDS = {
    "uuid": {"type": "string", "format": "uuid"},
    "number": {"type": "number"},
    "whole": {"type": "integer"},
    "moment": {"type": "string", "format": "date-time"},
    "day": {"type": "string", "format": "date"},
    "blob": {"type": "string", "format": "byte"},
    "text": {"type": "string"},
    "free": {},
    "device": {"enum": ["ios", "android", 5]},
}


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("text", uuid.UUID(int=1), "use str(…)"),
        ("number", Decimal("1.5"), "use float(…)"),
        ("whole", Decimal(2), "use int(…)"),
        ("moment", "2026-11-24T09:30:00+00:00", "use datetime.fromisoformat(…)"),
        ("day", "2026-11-24", "use date.fromisoformat(…)"),
        ("day", datetime(2026, 11, 24, tzinfo=UTC), "use ….date()"),
        ("moment", date(2026, 11, 24), "use datetime.combine(…, time(), timezone.utc)"),
        ("text", b"abc", "use ….decode()"),
        ("text", date(2026, 11, 24), "use ….isoformat()"),
        ("free", datetime(2026, 11, 24, tzinfo=UTC), "use ….isoformat()"),
        ("free", {"a": [uuid.UUID(int=1)]}, "use str(…)"),
        ("free", b"abc", "use base64.b64encode(…).decode()"),
        ("free", {1, 2}, "use list(…)"),
        ("device", "andriod", "did you mean 'android'?"),
        ("device", "IOS", "did you mean 'ios'?"),
    ],
)
def test_a_value_that_converts(tmp_path: Path, name: str, value: Any, hint: str) -> None:
    module = import_package(event_document(event("Made", KINDS)), tmp_path)
    (problem,) = problems(module, module.Made, **{name: value})
    assert problem.endswith(f"; {hint}")


def test_a_value_that_does_not_convert(tmp_path: Path) -> None:
    module = import_package(event_document(event("Made", KINDS)), tmp_path)
    for name in KINDS:
        (problem,) = problems(module, module.Made, **{name: object()})
        assert problem.endswith("got an object of type object")


@pytest.mark.parametrize("key", ["delivery_id", "DeliveryID", "delivery-id"])
def test_a_required_key_that_is_spelt_otherwise(flagship: ModuleType, key: str) -> None:
    given = {key: "d1", "metric": "clicked"}
    assert problems(flagship, flagship.ReportDeliveryEvent, properties=given) == [
        "$.properties.deliveryId: expected a string, got nothing (it is required); "
        f"there is '{key}'"
    ]


def test_among_very_many_keys_none_is_looked_for(flagship: ModuleType) -> None:
    given = {**{f"k{number}": 1 for number in range(50)}, "delivery_id": "d1", "metric": "clicked"}
    (problem,) = problems(flagship, flagship.ReportDeliveryEvent, properties=given)
    assert problem.endswith("got nothing (it is required)")


def test_a_required_key_that_is_not_there(flagship: ModuleType) -> None:
    given = {"delivered": "d1", "metric": "clicked"}
    (problem,) = problems(flagship, flagship.ReportDeliveryEvent, properties=given)
    assert problem.endswith("got nothing (it is required)")


def test_an_event_that_is_like_none(flagship: ModuleType) -> None:
    unknown = runtime(flagship, "builders.dispatch").UnknownEvent
    with pytest.raises(unknown) as caught:
        flagship.parse_event({"type": "track", "event": "zzz"})
    told = str(caught.value)
    assert told.startswith("unknown event 'zzz'; there are 'Device Created or Updated', ")
    assert told.endswith(", 'Report Delivery Event'")


def test_no_more_than_ten_events_are_listed(flagship: ModuleType) -> None:
    unknown = runtime(flagship, "builders.dispatch").UnknownEvent
    many = tuple(f"Event {number:02}" for number in range(12))
    assert str(unknown("event", "zzz", many)).endswith(", 'Event 09' and 2 more")
    assert str(unknown("event", "zzz", many[:1])) == "unknown event 'zzz'; there is 'Event 00'"


def test_unset_is_shown_as_it_is_written(flagship: ModuleType) -> None:
    unset = runtime(flagship, "values").UNSET
    assert (repr(unset), str(unset), f"{unset}") == ("UNSET",) * 3


@pytest.mark.parametrize(
    ("value", "got"),
    [({}, "got nothing (it is required)"), ({"kind": None}, "got null"), ({"kind": 1}, "got 1")],
)
def test_null_and_absent_are_told_apart(value: Any, got: str, tmp_path: Path) -> None:
    arms = [
        {"type": "object", "properties": {"kind": {"const": each}}, "required": ["kind"]}
        for each in ("card", "cash")
    ]
    module = import_package(event_document(event("Paid", {"by": {"oneOf": arms}})), tmp_path)
    told = re.escape(f"$.by.kind: expected one of 'card', 'cash', {got}")
    with pytest.raises(ValueError, match=told):
        module.parse_event({"event": "Paid", "by": value})
