"""Findings -> text, in the format that a person, a program or a CI system reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ..drift.acceptance import Accepted
from ..drift.finding import Finding
from .base import Located, Options, Report
from .ci import render_github, render_gitlab
from .jsonreport import render_json
from .junit import render_junit
from .markdown import render_markdown
from .sarif import render_sarif
from .text import render_text

__all__ = ["FORMATS", "Options", "Report", "render"]

FORMATS: Mapping[str, Callable[[Report], str]] = {
    "text": render_text,
    "json": render_json,
    "github": render_github,
    "gitlab": render_gitlab,
    "sarif": render_sarif,
    "junit": render_junit,
    "markdown": render_markdown,
}


def render(
    format: str,
    findings: Sequence[Finding],
    old_document: Located,
    new_document: Located,
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
