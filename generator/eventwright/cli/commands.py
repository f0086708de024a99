"""generate, check and inspect: parse the options, call, print. What they need, they import."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from .failures import ReportingCommand
from .printing import console

_Command = TypeVar("_Command", bound=Callable[..., Any])


def config_option(command: _Command) -> _Command:
    """`--config PATH`."""
    return click.option(
        "--config",
        type=click.Path(path_type=Path),
        metavar="PATH",
        help="The configuration. Default: eventwright.toml, or pyproject.toml with "
        "[tool.eventwright], here or in the nearest folder above.",
    )(command)


FORMATS = ("text", "json", "github", "gitlab", "sarif", "junit", "markdown", "html")
"""What `diff`, `check` and `pull` can write."""


def client_option(command: _Command) -> _Command:
    """`--client NAME`."""
    help = "Only this client: its package's name, or its path."
    return click.option("--client", default="", metavar="NAME", help=help)(command)


def strict_option(command: _Command) -> _Command:
    """`--strict`."""
    return click.option(
        "--strict", is_flag=True, help="Take notes on the document for errors (exit code 2)."
    )(command)


def lenient_option(command: _Command) -> _Command:
    """`--lenient`."""
    help = "Read documents that are a little invalid as they are meant, and note where."
    return click.option("--lenient", is_flag=True, help=help)(command)


@click.command()
@config_option
@client_option
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--force", is_flag=True, help="Overwrite files that were edited by hand.")
@strict_option
@lenient_option
def generate(
    config: Path | None, client: str, dry_run: bool, force: bool, strict: bool, lenient: bool
) -> None:
    """Write the clients that the configuration describes.

    All or nothing: on any error the output folders stay as they were. Files that eventwright did
    not write are never touched; one that was edited by hand stops the run unless --force is given.

    \b
    Examples:
      eventwright generate
      eventwright generate --client acme_events --dry-run
    """
    from ..project.generating import generate_all
    from ..project.project import load_clients
    from .printing.generatereport import lines
    from .printing.progress import Progress

    clients = load_clients(config, client, strict=strict, lenient=lenient)
    with Progress() as progress:
        made = generate_all(clients, dry_run=dry_run, force=force, stage=progress.stage)
        for line in lines(made, dry_run=dry_run, options=repeat(config)):
            progress.clear()
            console.out(line)


@click.command(cls=ReportingCommand, version_key="checkVersion")
@config_option
@client_option
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text")
@click.option(
    "--full", is_flag=True, help="Generate in memory and compare, whatever the lock says."
)
@strict_option
@lenient_option
def check(
    config: Path | None, client: str, format_: str, full: bool, strict: bool, lenient: bool
) -> int:
    """Do document, configuration, lock and generated code agree?

    Offline. Answers from the lock when nothing moved; otherwise says what moved, what mends it, and
    shows the diff. Exit code 0 when in sync, 1 when not.

    \b
    Examples:
      eventwright check
      eventwright check --format json
      eventwright check --format github
    """
    from ..diagnostics.diagnostic import escape
    from ..project.check import check_all
    from ..project.orphans import orphans
    from ..project.project import load_clients
    from .printing.checkreport import rendered

    clients = load_clients(config, client, strict=strict, lenient=lenient)
    options = repeat(config)
    reports = check_all(clients, full=full or strict, options=options)
    console.write(rendered(format_, reports))
    for path in orphans(clients if not client else load_clients(config)):
        console.err(escape(f"note: {path} was generated, but no client here is written to it"))
    return int(any(report.problems for report in reports))


@click.command(cls=ReportingCommand, version_key="inspectVersion")
@config_option
@client_option
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table")
@strict_option
@lenient_option
def inspect(config: Path | None, client: str, format_: str, strict: bool, lenient: bool) -> None:
    """What eventwright understood of a document: events, operations, servers.

    The table is a summary; JSON is the whole model.

    \b
    Examples:
      eventwright inspect
      eventwright inspect --format json | jq '.clients[0].model.events[].literal'
    """
    from ..project.project import load_clients, read_model
    from .printing import inspection

    clients = load_clients(config, client, strict=strict, lenient=lenient)
    found = [(each, *read_model(each)) for each in clients]
    if format_ == "json":
        console.out(inspection.as_json(found))
    else:
        inspection.print_tables(found)


def repeat(config: Path | None) -> str:
    """The options to repeat in a command that is recommended."""
    return f" --config {shlex.quote(str(config))}" if config else ""
