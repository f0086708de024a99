"""`eventwright diff` and `eventwright rules`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from .commands import FORMATS, config_option, lenient_option
from .failures import ReportingCommand
from .printing import console


@click.command(cls=ReportingCommand, version_key="reportVersion")
@click.argument("old")
@click.argument("new")
@config_option
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
@click.option(
    "--write-accept",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Accept all that fails now: add an entry for each to this TOML file.",
)
@click.option("--reason", metavar="TEXT", help="Why: for the entries of --write-accept.")
@click.option(
    "--min-severity",
    type=click.Choice(["error", "warning", "info", "docs"]),
    default="docs",
    help="Leave milder findings out of the report. They count all the same.",
)
@click.option("--all", "everything", is_flag=True, help="All findings in full, however many.")
@click.option("--allow-private", is_flag=True, help="Let URLs lead to private addresses.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it there."
)
@lenient_option
def diff(
    old: str,
    new: str,
    config: Path | None,
    format_: str,
    fail_on: Any,
    accept: Path | None,
    write_accept: Path | None,
    reason: str | None,
    min_severity: Any,
    everything: bool,
    allow_private: bool,
    output: Path | None,
    lenient: bool,
) -> int:
    """What moved from OLD to NEW, and what that breaks.

    Each is a file, an https URL, or git:REVISION:path. Compared is what the documents mean:
    inlined references, order, 3.0 or 3.1 spelling make no difference. What findings count as, and
    what is ignored, is said by [diff] of the configuration, if there is one. Exit code 0 when
    nothing at or above --fail-on was found, 1 otherwise, 2 for a wrong document, 3 when it was not
    fetched.

    \b
    Examples:
      eventwright diff git:HEAD:spec/events.json spec/events.json
      eventwright diff old.yaml https://example.com/openapi.yaml --format markdown
      eventwright diff old.yaml new.yaml --format html -o drift.html
      eventwright diff old.yaml new.yaml --write-accept accept.toml --reason "agreed in #42"
    """
    from datetime import date

    from ..diagnostics.diagnostic import escape
    from ..drift.between import compare_sources
    from ..drift.findings.verdict import fails
    from ..drift.policy.acceptance import apply, load_acceptances
    from ..drift.policy.acceptfile import accept_failing
    from ..drift.policy.policy import judge
    from ..drift.policy.policyfile import load_policy
    from ..report.formats.base import Options
    from ..report.render import render

    acceptances = load_acceptances(accept) if accept else ()
    if reason and not write_accept:
        raise click.UsageError("--reason goes with --write-accept")
    policy = load_policy(config, Path.cwd())
    compared = compare_sources(
        old, new, allow_private=allow_private, lenient=lenient, tell=console.err
    )
    today = date.today()
    judged = judge(compared.findings, policy, compared.old, compared.new, today)
    applied = apply(judged.findings, acceptances, today)
    if write_accept:
        why = reason or f"accepted as it was found on {today}: say why"
        applied = accept_failing(write_accept, applied, fail_on, why)
    options = Options(
        fail_on=fail_on,
        minimum=min_severity,
        everything=everything,
        ignored=judged.ignored,
        colour=output is None and console.has_colour(sys.stdout),
    )
    text = render(
        format_,
        applied.kept,
        compared.old.document,
        compared.new.document,
        accepted=applied.accepted,
        options=options,
    )
    _deliver(text, output)
    for problem in applied.problems:
        console.err(escape(f"error: {problem}"))
    return int(bool(applied.problems) or fails(applied.kept, fail_on))


def _deliver(text: str, output: Path | None) -> None:
    if output:
        output.write_text(text, encoding="utf-8", newline="\n")
    else:
        console.write(text)


@click.command()
@click.argument("rule", required=False, metavar="[ID]")
def rules(rule: str | None) -> int:
    """Every rule of `eventwright diff` in one line, or all about one of them.

    \b
    Examples:
      eventwright rules
      eventwright rules REQ_ENUM_VALUE_REMOVED
    """
    from ..diagnostics.diagnostic import did_you_mean
    from ..diagnostics.errors import CommandError
    from ..drift.rules.explain import explain, overview
    from ..drift.rules.registry import RULES

    if rule is None:
        console.out(overview())
        return 0
    found = RULES.get(rule.upper())
    if found is None:
        near = did_you_mean(rule.upper(), RULES)
        raise CommandError(f"there is no rule {rule!r}{near}", help="eventwright rules lists them")
    console.out(explain(found))
    return 0
