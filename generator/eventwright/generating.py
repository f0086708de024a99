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
        changes = (
            _preview(client, generated) if dry_run else _write(client, document, generated, force)
        )
        seconds += time.perf_counter() - began
        yield from _told(client, generated, changes, seconds, dry_run=dry_run)


def _preview(client: Client, generated: Generated) -> list[output.Change]:
    root = str(client.root)
    old = output.read_lock(root, client.output, damaged_is_none=True)
    return output.compare(root, client.output, generated.files, old)


def _write(
    client: Client, document: Document, generated: Generated, force: bool
) -> list[output.Change]:
    root = str(client.root)
    old = output.read_lock(root, client.output, damaged_is_none=True)
    contract = contract_sha256(generated.model)
    lock = project.make_lock(client, document, generated, old, contract)
    return output.write(root, client.output, generated.files, lock, force=force)


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
    listed = [change for change in changes if change.kind in _SIGNS]
    for change in listed[:_LISTED]:
        yield escape(f"  {_SIGNS[change.kind]} {change.path}{_remark(change)}")
    if len(listed) > _LISTED:
        yield f"  … and {len(listed) - _LISTED} more"


def _remark(change: output.Change) -> str:
    remarks = {
        "edited": "edited by hand, overwritten",
        "occupied": "not ours, overwritten",
        "kept": "no longer generated, but edited by hand, so it stays: remove it or move it away",
    }
    return f" ({remarks[change.kind]})" if change.kind in remarks else ""


def _plural(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count != 1)}"
