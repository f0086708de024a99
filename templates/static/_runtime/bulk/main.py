"""`python -m PACKAGE …`: from the words on the command line to an exit code."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import TextIO

from ..store.errors import OutboxError
from .command.options import called, send_options
from .command.parser import parser
from .errors import CommandError
from .maintenance import maintain
from .package import Package
from .reading.source import InputError
from .send import Send
from .signals import Signals, Stopped, heeding
from .terminal import INTERRUPTED, UNFINISHED, UNUSABLE, Terminal, safe


def main(package: Package, arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code.

    Args:
        package: whose events it is about.
        arguments: without them, those of the process.
    """
    given = parser(package).parse_args(arguments)
    code = _run(package, given)
    return (
        code
        if _written(1, sys.stdout) & _written(2, sys.stderr)
        else code or UNFINISHED
    )


def _run(package: Package, given: Namespace) -> int:
    terminal = Terminal(quiet=getattr(given, "quiet", False))
    signals = Signals()
    try:
        with heeding(signals):
            if given.command == "outbox":
                return maintain(package, given, terminal)
            return Send(package, send_options(package, given), terminal, signals).run()
    except Stopped:
        return _stopped(terminal, signals, sends=given.command == "send")
    except InputError as error:
        lines = [safe(line) for line in f"{called(given.file)}: {error}".splitlines()]
        terminal.problem("\n".join(lines))
    except (CommandError, OutboxError) as error:
        terminal.problem(safe(str(error)))
    except OSError as error:
        if error.filename is None:
            return _unwritten(terminal, error)
        terminal.problem(safe(f"{error.filename}: {error.strerror}"))
    return UNFINISHED if signals.was_gentle else UNUSABLE


def _written(number: int, stream: TextIO | None) -> bool:
    """Write what is left in a stream's buffer; whether its reader misses nothing of it.

    What cannot be written must not fail once more when Python ends. Of what stderr says nothing
    depends.
    """
    try:
        if stream is not None:
            stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)
        return number != 1
    return True


def _unwritten(terminal: Terminal, error: OSError) -> int:
    """Standard output takes nothing more; what is left of it must not fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if not isinstance(error, BrokenPipeError):
        terminal.problem(f"standard output: {error.strerror}")
    return UNFINISHED


def _stopped(terminal: Terminal, signals: Signals, *, sends: bool) -> int:
    """A signal has dropped the work."""
    code = INTERRUPTED if signals.is_interrupt else UNFINISHED
    if not signals.was_gentle:
        terminal.problem("stopped: nothing was sent" if sends else "stopped")
        return code
    terminal.problem("stopped; what was under way may be sent once more")
    os._exit(code)  # else the outbox would wait for what is under way
