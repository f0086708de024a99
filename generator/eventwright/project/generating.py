"""`generate`: produce every client in memory, see that nothing is in the way, then write."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..cli.console import paint
from ..diagnostics.diagnostic import Collector, DocumentError, escape
from ..diagnostics.notes import note_lines
from ..folder import output
from ..model.contract import contract_sha256
from ..quick.summary import plural, summary
from . import project
from .notes import first_notes
from .project import Client

if TYPE_CHECKING:
    from ..document.load import Document
    from .pipeline import Generated

_SIGNS = {"new": "+", "changed": "~", "removed": "-", "edited": "!", "occupied": "!", "kept": "?"}
_LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A client generated in memory; `changes`: what happens to its files."""

    client: Client
    document: Document
    generated: Generated
    changes: Sequence[output.Change]
    seconds: float


def generate_all(
    clients: Sequence[Client], *, dry_run: bool, force: bool, options: str = ""
) -> Iterator[str]:
    """Generate all clients or, when one of them fails, none; lines that say what was done.

    `options`: to repeat in a command that is recommended. Raises DocumentError, ConfigError,
    CommandError.
    """
    if not dry_run:
        for client in clients:
            output.heal(str(client.root), client.output, force=force)
    every = list(_all_made(clients, force))
    for made in every:
        if dry_run:
            yield from _told(made, "to write", "to remove")
        else:
            yield from _written(made, force)
    if not dry_run and any(change.kind in _SIGNS for made in every for change in made.changes):
        yield f"next: review and commit; in CI: eventwright check{options}"


def _all_made(clients: Sequence[Client], force: bool) -> Iterator[_Made]:
    """All of them, or what is wrong with any of them."""
    found = Collector()
    for client in clients:
        try:
            yield _made(client, force)
        except DocumentError as error:
            found.add(*error.found)
    found.check()


def _made(client: Client, force: bool) -> _Made:
    began = time.perf_counter()
    document, generated = project.produce(client)
    old = output.read_lock(str(client.root), client.output, damaged_is_none=True)
    changes = output.compare(str(client.root), client.output, generated.files, old)
    if not force:
        output.refuse_blocked(client.output, changes)
    return _Made(
        client=client,
        document=document,
        generated=generated,
        changes=changes,
        seconds=time.perf_counter() - began,
    )


def _written(made: _Made, force: bool) -> Iterator[str]:
    """Write it; what was done."""
    began = time.perf_counter()
    root, folder = str(made.client.root), made.client.output
    old = output.read_lock(root, folder, damaged_is_none=True)
    contract = contract_sha256(made.generated.model)
    lock = project.make_lock(made.client, made.document, made.generated, old, contract)
    changes = output.write(root, folder, made.generated.files, lock, force=force)
    seconds = made.seconds + time.perf_counter() - began
    yield from _told(replace(made, changes=changes, seconds=seconds), "written", "removed")
    if old is not None and lock != old and lock.files == old.files:
        yield "  the lock was rewritten: what the client was made from moved, the code did not"


def _told(made: _Made, written: str, removed: str) -> Iterator[str]:
    """`generated/acme: 8 events, 3 files written, 38 unchanged, 1 removed, 0.84 s`, then which."""
    count = Counter(change.kind for change in made.changes)
    writes = count["new"] + count["changed"] + count["edited"] + count["occupied"]
    events = len(made.generated.model.events)
    line = summary(
        made.client.output,
        events,
        writes=writes,
        unchanged=count["unchanged"],
        removals=count["removed"],
        seconds=made.seconds,
        verbs=(written, removed),
    )
    yield escape(line)
    model = made.generated.model
    notes = first_notes(made.document, model, made.client.root)
    yield from (f"  {line}" for line in note_lines(notes, len(model.remarks), paint))
    yield from _listed(made.changes)


def _listed(changes: Sequence[output.Change]) -> Iterator[str]:
    """The files that change, one a line."""
    listed = [change for change in changes if change.kind in _SIGNS]
    own = [change for change in listed if not _same_everywhere(change)]
    for change in own[:_LISTED]:
        yield escape(f"  {_SIGNS[change.kind]} {change.path}{_remark(change)}")
    if len(own) > _LISTED:
        yield f"  … and {len(own) - _LISTED} more"
    if len(own) < len(listed):
        yield f"  and {plural(len(listed) - len(own), 'file')} that every client has"


def _same_everywhere(change: output.Change) -> bool:
    """Files copied as they are, and nothing to say of them."""
    shared = change.path.startswith(("_runtime/", "transports/"))
    return shared and change.kind in ("new", "changed")


def _remark(change: output.Change) -> str:
    remarks = {
        "edited": "edited by hand, overwritten",
        "occupied": "not ours, overwritten",
        "kept": "no longer generated, but edited by hand, so it stays: remove it or move it away",
    }
    return f" ({remarks[change.kind]})" if change.kind in remarks else ""
