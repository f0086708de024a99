"""`diff --format html`: the report as a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...drift.findings.finding import Finding, Severity
from ...drift.findings.verdict import SEVERITIES, is_at_least
from ...drift.findings.wirepath import show
from ...drift.findings.wording import common_path
from ...drift.policy.acceptance import Accepted
from ...drift.rules.registry import RULES
from ..formats.base import Report, counted
from .excerpts import Row, excerpt
from .page import render_page

EXCERPTS = 120
"""Findings with an excerpt, the severest first."""
FINDINGS = 1500
"""Findings on the page, the severest first."""
MANY = 200
"""Findings from which on those out of sight are drawn late."""
_PLACES = 200
"""Places of one finding; more than `_OPEN` are folded away."""
_OPEN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A finding as the page shows it. `more`: places that are left out."""

    finding: Finding
    old: str
    new: str
    values: tuple[str, str] | None
    places: tuple[str, ...]
    more: int
    folded: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The findings of one severity. `left_out`: those for which there is no room."""

    severity: Severity
    title: str
    entries: tuple[Entry, ...]
    left_out: int


def render_drift(report: Report) -> str:
    """One file that needs nothing else; what is left out of it is counted in it."""
    shown = _first(report, report.findings, FINDINGS)
    sections = tuple(_sections(report, shown))
    return render_page(
        "drift.jinja",
        title=f"Drift: {report.verdict}, {report.new.path}",
        report=report,
        many=len(shown) > MANY,
        rules=RULES,
        by_rule=_linked(report, shown),
        sections=sections,
        milder=_milder(report),
        limits=list(_limits(report, shown)),
        accepted=[_accepted(report, each) for each in _first(report, report.accepted, FINDINGS)],
    )


def _first(report: Report, items: Sequence[Any], most: int) -> Sequence[Any]:
    return items if report.options.everything else items[:most]


def _milder(report: Report) -> int:
    """Findings that the options leave out."""
    return sum(not is_at_least(each.severity, report.options.minimum) for each in report.all)


def _linked(report: Report, shown: Sequence[Finding]) -> list[tuple[str, Severity, int, int, int]]:
    """The table by rule, with the number of the first finding of each, counted from 1, or 0."""
    first = {each.rule: number for number, each in reversed(list(enumerate(shown, 1)))}
    return [(*row, first.get(row[0], 0)) for row in report.by_rule()]


def _sections(report: Report, shown: Sequence[Finding]) -> Iterator[Section]:
    illustrated = set(map(id, _illustrated(report, shown)))
    for severity in SEVERITIES:
        there = len(report.with_severity(severity))
        found = [each for each in shown if each.severity == severity]
        if there:
            yield Section(
                severity=severity,
                title=counted(there, severity),
                entries=tuple(_entry(report, each, id(each) in illustrated) for each in found),
                left_out=there - len(found),
            )


def entries(report: Report) -> tuple[Entry, ...]:
    """The findings that there is room for, the severest first; the first with an excerpt."""
    shown = _first(report, report.findings, FINDINGS)
    illustrated = set(map(id, _illustrated(report, shown)))
    return tuple(_entry(report, each, id(each) in illustrated) for each in shown)


def _illustrated(report: Report, shown: Sequence[Finding]) -> Sequence[Finding]:
    return _first(report, shown, EXCERPTS)


def _limits(report: Report, shown: Sequence[Finding]) -> Iterator[str]:
    """What the page does not have of all findings."""
    there = len(report.findings)
    if len(shown) < there:
        yield f"This page has the first {len(shown)} of {there} findings"
    illustrated = len(_illustrated(report, shown))
    if illustrated < len(shown):
        yield f"Excerpts of the documents are shown for the first {illustrated} findings"


def _entry(report: Report, finding: Finding, illustrated: bool) -> Entry:
    old, new = report.positions(finding)
    places = _first(report, finding.places, _PLACES) if len(finding.places) > 1 else ()
    has_values = finding.old is not None or finding.new is not None
    return Entry(
        finding=finding,
        old=str(old),
        new=str(new),
        values=(_value(finding.old), _value(finding.new)) if has_values else None,
        places=tuple(_place(finding, each.label, each.path) for each in places),
        more=len(finding.places) - len(places) if places else 0,
        folded=len(places) > _OPEN,
        rows=excerpt(finding, report.old, report.new) if illustrated else (),
    )


def _place(finding: Finding, label: str, path: str) -> str:
    """The path is told where the message does not have it in full."""
    told = path and path != common_path(finding.places)
    return f"{label}: {path}" if told else label or path or "the document"


def _value(value: Any) -> str:
    return "(nothing)" if value is None else show(value)


def _accepted(report: Report, accepted: Accepted) -> tuple[Entry, str]:
    return _entry(report, accepted.finding, illustrated=False), accepted.reason
