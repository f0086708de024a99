"""SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ... import __version__
from ...diagnostics.diagnostic import Location, escape
from ...drift.findings.finding import Finding
from ...drift.policy.acceptance import Accepted
from ...drift.rules.base import Rule
from ...drift.rules.registry import RULES
from .base import Report

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note", "docs": "note"}
_INDEX = {name: number for number, name in enumerate(RULES)}


def render_sarif(report: Report) -> str:
    """One run. Every rule is listed, met or not, so that indexes and ids stay constant."""
    driver = {
        "name": "eventwright",
        "version": __version__,
        "rules": [_rule(rule) for rule in RULES.values()],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [
            *(_result(report, finding) for finding in report.findings),
            *(_suppressed(report, each) for each in report.accepted),
        ],
        "properties": {"verdict": report.verdict, "semver": report.semver},
    }
    return dumped(run)


def dumped(*runs: Mapping[str, Any]) -> str:
    """A log of these runs."""
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": runs}, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.meaning},
        "fullDescription": {"text": f"{rule.why}."},
        "help": {"text": f"{rule.mend}."},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [axis.lower() for axis in rule.axes]},
    }


def _result(report: Report, finding: Finding) -> dict[str, Any]:
    old, new = report.positions(finding)
    shown = report.annotated(finding) or new
    return {
        "ruleId": finding.rule,
        "ruleIndex": _INDEX[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": message(finding.message)},
        "locations": [{**location(shown), "logicalLocations": _logical(finding)}],
        "relatedLocations": [
            {"id": 0, **location(old), "message": {"text": "where it was before"}}
        ],
        "partialFingerprints": {"eventwright/v1": finding.fingerprint},
        "properties": {
            "axes": list(finding.axes),
            "event": finding.event,
            "operation": finding.operation,
            "path": finding.path,
            "places": len(finding.places),
            "old": finding.old,
            "new": finding.new,
        },
    }


def location(place: Location) -> dict[str, Any]:
    """A place in a file."""
    uri = quote(place.path.replace("\\", "/"), safe="/:@~?=&")
    region = {"startLine": place.line, "startColumn": place.column}
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}


def _suppressed(report: Report, accepted: Accepted) -> dict[str, Any]:
    """A result that a file of acceptances, outside the document, sets apart (3.35)."""
    suppression = {
        "kind": "external",
        "status": "accepted",
        "justification": message(accepted.reason),
    }
    return _result(report, accepted.finding) | {"suppressions": [suppression]}


def _logical(finding: Finding) -> list[dict[str, str]]:
    """Each place where the change is met."""
    names = (
        escape(f"{place.owner or 'the document'} {place.path}".strip()) for place in finding.places
    )
    return [{"fullyQualifiedName": name, "kind": "member"} for name in dict.fromkeys(names)]


def message(text: str) -> str:
    """Without what SARIF would read as a placeholder or a link (2.1.0, sections 3.11.5 and 6)."""
    plain = re.sub(r"\{(\d+)\}", r"{{\1}}", escape(text))
    return re.sub(r"([\[\]\\])", r"\\\1", plain) if "](" in plain else plain
