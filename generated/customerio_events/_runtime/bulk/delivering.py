"""The second half of a run: a state is delivered, and what came of it is said."""

from __future__ import annotations

import os
from contextlib import closing, suppress
from dataclasses import replace
from time import monotonic
from typing import Any

from ..store.errors import Gone
from ..store.store import Store
from .command.options import SendOptions
from .package import Package
from .progress import duration
from .rejects import remove_own, write_of
from .signals import Signals
from .state import Manifest, identity_of, retire
from .terminal import (
    DELIVERED,
    INTERRUPTED,
    REJECTED,
    UNFINISHED,
    UNUSABLE,
    Terminal,
    safe,
)
from .watching import End, Ended, Watch, stop

_CREDENTIAL = (401, 403)
"""What a server answers to a credential that it does not take."""


class Delivery:
    """Delivers what is in a state.

    Args:
        package: whose events they are.
        options: what the command line says.
        terminal: for people.
        signals: that are heeded.
        outbox: the class of the outbox, which makes no file.
        began: when the run began, on the monotonic clock.
    """

    def __init__(
        self,
        package: Package,
        options: SendOptions,
        terminal: Terminal,
        signals: Signals,
        outbox: Any,
        began: float,
    ) -> None:
        self._package = package
        self._options = options
        self._terminal = terminal
        self._signals = signals
        self._outbox = outbox
        self._began = began
        self._identity = identity_of(options.state)

    def run(self, made: Manifest) -> int:
        """Deliver what was made of an input; the exit code. Raises what `Send.run` does."""
        options, watch = self._options, Watch()
        with watch.logs(self._package.name):
            try:
                box = self._outbox(
                    options.state,
                    client=self._package.made_client(options.client),
                    concurrency=options.concurrency,
                    rate=options.rate,
                    batch=options.batch,
                    batch_size=options.batch_size,
                    on_failure=watch.on_failure,
                )
            except Gone:
                return self._overtaken()
            self._signals.gently()
            try:
                until = (
                    None if options.timeout is None else self._began + options.timeout
                )
                ended = watch.until_done(
                    box,
                    made.total,
                    until=until,
                    signals=self._signals,
                    terminal=self._terminal,
                )
                stop(box, self._terminal)
                ended = replace(ended, stats=box.stats())
            finally:
                box.close(0)
        return self._finished(made, ended)

    def _overtaken(self) -> int:
        """The state has gone between two looks at it."""
        state = safe(self._options.state)
        self._terminal.problem(f"{state} is gone: another run has finished it")
        return UNUSABLE

    def _finished(self, made: Manifest, ended: Ended) -> int:
        """Say what came of it, and write the rejects."""
        options, stats = self._options, ended.stats
        rejected = stats.dead + made.invalid
        if rejected and self._has_state():
            self._write_rejects()
        text = f"{stats.delivered:,} of {made.total + made.invalid:,} delivered"
        if rejected:
            text += f", {rejected:,} rejected: {safe(options.rejects)}"
        if ended.end is End.DONE or not stats.pending:
            text += f", in {duration(monotonic() - self._began)}"
            return self._done(text, made, ended)
        are = "is" if stats.pending == 1 else "are"
        self._terminal.problem(
            f"{text}; {stats.pending:,} {are} left, in {safe(options.state)}"
        )
        self._terminal.problem(self._advice(ended))
        return INTERRUPTED if self._signals.is_interrupt else UNFINISHED

    def _done(self, text: str, made: Manifest, ended: Ended) -> int:
        """Nothing is left to be sent."""
        if not (ended.stats.dead or made.invalid):
            self._clear(delivered=ended.stats.delivered == made.total)
            self._terminal.result(text)
            return DELIVERED
        self._terminal.problem(text)
        if ended.stats.dead:
            command = f"python -m {self._package.name}"
            state = safe(self._options.state)
            what = f"`{command} outbox retry {state} && {command} send {state}`"
            self._terminal.note(f"to send what the server rejected once more: {what}")
        return REJECTED

    def _advice(self, ended: Ended) -> str:
        again = "run the same line again to go on"
        if ended.end is End.PAUSED:
            what = "nothing gets through"
            if ended.status is not None:
                what = "the server lets nobody in"
            why = f"{what} ({safe(ended.reason)})"
            if ended.status in _CREDENTIAL:
                names = " or ".join(self._package.variables) or "what the client has"
                return f"{why}: mend the credential ({names}), then {again}"
            return f"{why}: mend that, then {again}"
        if ended.end is End.SHUT_OUT:
            command = f"python -m {self._package.name} outbox"
            state = safe(self._options.state)
            return (
                f"the server takes others, and not what is left ({safe(ended.reason)}): mend that, "
                f"then {again}. `{command} export --pending {state}` shows it, and "
                f"`{command} purge --pending {state}` gives it up, with what was rejected"
            )
        if ended.end is End.BROKEN:
            return f"{safe(ended.reason)}: {again}"
        why = "no time is left" if ended.end is End.TIMED_OUT else "stopped"
        if ended.reason:
            why += f" ({safe(ended.reason)})"
        return f"{why}: {again}"

    def _write_rejects(self) -> None:
        options, moved = self._options, ""
        with suppress(Gone), self._store() as store:
            moved = write_of(options.rejects, store, options.state)
        if moved:
            text = f"{options.rejects}, of a run before, is now {moved}"
            self._terminal.note(safe(text))

    def _has_state(self) -> bool:
        """Whether no other run has finished meanwhile what this one has delivered."""
        return identity_of(self._options.state) == self._identity

    def _clear(self, *, delivered: bool) -> None:
        """Remove the state; with `delivered` also what was rejected once, as it is no more."""
        if self._has_state() and delivered:
            with suppress(Gone), self._store() as store:
                remove_own(store)
        retire(self._options.state, self._identity)

    def _store(self) -> closing[Store]:
        path = os.path.abspath(self._options.state)
        return closing(Store(path, "os", 0, create=False))
