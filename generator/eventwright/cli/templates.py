"""`eventwright templates`: which there are, and whose stand in for them; `eject` copies some."""

from __future__ import annotations

from pathlib import Path

import click

from .commands import client_option, config_option, repeat
from .printing import console


@click.group(invoke_without_command=True)
@config_option
@click.pass_context
def templates(context: click.Context, config: Path | None) -> None:
    """The templates that generated code is made with, and which a project has changed.

    A folder of your own, `templates_dir` in [[client]], holds templates that stand in for the
    built-in ones of their names. docs/templates.md says what each is given.

    \b
    Examples:
      eventwright templates
      eventwright templates eject header.jinja
      eventwright templates eject events.py.jinja builder.jinja --client acme_events
    """
    if context.invoked_subcommand:
        return
    from ..project.project import load_clients
    from .printing.templatelist import lines

    for line in lines(load_clients(config)):
        console.out(line)


@templates.command()
@config_option
@client_option
@click.option("--force", is_flag=True, help="Overwrite templates that are there.")
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
def eject(config: Path | None, client: str, force: bool, names: tuple[str, ...]) -> None:
    """Copy built-in templates to where they can be changed."""
    from ..project.ejecting import eject as copy
    from ..project.ejecting import folder_of
    from ..project.project import load_clients

    root, folder = folder_of(load_clients(config, client))
    for path in copy(root, folder, names, force=force):
        console.out(f"wrote {path}")
    console.out(f"next: change them, then: eventwright generate{repeat(config)}")
