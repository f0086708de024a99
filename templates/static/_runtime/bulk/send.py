"""`send FILE`: an input is checked, put into an outbox beside it, and delivered from there."""

from __future__ import annotations

import os
from dataclasses import replace
from time import monotonic
from typing import Any, BinaryIO

from ..store.errors import OutboxError
from .boxes import bulk_class
from .calls import arguments
from .command.options import OF_CLIENT, OUTBOX, STDIN, SendOptions
from .delivering import Delivery
from .earlier import Earlier, differing, earlier, is_outbox, left
from .errors import CommandError
from .loading import Loader, opened
from .package import Package
from .places import check_folders, check_places
from .reading.source import Source
from .rejects import check_room, make_room
from .signals import Signals
from .state import Invalid, Manifest, clear_abandoned, filling, publish
from .targets import Checking, Filling
from .terminal import DELIVERED, UNUSABLE, Terminal, plural, safe


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
        self._outbox = bulk_class(package, creates=True)
        self._state = bulk_class(package, creates=False)
        self._began = monotonic()

    def run(self) -> int:
        """Do it; the exit code.

        Raises:
            CommandError: nothing can be sent so.
            InputError: the input is none.
            OutboxError: the state cannot be used.
        """
        options = self._options
        if is_outbox(options.file):
            return self._go_on()
        with opened(options) as (stream, size):
            check_places(options)
            if options.dry_run:
                return self._dry_run(stream, size)
            self._client().close()  # what is wrong with it is said before all else
            clear_abandoned(options.state)
            check_folders(options)
            check_room(options.rejects)
            before = self._before()
            if before is not None and before.pending:
                made: Manifest | None = self._resumed(before, stream)
            else:
                made = self._loaded(before, stream, size)
        return UNUSABLE if made is None else self._deliver(made)

    def _before(self) -> Earlier | None:
        state = self._options.state
        if not os.path.lexists(state):
            return None
        return earlier(state, self._package, "name another place with --state")

    def _client(self, *, sends: bool = True) -> Any:
        given = self._options.client
        return self._package.made_client(given, sends=sends)

    def _arguments(self, client: Any) -> dict[str, Any]:
        """What the calls take beside the events. Raises CommandError."""
        options, known = self._options, self._package.operations
        operation = options.operation or (known[0] if len(known) == 1 else "")
        if operation:
            event = self._outbox.argument_of(operation)
            return arguments(client, operation, event, options.arguments)
        if options.arguments:
            listed = ", ".join(known)
            raise CommandError(
                f"--argument is of one operation: say which with --operation, one of {listed}"
            )
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

    def _loaded(
        self, before: Earlier | None, stream: BinaryIO, size: int
    ) -> Manifest | None:
        """What is in a new state, or in that of a run before where it has sent this input.

        None where the input is wrong.
        """
        state = self._options.state
        with filling(state) as path:
            try:
                made = self._filled(path, Source(stream), size)
            except OutboxError as error:
                # The name that it has while it is filled tells nobody anything.
                why = str(error).replace(os.path.abspath(path), state)
                why = why.replace(path, state)
                raise CommandError(
                    f"{why}; nothing was sent. --state names another place"
                ) from None
            if made is None:
                return None
            if before is not None:
                if before.made.sha256 == made.sha256:
                    before.check_same(made.making)
                    return self._gone_on(before)
                self._replaced(before)
            self._room_for_rejects()
            publish(path, state)
        return made

    def _filled(self, path: str, source: Source, size: int) -> Manifest | None:
        options = self._options
        client = self._client()
        given = self._arguments(client)
        with self._outbox(path, client=client, concurrency=0) as box:
            filled = Filling(box, Invalid(path), options.operation, given)
            loader = self._loader(source)
            loader.load(filled, size)
            if self._refused(loader):
                return None
            made = Manifest(
                package=self._package.last_name,
                name=options.name,
                sha256=source.sha256(),
                making=options.making(),
                total=loader.total,
                invalid=loader.wrong,
            )
            filled.finish(made)
        return made

    def _replaced(self, before: Earlier) -> None:
        """A run of another input is done: its state makes room."""
        before.give_way(self._options.rejects)
        total = plural(before.made.total + before.made.invalid, "event")
        text = f"{before.state}: the run before, of another input, is done with {total}"
        if before.rejected:
            text += f", {before.rejected:,} of them rejected"
        self._terminal.note(safe(f"{text}; this one begins anew"))

    def _room_for_rejects(self) -> None:
        moved = make_room(self._options.rejects)
        if moved:
            text = f"{self._options.rejects}, of a run before, is now {moved}"
            self._terminal.note(safe(text))

    def _refused(self, loader: Loader) -> bool:
        """Whether nothing is to be sent, for what is wrong with the input; says so."""
        if not loader.wrong or self._options.skip_invalid:
            return False
        text = f"{plural(loader.wrong, 'row')} wrong"
        if loader.total:
            text += f", {loader.total:,} right: nothing was sent. --skip-invalid sends the others"
        else:
            text += ", none right: nothing was sent"
        self._terminal.problem(text)
        return True

    def _resumed(self, before: Earlier, stream: BinaryIO) -> Manifest:
        """What a run before has put into the state, of the same input."""
        if Source(stream).read_on() != before.made.sha256:
            raise left(before, self._package)
        before.check_same(self._options.making())
        return self._gone_on(before)

    def _gone_on(self, before: Earlier) -> Manifest:
        state, made = before.state, before.made
        if before.pending:
            with self._state(state, client=self._client(), concurrency=0) as box:
                box.check_first()
            done = made.total - before.pending
            text = f"going on, {done:,} of {made.total:,} are done"
        elif self._options.state == self._options.file:
            text = "nothing is left to be sent"
        else:
            text = f"all of this input was sent before; without {state} it is sent once more"
        self._terminal.note(safe(f"{state}: {text}"))
        return made

    def _go_on(self) -> int:
        """Deliver what is left in a state, which was given instead of an input."""
        options = self._options
        before = earlier(options.file, self._package, "whoever has it open delivers it")
        made = before.made
        if options.state != options.file + OUTBOX:
            raise CommandError(
                f"{options.file} is a state itself: no --state beside it"
            )
        said = {name: value for name, value in options.making().items() if value}
        other = differing({name: made.making.get(name) for name in said}, said)
        if other:
            raise CommandError(
                f"{options.file} is the state of a run with other options ({other}), and goes on "
                "with these: leave the others out"
            )
        client = {
            name.removeprefix(OF_CLIENT): value
            for name, value in made.making.items()
            if name.startswith(OF_CLIENT)
        }
        self._options = replace(options, state=options.file, client=client)
        check_places(replace(self._options, file=STDIN))
        if options.dry_run:
            events = plural(before.pending, "event")
            self._terminal.result(f"{events} would be sent; nothing was")
            return DELIVERED
        check_folders(self._options)
        check_room(options.rejects)
        return self._deliver(self._gone_on(before))

    def _deliver(self, made: Manifest) -> int:
        return Delivery(
            self._package,
            self._options,
            self._terminal,
            self._signals,
            self._state,
            self._began,
        ).run(made)
