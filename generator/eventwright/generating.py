"""`generate`: produce every client in memory, see that nothing is in the way, then write."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from . import output, project
from .contract import contract_sha256
from .diagnostics import escape
from .project import Client

if TYPE_CHECKING:
    from .load import Document
    from .pipeline import Generated

_SIGNS = {"new": "+", "changed": "~", "removed": "-", "edited": "!", "occupied": "!", "kept": "?"}
_LISTED = 20


def generate_all(clients: Sequence[Client], *, dry_run: bool, force: bool) -> Iterator[str]:
    """Generate all clients or, when one of them fails, none; lines that say what was done.

    Raises DocumentError, ConfigError, CommandError.
    """
    began = time.perf_counter()
    if not dry_run:
        for client in clients:
            output.heal(str(client.root), client.output, force=force)
    produced = []
    for client in clients:
        document, generated = project.produce(client)
        changes = _preview(client, generated)
        if not force:
            output.refuse_blocked(client.output, changes)
        produced.append((client, document, generated, time.perf_counter() - began))
        began = time.perf_counter()
    for client, document, generated, seconds in produced:
        began = time.perf_counter()
        changes, relocked = (
            (_preview(client, generated), False)
            if dry_run
            else _write(client, document, generated, force)
        )
        seconds += time.perf_counter() - began
        yield from _told(client, generated, changes, seconds, dry_run=dry_run)
        if relocked:
            yield "  the lock was rewritten: what the client was made from moved, the code did not"


def _preview(client: Client, generated: Generated) -> list[output.Change]:
    root = str(client.root)
    old = output.read_lock(root, client.output, damaged_is_none=True)
    return output.compare(root, client.output, generated.files, old)


def _write(
    client: Client, document: Document, generated: Generated, force: bool
) -> tuple[list[output.Change], bool]:
    """What was done, and whether the lock alone is new."""
    root = str(client.root)
    old = output.read_lock(root, client.output, damaged_is_none=True)
    contract = contract_sha256(generated.model)
    lock = project.make_lock(client, document, generated, old, contract)
    changes = output.write(root, client.output, generated.files, lock, force=force)
    only_lock = old is not None and lock != old and lock.files == old.files
    return changes, only_lock


def _told(
    client: Client,
    generated: Generated,
    changes: Sequence[output.Change],
    seconds: float,
    *,
    dry_run: bool,
) -> Iterator[str]:
    """`generated/acme: 8 events, 3 files written, 38 unchanged, 1 removed, 0.84 s`, then which."""
    count = Counter(change.kind for change in changes)
    written = count["new"] + count["changed"] + count["edited"] + count["occupied"]
    parts = [
        _plural(len(generated.model.events), "event"),
        f"{_plural(written, 'file')} {'to write' if dry_run else 'written'}",
        f"{count['unchanged']} unchanged",
        f"{count['removed']} {'to remove' if dry_run else 'removed'}",
        f"{seconds:.2f} s",
    ]
    yield escape(f"{client.output}: {', '.join(parts)}")
    if not generated.model.events:
        yield (
            "  no events found: no request's body is a union whose arms a constant tells apart; "
            "the bodies are plain objects"
        )
    listed = [change for change in changes if change.kind in _SIGNS]
    own = [change for change in listed if not _same_everywhere(change)]
    for change in own[:_LISTED]:
        yield escape(f"  {_SIGNS[change.kind]} {change.path}{_remark(change)}")
    if len(own) > _LISTED:
        yield f"  … and {len(own) - _LISTED} more"
    if len(own) < len(listed):
        yield f"  and {_plural(len(listed) - len(own), 'file')} that every client has"


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


def _plural(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count != 1)}"
