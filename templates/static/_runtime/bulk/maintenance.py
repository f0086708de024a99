"""`outbox …`: how an outbox stands, and what is done about what does not get through."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from time import time
from typing import Any

from ..delivery.parcels import Parcel
from ..delivery.stalls import read
from ..store.storage import DeadLetter
from ..store.store import Store
from ..values.jsontext import ascii_text, dumps
from ..values.timestamps import UTC
from .command.options import OUTBOX
from .earlier import check_writable, is_outbox
from .errors import CommandError
from .package import Package
from .progress import duration
from .rejects import dead_letters, readable
from .state import is_of_run, remembered
from .terminal import DELIVERED, REJECTED, UNUSABLE, Terminal, plural, safe

_READ = 500
_HIGHEST = 2**63 - 1
"""What an id can be."""


def maintain(package: Package, given: Namespace, terminal: Terminal) -> int:
    """Do what was asked for; the exit code.

    Raises:
        CommandError: there is no such file, or it cannot be done so.
        OutboxError: the file cannot be used.
    """
    _check_outbox(given.file)
    path = os.path.abspath(given.file)
    with closing(Store(path, "os", 0, create=False)) as store:
        return _ACTIONS[given.action](package, store, given, terminal)


def _check_outbox(file: str) -> None:
    """Whether a file may be an outbox. Raises CommandError."""
    beside = file + OUTBOX
    meant = f"; did you mean {beside}?" if is_outbox(beside) else ""
    if os.path.isdir(file):
        raise CommandError(f"{file} is a folder, and an outbox is a file{meant}")
    try:
        os.stat(file)
        if os.path.isfile(file):  # a pipe would be waited for
            open(file, "rb").close()
    except FileNotFoundError:
        raise CommandError(f"{file}: there is no such file{meant}") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise CommandError(f"{file}: cannot be opened: {why}") from None
    if not is_outbox(file):
        what = "no outbox" if os.path.getsize(file) else "empty, and no outbox"
        raise CommandError(f"{file} is {what}; nothing of it was changed{meant}")
    check_writable(file)


def _status(
    package: Package, store: Store, given: Namespace, terminal: Terminal
) -> int:
    standing = _Standing(store)
    if given.json:
        terminal.result(ascii_text(standing.data(given.file)))
    else:
        terminal.result(standing.text(_origin(store) if is_of_run(store) else ""))
    return DELIVERED


class _Standing:
    """How an outbox stands."""

    def __init__(self, store: Store) -> None:
        self._counts = store.counts()
        self._paused = store.paused()
        self._stall = read(store.stalled())
        oldest = self._counts.oldest
        self._age = None if oldest is None else max(0.0, time() - oldest)

    def data(self, file: str) -> dict[str, Any]:
        """For programs."""
        return {
            "file": file,
            "pending": self._counts.pending,
            "delivered": self._counts.delivered,
            "dead": self._counts.dead,
            "oldest": self._age,
            "paused": self._paused or None,
            "stalled": asdict(self._stall) if self._stall else None,
        }

    def text(self, origin: str) -> str:
        """For people. `origin`: what it was made from, where a run has made it."""
        counts, age = self._counts, self._age
        oldest = "" if age is None else f", the oldest for {duration(age)}"
        lines = [
            f"pending    {counts.pending:,}{oldest}",
            f"delivered  {counts.delivered:,}",
            f"dead       {counts.dead:,}",
        ]
        if self._paused:
            lines.append(f"paused     {safe(self._paused)}")
        if self._stall:
            lines.append(f"stalled    {safe(str(self._stall))}")
        if origin:
            lines.append(f"of         {safe(origin)}")
        return "\n".join(lines)


def _origin(store: Store) -> str:
    """What the outbox of a run was made from."""
    try:
        made = remembered(store)
    except CommandError:
        made = None
    if made is None:
        return "a run of another version of the package"
    return f"{made.name}: {plural(made.total, 'event')} of {made.package}"


def _retry(package: Package, store: Store, given: Namespace, terminal: Terminal) -> int:
    ids = list(dict.fromkeys(given.id or ()))
    strange = [id for id in ids if not _is_dead(store, id)]
    known = [id for id in ids if id not in strange]
    revived = store.revive(known if ids else None)
    who = "whoever has the outbox open sends them"
    if is_of_run(store):
        who = f"`python -m {package.name} send {safe(given.file)}` sends them"
    terminal.result(f"{revived:,} put back; {who}" if revived else "0 put back")
    if strange:
        are = "is no dead letter" if len(strange) == 1 else "are no dead letters"
        terminal.problem(f"{', '.join(map(str, strange))} {are}: see `outbox export`")
    return REJECTED if strange else DELIVERED


def _is_dead(store: Store, id: int) -> bool:
    found = store.outcome(id) if id <= _HIGHEST else None
    # With another id it was put back, and died again.
    return isinstance(found, DeadLetter) and found.id == id


def _export(
    package: Package, store: Store, given: Namespace, terminal: Terminal
) -> int:
    rows = _pending(store) if given.pending else _dead(store)
    # What is invisible, or worse, is escaped where a terminal would show it.
    write = ascii_text if terminal.shows else dumps
    for row in rows:
        terminal.result(write(row))
    return DELIVERED


def _purge(package: Package, store: Store, given: Namespace, terminal: Terminal) -> int:
    if given.pending and given.older_than is not None:
        raise CommandError(
            "--older-than is about dead letters, and --pending about the others"
        )
    before = None if given.older_than is None else time() - given.older_than
    counts = store.counts()
    what = plural(counts.dead, "dead letter") if before is None else "old dead letters"
    if given.pending:
        what += f" and {plural(counts.pending, 'event')} that wait to be sent"
    if not (given.yes or terminal.agreed(f"delete {what} for good?")):
        terminal.problem("nothing was deleted; --yes does it without asking")
        return UNUSABLE
    deleted = store.purge(before=before)
    text = f"{plural(deleted, 'dead letter')} deleted"
    if given.pending:
        text += f", and {plural(store.discard(), 'event')} that waited"
    terminal.result(text)
    return DELIVERED


_ACTIONS = {"status": _status, "retry": _retry, "export": _export, "purge": _purge}


def _dead(store: Store) -> Iterator[dict[str, Any]]:
    for letter in dead_letters(store):
        yield {
            **_row(letter.id, letter.created, letter.parcel),
            "died": _moment(letter.died),
            "status": letter.status,
            "reason": letter.reason,
            "errors": list(letter.errors),
        }


def _pending(store: Store) -> Iterator[dict[str, Any]]:
    after, more = 0, True
    while more:
        page = store.read(after, _READ)
        for stored in page.found:
            yield _row(stored.id, stored.created, stored.parcel)
        after, more = page.end, page.more


def _row(id: int, created: float, parcel: Parcel) -> dict[str, Any]:
    return {
        "id": id,
        "label": parcel.label,
        "operation": parcel.operation,
        "event": readable(parcel.body),
        "created": _moment(created),
    }


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
