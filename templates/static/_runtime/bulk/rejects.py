"""What was not taken, by the checks or by the server: as JSON Lines, and in words."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from ..delivery.storage import DeadLetter, Storage
from ..values.jsontext import dumps, loads
from .reading.source import Fault, InputError
from .terminal import Terminal, safe

_NOTE = "rejects"


class Problems:
    """What is wrong with rows: the first are shown, all are counted.

    `count`: how many there are.
    """

    def __init__(self, terminal: Terminal, name: str, most: int) -> None:
        self._terminal = terminal
        self._name = name
        self._most = most
        self.count = 0

    def add(self, fault: Fault) -> None:
        """One more row."""
        for message in fault.messages:
            self.count += 1
            if self.count <= self._most:
                self._terminal.problem(
                    safe(f"{self._name}:{fault.line}: {message}"),
                )

    def end(self) -> None:
        """Say how many were not shown."""
        more = self.count - self._most
        if more > 0:
            self._terminal.problem(f"… and {more:,} more")


def check_room(path: str, own: str = "") -> None:
    """Whether rejects can go there: nothing else is, but for `own`, those of the same run.

    Raises:
        InputError: they cannot.
    """
    place = os.path.abspath(path)
    if os.path.lexists(path) and place != own:
        raise InputError(
            f"{path} is there, from an earlier run: move it away, or name another with --rejects"
        )
    if not os.access(os.path.dirname(place), os.W_OK):
        raise InputError(f"{path}: no rejects can be written there; see --rejects")


def own_rejects(path: str) -> dict[str, str]:
    """What an outbox remembers of the file that its rejects are written to."""
    return {_NOTE: os.path.abspath(path)}


def rejects_of(store: Storage) -> str:
    """That file; "" where none was written yet."""
    return store.notes().get(_NOTE, "")


def write(path: str, rejects: Iterable[dict[str, Any]]) -> None:
    """Write rejects, all or none of them.

    Raises:
        InputError: they cannot be written.
    """
    part = f"{path}.{os.getpid()}.part"
    try:
        with open(
            part, "w", encoding="utf-8", errors="backslashreplace", opener=_private
        ) as file:
            file.writelines(f"{dumps(each)}\n" for each in rejects)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        with suppress(OSError):
            os.unlink(part)
        raise InputError(
            f"{path}: the rejects cannot be written: {error.strerror}"
        ) from None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def of_fault(fault: Fault) -> dict[str, Any]:
    """The reject that a wrong row is."""
    return {
        "line": fault.line,
        "event": fault.came,
        "status": None,
        "errors": list(fault.messages),
    }


def of_letter(letter: DeadLetter) -> dict[str, Any]:
    """The reject that a dead letter is."""
    label = letter.parcel.label
    return {
        "line": int(label) if label.isdecimal() else None,
        "event": readable(letter.parcel.body),
        "status": letter.status,
        "errors": list(letter.errors) or [letter.reason],
    }


def dead_letters(store: Storage) -> Iterator[DeadLetter]:
    """All of an outbox."""
    after = 0
    while found := store.dead_letters(after=after):
        yield from found
        after = found[-1].id


def readable(body: bytes) -> Any:
    """The JSON that a body is, or else its text."""
    try:
        return loads(body)
    except ValueError:
        return body.decode("utf-8", "backslashreplace")
