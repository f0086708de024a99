"""A runtime that all clients of a configuration share: what it contains, and its lock."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .. import __version__
from ..folder.lock import Lock
from ..quick import fingerprint

Files = Mapping[str, str]
"""Path -> text."""


@dataclass(frozen=True, slots=True)
class SharedRuntime:
    """`[runtime]`, and the outputs of all clients, also of those that are not asked for now."""

    root: Path
    output: str
    clients: tuple[str, ...]

    def files(self, made: Mapping[str, Files]) -> dict[str, str]:
        """What it contains: the union of what the clients import.

        `made`: the files of clients by their output; those of the others are read.
        """
        from ..emit.vendoring import asked_of_shared, shared_runtime

        asked: set[str] = set()
        for client in self.clients:
            files = made[client] if client in made else dict(self._written(client))
            asked |= asked_of_shared(client, files, self.output)
        return shared_runtime(asked)

    def lock(self, files: Files) -> Lock:
        """The lock that goes with these files."""
        return Lock(
            spec="",
            spec_sha256="",
            config_sha256=fingerprint.options_sha256({}, self.output),
            generator=__version__,
            templates_sha256=fingerprint.templates_sha256(),
            tools={},
            files={path: fingerprint.sha256(text.encode()) for path, text in files.items()},
        )

    def _written(self, client: str) -> Iterator[tuple[str, str]]:
        folder = os.path.join(self.root, client)
        for path in fingerprint.walk(folder) if os.path.isdir(folder) else ():
            if path.endswith(".py"):
                text = fingerprint.read_bytes(os.path.join(folder, path)).decode(errors="replace")
                yield path, text
