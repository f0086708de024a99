"""Writing what was pulled: the document in one step, and what the lock remembers of it.

The lock says which code was generated from which bytes. Pulling generates nothing, so it leaves all
of that alone and `check` says that the client is stale, as it should. It only notes the ETag,
together with the hash of the bytes that the ETag is of.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ..diagnostics.errors import CommandError
from ..folder import journal
from ..folder.folderlock import locked_folder
from ..folder.lock import Lock, dump
from ..folder.output import read_lock
from ..project.project import Client
from ..quick.answers import LOCK_NAME
from ..quick.fingerprint import read_bytes, sha256, text_sha256
from .files import keep, name_of
from .updates import Update


def store(update: Update) -> None:
    """Replace the document, if it moved, and note its ETag. Raises CommandError."""
    source = update.source
    if update.status != "current":
        root = source.clients[0].root
        try:
            keep(root, name_of(source), update.files)
            _replace(Path(root, source.spec), update.body)
        except OSError as error:
            raise CommandError(
                f"cannot write {source.spec}: {error.strerror or error}",
                help="the document is as it was; make room or give permission, then run again",
            ) from error
    noted = {"url": source.url}
    if update.etag:
        noted |= {"etag": update.etag, "sha256": text_sha256(update.body)}
    for client in source.clients:
        if client.config.source:
            _note(client, noted)


def _replace(path: Path, body: bytes) -> None:
    """All of `body` or the file as it was. A link stays one; what it leads to is replaced."""
    target = Path(os.path.realpath(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with open(descriptor, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _mode(target))
        os.replace(temporary, target)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


def _mode(path: Path) -> int:
    """The permissions of the file, or those that a new one would get."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _note(client: Client, noted: dict[str, str]) -> None:
    root, output = str(client.root), client.output
    if _with_note(read_lock(root, output, damaged_is_none=True), noted) is None:
        return
    with locked_folder(root, output) as folder:
        # An interrupted run has the lock in its plans: the note is not worth disturbing them.
        if journal.pending(folder):
            return
        journal.heal(folder)
        lock = _with_note(read_lock(root, output, damaged_is_none=True), noted)
        if lock is not None:
            content = dump(lock).encode()
            before = sha256(read_bytes(os.path.join(folder, LOCK_NAME)))
            step = journal.Step(number=0, path=LOCK_NAME, before=before, after=sha256(content))
            journal.commit(folder, [step], {LOCK_NAME: content})


def _with_note(lock: Lock | None, noted: dict[str, str]) -> Lock | None:
    """The lock to write, or None when there is none or it says so already."""
    if lock is None or dict(lock.source) == noted:
        return None
    return replace(lock, source=noted)
