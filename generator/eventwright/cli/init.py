"""`eventwright init`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..diagnostics.diagnostic import ConfigError, Diagnostic, escape
from ..init.place import CI, Place, find_place
from ..text.pointers import split_pointer
from .commands import lenient_option
from .printing import console

if TYPE_CHECKING:
    from ..init.answers import Answers
    from ..init.plan import Step

_VERBS = {"write": "wrote", "overwrite": "overwrote", "append": "added to", "keep": "kept"}


@click.command()
@click.option("--spec", default="", metavar="PATH", help="The OpenAPI document.")
@click.option("--output", default="", metavar="FOLDER", help="The package to write.")
@click.option("--source", default="", metavar="URL", help="Where the document is published.")
@click.option("--ci", type=click.Choice(["github", "gitlab", "none"]), help="Whose jobs to write.")
@click.option("--pre-commit/--no-pre-commit", default=True, help="Add a hook for pre-commit.")
@click.option("--force", is_flag=True, help="Overwrite the configuration and jobs that are there.")
@click.option("--dry-run", is_flag=True, help="Say what would be written; write nothing.")
@lenient_option
def init(
    spec: str,
    output: str,
    source: str,
    ci: CI | None,
    pre_commit: bool,
    force: bool,
    dry_run: bool,
    lenient: bool,
) -> None:
    """Write a configuration, and what keeps the vendored client right, into this repository.

    That is eventwright.toml and .gitattributes here, and at the top of the repository a hook for
    pre-commit and a job for CI. What is there is kept or added to. Questions are asked on a
    terminal only, and only about what no option says.

    \b
    Examples:
      eventwright init --spec spec/events.yaml --output src/acme/acme_events
      eventwright init --source https://example.com/openapi.json --ci gitlab
    """
    from ..init.answers import answers
    from ..init.plan import plan

    place = find_place(Path.cwd())
    ask = _ask if sys.stdin.isatty() and sys.stdout.isatty() and not spec else None
    said = answers(
        place,
        spec=spec,
        output=output,
        source=source,
        ci=ci,
        pre_commit=pre_commit,
        lenient=lenient,
        ask=ask,
    )
    steps = plan(said, place, force=force)
    _check(steps[0])
    if not dry_run:
        for step in steps:
            _write(step)
    for line in _told(steps, dry_run):
        console.out(line)
    console.out(f"next: {_next(said, place)}")


def _ask(question: str, proposed: str) -> str:
    answer: str = click.prompt(question, default=proposed, show_default=bool(proposed))
    return answer


def _check(step: Step) -> None:
    """The configuration as it will be, before anything is written. Raises ConfigError."""
    from ..config.check import check_config
    from ..config.file import parse_config

    text = step.text or step.path.read_text("utf-8")
    try:
        check_config(parse_config(step.path, text, step.path.name))
    except ConfigError as error:
        raise ConfigError([_of_option(each) for each in error.diagnostics]) from None


def _of_option(fault: Diagnostic) -> Diagnostic:
    """A fault in a file that was not written, as one of the option that it would hold."""
    place = fault.location
    option = f"--{split_pointer(place.pointer)[-1]}: " if place and place.pointer else ""
    return replace(fault, message=option + fault.message, location=None, excerpt="")


def _write(step: Step) -> None:
    if step.kind == "keep":
        return
    step.path.parent.mkdir(parents=True, exist_ok=True)
    step.path.write_bytes(step.text.encode("utf-8", "surrogateescape"))


def _told(steps: Sequence[Step], dry_run: bool) -> Iterator[str]:
    for step in steps:
        path = escape(os.path.relpath(step.path))
        verb = f"would {step.kind}" if dry_run else _VERBS[step.kind]
        first, *rest = step.note.split("\n")
        yield f"{verb} {path}" + (f": {first}" if first else "")
        yield from (f"    {line}" for line in rest)


def _next(answers: Answers, place: Place) -> str:
    if (place.folder / answers.spec).exists():
        return "eventwright generate"
    if answers.source:
        return "eventwright pull && eventwright generate"
    return f"put the document at {escape(answers.spec)}, then: eventwright generate"
