"""Commands whose report a program reads: when one fails, the report says so, in the same format."""

from __future__ import annotations

from typing import Any

import click

from ..diagnostics.diagnostic import Diagnostic, UserError, in_order, worked_out
from ..diagnostics.errors import CommandError
from .printing import console

TOLD = 1000
"""Problems that a report for programs has."""


class ReportingCommand(click.Command):
    """A command with `--format`; `version_key` is the one its JSON begins with.

    What a person reads of the failure is on stderr all the same, and the exit code is the same.
    """

    def __init__(self, *arguments: Any, version_key: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._version_key = version_key

    def invoke(self, ctx: click.Context) -> Any:
        """The command; stdout is complete before what went wrong is told on stderr."""
        try:
            return super().invoke(ctx)
        except (UserError, CommandError, OSError) as error:
            from ..report.failure import FOR_PROGRAMS, render_failure

            format = ctx.params["format_"]
            if format in FOR_PROGRAMS:  # only what is shown is worked out
                console.write(render_failure(format, _diagnostics(error), self._version_key))
            raise


def _diagnostics(error: UserError | CommandError | OSError) -> tuple[Diagnostic, ...]:
    match error:
        case UserError():
            return _first(error)
        case CommandError():
            message, help = error.message, error.help
        case _:
            message, help = f"{error.strerror or error}: {error.filename or ''}".rstrip(": "), ""
    return (Diagnostic(code="", severity="error", message=message, help=help),)


def _first(error: UserError) -> tuple[Diagnostic, ...]:
    """As many as a program, or who reads its report, can use; one more counts the others."""
    told = [worked_out(each) for each in in_order(error.found)[:TOLD]]
    left = len(error.found) - len(told)
    if left:
        place = told[-1].location
        message = f"{left} more problems, which are told when these are mended"
        told.append(Diagnostic(code="", severity="error", message=message, location=place))
    return tuple(told)
