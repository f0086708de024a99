"""`generate`: produce every client in memory, see that nothing is in the way, then write."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..diagnostics.diagnostic import Collector, DocumentError
from ..folder import output
from ..model.contract import contract_sha256
from . import project
from .project import Client

if TYPE_CHECKING:
    from ..document.load import Document
    from .pipeline import Generated


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A generated client; `changes`: what happens, or happened, to its files."""

    client: Client
    document: Document
    generated: Generated
    changes: Sequence[output.Change]
    seconds: float
    relocked: bool = False
    """Whether the lock was written anew although no code moved."""


def generate_all(clients: Sequence[Client], *, dry_run: bool, force: bool) -> Iterator[Made]:
    """Generate all clients or, when one of them fails, none.

    `dry_run`: write nothing. Raises DocumentError, ConfigError, CommandError.
    """
    if not dry_run:
        for client in clients:
            output.heal(str(client.root), client.output, force=force)
    for made in list(_all_made(clients, force)):
        yield made if dry_run else _written(made, force)


def _all_made(clients: Sequence[Client], force: bool) -> Iterator[Made]:
    """All of them, or what is wrong with any of them."""
    found = Collector()
    for client in clients:
        try:
            yield _made(client, force)
        except DocumentError as error:
            found.add(*error.found)
    found.check()


def _made(client: Client, force: bool) -> Made:
    began = time.perf_counter()
    document, generated = project.produce(client)
    old = output.read_lock(str(client.root), client.output, damaged_is_none=True)
    changes = output.compare(str(client.root), client.output, generated.files, old)
    if not force:
        output.refuse_blocked(client.output, changes)
    return Made(
        client=client,
        document=document,
        generated=generated,
        changes=changes,
        seconds=time.perf_counter() - began,
    )


def _written(made: Made, force: bool) -> Made:
    """Write it; what was done."""
    began = time.perf_counter()
    root, folder = str(made.client.root), made.client.output
    old = output.read_lock(root, folder, damaged_is_none=True)
    contract = contract_sha256(made.generated.model)
    lock = project.make_lock(made.client, made.document, made.generated, old, contract)
    changes = output.write(root, folder, made.generated.files, lock, force=force)
    return replace(
        made,
        changes=changes,
        seconds=made.seconds + time.perf_counter() - began,
        relocked=old is not None and lock != old and lock.files == old.files,
    )
