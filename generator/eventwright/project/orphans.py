"""Clients that were generated and that the configuration no longer names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from ..quick.answers import LOCK_NAME
from .project import Client


def orphans(clients: Sequence[Client]) -> Iterator[str]:
    """Folders with a lock beside the clients' own: one was renamed, or its table removed.

    `clients`: all that the configuration has. Only neighbours are looked at: the whole project may
    be large, and another configuration's clients live elsewhere.
    """
    known = {client.output for client in clients}
    known |= {client.shared.output for client in clients if client.shared}
    parents = {(str(client.root), os.path.dirname(client.output)) for client in clients}
    for root, parent in sorted(parents):
        for name in _folders(os.path.join(root, parent)):
            path = f"{parent}/{name}" if parent else name
            if path not in known and os.path.isfile(os.path.join(root, path, LOCK_NAME)):
                yield path


def _folders(path: str) -> list[str]:
    return sorted(os.listdir(path)) if os.path.isdir(path) else []
