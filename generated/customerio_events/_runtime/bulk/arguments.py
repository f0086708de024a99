"""The command line: its options and their words."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import isfinite
from typing import Any, Final

from .errors import CommandError
from .package import Package
from .reading.columns import Mapped, near
from .reading.formats import FORMATS

STDIN: Final = "-"
_PIPES: Final = ("/dev/", "/proc/")
"""Where a shell puts what another command writes: `send <(zcat FILE)`."""
OUTBOX: Final = ".outbox"
"""Behind the name of an input: its state."""
OF_CLIENT: Final = "client."
"""In front of arguments of the client, so that they are no others."""
_EXITS = """exit codes:
  0    all was delivered
  1    some were rejected: the rejects file says which, and why
  2    the command or the input is wrong, and nothing was sent
  3    not finished (stopped, timed out, or the server lets nobody in): run the same line again
  130  the same, after Ctrl-C

The credential comes from the environment: {credentials}.
"""


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


def parser(package: Package) -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    made = argparse.ArgumentParser(
        prog=f"python -m {package.name}",
        description="Send files of events, and look after outboxes.",
        allow_abbrev=False,
    )
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_send(commands, package)
    _add_outbox(commands)
    return made


def send_options(package: Package, given: argparse.Namespace) -> SendOptions:
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


def _add_send(commands: Any, package: Package) -> None:
    send = commands.add_parser(
        "send",
        help="send the events of a file",
        description="Check all events of a file, then send them. After an interruption of any kind "
        "the same line goes on where it was.",
        epilog=_EXITS.format(credentials=", ".join(package.variables) or "none"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    send.add_argument(
        "file",
        metavar="FILE",
        help='JSON Lines, a JSON array or CSV; "-": stdin; FILE.outbox: what a run has left',
    )
    _add_input(send.add_argument_group("the input"))
    calls = send.add_argument_group("the calls")
    _add_calls(calls, package)
    _add_run(send.add_argument_group("the run"))
    _add_client(calls, package)


def _add_input(group: Any) -> None:
    add = group.add_argument
    add("--event", metavar="NAME", help='which event each row is: "User Deleted"')
    add("--format", choices=FORMATS, help="by default told by name and content")
    add(
        "--delimiter",
        type=_delimiter,
        metavar="CHAR",
        help='of CSV; "tab" for a tabulator',
    )
    add(
        "--map",
        type=_mapping,
        action="append",
        default=[],
        metavar="COLUMN=KEY",
        help="a column of CSV, and the key that it is sent under: id=userId, "
        "token=context.device.token",
    )
    add(
        "--ignore",
        action="append",
        default=[],
        metavar="COLUMN",
        help="leave a column out",
    )
    add(
        "--json",
        action="append",
        default=[],
        metavar="COLUMN",
        help="the cells of a column are JSON",
    )
    add(
        "--extra",
        action="store_true",
        help="send columns that are no keys as they are called",
    )


def _add_calls(group: Any, package: Package) -> None:
    add = group.add_argument
    if len(package.operations) > 1:
        listed = ", ".join(package.operations)
        add(
            "--operation",
            choices=package.operations,
            metavar="NAME",
            help=f"one of {listed}",
        )
    add(
        "--argument",
        type=_argument,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="what the operation takes beside the event",
    )
    names = " or ".join([*package.servers, "a URL"])
    add(
        "--server",
        type=partial(_server, package.servers),
        dest=f"{OF_CLIENT}server",
        required=not package.servers,
        metavar="NAME",
        help=names,
    )
    add("--concurrency", type=_count, default=8, metavar="N", help="calls at a time; 8")
    add("--rate", type=_positive, metavar="N", help="events a second, at most")
    _add_batch(group, package.batches)


def _add_batch(group: Any, batches: Sequence[str]) -> None:
    """How several events go in one request, where the document has an operation for that."""
    group.set_defaults(batch=None, batch_size=100)
    if not batches:
        return
    add = group.add_argument
    listed = ", ".join(batches)
    add(
        "--batch",
        choices=batches,
        metavar="NAME",
        help=f"send several events in one call, by {listed}",
    )
    add("--batch-size", type=_count, metavar="N", help="how many at most; 100")


def _add_client(group: Any, package: Package) -> None:
    """What the document says of its servers and headers, under names that are left."""

    def add(name: str, **said: Any) -> None:
        option = name.replace("_", "-")
        try:
            group.add_argument(f"--{option}", dest=OF_CLIENT + name, **said)
        except argparse.ArgumentError:  # there is one already
            group.add_argument(f"--client-{option}", dest=OF_CLIENT + name, **said)

    for name in package.server_variables:
        add(name, metavar="VALUE", help="a variable of the server's URL")
    for name in package.switches:
        add(name, action="store_true", help="see `Client`")


def _add_run(group: Any) -> None:
    add = group.add_argument
    add("--dry-run", action="store_true", help="check, and send nothing")
    add(
        "--skip-invalid",
        action="store_true",
        help="send the others where some are wrong; those go to the rejects",
    )
    add(
        "--problems",
        type=_whole,
        default=20,
        metavar="N",
        help="how many are shown; 20",
    )
    add(
        "--rejects",
        metavar="FILE",
        help="FILE.rejects.jsonl: what was not taken, and why",
    )
    add("--state", metavar="FILE", help="FILE.outbox: what is still to be sent")
    add(
        "--timeout",
        type=_positive,
        metavar="SECONDS",
        help="stop then, to be gone on with",
    )
    add(
        "--quiet", action="store_true", help="no progress, and no word if all goes well"
    )


def _add_outbox(commands: Any) -> None:
    outbox = commands.add_parser(
        "outbox", help="look after the file of an outbox", allow_abbrev=False
    )
    actions = outbox.add_subparsers(dest="action", required=True, metavar="ACTION")

    def action(name: str, words: str) -> Any:
        made = actions.add_parser(
            name, help=words, description=words, allow_abbrev=False
        )
        made.add_argument("file", metavar="FILE", help="of the outbox")
        return made.add_argument

    action("status", "say how much waits, and what does not get through")(
        "--json", action="store_true", help="for programs"
    )
    add = action("retry", "put dead letters back, to be sent again")
    add(
        "--id",
        type=_whole,
        action="append",
        metavar="ID",
        help="one of them; without: all",
    )
    add = action("export", "write dead letters as JSON Lines")
    add("--pending", action="store_true", help="what waits, instead")
    add = action("purge", "delete dead letters for good")
    add("--older-than", type=_age, metavar="AGE", help="that died longer ago: 12h, 30d")
    add("--pending", action="store_true", help="delete also what waits to be sent")
    add("--yes", action="store_true", help="without asking")


def _delimiter(text: str) -> str:
    found = {"tab": "\t", "\\t": "\t"}.get(text, text)
    if len(found) != 1 or found in '"\r\n':
        raise argparse.ArgumentTypeError('one character, or "tab"')
    return found


def _mapping(text: str) -> tuple[str, str]:
    column, equals, key = text.rpartition("=")
    if not (column and equals and all(key.split("."))):
        raise argparse.ArgumentTypeError(f"COLUMN=KEY, as in id=userId, not {text!r}")
    return column, key


def _server(known: Sequence[str], text: str) -> str:
    """The name of a server, or a URL."""
    if "://" in text or text.lower() in map(str.lower, known):
        return text
    listed = f"give one of {', '.join(known)}, or a URL" if known else "give a URL"
    raise argparse.ArgumentTypeError(
        f"there is no server {text!r}{near(text, known)}: {listed}"
    )


def _argument(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError(f"NAME=VALUE, not {text!r}")
    return name, value


def _positive(text: str) -> float:
    value: float = _number(text, float)
    if not (value > 0 and isfinite(value)):
        raise argparse.ArgumentTypeError(f"a number above 0, not {text!r}")
    return value


def _count(text: str) -> int:
    value: int = _number(text, int)
    if not 1 <= value <= 1000:
        raise argparse.ArgumentTypeError(f"a whole number from 1 to 1000, not {text!r}")
    return value


def _whole(text: str) -> int:
    value: int = _number(text, int)
    if value < 0:
        raise argparse.ArgumentTypeError(f"a whole number, not {text!r}")
    return value


_UNITS: Mapping[str, int] = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def _age(text: str) -> float:
    unit = _UNITS.get(text[-1:])
    if unit is None:
        raise argparse.ArgumentTypeError(f"an age, as in 12h or 30d, not {text!r}")
    return _positive(text[:-1]) * unit


def _number(text: str, kind: Callable[[str], Any]) -> Any:
    try:
        return kind(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a number, not {text!r}") from None
