"""JUnit XML, which nearly every CI can show."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape as xml
from xml.sax.saxutils import quoteattr

from ...diagnostics.diagnostic import escape
from ...drift.findings.finding import Finding
from ...drift.policy.acceptance import Accepted
from .base import Report, owner


def render_junit(report: Report) -> str:
    """A test case per finding; what makes the run fail is a failure, what was accepted is skipped.

    Without findings, one case that passes.
    """
    failures = sum(map(report.fails, report.findings))
    cases = [line for finding in report.findings for line in _case(report, finding)]
    cases += [line for each in report.accepted for line in _skipped(each)]
    number = len(report.findings) + len(report.accepted)
    if not number:
        cases, number = ['    <testcase classname="eventwright" name="no drift"/>'], 1
    counted = f'tests="{number}" failures="{failures}"'
    skipped = f' skipped="{len(report.accepted)}"' if report.accepted else ""
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f"<testsuites {counted}>",
            f'  <testsuite name="eventwright diff" {counted}{skipped}>',
            *cases,
            "  </testsuite>",
            "</testsuites>",
            "",
        ]
    )


def _case(report: Report, finding: Finding) -> Iterator[str]:
    yield _opening(finding)
    text = "\n".join(_lines(report, finding))
    if report.fails(finding):
        head = f"message={attribute(finding.message)} type={attribute(finding.rule)}"
        yield f"      <failure {head}>{xml(text)}</failure>"
    else:
        yield f"      <system-out>{xml(text)}</system-out>"
    yield "    </testcase>"


def _opening(finding: Finding) -> str:
    name = attribute(f"{finding.rule} {finding.path}".strip())
    return f"    <testcase classname={attribute(owner(finding))} name={name}>"


def _skipped(accepted: Accepted) -> Iterator[str]:
    yield _opening(accepted.finding)
    yield f"      <skipped message={attribute(f'accepted: {accepted.reason}')}/>"
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
