"""The changelog as a page, in the style of the report's."""

from __future__ import annotations

from collections.abc import Sequence

from ..drift.findings.verdict import SEVERITIES
from ..report.html.page import render_page
from .changes import Entry
from .markdown import MOST


def render_html(spec: str, entries: Sequence[Entry]) -> str:
    """One file that needs nothing else, the newest release first."""
    found = {
        each.severity
        for entry in entries
        for _, findings in entry.sections()
        for each in findings[:MOST]
    }
    return render_page(
        "changelog.jinja",
        title=f"Changelog of {spec}",
        many=False,
        spec=spec,
        entries=entries,
        severities=[each for each in SEVERITIES if each in found],
        most=MOST,
    )
