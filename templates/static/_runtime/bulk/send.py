"""`send FILE`: an input is checked, put into an outbox beside it, and delivered from there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import closing
from itertools import chain
from time import monotonic
from typing import Any, BinaryIO

from ..delivery.errors import OutboxError
from ..delivery.store import Store
from .arguments import SendOptions
from .boxes import bulk_class
from .calls import arguments
from .loading import Loader, opened
from .package import Package
from .progress import duration
from .reading.source import InputError, Source
from .rejects import (
    check_room,
    dead_letters,
    of_fault,
    of_letter,
    own_rejects,
    rejects_of,
    write,
)
from .sending import End, Ended, Watch, stop
from .signals import Signals
from .state import (
    Input,
    Invalid,
    clear_abandoned,
    filling,
    left_out,
    publish,
    remembered,
    remove,
)
from .targets import Checking, Filling
from .terminal import (
    DELIVERED,
    INTERRUPTED,
    REJECTED,
    UNFINISHED,
    UNUSABLE,
    Terminal,
    plural,
    safe,
)


class Send:
    """A run of the command.

    Args:
        package: whose events they are.
        options: what the command line says.
        terminal: for people.
        signals: that are heeded.
    """

    def __init__(
        self,
        package: Package,
        options: SendOptions,
        terminal: Terminal,
        signals: Signals,
    ) -> None:
        self._package = package
        self._options = options
        self._terminal = terminal
        self._signals = signals
        self._outbox = bulk_class(package.outbox)
        self._began = monotonic()

    def run(self) -> int:
        """Do it; the exit code.

        Raises:
            InputError: nothing can be sent so.
            OutboxError: the state cannot be used.
        """
        options = self._options
        with opened(options) as (stream, size):
            if options.dry_run:
                return self._dry_run(stream, size)
            client = self._client()  # what is wrong with it is said before all else
            client.close()
            clear_abandoned(options.state)
            resumes = os.path.lexists(options.state)
            made = self._resumed(stream) if resumes else self._loaded(stream, size)
        return UNUSABLE if made is None else self._deliver(made)

    def _client(self, *, sends: bool = True) -> Any:
        given = self._options.client
        return self._package.made_client(given, sends=sends)

    def _arguments(self, client: Any) -> dict[str, Any]:
        """What the calls take beside the events. Raises InputError."""
        options, known = self._options, self._package.operations
        operation = options.operation or (known[0] if len(known) == 1 else "")
        if operation:
            return arguments(client, operation, options.arguments)
        if options.arguments:
            raise InputError("--argument wants to know which --operation it is for")
        return {}

    def _dry_run(self, stream: BinaryIO, size: int) -> int:
        client = self._client(sends=False)
        given = self._arguments(client)
        with self._outbox(None, client=client, concurrency=0) as box:
            loader = self._loader(Source(stream))
            loader.load(Checking(box, self._options.operation, given), size)
        if self._refused(loader):
            return UNUSABLE
        text = f"{plural(loader.total, 'event')} would be sent"
        if loader.wrong:
            text += f", and {plural(loader.wrong, 'row')} left out"
        self._terminal.result(f"{text}; nothing was")
        return DELIVERED

    def _loader(self, source: Source) -> Loader:
        loader = Loader(source, self._package.events, self._options, self._terminal)
        self._terminal.note(safe(f"{self._options.name}: {loader.words}"))
        return loader

    def _loaded(self, stream: BinaryIO, size: int) -> Input | None:
        """What was put into a new state; None where the input is wrong."""
        options = self._options
        check_room(options.rejects)
        try:
            with filling(options.state) as path:
                return self._filled(path, Source(stream), size)
        except OutboxError as error:
            help = "nothing was sent. --state names another place"
            raise InputError(f"{error}; {help}") from None

    def _filled(self, path: str, source: Source, size: int) -> Input | None:
        options = self._options
        client = self._client()
        given = self._arguments(client)
        with self._outbox(path, client=client, concurrency=0) as box:
            filled = Filling(box, Invalid(path), options.operation, given)
            loader = self._loader(source)
            loader.load(filled, size)
            if self._refused(loader):
                return None
            made = Input(
                name=options.name,
                sha256=source.sha256(),
                making=options.making(),
                total=loader.total,
                invalid=loader.wrong,
            )
            filled.finish(made)
        publish(path, options.state)
        return made

    def _refused(self, loader: Loader) -> bool:
        """Whether nothing is to be sent, for what is wrong with the input; says so."""
        if not loader.wrong or self._options.skip_invalid:
            return False
        rows = plural(loader.wrong, "row")
        good = f", {loader.total:,} right" if loader.total else ""
        advice = "--skip-invalid sends the others"
        self._terminal.problem(f"{rows} wrong{good}: nothing was sent. {advice}")
        return True

    def _resumed(self, stream: BinaryIO) -> Input:
        """What an earlier run has put into the state, of the same input."""
        options = self._options
        state = options.state
        with self._store() as store:
            made, pending = remembered(store), store.counts().pending
            check_room(options.rejects, own=rejects_of(store))
        if made is None:
            raise InputError(
                f"{state} is an outbox, but of no run of `send`: name another with --state"
            )
        instead = (
            f"give this run its own with --state, or delete {state} to give that one up"
        )
        if Source(stream).read_on() != made.sha256:
            left = f"{pending:,} of its events are left; run that again"
            todo = left if pending else "nothing of it is left to be sent"
            raise InputError(
                f"{state} is the state of another input ({made.name}): {todo}, or {instead}"
            )
        other = _differing(made.making, options.making())
        if other:
            raise InputError(
                f"{state} is the state of a run with other options ({other}). Run it with those, "
                f"or {instead}"
            )
        going = f"going on, {made.total - pending:,} of {made.total:,} are done"
        self._terminal.note(safe(f"{state}: {going}"))
        return made

    def _deliver(self, made: Input) -> int:
        options, watch = self._options, Watch()
        with watch.logs(self._package.name):
            box = self._outbox(
                options.state,
                client=self._client(),
                concurrency=options.concurrency,
                rate=options.rate,
                on_failure=watch.on_failure,
            )
            self._signals.gently()
            try:
                if not box.is_of_run():  # it was made anew just now
                    remove(options.state)
                    return self._overtaken()
                ended = watch.until_done(
                    box,
                    made.total,
                    until=None
                    if options.timeout is None
                    else self._began + options.timeout,
                    signals=self._signals,
                    terminal=self._terminal,
                )
                stop(box, self._terminal)
                ended = Ended(ended.end, box.stats(), ended.reason)
            finally:
                box.close(0)
        return self._finished(made, ended)

    def _overtaken(self) -> int:
        """The state has gone between two looks at it."""
        state = safe(self._options.state)
        self._terminal.problem(f"{state} is gone: another run has finished it")
        return UNUSABLE

    def _finished(self, made: Input, ended: Ended) -> int:
        """Say what came of it, and write the rejects."""
        options, stats = self._options, ended.stats
        rejected = stats.dead + made.invalid
        if rejected:
            self._write_rejects()
        text = f"{stats.delivered:,} of {made.total + made.invalid:,} delivered"
        if rejected:
            text += f", {rejected:,} rejected: {safe(options.rejects)}"
        if ended.end is End.DONE or not stats.pending:
            text += f", in {duration(monotonic() - self._began)}"
            return self._done(text, stats.dead, rejected)
        self._terminal.problem(
            f"{text}; {stats.pending:,} are left, in {safe(options.state)}"
        )
        self._terminal.problem(f"{self._why(ended)}: run the same line again to go on")
        return INTERRUPTED if self._signals.is_interrupt else UNFINISHED

    def _done(self, text: str, dead: int, rejected: int) -> int:
        """Nothing is left to be sent."""
        if not rejected:
            self._terminal.result(text)
            remove(self._options.state)
            return DELIVERED
        self._terminal.problem(text)
        if dead:
            retry = f"python -m {self._package.name} outbox retry"
            what = f"`{retry} {safe(self._options.state)}`, then the same line again"
            self._terminal.note(f"to send what the server rejected once more: {what}")
        return REJECTED

    def _why(self, ended: Ended) -> str:
        if ended.end is End.PAUSED:
            return f"the server lets nobody in ({safe(ended.reason)})"
        if ended.end is End.BROKEN:
            return safe(ended.reason)
        return "no time is left" if ended.end is End.TIMED_OUT else "stopped"

    def _store(self) -> closing[Store]:
        return closing(Store(os.path.abspath(self._options.state), "os", 0))

    def _write_rejects(self) -> None:
        options = self._options
        with self._store() as store:
            store.add_many([], own_rejects(options.rejects))
            faults = map(of_fault, left_out(options.state))
            letters = map(of_letter, dead_letters(store))
            write(options.rejects, chain(faults, letters))


def _differing(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """The options that differ, as they were."""
    names = [key for key in {**before, **now} if before.get(key) != now.get(key)]
    return ", ".join(_said(name, before.get(name)) for name in names)


def _said(name: str, value: object) -> str:
    option = f"--{name.replace('_', '-')}"
    if value is True:
        return option
    return f"{option} {value!r}" if value else f"no {option}"
