"""For code hosts: GitHub's annotations and GitLab's code quality report."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

from ...diagnostics.diagnostic import escape
from ...drift.findings.finding import Finding
from .base import Report, counts

_GITHUB = {"error": "error", "warning": "warning", "info": "notice", "docs": "notice"}
_GITLAB = {"error": "critical", "warning": "major", "info": "minor", "docs": "info"}


ANNOTATIONS = 10
"""As many errors of one step GitHub shows, as many warnings, and as many notices."""


def render_github(report: Report) -> str:
    """Workflow commands, one a line; a document's text can neither end one nor begin another.

    The severest come first. Of each kind the last one that is shown counts what was left out.
    """
    lines: list[str] = []
    for command in ("error", "warning", "notice"):
        findings = [each for each in report.findings if _GITHUB[each.severity] == command]
        cut = len(findings) > ANNOTATIONS
        shown = findings[: ANNOTATIONS - 1] if cut else findings
        lines += [_annotation(report, finding) for finding in shown]
        if cut:
            lines.append(_more(report, command, findings[len(shown) :]))
    return "".join(f"{line}\n" for line in lines)


def _annotation(report: Report, finding: Finding) -> str:
    place = report.annotated(finding)
    at = {"file": place.path, "line": place.line, "col": place.column} if place else {}
    title = {"title": f"{finding.rule} ({report.verdict})"}
    return annotation(_GITHUB[finding.severity], at | title, finding.message)


def _more(report: Report, command: str, left: list[Finding]) -> str:
    rules = ", ".join(f"{number} {rule}" for rule, number in _by_frequency(left))
    said = counts([each.severity for each in left])
    title = {"title": f"{said} more ({report.verdict})"}
    return annotation(command, title, f"not shown as annotations: {said}: {rules}")


def _by_frequency(findings: list[Finding]) -> list[tuple[str, int]]:
    return Counter(each.rule for each in findings).most_common()


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
    place = report.annotated(finding) or report.positions(finding)[1]
    return {
        "description": escape(finding.message),
        "check_name": finding.rule,
        "fingerprint": finding.fingerprint,
        "severity": _GITLAB[finding.severity],
        "location": {"path": place.path, "lines": {"begin": place.line}},
    }
