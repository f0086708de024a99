"""For programs; `report.schema.json` beside this file describes it."""

from __future__ import annotations

import json
from typing import Any

from ...diagnostics.diagnostic import Location
from ...drift.findings.finding import Finding
from .base import Report

VERSION = 1


def render_json(report: Report) -> str:
    """ASCII only, so that no terminal or log is misled by it."""
    data = {
        "reportVersion": VERSION,
        "old": report.old.path,
        "new": report.new.path,
        "verdict": report.verdict,
        "semver": report.semver,
        "findings": [as_data(report, finding) for finding in report.findings],
        "accepted": [
            as_data(report, each.finding) | {"reason": each.reason} for each in report.accepted
        ],
    }
    return json.dumps(data, indent=2) + "\n"


def as_data(report: Report, finding: Finding) -> dict[str, Any]:
    """One finding. Event, operation and path are those of its first place."""
    old, new = report.positions(finding)
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "axes": list(finding.axes),
        "event": finding.event,
        "operation": finding.operation,
        "path": finding.path,
        "places": [
            {"event": each.event, "operation": each.operation, "path": each.path}
            for each in finding.places
        ],
        "old": finding.old,
        "new": finding.new,
        "message": finding.message,
        "positions": {"old": _place(old), "new": _place(new)},
        "change": finding.change,
        "fingerprint": finding.fingerprint,
    }


def _place(place: Location) -> dict[str, Any]:
    return {
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "pointer": place.pointer,
    }
