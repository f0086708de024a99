"""For code hosts: GitHub's annotations and GitLab's code quality report."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ..diagnostics import escape
from ..drift.finding import Finding
from .base import Report

_GITHUB = {"error": "error", "warning": "warning", "info": "notice", "docs": "notice"}
_GITLAB = {"error": "critical", "warning": "major", "info": "minor", "docs": "info"}


def render_github(report: Report) -> str:
    """Workflow commands, one a line; a document's text can neither end one nor begin another."""
    return "".join(f"{_annotation(report, finding)}\n" for finding in report.findings)


def _annotation(report: Report, finding: Finding) -> str:
    place = report.positions(finding)[1]
    properties = {
        "file": place.path,
        "line": place.line,
        "col": place.column,
        "title": f"{finding.rule} ({report.verdict})",
    }
    return annotation(_GITHUB[finding.severity], properties, finding.message)


def annotation(command: str, properties: Mapping[str, object], message: str) -> str:
    """One workflow command: error, warning or notice."""
    told = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{command} {told}::{_message(escape(message))}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(escape(text)).replace(":", "%3A").replace(",", "%2C")


def render_gitlab(report: Report) -> str:
    """A list of issues; `fingerprint` tells GitLab which of them it knows already."""
    issues = [_issue(report, finding) for finding in report.findings]
    return json.dumps(issues, indent=2) + "\n"


def _issue(report: Report, finding: Finding) -> dict[str, object]:
    place = report.positions(finding)[1]
    return {
        "description": escape(finding.message),
        "check_name": finding.rule,
        "fingerprint": finding.fingerprint,
        "severity": _GITLAB[finding.severity],
        "location": {"path": place.path, "lines": {"begin": place.line}},
    }
