"""What an earlier run has left where a new one is to have its state."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from shlex import quote
from typing import Any, cast

from ..store.files import Identity
from ..store.store import Store
from .command.options import OF_CLIENT
from .errors import CommandError
from .package import Package
from .rejects import rejects_of, write_of
from .state import Manifest, identity_of, remembered, retire
from .terminal import plural

_MAGIC = b"SQLite format 3\0"
"""What the file of an outbox begins with, and no text in UTF-8."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The state of an earlier run.

    Attributes:
        state: its file.
        identity: which file that is, whatever is called so later.
        made: what it was made from.
        pending: how many of its events are not delivered yet.
        rejected: how many of its rows and events were rejected.
        rejects: the file that these were written to; "": none was yet.
    """

    state: str
    identity: Identity | None
    made: Manifest
    pending: int
    rejected: int
    rejects: str

    @property
    def name(self) -> str:
        """What it was made from, for people."""
        return f"{self.made.name}, as it was then"

    def check_same(self, making: Mapping[str, Any]) -> None:
        """Whether the same requests are asked for. Raises CommandError."""
        other = differing(self.made.making, making)
        if other:
            raise CommandError(
                f"{self.state} is the state of a run of the same input with other options "
                f"({other}). Run it with those; or give this run a state of its own with --state, "
                f"or delete {self.state}, and all of the input is sent with these"
            )

    def give_way(self, rejects: str) -> None:
        """Remove it, once its rejects are written.

        Args:
            rejects: where they are written to, if they are not yet.

        Raises:
            CommandError: another run has begun in the meantime.
            OutboxError: it cannot be used.
        """
        if self.rejected and not self.rejects:
            with closing(_store(self.state)) as store:
                self._check_same_file()
                write_of(rejects, store, self.state)
        if not retire(self.state, self.identity):
            raise self._in_use()

    def _check_same_file(self) -> None:
        """Whether it is not the state of the next run by now. Raises CommandError."""
        if identity_of(self.state) != self.identity:
            raise self._in_use()

    def _in_use(self) -> CommandError:
        return CommandError(f"{self.state}: another run uses it at this moment")


def earlier(state: str, package: Package, help: str) -> Earlier:
    """What is there.

    Args:
        state: the file.
        package: whose events it must be of.
        help: what is to be done where it is of no run.

    Raises:
        CommandError: it is of no run of this package.
        OutboxError: it is damaged.
    """
    identity = identity_of(state)
    if not is_outbox(state):
        raise CommandError(
            f"{state} is there and is no outbox; nothing of it was changed: {help}"
        )
    check_writable(state)
    with closing(_store(state)) as store:
        made, counts = remembered(store), store.counts()
        if made is None:
            raise CommandError(f"{state} is an outbox, but of no run of `send`: {help}")
        if made.package != package.last_name:
            raise CommandError(
                f"{state} is of a run of {made.package}, and this is {package.last_name}: that one "
                "goes on with it"
            )
        return Earlier(
            state=state,
            identity=identity,
            made=made,
            pending=counts.pending,
            rejected=counts.dead + made.invalid,
            rejects=rejects_of(store),
        )


def is_outbox(path: str) -> bool:
    """Whether a file may be an outbox, by how it begins."""
    try:
        if not os.path.isfile(path):  # a pipe would be read from
            return False
        with open(path, "rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except (OSError, ValueError):
        return False


def check_writable(path: str) -> None:
    """Whether an outbox can be opened, which takes as much to read as to write.

    Raises:
        CommandError: it cannot.
    """
    folder = os.path.dirname(os.path.abspath(path))
    for each, what in ((path, path), (folder, f"the folder of {path}")):
        if not os.access(each, os.W_OK):
            raise CommandError(
                f"{what} is read-only for this user, and an outbox is opened for writing, also to "
                "look into it"
            )


def left(earlier: Earlier, package: Package) -> CommandError:
    """What is said where events of another input wait."""
    state, waiting = earlier.state, plural(earlier.pending, "event")
    return CommandError(
        f"{state} still holds {waiting} of another input ({earlier.name}). "
        f"`python -m {package.name} send {state}` delivers what is left there; --state "
        f"FILE gives this run a place of its own; delete {state} to give the others up"
    )


def differing(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """The options that differ, as they were."""
    names = [key for key in {**before, **now} if before.get(key) != now.get(key)]
    return ", ".join(_said(name, before.get(name)) for name in names)


def _said(name: str, value: object) -> str:
    option = f"--{name.removeprefix(OF_CLIENT).replace('_', '-')}"
    if not value:
        return f"no {option}"
    if value is True:
        return option
    if isinstance(value, Mapping):
        items = cast("Mapping[str, str]", value).items()
        value = [f"{key}={each}" for key, each in items]
    values = cast("list[str]", value if isinstance(value, list) else [value])
    return " ".join(f"{option} {quote(str(each))}" for each in values)


def _store(state: str) -> Store:
    return Store(os.path.abspath(state), "os", 0, create=False)
