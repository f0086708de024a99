"""`eventwright diff` and `eventwright rules`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from .. import console
from ..failures import ReportingCommand

FORMATS = ("text", "json", "github", "gitlab", "sarif", "junit", "markdown")


@click.command(cls=ReportingCommand, version_key="reportVersion")
@click.argument("old")
@click.argument("new")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info", "none"]),
    default="error",
    help="The mildest severity that makes the exit code 1. Default: error.",
)
@click.option(
    "--accept",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Findings that were judged already, in TOML or YAML.",
)
@click.option("--allow-private", is_flag=True, help="Let URLs lead to private addresses.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it there."
)
def diff(
    old: str,
    new: str,
    format_: str,
    fail_on: Any,
    accept: Path | None,
    allow_private: bool,
    output: Path | None,
) -> int:
    """What moved from OLD to NEW, and what that breaks.

    Each is a file, an https URL, or git:REVISION:path. Compared is what the documents mean:
    inlined references, order, 3.0 or 3.1 spelling make no difference. Exit code 0 when nothing at
    or above --fail-on was found, 1 otherwise, 2 for a wrong document, 3 when it was not fetched.

    \b
    Examples:
      eventwright diff git:HEAD:spec/events.json spec/events.json
      eventwright diff old.yaml https://example.com/openapi.yaml --format markdown
    """
    from datetime import date

    from ..diagnostics import escape
    from ..report import render
    from .acceptance import apply, load_acceptances
    from .between import compare_sources
    from .verdict import fails

    acceptances = load_acceptances(accept) if accept else ()
    documents, findings = compare_sources(old, new, allow_private=allow_private)
    applied = apply(findings, acceptances, date.today())
    colour = output is None and console.has_colour(sys.stdout)
    text = render(format_, applied.kept, *documents, accepted=applied.accepted, colour=colour)
    if output:
        output.write_text(text, encoding="utf-8", newline="\n")
    elif text:
        console.out(text.removesuffix("\n"))
    for problem in applied.problems:
        console.err(escape(f"error: {problem}"))
    return int(bool(applied.problems) or fails(applied.kept, fail_on))


@click.command()
@click.argument("rule", required=False, metavar="[ID]")
def rules(rule: str | None) -> int:
    """Every rule of `eventwright diff` in one line, or all about one of them.

    \b
    Examples:
      eventwright rules
      eventwright rules REQ_ENUM_VALUE_REMOVED
    """
    from ..diagnostics import did_you_mean
    from ..errors import CommandError
    from .explain import explain, overview
    from .rules import RULES

    if rule is None:
        console.out(overview())
        return 0
    found = RULES.get(rule.upper())
    if found is None:
        near = did_you_mean(rule.upper(), RULES)
        raise CommandError(f"there is no rule {rule!r}{near}", help="eventwright rules lists them")
    console.out(explain(found))
    return 0
