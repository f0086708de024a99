"""The command line: which command, what help, and how each way of failing ends."""

from __future__ import annotations

import os
import sys
import traceback
from importlib import import_module

import click

from .. import DOCUMENTATION, __version__
from ..diagnostics.diagnostic import UserError, did_you_mean, escape, format_diagnostics
from ..diagnostics.errors import CommandError
from .printing import console

COMMANDS = {
    "generate": ("commands", "write the clients that eventwright.toml describes"),
    "check": ("commands", "do document, lock and generated code agree? offline, in milliseconds"),
    "inspect": ("commands", "what eventwright understood of a document"),
    "diff": ("diff", "what moved between two documents, and what that breaks"),
    "changelog": ("changelog", "what each release of a document changed, from git"),
    "rules": ("diff", "the rules of diff, or all about one of them"),
    "templates": ("templates", "the templates that code is made with; copy one to change it"),
    "pull": ("pull", "fetch the documents from where they come from; show what moved"),
    "init": ("init", "write a configuration, hooks and CI jobs for this repository"),
}
"""Name → the module here that holds the function of that name, and one line of help."""

_HELP = """Turn an OpenAPI document into a typed Python client you can vendor.

\b
The configuration is eventwright.toml, here or in a folder above:
  [[client]]
  spec = "spec/events.yaml"          # the document
  output = "src/myapp/acme_events"   # the package to write; it is called acme_events
or the same in pyproject.toml, as [[tool.eventwright.client]].
"""

_EPILOG = """\b
Examples:
  eventwright generate               write or update the generated code
  eventwright generate --dry-run     say what that would do
  eventwright check                  in CI: fail when anything moved
  eventwright inspect                events, operations and servers as a table
  eventwright pull                   fetch the documents; then generate
  eventwright init                   begin: a configuration, hooks, CI jobs

\b
Exit codes:
  0  done, or in sync
  1  drift: document, lock and files disagree, or edited files are in the way
  2  the command line, the configuration, a document or the disk is at fault
  3  fetching failed
Set NO_COLOR for plain text, EVENTWRIGHT_DEBUG=1 for tracebacks.
"""

_UNNAMED = """\
The configuration names the documents, eventwright init writes one:
  eventwright init --spec PATH or --source URL, then eventwright generate
Several clients are told apart with --client NAME."""
"""For who gave a document where none is expected."""
_CONFIGURED = ("generate", "check", "inspect", "pull", "init")

_MORE = f"Documentation: {DOCUMENTATION}"


class _LazyGroup(click.Group):
    """A command pays only for its own imports; the help pays for none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f".{COMMANDS[cmd_name][0]}", __package__)
        command: click.Command = getattr(module, cmd_name)
        command.epilog = _MORE
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"no command is called {args[0]!r}{did_you_mean(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=_LazyGroup, help=_HELP, epilog=f"{_EPILOG}\n{_MORE}")
@click.version_option(__version__, prog_name="eventwright", message="%(prog)s %(version)s")
def root() -> None:
    """Its help is `_HELP`."""


def run(arguments: list[str]) -> int:
    """Carry out a command line, without the program's name; the exit code."""
    console.prepare()
    try:
        result = root.main(arguments, prog_name="eventwright", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except (Exception, KeyboardInterrupt, SystemExit) as error:
        return _explain(error)


def _explain(error: BaseException) -> int:
    """Say what went wrong, in one line or in diagnostics; the exit code."""
    if os.environ.get("EVENTWRIGHT_DEBUG") == "1":
        traceback.print_exception(error)
    match error:
        # click turns a broken pipe into SystemExit.
        case BrokenPipeError() | SystemExit():
            return 141
        case KeyboardInterrupt() | click.Abort():
            console.err("interrupted")
            return 130
        case click.ClickException():
            error.show()
            context = getattr(error, "ctx", None)
            known = context is not None and context.command.name in _CONFIGURED
            if known and "unexpected extra argument" in error.message:
                console.err(_UNNAMED)
            return 2
        case UserError():
            console.err(format_diagnostics(error.found, paint=console.painter(sys.stderr)))
            if error.advice:
                console.err("")
            for line in error.advice.splitlines():
                console.err(escape(line))
            return 2
        case CommandError():
            _print_error(error.message, error.help)
            return error.exit_code
        case OSError():
            _print_error(f"{error.strerror or error}: {error.filename or ''}".rstrip(": "))
            return 2
    _print_error(
        f"internal error: {escape(f'{type(error).__name__}: {error}')}",
        "this is a bug; please report it with the output of the same command under "
        "EVENTWRIGHT_DEBUG=1",
    )
    return 70


def _print_error(message: str, help: str = "") -> None:
    for line in f"error: {message}".split("\n"):
        console.err(escape(line))
    if help:
        console.err(f"help: {escape(help)}")
