"""For `check`: what moved in a document since a client was generated from it."""

from __future__ import annotations

import os
import posixpath
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..diagnostics.diagnostic import UserError
from ..document.files import Unreadable
from ..document.load import Document, load_bytes
from ..fetch import githistory
from ..folder.lock import Lock
from ..leniency.reading import mended
from ..model.contract import contract_sha256
from ..model.model import Model
from ..quick.fingerprint import read_bytes
from ..validation.validate import validate_to_compare
from .project import Client, file_sha256

if TYPE_CHECKING:
    from .movement import Movement


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """`movement` is None, and `note` says why, when the old document cannot be had.

    `origin`: where the old document was, as `eventwright diff` takes it where it can;
    `same_contract`: both documents let the same travel; None: not known.
    """

    spec: str
    origin: str = ""
    movement: Movement | None = None
    note: str = ""
    same_contract: bool | None = None


def since(client: Client, lock: Lock, document: Document, model: Model) -> Moved:
    """What moved from the document in the lock to `document`, whose model is `model`."""
    spec = client.config.spec
    same = contract_sha256(model) == lock.contract_sha256 if lock.contract_sha256 else None
    try:
        found = githistory.find(str(client.root), lock.spec, lock.spec_sha256)
        old = _load(client, lock, found)
    except githistory.NotFound as error:
        return Moved(spec=spec, note=str(error), same_contract=same)
    except UserError as error:
        note = f"{lock.spec} as it was is not valid: {error.diagnostics[0].message}"
        return Moved(spec=spec, note=note, same_contract=same)
    from .movement import between

    movement = between(old, document, client.config, client.diff, lock.names)
    return Moved(spec=spec, origin=found.at, movement=movement, same_contract=same)


def _load(client: Client, lock: Lock, found: githistory.Found) -> Document:
    """The old document, with its overlays as they were then. Raises DocumentError, NotFound."""
    with tempfile.TemporaryDirectory() as folder:
        overlays = [
            (_overlay(client, path, wanted, Path(folder, str(number))), path)
            for number, (path, wanted) in enumerate(_in_order(client, lock))
        ]
        document = load_bytes(
            found.data,
            found.at,
            overlays=overlays,
            name=posixpath.normpath(lock.spec),
            read=_Files(client, lock) if lock.documents else None,
            send_to=client.config.send_to or "",
        )
    document = mended(document) if client.config.lenient else document
    validate_to_compare(document)
    return document


@dataclass(frozen=True, slots=True)
class _Files:
    """Reads the other files of a document as they were."""

    client: Client
    lock: Lock

    def __call__(self, name: str) -> bytes:
        wanted = self.lock.documents.get(name)
        if wanted is None:
            raise Unreadable("was no part of the document")
        return _as_it_was(self.client, name, wanted)


def _in_order(client: Client, lock: Lock) -> list[tuple[str, str]]:
    # The lock sorts them; where they are applied in an order of their own, the configuration says.
    configured = {path: number for number, path in enumerate(client.config.overlays)}
    return sorted(lock.overlays.items(), key=lambda each: configured.get(each[0], len(configured)))


def _overlay(client: Client, path: str, wanted: str, copy: Path) -> Path:
    copy.write_bytes(_as_it_was(client, path, wanted))
    return copy


def _as_it_was(client: Client, path: str, wanted: str) -> bytes:
    """The version of a file that has a hash: the one here, or one in git. Raises NotFound."""
    if file_sha256(client.root, path) == wanted:
        return read_bytes(os.path.join(client.root, path))
    return githistory.find(str(client.root), path, wanted).data
