"""The parser of the command line: its commands, their options and their help."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from typing import Any

from ..package import Package
from ..reading.formats import FORMATS
from . import values
from .options import OF_CLIENT

_EXITS = """exit codes:
  0    all was delivered
  1    some were rejected: the rejects file says which, and why
  2    the command or the input is wrong, and nothing was sent
  3    not finished (stopped, timed out, or the server lets nobody in): run the same line again
  130  the same, after Ctrl-C

The credential comes from the environment: {credentials}.
"""


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
        type=values.delimiter,
        metavar="CHAR",
        help='of CSV; "tab" for a tabulator',
    )
    add(
        "--map",
        type=values.mapping,
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
        type=values.argument,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="what the operation takes beside the event",
    )
    names = " or ".join([*package.servers, "a URL"])
    add(
        "--server",
        type=partial(values.server, package.servers),
        dest=f"{OF_CLIENT}server",
        required=not package.servers,
        metavar="NAME",
        help=names,
    )
    add(
        "--concurrency",
        type=values.count,
        default=8,
        metavar="N",
        help="calls at a time; 8",
    )
    add("--rate", type=values.positive, metavar="N", help="events a second, at most")
    _add_batch(group, package.batches)


def _add_batch(group: Any, batches: Sequence[str]) -> None:
    """How several events go in one call, where the document has an operation for that."""
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
    add("--batch-size", type=values.count, metavar="N", help="how many at most; 100")


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
        type=values.whole,
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
        type=values.positive,
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
        type=values.whole,
        action="append",
        metavar="ID",
        help="one of them; without: all",
    )
    add = action("export", "write dead letters as JSON Lines")
    add("--pending", action="store_true", help="what waits, instead")
    add = action("purge", "delete dead letters for good")
    add(
        "--older-than",
        type=values.age,
        metavar="AGE",
        help="that died longer ago: 12h, 30d",
    )
    add("--pending", action="store_true", help="delete also what waits to be sent")
    add("--yes", action="store_true", help="without asking")
