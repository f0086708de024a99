"""`eventwright pull`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .commands import FORMATS, client_option, config_option, lenient_option, repeat
from .failures import ReportingCommand
from .printing import console

if TYPE_CHECKING:
    from ..pull.updates import Update


@click.command(cls=ReportingCommand, version_key="pullVersion")
@config_option
@client_option
@click.option("--check", is_flag=True, help="Only look: write nothing; exit code 1 if it moved.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text")
@click.option("--sha256", default="", metavar="HEX", help="The hash that the document must have.")
@click.option("--allow-private", is_flag=True, help="Addresses of private networks will do.")
@click.option("--max-bytes", type=click.IntRange(1), default=64 << 20, show_default=True)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="For everything together, for each document.",
)
@lenient_option
def pull(
    config: Path | None,
    client: str,
    check: bool,
    format_: str,
    sha256: str,
    allow_private: bool,
    max_bytes: int,
    timeout: float,
    lenient: bool,
) -> int:
    """Fetch the documents from their `source`, and show what moved.

    Asks only for what is new (ETag). What comes must be a valid document, or nothing is replaced;
    of several documents all are fetched first. The code is left as it is: generate is next. Exit
    code 0 when done or nothing is new, 1 when it moved (--check) or the configuration does not
    fit what came, 3 when fetching failed.

    \b
    Examples:
      eventwright pull && eventwright generate
      eventwright pull --check --format markdown > report.md
    """
    from ..fetch.rules import Rules
    from ..project.project import load_clients
    from ..pull.sources import sources
    from ..pull.store import store
    from ..pull.updates import look
    from .printing.pullreport import rendered

    clients = load_clients(config, lenient=lenient)
    chosen = load_clients(config, client, lenient=lenient) if client else clients
    found = sources(clients, chosen)
    if sha256 and len(found) > 1:
        raise click.UsageError("--sha256 is of one document: name its client with --client")
    rules = Rules(sha256=sha256, max_bytes=max_bytes, timeout=timeout, allow_private=allow_private)
    updates = [look(source, rules) for source in found]
    if not check:
        for update in updates:
            store(update)
    console.write(rendered(format_, updates))
    if format_ == "text":
        _say_next(updates, check, repeat(config))
    return _exit_code(updates, check)


def _say_next(updates: Sequence[Update], check: bool, options: str) -> None:
    if all(update.status == "current" for update in updates):
        return
    console.out()
    if check:
        console.out(f"next: eventwright pull{options}")
    elif any(update.complaints for update in updates):
        console.out(f"next: mend the configuration, then: eventwright generate{options}")
    else:
        console.out(f"next: eventwright generate{options}")


def _exit_code(updates: Sequence[Update], check: bool) -> int:
    if check:
        return int(any(update.status != "current" for update in updates))
    return int(any(update.complaints for update in updates))
