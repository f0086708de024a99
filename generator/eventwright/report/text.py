"""For a person at a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ..diagnostics import Location, escape
from ..drift.finding import Finding
from ..drift.wirepath import show
from ..model import Json
from .base import Report

_COLOURS = {"error": "31", "warning": "33", "info": "32", "docs": "36"}


def render_text(report: Report) -> str:
    """Grouped by event or operation. No character of a document reaches the terminal raw."""
    lines: list[str] = []
    for name, findings in report.groups():
        lines.append(_paint(report, escape(name), "1"))
        for finding in findings:
            lines += _lines(report, finding)
        lines.append("")
    return "\n".join([*lines, *_summary(report)]) + "\n"


def _lines(report: Report, finding: Finding) -> Iterator[str]:
    severity = _paint(report, f"{finding.severity:<7}", _COLOURS[finding.severity])
    axes = f" ({' '.join(finding.axes)})" if finding.axes else ""
    yield f"  {severity} {escape(finding.message)}"
    yield f"          {finding.rule}{axes}"
    if finding.old is not None or finding.new is not None:
        values = [escape(_value(value)) for value in (finding.old, finding.new)]
        yield f"          {values[0]} -> {values[1]}"
    old, new = report.positions(finding)
    yield f"          {_place(old)} -> {_place(new)}"


def _value(value: Json) -> str:
    return "(nothing)" if value is None else show(value)


def _place(place: Location) -> str:
    return escape(f"{place.path}:{place.line}:{place.column}")


def _summary(report: Report) -> Iterator[str]:
    accepted = f", {len(report.accepted)} accepted" if report.accepted else ""
    word = _paint(report, report.verdict, "1")
    yield f"{word}: {report.counts()}{accepted}"
    if report.findings:
        yield f"suggested step: {report.semver}"
    worst = [each for each in report.findings if each.severity in ("error", "warning")]
    if worst:
        yield f"why and what to do: eventwright rules {worst[0].rule}"
        yield "to accept the first, append this to a file and name it with --accept:"
        yield from (f"  {line}" for line in _acceptance(worst[0]))


def _acceptance(finding: Finding) -> Iterator[str]:
    yield "[[accept]]"
    yield f"rule = {_toml(finding.rule)}"
    if finding.event is not None:
        yield f"event = {_toml(finding.event)}"
    elif finding.operation is not None:
        yield f"operation = {_toml(finding.operation)}"
    yield f"path = {_toml(finding.path)}"
    yield f"change = {_toml(finding.change)}"
    yield 'reason = "…"'


def _toml(text: str) -> str:
    """A TOML string whose every character is visible."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else _spelled(ord(c)) for c in quoted)


def _spelled(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _paint(report: Report, text: str, style: str) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if report.colour else text
