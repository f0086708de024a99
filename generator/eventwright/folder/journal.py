"""Writing several files as one: prepare aside, note what is to happen, then rename.

Killed before the journal is in place, a run has changed nothing; killed after it, the next run
finishes the work. See docs/decisions/0002-atomic-output.md.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from ..diagnostics.errors import CommandError
from ..quick.fingerprint import read_bytes, sha256
from .safepaths import STAGE_NAME, is_safe, resolve

_JOURNAL = "journal.json"
_MANY = 100
"""Files from which on threads are worth their import."""
_WRITERS = 4
_HASH = re.compile(r"(?:[0-9a-f]{64})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One file to write or, when `after` is "", to delete. The hashes are hex SHA-256."""

    number: int
    path: str
    before: str
    """What the file holds now; "" when there is none."""
    after: str

    @property
    def staged(self) -> str:
        return f"new-{self.number}"

    @property
    def backup(self) -> str:
        return f"old-{self.number}"


def digest(folder: str, path: str) -> str:
    """Hash of the file `path` below `folder`, or ""; see `resolve` for what is refused."""
    try:
        return sha256(read_bytes(resolve(folder, path)))
    except FileNotFoundError:
        return ""


def commit(folder: str, steps: Sequence[Step], contents: Mapping[str, bytes]) -> None:
    """Carry out the steps in order, all or none. Raises OSError with the folder as it was."""
    stage = os.path.join(folder, STAGE_NAME)
    os.mkdir(stage)
    try:
        _prepare(folder, stage, steps, contents)
    except BaseException:
        shutil.rmtree(stage)
        raise
    try:
        _forward(folder, steps)
    except BaseException:
        _undo(folder, stage, steps)
        raise
    _finish(stage)


def pending(folder: str) -> tuple[Step, ...]:
    """The steps of a run that was interrupted while it carried them out."""
    path = resolve(folder, f"{STAGE_NAME}/{_JOURNAL}")
    try:
        steps = tuple(Step(**step) for step in json.loads(read_bytes(path)))
    except FileNotFoundError:
        return ()
    except (ValueError, TypeError, RecursionError):
        raise _damaged(path) from None
    if not _is_sound(steps):
        raise _damaged(path)
    return steps


def _is_sound(steps: Sequence[Step]) -> bool:
    """Could we have written it? Whoever plants a journal must not have other files moved."""
    return (
        all(map(_is_step, steps))
        and [step.number for step in steps] == list(range(len(steps)))
        and len({step.path for step in steps}) == len(steps)
    )


def _is_step(step: Step) -> bool:
    texts = (step.path, step.before, step.after)
    return (
        type(step.number) is int
        and all(isinstance(text, str) for text in texts)
        and is_safe(step.path)
        and all(_HASH.fullmatch(text) for text in texts[1:])
        and step.before != step.after
    )


def is_interrupted(folder: str) -> bool:
    """Did a run leave something behind? Before its journal was there, it had changed nothing."""
    return os.path.lexists(os.path.join(folder, STAGE_NAME))


def heal(folder: str, *, force: bool = False) -> bool:
    """Finish what an interrupted run began, or clear away what it prepared; was there anything?

    Without `force`, a file edited since then stops it. Raises CommandError, OSError.
    """
    stage = os.path.join(folder, STAGE_NAME)
    steps = pending(folder)
    if not is_interrupted(folder):
        return False
    found = {step.path: digest(folder, step.path) for step in steps}
    if not force:
        _refuse_edited(steps, found)
    if all(_can_go(folder, step.staged, found[step.path], step.after) for step in steps):
        _forward(folder, steps)
    elif all(_can_go(folder, step.backup, found[step.path], step.before) for step in steps):
        _back(folder, steps)
    else:
        raise _beyond_help(folder)
    _finish(stage)
    return True


def _prepare(folder: str, stage: str, steps: Sequence[Step], contents: Mapping[str, bytes]) -> None:
    new = [step for step in steps if step.after]
    _write_all({os.path.join(stage, step.staged): contents[step.path] for step in new})
    for step in steps:
        if step.before:
            _link(resolve(folder, step.path), os.path.join(stage, step.backup))
    journal = os.path.join(stage, _JOURNAL)
    _write(f"{journal}.tmp", json.dumps([asdict(step) for step in steps]).encode())
    _sync_folder(stage)
    os.replace(f"{journal}.tmp", journal)
    _sync_folder(stage)


def _forward(folder: str, steps: Sequence[Step]) -> None:
    for step in steps:
        target = resolve(folder, step.path)
        if step.after:
            if digest(folder, step.path) != step.after:
                _move(folder, step.staged, step.after, target)
        elif os.path.lexists(target):
            os.unlink(target)
            _prune(folder, os.path.dirname(target))
    for parent in {os.path.dirname(os.path.join(folder, step.path)) for step in steps}:
        if os.path.isdir(parent):
            _sync_folder(parent)


def _back(folder: str, steps: Sequence[Step]) -> None:
    for step in reversed(steps):
        if digest(folder, step.path) == step.before:
            continue
        target = resolve(folder, step.path)
        if step.before:
            _move(folder, step.backup, step.before, target)
        else:
            os.unlink(target)
            _prune(folder, os.path.dirname(target))


def _move(folder: str, name: str, wanted: str, target: str) -> None:
    """From the stage to its place, once more after a look at what it is and holds."""
    if digest(folder, f"{STAGE_NAME}/{name}") != wanted:
        raise _beyond_help(folder)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    os.replace(os.path.join(folder, STAGE_NAME, name), target)


def _undo(folder: str, stage: str, steps: Sequence[Step]) -> None:
    try:
        _back(folder, steps)
        _finish(stage)
    except OSError as error:
        raise CommandError(
            f"{folder} is half written, and cannot be put back: {error.strerror or error}",
            help="once the disk allows it, this finishes the run: eventwright generate",
        ) from error


def _finish(stage: str) -> None:
    """The journal goes first: without it, the rest is litter that the next run clears away."""
    journal = os.path.join(stage, _JOURNAL)
    if os.path.lexists(journal):
        os.unlink(journal)
    shutil.rmtree(stage)


def _can_go(folder: str, name: str, found: str, wanted: str) -> bool:
    return found == wanted or not wanted or digest(folder, f"{STAGE_NAME}/{name}") == wanted


def _refuse_edited(steps: Sequence[Step], found: Mapping[str, str]) -> None:
    edited = [step.path for step in steps if found[step.path] not in (step.before, step.after)]
    if edited:
        raise CommandError(
            f"an interrupted run cannot be finished: {', '.join(edited)} was edited since",
            help="keep the edit elsewhere, then: eventwright generate --force",
        )


def _beyond_help(folder: str) -> CommandError:
    stage = os.path.join(folder, STAGE_NAME)
    return CommandError(
        f"an interrupted run cannot be finished: files in {stage} are missing or were changed",
        help=f"restore {folder} from version control and remove {stage}",
    )


def _damaged(path: str) -> CommandError:
    stage = os.path.dirname(path)
    return CommandError(
        f"an interrupted run cannot be finished: {path} is not as eventwright writes it",
        help=f"restore {os.path.dirname(stage)} from version control and remove {stage}",
    )


def _write_all(files: Mapping[str, bytes]) -> None:
    """A disk that several threads wait for syncs what all of them wrote in one go."""
    if len(files) < _MANY:
        for path, content in files.items():
            _write(path, content)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(_WRITERS) as pool:
        for _ in pool.map(_write, files.keys(), files.values()):
            pass


def _write(path: str, content: bytes) -> None:
    with open(path, "xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        # Some file systems have no hard links; the copy keeps the time of change.
        shutil.copy2(source, target)


def _prune(folder: str, path: str) -> None:
    while path != folder and not os.listdir(path):
        os.rmdir(path)
        path = os.path.dirname(path)


def _sync_folder(path: str) -> None:
    """Make renames durable. Windows cannot open a folder, and needs no such thing."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
