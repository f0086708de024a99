"""For a person at a terminal: the whole in a screen or two, then the details that fit."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from ...diagnostics.diagnostic import Location, escape
from ...drift.findings.finding import Finding, Severity
from ...drift.findings.verdict import SEVERITIES
from ...drift.findings.wirepath import show
from ...drift.findings.wording import common_path, where
from ...drift.policy.acceptfile import entry
from ...text.jsonvalues import Json
from .base import Report, counted

_COLOURS = {"error": "31", "warning": "33", "info": "32", "docs": "36"}
LINES = 120
"""As long as a report gets that was not asked for in full."""
_RULES = 24
"""As many rows has its table of rules, the severest first."""
_WIDTHS = (140, 220, 400)
"""Of lines that findings share: wider, the more there are."""
_UNBROKEN = "\xa0"
"""A space where no line is broken. No text has one: `escape` shows it as what it is."""

_Detail = Callable[[Report, Sequence[Finding]], list[str]]


def render_text(report: Report) -> str:
    """The verdict, a table by rule, the findings. No character of a document is shown raw."""
    head = [_paint(report, report.head(), "1"), *_compared(report), *_table(report)]
    hints = list(_hints(report))
    details = _details(report, LINES - len(head) - len(hints))
    return "\n".join([*head, *details, *hints]) + "\n"


def _compared(report: Report) -> Iterator[str]:
    yield escape(f"from {report.old.path} to {report.new.path}")


def _table(report: Report) -> Iterator[str]:
    rows = list(report.by_rule())
    if not rows:
        return
    yield ""
    shown = rows if report.options.everything else rows[:_RULES]
    for rule, severity, findings, places in shown:
        met = f" in {places} places" if places > findings else ""
        yield f"  {_severity(report, severity)} {rule:<32} {findings:>4}{met}"
    if len(shown) < len(rows):
        yield f"          and {len(rows) - len(shown)} more rules"


def _details(report: Report, room: int) -> list[str]:
    lines: list[str] = []
    met = [each for each in SEVERITIES if report.with_severity(each)]
    for later, severity in zip(reversed(range(len(met))), met, strict=True):
        # A blank line before it; and of those after it two lines each, at least.
        left = room - len(lines) - 1 - 2 * later
        lines += ["", *_section(report, severity, report.with_severity(severity), left)]
    return lines


def _section(report: Report, severity: Severity, findings: list[Finding], room: int) -> list[str]:
    """The findings as fully as there is room for; of errors each one, whatever the room."""
    if report.options.everything:
        return _full(report, findings)
    if severity != "docs":
        for detail in _DETAILS:
            found = detail(report, findings)
            if len(found) <= room:
                return found
    if severity == "error":
        return _by_rule(report, findings)
    what = "changes of words" if severity == "docs" else counted(len(findings), severity)
    number = f"{len(findings)} " if severity == "docs" else ""
    return [f"  {_severity(report, severity)} {number}{what} not shown here: --all shows them"]


def _full(report: Report, findings: Sequence[Finding]) -> list[str]:
    return [line for finding in findings for line in _lines(report, finding)]


def _lines(report: Report, finding: Finding) -> Iterator[str]:
    axes = f" ({' '.join(finding.axes)})" if finding.axes else ""
    yield f"  {_severity(report, finding.severity)} {escape(finding.message)}"
    yield f"          {finding.rule}{axes}"
    if finding.old is not None or finding.new is not None:
        values = [escape(_value(value)) for value in (finding.old, finding.new)]
        yield f"          {values[0]} -> {values[1]}"
    old, new = report.positions(finding)
    yield f"          {_place(old)} -> {_place(new)}"


def _one_line(report: Report, findings: Sequence[Finding]) -> list[str]:
    return [
        f"  {_severity(report, each.severity)} {escape(each.message)} [{each.rule}]"
        for each in findings
    ]


def _packed(report: Report, findings: Sequence[Finding], width: int) -> list[str]:
    """Those that say the same of other places, together."""
    indent = " " * 10
    return [
        part.replace(_UNBROKEN, " ")
        for line in _by_rule(report, findings, space=_UNBROKEN)
        for part in textwrap.wrap(
            line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        )
    ]


def _by_rule(report: Report, findings: Sequence[Finding], space: str = " ") -> list[str]:
    """A line for each rule; `space` stands between the words that tell one place."""
    alike: dict[tuple[str, str], list[Finding]] = {}
    for each in findings:
        alike.setdefault((each.rule, each.phrase), []).append(each)
    rules: dict[str, list[str]] = {}
    for (rule, phrase), same in alike.items():
        places = ", ".join(escape(_short(each)).replace(" ", space) for each in same)
        rules.setdefault(rule, []).append(f"{escape(phrase)}: {places}")
    severity = _severity(report, findings[0].severity)
    return [f"  {severity} {rule}: {'; '.join(told)}" for rule, told in rules.items()]


def _short(finding: Finding) -> str:
    """Where it is met, in as few words as tell it from the others."""
    if len(finding.places) == 1:
        name, path, places = "", finding.path, finding.places[0].label
    else:
        name, path = finding.component, common_path(finding.places)
        places = where(finding.places, named=1)
    what = ": ".join(filter(None, (name, f"`{path}`" if path else "")))
    return f"{what} ({places})" if what and places else what or places or "the document"


_DETAILS: tuple[_Detail, ...] = (
    _full,
    _one_line,
    *(partial(_packed, width=width) for width in _WIDTHS),
)
"""From the fullest to the shortest."""


def _value(value: Json) -> str:
    return "(nothing)" if value is None else show(value)


def _place(place: Location) -> str:
    return escape(f"{place.path}:{place.line}:{place.column}")


def _hints(report: Report) -> Iterator[str]:
    """What to do next; how to accept what makes the run fail."""
    failing = [each for each in report.findings if report.fails(each)]
    worst = failing or [each for each in report.findings if each.severity in ("error", "warning")]
    if not worst:
        return
    yield ""
    yield f"why and what to do: eventwright rules {worst[0].rule}"
    if failing:
        yield "to accept all that fails: --write-accept FILE --reason TEXT"
        yield "to accept the first, append this to a file and name it with --accept:"
        yield from (f"  {line}" for line in entry(failing[0], "…"))


def _severity(report: Report, severity: Severity) -> str:
    return _paint(report, f"{severity:<7}", _COLOURS[severity])


def _paint(report: Report, text: str, style: str) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if report.options.colour else text
