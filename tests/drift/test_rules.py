"""Every rule has a folder: two documents, the findings, and those of the reverse direction."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from drift.documents import HERE, model_at
from eventwright.drift.compare import compare
from eventwright.drift.findings.finding import Finding
from eventwright.drift.rules.registry import RULES

FOLDERS = sorted((HERE / "rules").iterdir())


def told(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    """What matters of the findings."""
    keys = ("rule", "event", "operation", "path", "old", "new")
    return [
        {**{key: getattr(finding, key) for key in keys}, "axes": list(finding.axes)}
        for finding in findings
    ]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_findings_are_exactly_those_expected(folder: Path) -> None:
    old, new = (model_at(folder / name) for name in ("previous.yaml", "current.yaml"))
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert told(compare(old, new)) == expected["findings"]
    assert told(compare(new, old)) == expected["reversed"]


def test_every_rule_has_a_folder_that_shows_it_alone() -> None:
    # What an announced end gives depends on the configuration: unit/drift/test_policy.py.
    assert {folder.name for folder in FOLDERS} == RULES.keys() - {"SUNSET_TOO_SOON"}
    for folder in FOLDERS:
        expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
        assert {finding["rule"] for finding in expected["findings"]} == {folder.name}


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_every_rule_has_a_mirror_or_says_why_not(rule: Any) -> None:
    assert bool(rule.mirror) != bool(rule.waiver)
    assert not rule.mirror or RULES[rule.mirror].id.split("_")[0] != rule.id.split("_")[0]


def test_a_wire_break_is_always_an_error() -> None:
    assert all(rule.severity == "error" for rule in RULES.values() if "WIRE" in rule.axes)
