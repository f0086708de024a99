"""Markdown, for the text of a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..diagnostics import Location, escape
from ..drift.finding import Finding
from .base import Report


def render_markdown(report: Report) -> str:
    """Whatever comes from a document stands in code spans: no markup, link or mention survives."""
    lines = [f"## Drift: {report.verdict}", ""]
    lines += [f"{report.counts()}. Suggested step: **{report.semver}**.", ""]
    lines += [f"From {_code(report.old.path)} to {_code(report.new.path)}.", ""]
    for name, findings in report.groups():
        lines += [f"### {_code(name)}", ""]
        for finding in findings:
            lines += _lines(report, finding)
        lines.append("")
    if report.accepted:
        lines += [f"Accepted, not counted: {len(report.accepted)}.", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _lines(report: Report, finding: Finding) -> Iterator[str]:
    axes = f" ({', '.join(finding.axes)})" if finding.axes else ""
    old, new = report.positions(finding)
    yield f"- **{finding.severity}** `{finding.rule}`{axes}: {_code(finding.message)}"
    yield f"  {_code(_place(old))} → {_code(_place(new))}"


def _place(place: Location) -> str:
    return f"{place.path}:{place.line}:{place.column}"


def _code(text: str) -> str:
    """A code span, with a fence longer than any run of backticks inside."""
    plain = escape(text)
    longest = max(map(len, re.findall("`+", plain)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if not plain or "`" in (plain[0], plain[-1]) or not plain.strip() else ""
    return f"{fence}{pad}{plain}{pad}{fence}"
