"""`generate`: produce every client in memory, see that nothing is in the way, then write."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..diagnostics.diagnostic import Collector, DocumentError
from ..folder import output
from ..model.contract import contract_sha256
from . import project
from .project import Client, Stage, unseen
from .sharing import SharedRuntime

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


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeRuntime:
    """The runtime that clients share; `changes`: what happens, or happened, to its files."""

    shared: SharedRuntime
    files: Mapping[str, str]
    changes: Sequence[output.Change]
    seconds: float = 0.0


def generate_all(
    clients: Sequence[Client], *, dry_run: bool, force: bool, stage: Stage = unseen
) -> Iterator[Made | MadeRuntime]:
    """Generate all clients or, when one of them fails, none; first the runtime they share.

    Args:
        dry_run: write nothing.
        force: overwrite what was edited by hand.
        stage: is told what begins.

    Raises DocumentError, ConfigError, CommandError.
    """
    shared = clients[0].shared if clients else None
    if not dry_run:
        for folder in (
            *(client.output for client in clients),
            *([shared.output] if shared else []),
        ):
            output.heal(str(clients[0].root), folder, force=force)
    found = list(_all_made(clients, force, stage))
    stage("writing files")
    if shared is not None:
        runtime = _made_runtime(shared, found, force)
        yield runtime if dry_run else _written_runtime(runtime, force)
    for made in found:
        yield made if dry_run else _written(made, force)


def _made_runtime(shared: SharedRuntime, found: Sequence[Made], force: bool) -> MadeRuntime:
    began = time.perf_counter()
    files = shared.files({made.client.output: made.generated.files for made in found})
    old = output.read_lock(str(shared.root), shared.output, damaged_is_none=True)
    changes = output.compare(str(shared.root), shared.output, files, old)
    if not force:
        output.refuse_blocked(shared.output, changes)
    seconds = time.perf_counter() - began
    return MadeRuntime(shared=shared, files=files, changes=changes, seconds=seconds)


def _written_runtime(made: MadeRuntime, force: bool) -> MadeRuntime:
    shared, files = made.shared, made.files
    lock = shared.lock(files)
    changes = output.write(str(shared.root), shared.output, files, lock, force=force)
    return replace(made, changes=changes)


def _all_made(clients: Sequence[Client], force: bool, stage: Stage) -> Iterator[Made]:
    """All of them, or what is wrong with any of them."""
    found = Collector()
    for client in clients:
        try:
            yield _made(client, force, stage)
        except DocumentError as error:
            found.take(error)
    found.check()


def _made(client: Client, force: bool, stage: Stage) -> Made:
    began = time.perf_counter()
    document, generated = project.produce(client, lambda said: stage(f"{client.output}: {said}"))
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
