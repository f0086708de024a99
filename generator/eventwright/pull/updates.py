"""Fetch a document and say how it differs from the one here; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Literal

from ..diagnostics.diagnostic import Diagnostic, UserError
from ..document.load import Document, load_bytes
from ..fetch.fetching import fetch
from ..fetch.rules import FetchError, Rules
from ..leniency.reading import mended, validated
from ..project.movement import Movement, between
from ..project.project import Client, given_names, open_document
from ..quick.fingerprint import sha256, text_sha256
from .files import Given, are_kept, gather, name_of
from .sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What there is at a source. `status` is "first" when there was no document here.

    `body` is what was fetched, the document here when nothing is new; `etag` its ETag or "";
    `movement` is None when nothing is new or there is nothing to compare with; `complaints`: why
    the configuration, or an overlay, no longer fits.
    """

    source: Source
    status: Literal["current", "moved", "first"]
    body: bytes
    etag: str
    old_sha256: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    """The other files that it is made of, by the paths that they are kept at."""
    movement: Movement | None = None
    complaints: tuple[Diagnostic, ...] = ()

    @property
    def new_sha256(self) -> str:
        return sha256(self.body)


def look(source: Source, rules: Rules) -> Update:
    """Ask the source. What it has must be valid. Raises FetchError, DocumentError."""
    rules = replace(
        rules,
        sha256=rules.sha256 or source.sha256,
        allow_private=rules.allow_private or source.private,
    )
    here = _read(source)
    old = sha256(here) if here is not None else ""
    fetched = fetch(source.url, rules, etag=source.etag(text_sha256(here)) if here else "")
    body = here if fetched.body is None else fetched.body
    if body is None:
        raise FetchError(source.shown, "the server says that nothing changed, but nothing is here")
    files = gather(source, body, rules)
    if body == here and are_kept(source.clients[0].root, files):
        _check_kept(source, old, rules)
        return Update(source=source, status="current", body=body, etag=fetched.etag, old_sha256=old)
    return _compared(source, body, files, fetched.etag, old)


def _check_kept(source: Source, found: str, rules: Rules) -> None:
    if rules.sha256 and rules.sha256.lower() != found:
        reason = f"the document here is the one there, but its sha256 is {found}, not as pinned"
        raise FetchError(source.shown, reason)


def _read(source: Source) -> bytes | None:
    try:
        return Path(source.clients[0].root, source.spec).read_bytes()
    except FileNotFoundError:
        return None


def _compared(
    source: Source, body: bytes, files: Mapping[str, bytes], etag: str, old: str
) -> Update:
    complaints: dict[Diagnostic, None] = {}
    movement: Movement | None = None
    for client in source.clients:
        document, misfits = _document(client, source, body, files)
        complaints.update(dict.fromkeys(misfits))
        made = _movement(client, document) if old else None
        complaints.update(dict.fromkeys(made.complaints if made else _misfits(client, document)))
        movement = movement or made
    return Update(
        source=source,
        status="moved" if old else "first",
        body=body,
        etag=etag,
        old_sha256=old,
        files=files,
        movement=movement,
        complaints=tuple(complaints),
    )


def _document(
    client: Client, source: Source, body: bytes, files: Mapping[str, bytes]
) -> tuple[Document, tuple[Diagnostic, ...]]:
    """The new document, and why the client's overlays do not fit it. Raises DocumentError."""
    lenient = client.config.lenient
    overlays = [(client.root / path, path) for path in client.config.overlays]
    load = partial(load_bytes, body, source.shown, name=name_of(source), read=Given(files))
    load = partial(load, send_to=client.config.send_to or "")
    try:
        return validated(load(overlays=overlays), lenient=lenient), ()
    except UserError as error:
        if not overlays:
            raise
        # If the overlays alone are at fault, the document is as it is; else the first error stands.
        try:
            return validated(load(), lenient=lenient), error.diagnostics
        except UserError:
            raise error from None


def _movement(client: Client, document: Document) -> Movement | None:
    try:
        here = open_document(client)
        here = mended(here) if client.config.lenient else here
        return between(here, document, client.config, client.diff, given_names(client))
    except UserError:  # the document here is broken: pulling is what mends it
        return None


def _misfits(client: Client, document: Document) -> Iterator[Diagnostic]:
    from ..lower.document import lower

    try:
        lower(document, client.config)
    except UserError as error:
        yield from error.diagnostics
