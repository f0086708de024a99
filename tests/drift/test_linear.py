"""The cost grows with the size of the documents, not with what refers to what."""

from __future__ import annotations

import copy
import sys
from types import FrameType

from drift.documents import model_of
from drift.large import large
from eventwright.drift.compare import compare
from eventwright.drift.findings.finding import Finding


def calls(size: int) -> tuple[int, tuple[Finding, ...]]:
    """How many calls it takes to find one change: a measure that no busy machine disturbs."""
    old = large(size)
    new = copy.deepcopy(old)
    new["components"]["schemas"]["thing_5"]["properties"]["value_1"]["maxLength"] = 10
    models = model_of(old), model_of(new)
    count = 0

    def profile(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(profile)
    try:
        found = compare(*models)
    finally:
        sys.setprofile(None)
    return count, found


def test_twice_the_document_is_twice_the_work() -> None:
    one, found = calls(50)
    four, again = calls(200)
    assert four < 4.4 * one
    assert {finding.rule for finding in found} == {
        "REQ_CONSTRAINT_TIGHTENED",
        "RESP_CONSTRAINT_TIGHTENED",
    }
    # Ten operations reach the schema, each from both sides.
    assert len(found) == len(again) == 2
    assert [len(finding.places) for finding in found] == [10, 10]


def test_a_recursive_change_is_told_once_per_place() -> None:
    _, found = calls(10)
    places = [(finding.operation, finding.rule) for finding in found]
    assert len(set(places)) == len(places)
