"""JUnit XML, which nearly every CI can show."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape as xml
from xml.sax.saxutils import quoteattr

from ..diagnostics import escape
from ..drift.finding import Finding
from .base import Report, owner


def render_junit(report: Report) -> str:
    """A test case per finding; errors are failures. Without findings, one case that passes."""
    failures = sum(finding.severity == "error" for finding in report.findings)
    cases = [line for finding in report.findings for line in _case(report, finding)]
    cases = cases or ['    <testcase classname="eventwright" name="no drift"/>']
    number = max(len(report.findings), 1)
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<testsuites tests="{number}" failures="{failures}">',
            f'  <testsuite name="eventwright diff" tests="{number}" failures="{failures}">',
            *cases,
            "  </testsuite>",
            "</testsuites>",
            "",
        ]
    )


def _case(report: Report, finding: Finding) -> Iterator[str]:
    name = attribute(f"{finding.rule} {finding.path}".strip())
    yield f"    <testcase classname={attribute(owner(finding))} name={name}>"
    text = "\n".join(_lines(report, finding))
    if finding.severity == "error":
        head = f"message={attribute(finding.message)} type={attribute(finding.rule)}"
        yield f"      <failure {head}>{xml(text)}</failure>"
    else:
        yield f"      <system-out>{xml(text)}</system-out>"
    yield "    </testcase>"


def _lines(report: Report, finding: Finding) -> Iterator[str]:
    old, new = report.positions(finding)
    yield escape(f"{finding.severity}: {finding.message}")
    yield escape(f"old: {old.path}:{old.line}:{old.column}")
    yield escape(f"new: {new.path}:{new.line}:{new.column}")


def attribute(text: str) -> str:
    """A text as an attribute's value, quotes included."""
    # What is not printable may not stand in XML at all, not even escaped.
    return quoteattr(escape(text))
