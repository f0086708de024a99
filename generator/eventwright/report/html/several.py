"""`check` and `pull` with `--format html`: one page of several clients or documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...drift.findings.verdict import SEVERITIES
from ...drift.rules.registry import RULES
from ..formats.base import Report
from .drift import MANY, Entry, entries
from .page import render_page

if TYPE_CHECKING:
    from ..formats.parts import Part


def render_several(command: str, parts: Sequence[Part]) -> str:
    """One file that needs nothing else."""
    found = [(part, *_entries(part.report)) for part in parts]
    met = {entry.finding.severity for _, shown, _ in found for entry in shown}
    return render_page(
        "several.jinja",
        title=command,
        command=command.removeprefix("eventwright "),
        many=sum(len(shown) for _, shown, _ in found) > MANY,
        severities=[each for each in SEVERITIES if each in met],
        found=found,
        rules=RULES,
    )


def _entries(report: Report | None) -> tuple[Sequence[Entry], int]:
    """The findings that there is room for, and how many others there are."""
    if report is None:
        return (), 0
    shown = entries(report)
    return shown, len(report.findings) - len(shown)
