"""Markdown, for the text of a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...diagnostics.diagnostic import Location, escape
from ...drift.findings.finding import Finding, Severity
from ...drift.findings.verdict import SEVERITIES
from .base import Report, counted

LONGEST = 60_000
"""Characters. GitHub takes 65,536 in the text of a pull request; a workflow may add some."""


def render_markdown(report: Report) -> str:
    """Whatever comes from a document stands in code spans: no markup, link or mention survives.

    The severest come first; what no longer fits is counted, and of errors nothing is cut before all
    else is.
    """
    text = "\n".join(_head(report)) + "\n"
    left = LONGEST - len(text) - 200 * len(SEVERITIES)
    for severity in SEVERITIES:
        findings = report.with_severity(severity)
        if findings:
            section = _section(report, severity, findings, left)
            left -= len(section)
            text += section
    if report.accepted:
        text += f"\nAccepted, not counted: {len(report.accepted)}.\n"
    return text


def _head(report: Report) -> Iterator[str]:
    yield f"## Drift: {report.verdict}"
    yield ""
    yield f"{report.counts()}. Suggested step: **{report.semver}**."
    yield ""
    yield f"From {code(report.old.path)} to {code(report.new.path)}."
    rows = list(report.by_rule())
    if rows:
        yield ""
        yield "| severity | rule | findings | places |"
        yield "|---|---|--:|--:|"
        for rule, severity, findings, places in rows:
            yield f"| {severity} | `{rule}` | {findings} | {places} |"


def _section(report: Report, severity: Severity, findings: list[Finding], room: int) -> str:
    """The findings that fit; of words only how many there are, unless all is asked for."""
    head = f"\n### {counted(len(findings), severity)}\n\n"
    if severity == "docs" and not report.options.everything:
        return f"{head}Not shown here: `--all` shows them.\n"
    text = head
    for number, finding in enumerate(findings):
        entry = "".join(f"{line}\n" for line in _lines(report, finding))
        if len(text) + len(entry) > room and not report.options.everything:
            left = counted(len(findings) - number, severity)
            return f"{text}- … and **{left} more**: `eventwright diff --all` shows all.\n"
        text += entry
    return text


def _lines(report: Report, finding: Finding) -> Iterator[str]:
    axes = f" ({', '.join(finding.axes)})" if finding.axes else ""
    old, new = report.positions(finding)
    yield f"- **{finding.severity}** `{finding.rule}`{axes}: {code(finding.message)}"
    yield f"  {code(_place(old))} → {code(_place(new))}"


def _place(place: Location) -> str:
    return f"{place.path}:{place.line}:{place.column}"


def code(text: str) -> str:
    """A code span, with a fence longer than any run of backticks inside."""
    plain = escape(text)
    longest = max(map(len, re.findall("`+", plain)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if not plain or "`" in (plain[0], plain[-1]) or not plain.strip() else ""
    return f"{fence}{pad}{plain}{pad}{fence}"
