"""What `check` prints: text for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from difflib import unified_diff
from itertools import islice
from typing import TYPE_CHECKING, Any

from ...diagnostics.diagnostic import escape
from ...diagnostics.notes import note_lines
from ...project.check import Report
from ...quick.answers import clean_line
from ...quick.summary import plural
from .console import paint
from .movedreport import moved_data, moved_lines

if TYPE_CHECKING:
    from ...report.formats.parts import Part

_DIFF_LINES = 200
_WORDS = {"new": "write", "changed": "rewrite", "removed": "remove"}


def rendered(format: str, reports: Sequence[Report]) -> str:
    """The reports in one of the formats, whole lines."""
    if format == "json":
        return f"{as_json(reports)}\n"
    if format == "text":
        return f"{as_text(reports)}\n"
    from ...report.several import render_parts

    return render_parts(format, "eventwright check", [_part(report) for report in reports])


def _part(report: Report) -> Part:
    from ...report.formats.parts import Part, Trouble

    problems = plural(len(report.problems), "problem") if report.problems else "in sync"
    moved = report.moved
    known = moved.movement if moved else None
    return Part(
        name=report.output,
        said=problems,
        troubles=tuple(
            Trouble(kind=each.kind, path=each.path, message=each.message, fix=each.fix)
            for each in report.problems
        ),
        note=" ".join(line.strip() for line in moved_lines(moved)) if moved and not known else "",
        report=known.report() if known else None,
    )


def as_json(reports: Sequence[Report]) -> str:
    """`{"checkVersion": 1, "status": …, "clients": […]}`; the diff is cut after 200 lines."""
    clients = [_data(report) for report in reports]
    data = {"checkVersion": 1, "status": _status(reports), "clients": clients}
    return json.dumps(data, indent=2)


def _data(report: Report) -> dict[str, Any]:
    """`moved` is there only where the document moved, `notes` where there are some."""
    data: dict[str, Any] = {
        "spec": report.spec,
        "output": report.output,
        "status": _status([report]),
        "problems": [asdict(problem) for problem in report.problems],
        "changes": [{"path": c.path, "kind": c.kind} for c in report.changes],
        "diff": "\n".join(diff_lines(report)),
    }
    if report.notes:
        data["notes"] = report.notes
        data["first_notes"] = report.first_notes
    if report.moved:
        data["moved"] = moved_data(report.moved)
    return data


def as_text(reports: Sequence[Report]) -> str:
    """One line for each client that is in sync; problems, fixes and the diff for the others."""
    return "\n".join(line for report in reports for line in _client(report))


def diff_lines(report: Report) -> list[str]:
    """Unified diff, from the disk to what would be generated, without colour."""
    lines = (line for text in report.texts for line in _diff(*text))
    kept = list(islice(lines, _DIFF_LINES))
    more = next(lines, None) is not None
    return [*kept, f"… the diff goes on after {_DIFF_LINES} lines"] if more else kept


def _status(reports: Sequence[Report]) -> str:
    return "drift" if any(report.problems for report in reports) else "in-sync"


def _client(report: Report) -> Iterator[str]:
    if not report.problems:
        yield escape(clean_line(report.spec, report.output))
        yield from _notes(report)
        return
    problems = plural(len(report.problems), "problem")
    yield paint(f"{escape(report.output)}: {problems}", "bold")
    for problem in report.problems:
        yield f"  {paint(problem.kind, 'red')} {escape(problem.path)}"
        yield f"    {escape(problem.message)}"
        yield f"    fix: {paint(escape(problem.fix), 'cyan')}"
    yield from _notes(report)
    if report.moved:
        yield from (f"  {line}" for line in moved_lines(report.moved))
    yield f"  {_summary(report)}"
    yield from map(_painted, diff_lines(report))


def _notes(report: Report) -> Iterator[str]:
    return (f"  {line}" for line in note_lines(report.first_notes, report.notes, paint))


def _summary(report: Report) -> str:
    blocked = sum(change.blocked for change in report.changes)
    if blocked:
        return f"generate would stop: {plural(blocked, 'file')} in the way"
    counts = {word: sum(c.kind == kind for c in report.changes) for kind, word in _WORDS.items()}
    parts = [f"{word} {plural(count, 'file')}" for word, count in counts.items() if count]
    if report.relocks:
        parts = parts or ["rewrite the lock only"]
    return f"generate would {', '.join(parts) or 'change nothing'}"


def _diff(path: str, found: str, wanted: str) -> Iterator[str]:
    before, after = found.splitlines(), wanted.splitlines()
    return unified_diff(before, after, f"{path} (on disk)", f"{path} (generated)", lineterm="")


def _painted(line: str) -> str:
    shown = escape(line)
    if line.startswith(("+++", "---")):
        return paint(shown, "bold")
    style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
    return paint(shown, style) if style else shown
