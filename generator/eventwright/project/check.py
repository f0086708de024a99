"""`check`: do document, configuration, lock and files agree, and if not, which of them moved?"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from .. import __version__
from ..diagnostics.notes import Note
from ..folder import journal
from ..folder.lock import DamagedLockError, Lock
from ..folder.output import Change, compare, endings_aside, read_lock
from ..folder.safepaths import check_folder
from ..quick import fingerprint
from ..quick.answers import LOCK_NAME
from ..quick.summary import plural
from . import project
from .notes import first_notes
from .project import Client
from .sharing import SharedRuntime
from .templatefolder import template_hashes

if TYPE_CHECKING:
    from ..document.load import Document
    from .moved import Moved
    from .pipeline import Generated

Kind: TypeAlias = Literal[
    "never-generated",
    "lock-damaged",
    "interrupted",
    "stale-spec",
    "stale-overlay",
    "stale-template",
    "stale-config",
    "generator-version",
    "templates-changed",
    "tool-version",
    "hand-edited",
    "line-endings",
    "missing",
    "extra",
    "orphan",
    "output-changed",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One disagreement: what moved, about which path, and the command that mends it."""

    kind: Kind
    path: str
    """Relative to the configuration."""
    message: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The verdict on one client; in sync when there are no problems."""

    spec: str
    output: str
    problems: tuple[Problem, ...] = ()
    changes: tuple[Change, ...] = ()
    """What `generate` would do to the files, when that was worked out."""
    relocks: bool = False
    """Whether it would write another lock."""
    texts: tuple[tuple[str, str, str], ...] = ()
    """Path, text on the disk, text as generated: of each file that differs; none without a lock."""
    notes: int = 0
    """How many notes there are on the document."""
    first_notes: tuple[Note, ...] = ()
    moved: Moved | None = None
    """What moved in the document, when it or an overlay did."""


def check_all(clients: Sequence[Client], *, full: bool = False, options: str = "") -> list[Report]:
    """The verdict on each of the clients, and on the runtime where they share one."""
    made: dict[str, Mapping[str, str]] = {}
    reports = [check(client, full=full, options=options, made=made) for client in clients]
    shared = clients[0].shared if clients else None
    return [*reports, *([_check_shared(shared, made, options)] if shared else [])]


def _check_shared(
    shared: SharedRuntime, made: Mapping[str, Mapping[str, str]], options: str
) -> Report:
    """`made`: the files of clients that were generated in memory."""
    root, output = str(shared.root), shared.output
    generate = f"eventwright generate{options}"
    lock, problems = _locked(root, output, generate)
    if lock is not None:
        problems += _stale_tools(output, lock, {}, generate)
        problems += _files(root, output, lock, generate)
    old = read_lock(root, output, damaged_is_none=True)
    files = shared.files(made)
    changes = compare(root, output, files, old)
    problems += _orphans(output, changes, generate)
    if not problems and any(change.kind in ("new", "changed") for change in changes):
        message = "the clients that share this runtime need other modules of it"
        problems.append(Problem(kind="output-changed", path=output, message=message, fix=generate))
    return Report(
        spec="",
        output=output,
        problems=tuple(problems),
        changes=tuple(change for change in changes if change.kind not in ("unchanged", "foreign")),
        relocks=shared.lock(files) != old,
        texts=tuple(_texts(root, output, files, changes)) if old else (),
    )


def check(
    client: Client,
    *,
    full: bool = False,
    options: str = "",
    made: dict[str, Mapping[str, str]] | None = None,
) -> Report:
    """Compare; generate in memory where something moved, or when `full`.

    `options` is appended to the commands that are recommended; `made` gets the files that were
    generated, by the client's output. Raises DocumentError, CommandError.
    """
    generate = f"eventwright generate{options}"
    spec, output = client.config.spec, client.output
    problems = tuple(_problems(client, generate))
    old = read_lock(str(client.root), output, damaged_is_none=True)
    if not problems and not full and not client.config.strict and old is not None:
        return Report(spec=spec, output=output, notes=old.notes, first_notes=old.first_notes)
    document, generated = project.produce(client)
    if made is not None:
        made[client.output] = generated.files
    changes = compare(str(client.root), output, generated.files, old)
    problems += tuple(_orphans(output, changes, generate))
    if not problems and any(change.kind in ("new", "changed") for change in changes):
        message = "the same document and version now give other code"
        problems = (Problem(kind="output-changed", path=output, message=message, fix=generate),)
    return Report(
        spec=spec,
        output=output,
        problems=problems,
        changes=tuple(change for change in changes if change.kind not in ("unchanged", "foreign")),
        relocks=old is None or _relocks(client, old, document, generated),
        texts=tuple(_texts(str(client.root), output, generated.files, changes)) if old else (),
        notes=len(generated.model.remarks),
        first_notes=first_notes(document, generated.model, client.root),
        moved=_moved(client, old, document, generated, problems),
    )


def _relocks(client: Client, old: Lock, document: Document, generated: Generated) -> bool:
    # The contract moves with something else of the lock only, and takes a while to work out.
    lock = project.make_lock(client, document, generated, old, old.contract_sha256)
    return lock != old


def _moved(
    client: Client,
    old: Lock | None,
    document: Document,
    generated: Generated,
    problems: Sequence[Problem],
) -> Moved | None:
    if old is None or not {"stale-spec", "stale-overlay"} & {each.kind for each in problems}:
        return None
    from .moved import since

    return since(client, old, document, generated.model)


def _problems(client: Client, generate: str) -> Iterator[Problem]:
    root, output = str(client.root), client.output
    lock, problems = _locked(root, output, generate)
    yield from problems
    if lock is not None:
        yield from _stale_inputs(client, lock, generate)
        yield from _stale_tools(output, lock, project.tools(client.config.flavours), generate)
        yield from _files(root, output, lock, generate)


def _locked(root: str, output: str, generate: str) -> tuple[Lock | None, list[Problem]]:
    """The lock of a folder, and what is wrong where there is none, or a run did not end."""
    try:
        lock = read_lock(root, output)
    except DamagedLockError as error:
        path = f"{output}/{LOCK_NAME}"
        fix = f"{generate} --force"
        return None, [Problem(kind="lock-damaged", path=path, message=error.message, fix=fix)]
    if lock is None:
        message = "no lock here: nothing was generated yet, or the lock was not committed"
        return None, [Problem(kind="never-generated", path=output, message=message, fix=generate)]
    if journal.is_interrupted(check_folder(root, output)):
        message = "a run was interrupted while it wrote; the next one finishes its work"
        return lock, [Problem(kind="interrupted", path=output, message=message, fix=generate)]
    return lock, []


def _stale_inputs(client: Client, lock: Lock, fix: str) -> Iterator[Problem]:
    config = client.config
    if (config.spec, project.file_sha256(client.root, config.spec)) != (
        lock.spec,
        lock.spec_sha256,
    ):
        message = "the document moved since this client was generated"
        yield Problem(kind="stale-spec", path=config.spec, message=message, fix=fix)
    for path, sha256 in lock.documents.items():
        if project.file_sha256(client.root, path) != sha256:
            message = "a file of the document moved since this client was generated"
            yield Problem(kind="stale-spec", path=path, message=message, fix=fix)
    for path in config.overlays:
        if project.file_sha256(client.root, path) != lock.overlays.get(path):
            message = "the overlay moved since this client was generated"
            yield Problem(kind="stale-overlay", path=path, message=message, fix=fix)
    yield from _templates(client, lock, fix)
    if client.options_sha256 != lock.config_sha256:
        message = "the options of this client moved since it was generated"
        yield Problem(kind="stale-config", path=client.output, message=message, fix=fix)


def _templates(client: Client, lock: Lock, fix: str) -> Iterator[Problem]:
    own = template_hashes(client.config, client.root)
    for name in sorted({*own, *lock.templates}):
        if own.get(name) != lock.templates.get(name):
            path = f"{client.config.templates_dir or client.output}/{name}"
            message = "the template moved since this client was generated"
            yield Problem(kind="stale-template", path=path, message=message, fix=fix)


def _stale_tools(output: str, lock: Lock, tools: Mapping[str, str], fix: str) -> Iterator[Problem]:
    path = f"{output}/{LOCK_NAME}"
    if lock.generator != __version__:
        stay = f"to keep the code as it is: pip install eventwright=={lock.generator}"
        message = f"generated by eventwright {lock.generator}, and this is {__version__}; {stay}"
        yield Problem(kind="generator-version", path=path, message=message, fix=fix)
    elif lock.templates_sha256 != fingerprint.templates_sha256():
        message = "the templates moved since this was generated"
        yield Problem(kind="templates-changed", path=path, message=message, fix=fix)
    for name, version in tools.items():
        locked = lock.tools.get(name)
        if locked != version:
            message = f"generated with {name} {locked or '(none)'}, and this is {version}"
            install = f"pip install {name}=={locked}" if locked else fix
            yield Problem(kind="tool-version", path=path, message=message, fix=install)


def _files(root: str, output: str, lock: Lock, generate: str) -> Iterator[Problem]:
    changes = compare(root, output, {}, lock)
    found = {change.path for change in changes}
    for path in sorted(lock.files.keys() - found):
        message = "missing: the lock names it, the folder has no such file"
        yield Problem(kind="missing", path=f"{output}/{path}", message=message, fix=generate)
    kept = [change.path for change in changes if change.kind == "kept"]
    folder = check_folder(root, output)
    converted = [path for path in kept if endings_aside(folder, path) == lock.files[path]]
    if converted:
        yield _converted(output, len(converted), generate)
    for path in (path for path in kept if path not in converted):
        message = "edited by hand since it was generated"
        fix = f"move the edit elsewhere, then: {generate} --force"
        yield Problem(kind="hand-edited", path=f"{output}/{path}", message=message, fix=fix)
    for change in changes:
        path = f"{output}/{change.path}"
        if change.kind == "foreign" and path.endswith((".py", ".pyi")):
            message = "extra: eventwright did not write this module, but it would be imported"
            fix = f"move it out of {output}, or: rm {path}"
            yield Problem(kind="extra", path=path, message=message, fix=fix)


def _converted(output: str, count: int, generate: str) -> Problem:
    """Git on Windows rewrites line endings unless told not to."""
    message = f"{plural(count, 'file')} with other line endings, and no other change: a checkout"
    fix = f"add `{output}/** -text` to .gitattributes, then: {generate}"
    return Problem(kind="line-endings", path=output, message=f"{message} with CRLF", fix=fix)


def _orphans(output: str, changes: list[Change], fix: str) -> Iterator[Problem]:
    for change in changes:
        if change.kind == "removed":
            path = f"{output}/{change.path}"
            message = "orphan: no longer generated; the next run removes it"
            yield Problem(kind="orphan", path=path, message=message, fix=fix)


def _texts(
    root: str, output: str, files: Mapping[str, str], changes: list[Change]
) -> Iterator[tuple[str, str, str]]:
    for change in changes:
        if change.kind in ("unchanged", "foreign"):
            continue
        here = os.path.join(root, output, change.path)
        found = fingerprint.read_bytes(here).decode(errors="replace") if change.found else ""
        yield f"{output}/{change.path}", found, files.get(change.path, "")
