"""What `generate` prints: what each client is, and which of its files change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ...diagnostics.diagnostic import escape
from ...diagnostics.notes import note_lines
from ...folder.output import Change
from ...project.generating import Made, MadeRuntime
from ...project.notes import first_notes
from ...quick.summary import plural, summary
from .console import paint

_SIGNS = {"new": "+", "changed": "~", "removed": "-", "edited": "!", "occupied": "!", "kept": "?"}
_LISTED = 20


def lines(clients: Iterator[Made | MadeRuntime], *, dry_run: bool, options: str) -> Iterator[str]:
    """The lines on each client as it is done, and what comes next.

    `options`: to repeat in a command that is recommended.
    """
    moved = False
    for made in clients:
        moved = moved or any(change.kind in _SIGNS for change in made.changes)
        yield from _told(made, *(("to write", "to remove") if dry_run else ("written", "removed")))
        if isinstance(made, Made) and made.relocked:
            yield "  the lock was rewritten: what the client was made from moved, the code did not"
    if moved and not dry_run:
        yield f"next: review and commit; in CI: eventwright check{options}"


def _told(made: Made | MadeRuntime, written: str, removed: str) -> Iterator[str]:
    """`generated/acme: 8 events, 3 files written, 38 unchanged, 1 removed, 0.84 s`, then which."""
    count = Counter(change.kind for change in made.changes)
    writes = count["new"] + count["changed"] + count["edited"] + count["occupied"]
    client = made if isinstance(made, Made) else None
    events = len(client.generated.model.events) if client else None
    line = summary(
        made.client.output if isinstance(made, Made) else made.shared.output,
        events,
        writes=writes,
        unchanged=count["unchanged"],
        removals=count["removed"],
        seconds=made.seconds,
        verbs=(written, removed),
    )
    yield escape(line)
    if client:
        model = client.generated.model
        notes = first_notes(client.document, model, client.client.root)
        yield from (f"  {line}" for line in note_lines(notes, len(model.remarks), paint))
    yield from _listed(made.changes)


def _listed(changes: Sequence[Change]) -> Iterator[str]:
    """The files that change, one a line."""
    listed = [change for change in changes if change.kind in _SIGNS]
    own = [change for change in listed if not _same_everywhere(change)]
    for change in own[:_LISTED]:
        yield escape(f"  {_SIGNS[change.kind]} {change.path}{_remark(change)}")
    if len(own) > _LISTED:
        yield f"  … and {len(own) - _LISTED} more"
    if len(own) < len(listed):
        yield f"  and {plural(len(listed) - len(own), 'file')} of the runtime"


def _same_everywhere(change: Change) -> bool:
    """Files copied as they are, and nothing to say of them."""
    shared = change.path.startswith(("_runtime/", "sinks/", "transports/"))
    return shared and change.kind in ("new", "changed")


def _remark(change: Change) -> str:
    remarks = {
        "edited": "edited by hand, overwritten",
        "occupied": "not ours, overwritten",
        "kept": "no longer generated, but edited by hand, so it stays: remove it or move it away",
    }
    return f" ({remarks[change.kind]})" if change.kind in remarks else ""
