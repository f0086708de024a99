"""What `send` was told on the command line."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ..errors import CommandError
from ..package import Package
from ..reading.columns import Mapped

STDIN: Final = "-"
_PIPES: Final = ("/dev/", "/proc/")
"""Where a shell puts what another command writes: `send <(zcat FILE)`."""
OUTBOX: Final = ".outbox"
"""Behind the name of an input: its state."""
OF_CLIENT: Final = "client."
"""In front of arguments of the client, so that they are no others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendOptions:
    """What `send` is told."""

    file: str
    state: str
    rejects: str
    event: str | None = None
    format: str | None = None
    delimiter: str | None = None
    mapped: Mapped = field(default_factory=Mapped)
    operation: str | None = None
    arguments: Mapping[str, str] = field(default_factory=dict[str, str])
    """Arguments of the operation, as text."""
    client: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Arguments of the client: server, switches, variables of the server."""
    concurrency: int = 8
    rate: float | None = None
    batch: str | None = None
    batch_size: int = 100
    timeout: float | None = None
    problems: int = 20
    skip_invalid: bool = False
    dry_run: bool = False
    quiet: bool = False

    @property
    def name(self) -> str:
        """What the input is called."""
        return called(self.file)

    def making(self) -> dict[str, Any]:
        """All that says which requests are made of an input."""
        return {
            "event": self.event,
            "format": self.format,
            "delimiter": self.delimiter,
            "map": dict(self.mapped.paths),
            "ignore": list(self.mapped.ignored),
            "json": list(self.mapped.json),
            "extra": self.mapped.extra,
            "operation": self.operation,
            "argument": dict(self.arguments),
            "skip_invalid": self.skip_invalid,
            **{OF_CLIENT + name: value for name, value in self.client.items()},
        }


def called(file: str) -> str:
    """What an input is called, and what is written for it; pipes have no place of their own."""
    is_pipe = file == STDIN or file.startswith(_PIPES)
    return "stdin" if is_pipe else file


def send_options(package: Package, given: Namespace) -> SendOptions:
    """What was said to `send`."""
    name = called(given.file)
    client = {
        each: getattr(given, OF_CLIENT + each) for each in package.client_arguments
    }
    return SendOptions(
        file=given.file,
        state=given.state or name + OUTBOX,
        rejects=given.rejects or f"{name.removesuffix(OUTBOX)}.rejects.jsonl",
        event=given.event,
        format=given.format,
        delimiter=given.delimiter,
        mapped=Mapped(
            paths=_once("--map", given.map),
            ignored=tuple(given.ignore),
            json=tuple(given.json),
            extra=given.extra,
        ),
        operation=getattr(given, "operation", None),
        arguments=_once("--argument", given.argument),
        client={each: value for each, value in client.items() if value},
        concurrency=given.concurrency,
        rate=given.rate,
        batch=given.batch,
        batch_size=given.batch_size,
        timeout=given.timeout,
        problems=given.problems,
        skip_invalid=given.skip_invalid,
        dry_run=given.dry_run,
        quiet=given.quiet,
    )


def _once(option: str, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What is said of each name. Raises CommandError where that is several things."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if found.setdefault(name, value) != value:
            raise CommandError(
                f"{option} says two things of {name!r}: {found[name]!r} and {value!r}"
            )
    return found
