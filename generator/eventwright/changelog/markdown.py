"""The changelog in Markdown; whatever comes from a document or from git stands in code spans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..drift.findings.finding import Finding
from ..report.formats.markdown import code
from .changes import Entry

MOST = 40
"""Findings of one kind in one release; the rest are counted."""


def render_markdown(spec: str, entries: Sequence[Entry]) -> str:
    """The newest release first; text that ends with a newline."""
    lines = [f"# Changelog of {code(spec)}"]
    for entry in entries:
        lines += ["", f"## {heading(entry)}", "", *_entry(entry)]
    if not entries:
        lines += ["", "Nothing changed."]
    return "\n".join(lines) + "\n"


def heading(entry: Entry) -> str:
    release = entry.release
    version = f", version {code(entry.version)}" if entry.version else ""
    if release.tag:
        return f"{code(release.tag)} ({release.date[:10]}{version})"
    return f"{release.date[:10]} ({code(release.after.commit)}{version})"


def _entry(entry: Entry) -> Iterator[str]:
    report = entry.report
    if report is None:
        yield code(entry.note)
        return
    if entry.note:
        yield code(entry.note)
        yield ""
    if not report.all:
        yield "Nothing that is sent or answered changed."
        return
    yield f"**{report.verdict}**: {report.counts()}. Suggested step: **{report.semver}**."
    for title, findings in entry.sections():
        yield from _section(entry, title, findings)
    if entry.also:
        yield ""
        yield f"Also: {entry.also}."


def _section(entry: Entry, title: str, findings: Sequence[Finding]) -> Iterator[str]:
    yield ""
    yield f"### {title}"
    yield ""
    for each in findings[:MOST]:
        yield f"- {code(each.message)} ({each.rule})"
    if len(findings) > MOST:
        yield f"- … and {len(findings) - MOST} more: {code(entry.command)} shows all"
