"""Findings -> text, in the format that a person, a program or a CI system reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from ..drift.findings.finding import Finding
from ..drift.policy.acceptance import Accepted
from .formats.base import Options, Report
from .formats.ci import render_github, render_gitlab
from .formats.jsonreport import render_json
from .formats.junit import render_junit
from .formats.markdown import render_markdown
from .formats.sarif import render_sarif
from .formats.text import render_text

if TYPE_CHECKING:
    from ..document.load import Document

__all__ = ["FORMATS", "Options", "Report", "render"]


def _render_html(report: Report) -> str:
    # Templates are loaded for those who ask for a page.
    from .html.drift import render_drift

    return render_drift(report)


FORMATS: Mapping[str, Callable[[Report], str]] = {
    "text": render_text,
    "json": render_json,
    "github": render_github,
    "gitlab": render_gitlab,
    "sarif": render_sarif,
    "junit": render_junit,
    "markdown": render_markdown,
    "html": _render_html,
}


def render(
    format: str,
    findings: Sequence[Finding],
    old_document: Document,
    new_document: Document,
    *,
    accepted: Sequence[Accepted] = (),
    options: Options | None = None,
) -> str:
    """The report as text that ends with a newline, unless it is empty (github, no findings).

    `format` is a key of FORMATS; `accepted` are findings set apart by acceptances; `options` are
    by default those of `eventwright diff`.
    """
    report = Report(
        all=tuple(findings),
        accepted=tuple(accepted),
        old=old_document,
        new=new_document,
        options=options or Options(),
    )
    return FORMATS[format](report)
