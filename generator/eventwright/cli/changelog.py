"""`eventwright changelog`."""

from __future__ import annotations

from pathlib import Path

import click

from .commands import config_option, lenient_option
from .printing import console


@click.command()
@click.argument("spec", metavar="SPEC")
@config_option
@click.option(
    "--since",
    default="",
    metavar="REV-OR-DATE",
    help="Only what is newer than this tag, branch, commit or day (2030-12-31).",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=20,
    metavar="N",
    help="As many releases at most, the latest ones. Default: 20.",
)
@click.option("--format", "format_", type=click.Choice(["markdown", "html"]), default="markdown")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it there."
)
@lenient_option
def changelog(
    spec: str,
    config: Path | None,
    since: str,
    limit: int,
    format_: str,
    output: Path | None,
    lenient: bool,
) -> None:
    """What each release of a document changed for who sends, from its history in git.

    SPEC is a file in a git repository. All changes up to a tag are one release, told as what
    differs between its document and that of the release before; a commit that no tag has is one by
    itself. Told are errors, warnings, new events and operations; the rest is counted. A version
    that cannot be read is said to be so, and the next one is compared with the last that can.

    \b
    Examples:
      eventwright changelog spec/events.json
      eventwright changelog spec/events.json --since v1.2.0
      eventwright changelog spec/events.json --since 2030-01-01 --format html -o changelog.html
    """
    from ..changelog.changes import entries
    from ..changelog.html import render_html
    from ..changelog.markdown import render_markdown
    from ..changelog.releases import find_releases, open_git
    from ..drift.policy.policyfile import load_policy

    path = _path(spec)
    policy = load_policy(config, Path.cwd())
    git = open_git(path)
    releases = find_releases(path, git, since=since, limit=limit)
    told = entries(git, releases, policy, lenient=lenient)
    text = (render_html if format_ == "html" else render_markdown)(spec, told)
    if output:
        output.write_text(text, encoding="utf-8", newline="\n")
    else:
        console.write(text)


def _path(spec: str) -> Path:
    from ..diagnostics.errors import CommandError

    if "://" in spec or spec.startswith("git:"):
        raise CommandError(f"{spec}: name a file in a git repository")
    return Path(spec)
