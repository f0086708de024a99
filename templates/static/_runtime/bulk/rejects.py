"""What was not taken, by the checks or by the server: as JSON Lines, and in words."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain, count
from typing import Any

from ..store.storage import DeadLetter, Storage
from ..values.jsontext import dumps, loads
from .errors import CommandError
from .reading.source import Fault
from .state import give_name, left_out
from .terminal import Terminal, safe

_NOTE = "rejects"
_HEAD = 64
_REJECT = re.compile(rb'\{"line": ?(?:\d+|null), ?"event":')
"""How a file of rejects begins."""


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


def check_room(path: str) -> None:
    """Whether rejects can go there: nothing is there that is no file of rejects.

    Raises:
        CommandError: they cannot.
    """
    if os.path.lexists(path) and not _is_of_rejects(path):
        raise CommandError(
            f"{path} is there, and holds no rejects: name another file for them with --rejects"
        )


def _is_of_rejects(path: str) -> bool:
    """Whether a file is one of rejects, or empty."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return False
        with open(path, "rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return False
    return not head or _REJECT.match(head) is not None


def make_room(path: str) -> str:
    """Give rejects that are there another name; that, or "" where there are none.

    Raises:
        CommandError: that cannot be done.
    """
    if not os.path.lexists(path):
        return ""
    check_room(path)  # it may have come since
    root, suffix = os.path.splitext(path)
    for number in count(1):
        other = f"{root}.{number}{suffix}"
        try:
            give_name(path, other)
        except FileExistsError:
            continue
        except OSError as error:
            raise CommandError(f"{path}: cannot be renamed: {error.strerror}") from None
        return other
    raise AssertionError


def rejects_of(store: Storage) -> str:
    """That file; "" where none was written yet."""
    return store.notes().get(_NOTE, "")


def write_of(path: str, store: Storage, state: str) -> str:
    """Write what was rejected of a run, in place of what was written of it before.

    Args:
        path: where to.
        store: the outbox of the run.
        state: its file.

    Returns:
        What rejects of another run, that were there, are called now; "": none were.

    Raises:
        CommandError: they cannot be written.
    """
    own = os.path.abspath(path)
    moved = "" if rejects_of(store) == own else make_room(path)
    faults = map(of_fault, left_out(state))
    letters = map(of_letter, dead_letters(store))
    write(path, chain(faults, letters))
    store.add_many([], {_NOTE: own})
    return moved


def remove_own(store: Storage) -> None:
    """Delete what was written of a run of which nothing is rejected any more."""
    path = rejects_of(store)
    if path and _is_of_rejects(path):
        with suppress(OSError):
            os.unlink(path)


def write(path: str, rejects: Iterable[dict[str, Any]]) -> None:
    """Write rejects, all or none of them.

    Raises:
        CommandError: they cannot be written.
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
        raise CommandError(
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
