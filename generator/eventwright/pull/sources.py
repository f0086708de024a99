"""What there is to pull: the documents with a `source`, each once."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..diagnostics.errors import CommandError
from ..diagnostics.publicurls import public
from ..folder.output import read_lock
from ..project.project import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document, where it comes from, and the clients that are generated from it.

    `sha256`: the hash it must have, or ""; `private`: its address may be a private one.
    """

    spec: str
    url: str
    clients: tuple[Client, ...]

    @property
    def shown(self) -> str:
        """The URL as it may be printed: without what may be a token."""
        return public(self.url)

    @property
    def sha256(self) -> str:
        return next((c.config.source_sha256 for c in self.clients if c.config.source_sha256), "")

    @property
    def private(self) -> bool:
        return any(client.config.source_private for client in self.clients)

    def etag(self, sha256: str) -> str:
        """The ETag that a lock has for the bytes with this hash, or ""."""
        for client in self.clients:
            lock = read_lock(str(client.root), client.output, damaged_is_none=True)
            source = lock.source if lock else {}
            if (source.get("url"), source.get("sha256")) == (self.url, sha256):
                return source.get("etag", "")
        return ""


def sources(clients: Sequence[Client], chosen: Sequence[Client]) -> tuple[Source, ...]:
    """The documents of `chosen` that have a source; all `clients` have a say on their documents.

    Raises CommandError where there is none, or where clients disagree about one.
    """
    specs = dict.fromkeys(_spec(client) for client in chosen)
    found = tuple(source for spec in specs for source in _of(spec, clients))
    if not found:
        raise CommandError(
            "no client here has a `source`",
            help='say where the document comes from: source = "https://…" under [[client]]',
        )
    return found


def _of(spec: str, clients: Sequence[Client]) -> Iterator[Source]:
    users = tuple(client for client in clients if _spec(client) == spec)
    urls = {client.config.source for client in users if client.config.source}
    if len(urls) > 1:
        raise CommandError(
            f"{spec} has several sources: {', '.join(sorted(map(public, urls)))}",
            help="give it one `source`, or give each client a document of its own",
        )
    for url in urls:
        yield Source(spec=spec, url=url, clients=users)


def _spec(client: Client) -> str:
    return posixpath.normpath(client.config.spec)
