"""Mutations of the flagship document, each with the truth about it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from drift.documents import FLAGSHIP, HERE, model_at
from eventwright.drift.compare import compare
from eventwright.drift.findings.verdict import verdict

SHARED = HERE / "shared"
INDEX = json.loads((SHARED / "index.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", INDEX["mutations"], ids=lambda case: case["id"])
def test_the_right_rule_and_nothing_else(case: dict[str, Any]) -> None:
    found = compare(model_at(FLAGSHIP), model_at(SHARED / case["file"]))
    expected = set() if case["truth"] == "none" else {case["rule"]}
    assert {finding.rule for finding in found} == expected
    assert verdict(found) == case["truth"]
    axes = {axis for finding in found for axis in finding.axes}
    assert ("WIRE" in axes) == case["wire_breaking"]
    assert ("SOURCE" in axes) == case["source_breaking"]


@pytest.mark.parametrize("case", INDEX["compound"], ids=lambda case: case["id"])
def test_a_break_under_a_cosmetic_rewrite(case: dict[str, Any]) -> None:
    found = compare(model_at(FLAGSHIP), model_at(SHARED / case["file"]))
    assert [finding.rule for finding in found] == case["rules"]
    breaking = [finding for finding in found if finding.severity == "error"]
    assert len(breaking) == case["breaking_findings_expected"]
    assert verdict(found) == case["truth"]


def test_each_finding_names_event_path_values_and_places() -> None:
    path = SHARED / "06-request-enum-value-removed.json"
    (found,) = compare(model_at(FLAGSHIP), model_at(path))
    assert (found.event, found.path) == ("Report Delivery Event", "properties.metric")
    assert (found.old, found.new) == ("converted", None)
    assert found.message == 'Report Delivery Event: `properties.metric` no longer takes "converted"'
    place = "/components/schemas/report_delivery_event/properties/properties/properties/metric"
    assert (found.old_at, found.new_at) == (place, place)
