"""What means the same is never drift; what breaks is found however it is written down."""

from __future__ import annotations

import copy
from collections import Counter
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drift.documents import flagship, model_of, varied
from drift.edits import EDITS
from drift.rewrites import REWRITES, to_legacy
from eventwright.drift.compare import compare
from eventwright.drift.findings.finding import Finding

DOCUMENTS = {"flagship": flagship(), "varied": varied()}
seeds = st.integers(min_value=0, max_value=2**32)
names = st.sampled_from(sorted(DOCUMENTS))
rewritings = st.lists(st.sampled_from(sorted(REWRITES)), min_size=1, max_size=8)


def rewritten(data: dict[str, Any], steps: list[str], seed: int) -> dict[str, Any]:
    """A copy of the document after some rewrites."""
    copied, random = copy.deepcopy(data), Random(seed)
    for step in steps:
        REWRITES[step](copied, random)
    return copied


def essence(findings: tuple[Finding, ...]) -> Counter[tuple[str, str | None, str, str]]:
    """Which rules, where, for which change."""
    return Counter((each.rule, each.event, each.path, each.change) for each in findings)


@pytest.mark.parametrize("step", sorted(REWRITES))
@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_each_rewrite_changes_the_document_but_is_no_drift(name: str, step: str) -> None:
    data = DOCUMENTS[name]
    other = rewritten(data, [step] * 3, seed=1)
    assert repr(other) != repr(data)
    assert compare(model_of(data), model_of(other)) == ()


@settings(max_examples=40, deadline=None)
@given(names, rewritings, seeds)
def test_no_combination_of_rewrites_is_drift(name: str, steps: list[str], seed: int) -> None:
    data = DOCUMENTS[name]
    other = rewritten(data, steps, seed)
    assert compare(model_of(data), model_of(other)) == ()
    assert compare(model_of(other), model_of(data)) == ()


def test_the_other_version_of_openapi_is_no_drift() -> None:
    data = DOCUMENTS["varied"]
    legacy = to_legacy(data)
    assert compare(model_of(data), model_of(legacy)) == ()
    assert compare(model_of(legacy), model_of(data)) == ()


@settings(max_examples=40, deadline=None)
@given(names, st.lists(st.sampled_from(["reorder", "wrap", "respell"]), min_size=1), seeds)
def test_no_class_is_called_otherwise_for_another_spelling(
    name: str, steps: list[str], seed: int
) -> None:
    data = DOCUMENTS[name]
    assert classes(rewritten(data, steps, seed)) == classes(data)


def classes(data: dict[str, Any]) -> list[str]:
    """The names of all classes of a document's model."""
    return sorted(item.name for item in model_of(data).objects.values())


@pytest.mark.parametrize("edit", sorted(EDITS))
@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_each_breaking_edit_is_found(name: str, edit: str) -> None:
    data = DOCUMENTS[name]
    broken = copy.deepcopy(data)
    rule = EDITS[edit](broken, Random(1))
    found = compare(model_of(data), model_of(broken))
    assert {finding.rule for finding in found if finding.severity == "error"} == {rule}


@settings(max_examples=40, deadline=None)
@given(names, st.sampled_from(sorted(EDITS)), rewritings, seeds)
def test_a_break_is_found_alike_under_every_rewrite(
    name: str, edit: str, steps: list[str], seed: int
) -> None:
    data = DOCUMENTS[name]
    broken = copy.deepcopy(data)
    rule = EDITS[edit](broken, Random(seed))
    plain = compare(model_of(data), model_of(broken))
    assert rule in {finding.rule for finding in plain}
    hidden = rewritten(broken, steps, seed)
    assert essence(compare(model_of(data), model_of(hidden))) == essence(plain)
    assert essence(compare(model_of(rewritten(data, steps, seed)), model_of(broken))) == essence(
        plain
    )
