"""The clients of a configuration: what each is made from, and what is made."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from .. import __version__
from ..config.diff import DiffKeys
from ..diagnostics.diagnostic import did_you_mean
from ..diagnostics.errors import CommandError
from ..folder.lock import Lock
from ..folder.output import read_lock
from ..model.givennames import NO_NAMES
from ..quick import fingerprint
from ..quick.answers import client_tables
from .notes import first_notes, refuse
from .sharing import SharedRuntime
from .templatefolder import shown, template_hashes

if TYPE_CHECKING:
    from ..config.config import ClientConfig
    from ..document.load import Document
    from ..model.givennames import GivenNames
    from ..model.model import Model
    from .pipeline import Generated

_FORMATTER = "black"
_FLAVOUR_TOOLS = {"pydantic": "datamodel-code-generator"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One `[[client]]`, with what the lock and the messages need beside its options."""

    root: Path
    """The folder of the configuration file, which all paths are relative to."""
    config: ClientConfig
    options_sha256: str
    diff: DiffKeys = field(default_factory=DiffKeys)
    """What findings of a comparison count as."""
    shared: SharedRuntime | None = None
    """The runtime that it has in common with all others."""

    @property
    def output(self) -> str:
        """The output folder, posix, relative to `root`, without a trailing slash."""
        return posixpath.normpath(self.config.output)

    @property
    def name(self) -> str:
        """The generated package, which is called as the output folder is."""
        return posixpath.basename(self.output)


def load_clients(
    path: Path | None, only: str = "", *, strict: bool = False, lenient: bool = False
) -> tuple[Client, ...]:
    """The clients of the configuration at `path`, or of the one found from here upwards.

    `only`: the one wanted, by name or output; `strict`: notes are errors, `lenient`: documents may
    be a little invalid, whatever the configuration says. Raises ConfigError, CommandError.
    """
    from ..config.loading import load_config

    config = load_config(path, Path.cwd())
    tables = client_tables(str(config.path))
    outputs = tuple(posixpath.normpath(client.output) for client in config.clients)
    shared = SharedRuntime(config.root, config.runtime, outputs) if config.runtime else None
    clients = tuple(
        Client(
            root=config.root,
            config=_with(client, strict, lenient),
            options_sha256=fingerprint.options_sha256(table, config.runtime),
            diff=config.diff,
            shared=shared,
        )
        for client, table in zip(config.clients, tables, strict=True)
    )
    return tuple(_named(clients, only)) if only else clients


def _with(config: ClientConfig, strict: bool, lenient: bool) -> ClientConfig:
    return replace(config, strict=strict or config.strict, lenient=lenient or config.lenient)


def _named(clients: Sequence[Client], name: str) -> Iterator[Client]:
    """The clients of one name, or the one whose output is at that path: as the configuration has
    it, or seen from the current folder."""
    path, here = posixpath.normpath(name.replace(os.sep, "/")), os.path.abspath(name)
    found = [
        client
        for client in clients
        if path in (client.name, client.output)
        or here == os.path.abspath(client.root / client.output)
    ]
    if not found:
        names = [client.name for client in clients]
        raise CommandError(
            f"no client is called {name!r}{did_you_mean(name, names)}",
            help="a client is called as its output folder is, and its path does as well; there "
            f"is: {', '.join(names)}",
        )
    yield from found


def read_document(client: Client) -> Document:
    """The client's document with its overlays, valid. Raises DocumentError."""
    from ..leniency.reading import validated

    return validated(open_document(client), lenient=client.config.lenient)


def open_document(client: Client) -> Document:
    """The same, valid or not. Raises DocumentError where it cannot be read."""
    from ..document.load import load_document

    config = client.config
    overlays = [(client.root / path, shown(client.root / path)) for path in config.overlays]
    spec = client.root / config.spec
    return load_document(
        spec,
        shown=shown(spec),
        overlays=overlays,
        root=client.root,
        send_to=config.send_to or "",
    )


Stage: TypeAlias = Callable[[str], None]
"""Is told what begins, in a word or two."""


def unseen(stage: str) -> None:
    """A `Stage` that nobody looks at."""


def read_model(client: Client, stage: Stage = unseen) -> tuple[Document, Model]:
    """The client's document and its model. Raises DocumentError."""
    stage("reading")
    document = read_document(client)
    from ..lower.document import lower

    stage("making the model")
    model = lower(document, client.config, given_names(client))
    _refuse_notes(client, document, model)
    return document, model


def given_names(client: Client) -> GivenNames:
    """What the package that is there calls its things. Raises CommandError."""
    lock = read_lock(str(client.root), client.output, damaged_is_none=True)
    return lock.names if lock else NO_NAMES


def produce(client: Client, stage: Stage = unseen) -> tuple[Document, Generated]:
    """Read the document and generate from it, in memory. Raises DocumentError, ConfigError."""
    document, model = read_model(client, stage)
    from .pipeline import render
    from .templatefolder import overrides

    stage(f"writing {len(model.operations)} operations")
    return document, render(model, client.config, overrides(client.config, client.root))


def _refuse_notes(client: Client, document: Document, model: Model) -> None:
    if client.config.strict:
        refuse(document, model.remarks)


def make_lock(
    client: Client, document: Document, generated: Generated, old: Lock | None, contract: str = ""
) -> Lock:
    """The lock for what was generated; `contract` is the contract's hash."""
    config = client.config
    spec_sha256 = fingerprint.text_sha256(document.raw)
    return Lock(
        spec=config.spec,
        spec_sha256=spec_sha256,
        overlays={path: file_sha256(client.root, path) for path in config.overlays},
        source=_source(config.source or "", spec_sha256, old),
        documents={path: fingerprint.text_sha256(data) for path, data in document.files.items()},
        templates=template_hashes(client.config, client.root),
        contract_sha256=contract,
        names=generated.model.given,
        events=len(generated.model.events),
        notes=len(generated.model.remarks),
        first_notes=first_notes(document, generated.model, client.root),
        config_sha256=client.options_sha256,
        generator=__version__,
        templates_sha256=fingerprint.templates_sha256(),
        tools=tools(config.flavours),
        files={path: fingerprint.sha256(text.encode()) for path, text in generated.files.items()},
    )


def file_sha256(root: Path, path: str) -> str:
    """The hash of a text file, "" when there is none. Raises OSError."""
    try:
        return fingerprint.document_sha256(os.path.join(root, path))
    except FileNotFoundError:
        return ""


def tools(flavours: Sequence[str]) -> dict[str, str]:
    """Distribution → installed version, of what shapes the output beside eventwright itself."""
    from importlib.metadata import version

    names = [_FORMATTER, *(_FLAVOUR_TOOLS[flavour] for flavour in flavours)]
    return {name: version(name) for name in names}


def _source(url: str, spec_sha256: str, old: Lock | None) -> dict[str, str]:
    """The ETag belongs to the bytes it came with: it stays as long as they do."""
    if not url:
        return {}
    known = old.source if old is not None and old.source.get("url") == url else {}
    # `pull` writes down which bytes those are; before the first `generate` of them, too.
    fetched = known.get("sha256", old.spec_sha256 if old is not None else "")
    return dict(known) if known and fetched == spec_sha256 else {"url": url}
