"""The output folder: compare what was generated with what lies there, and write it.

Files that eventwright did not write, or that someone edited since, are never touched unless
`force` says so.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..diagnostics.errors import CommandError
from ..quick.answers import LOCK_NAME
from ..quick.fingerprint import read_bytes, sha256, text_sha256, walk
from . import journal
from .folderlock import locked_folder
from .lock import DamagedLockError, Lock, dump, load
from .safepaths import check_folder, check_names, resolve

Kind: TypeAlias = Literal[
    "new", "changed", "unchanged", "removed", "edited", "occupied", "kept", "foreign"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of one file.

    new, changed, unchanged, removed: the file is ours, and so is what happens to it.
    edited: ours, but someone changed it. occupied: not ours, where one of ours should go.
    kept: no longer generated, but edited, so it stays. foreign: nothing to do with us.
    """

    path: str
    kind: Kind
    found: str = ""
    """Hash of what lies there; "" when nothing does."""
    wanted: str = ""
    """Hash of what should; "" when nothing should."""

    @property
    def blocked(self) -> bool:
        """Would writing it lose what someone else wrote?"""
        return self.kind in ("edited", "occupied")


def read_lock(root: str, output: str, *, damaged_is_none: bool = False) -> Lock | None:
    """The lock in the folder `output` below `root`, or None. Raises CommandError, OSError."""
    folder = check_folder(root, output)
    try:
        with open(resolve(folder, LOCK_NAME), encoding="utf-8", errors="surrogateescape") as file:
            return load(file.read(), f"{output}/{LOCK_NAME}")
    except FileNotFoundError:
        return None
    except DamagedLockError:
        if damaged_is_none:
            return None
        raise


def compare(root: str, output: str, files: Mapping[str, str], old: Lock | None) -> list[Change]:
    """What writing `files` (path → text) would do, in the order of paths; touches nothing."""
    check_names(files)
    folder = check_folder(root, output)
    ours = _ours(folder, old)
    changes = [_change(folder, path, sha256(text.encode()), ours) for path, text in files.items()]
    for path in ours.keys() - files.keys():
        found = journal.digest(folder, path)
        if found:
            kind: Kind = "removed" if found in ours[path] else "kept"
            changes.append(Change(path=path, kind=kind, found=found))
    changes += _foreign(folder, ours.keys() | files.keys())
    return sorted(changes, key=lambda change: change.path)


def write(
    root: str, output: str, files: Mapping[str, str], lock: Lock, *, force: bool = False
) -> list[Change]:
    """Bring the folder to `files` and `lock`, all or nothing; what happened, by path.

    Raises CommandError when a file is in the way (without `force`) or the disk refuses.
    """
    with _explained(output), locked_folder(root, output) as folder:
        journal.heal(folder, force=force)
        old = read_lock(root, output, damaged_is_none=True)
        changes = compare(root, output, files, old)
        if not force:
            refuse_blocked(output, changes)
        contents = {path: text.encode() for path, text in files.items()}
        contents[LOCK_NAME] = dump(lock).encode()
        steps = _steps(changes, journal.digest(folder, LOCK_NAME), sha256(contents[LOCK_NAME]))
        if steps:
            journal.commit(folder, steps, contents)
        return changes


def heal(root: str, output: str, *, force: bool = False) -> bool:
    """Finish an interrupted run; was there one? Raises CommandError."""
    if not journal.is_interrupted(check_folder(root, output)):
        return False
    with _explained(output), locked_folder(root, output) as folder:
        return journal.heal(folder, force=force)


def refuse_blocked(output: str, changes: Sequence[Change]) -> None:
    """Raise CommandError, exit code 1, where writing would lose what someone else wrote."""
    blocked = [change for change in changes if change.blocked]
    if not blocked:
        return
    lines = [f"  {output}/{change.path}: {_REASONS[change.kind]}" for change in blocked]
    raise CommandError(
        "nothing was written, because these files would be overwritten:\n" + "\n".join(lines),
        help="move the edits elsewhere (another module, the document, the configuration), or "
        "overwrite them: eventwright generate --force",
        exit_code=1,
    )


_REASONS = {"edited": "edited by hand", "occupied": "not written by eventwright"}


def _ours(folder: str, old: Lock | None) -> dict[str, set[str]]:
    """Path → hashes of what we wrote there: by the lock, and by a run that was interrupted."""
    ours = {path: {sha} for path, sha in (old.files if old else {}).items()}
    for step in journal.pending(folder):
        if step.path != LOCK_NAME:
            ours.setdefault(step.path, set()).update({step.before, step.after} - {""})
    return ours


def _change(folder: str, path: str, wanted: str, ours: Mapping[str, set[str]]) -> Change:
    found = journal.digest(folder, path)
    kind: Kind
    if not found:
        kind = "new"
    elif found == wanted:
        kind = "unchanged"
    elif path not in ours:
        kind = "occupied"
    else:
        known = found in ours[path] or endings_aside(folder, path) in ours[path]
        kind = "changed" if known else "edited"
    return Change(path=path, kind=kind, found=found, wanted=wanted)


def endings_aside(folder: str, path: str) -> str:
    """The hash a file of ours would have with LF: what git makes of line endings is no edit."""
    return text_sha256(read_bytes(resolve(folder, path)))


def _foreign(folder: str, known: set[str]) -> Iterator[Change]:
    for path in walk(folder) if os.path.isdir(folder) else ():
        if path not in known and path != LOCK_NAME:
            yield Change(path=path, kind="foreign")


def _steps(changes: Sequence[Change], lock_before: str, lock_after: str) -> list[journal.Step]:
    """What has to happen; the lock comes last, so that it never vouches for what is not there."""
    pairs = [
        (change.path, change.found, change.wanted)
        for change in changes
        if change.kind in ("new", "changed", "edited", "occupied", "removed")
    ]
    if lock_before != lock_after:
        pairs.append((LOCK_NAME, lock_before, lock_after))
    return [
        journal.Step(number=number, path=path, before=before, after=after)
        for number, (path, before, after) in enumerate(pairs)
    ]


@contextmanager
def _explained(output: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CommandError(
            f"cannot write to {output}: {error.strerror or error}",
            help="the folder is as it was; make room or give permission, then run again",
        ) from error
