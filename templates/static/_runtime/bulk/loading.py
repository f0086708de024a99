"""The first half of a run: an input is checked as a whole, and put into an outbox."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from typing import BinaryIO, TextIO

from ..values.problems import ValidationError
from .command.options import STDIN, SendOptions
from .progress import Progress
from .reading.events import Events, messages
from .reading.inputs import Input, Read
from .reading.source import Fault, InputError, Source
from .rejects import Problems
from .targets import Target
from .terminal import Terminal


@contextmanager
def opened(options: SendOptions) -> Generator[tuple[BinaryIO, int], None, None]:
    """The input, and its size in bytes, 0 where that is not known. Raises InputError."""
    stdin: TextIO | None = sys.stdin
    if options.file == STDIN:
        if stdin is None:  # the program was started without
            raise InputError("there is no standard input")
        yield stdin.buffer, 0
        return
    with ExitStack() as stack:
        try:
            stream = stack.enter_context(open(options.file, "rb"))
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else error
            raise InputError(f"it cannot be opened: {why}") from None
        yield stream, os.fstat(stream.fileno()).st_size


class Loader:
    """Checks an input to its end, and hands on its events, until one is wrong.

    Attributes:
        words: its format, for people.
        total: how many events were handed on.
        wrong: how many rows are none.
    """

    def __init__(
        self, source: Source, events: Events, options: SendOptions, terminal: Terminal
    ) -> None:
        """Raises InputError where it cannot be read as it was asked for."""
        self._source = source
        self._options = options
        self._terminal = terminal
        self._input = Input(
            source,
            events,
            name=options.name,
            event=options.event,
            format=options.format,
            delimiter=options.delimiter,
            mapped=options.mapped,
        )
        self.words = self._input.words
        self.total = 0
        self.wrong = 0

    def load(self, target: Target, size: int) -> None:
        """Do it all. `size`: bytes of the input; 0: not known. Raises InputError, OutboxError."""
        options = self._options
        problems = Problems(self._terminal, options.name, options.problems)
        progress = Progress(self._terminal)
        for rows, row in enumerate(self._input.read(), 1):
            fault = row if isinstance(row, Fault) else self._put(row, target)
            if fault is not None:
                problems.add(fault)
                self.wrong += 1
                if options.skip_invalid:
                    target.leave_out(fault)
            if not rows % 100:
                part = self._source.taken / size if size else None
                progress.reading(options.name, rows, part, self.wrong)
        problems.end()
        if size and self._source.taken != size:
            raise InputError(
                f"it has changed while it was read, from {size:,} bytes to "
                f"{self._source.taken:,}: nothing was sent. Have it written to its end first"
            )

    def _put(self, read: Read, target: Target) -> Fault | None:
        """Hand an event on; what is wrong with it."""
        self.total += 1
        if self.wrong and not self._options.skip_invalid:
            return None  # nothing will be sent
        try:
            target.put(read)
        except ValidationError as error:
            found = messages(error)
        except (TypeError, ValueError) as error:
            found = (str(error),)
        else:
            return None
        self.total -= 1
        return Fault(read.line, found, read.event.to_dict())
