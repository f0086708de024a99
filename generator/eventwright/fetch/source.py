"""What OLD and NEW name: a file, a URL, or a file in a revision of git."""

from __future__ import annotations

import posixpath
import subprocess
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from ..diagnostics.diagnostic import escape
from ..diagnostics.errors import CommandError
from ..document.files import Unreadable
from ..document.load import Document, load_bytes, load_document
from .fetching import fetch
from .rules import Rules


def open_document(source: str, *, allow_private: bool = False) -> Document:
    """The document that `source` names.

    `allow_private`: URLs may lead to private addresses. Raises DocumentError, or CommandError
    (exit code 3: not fetched).
    """
    if source.startswith("git:"):
        revision, path = _of_git(source)
        read = _Revision(revision, "./" if path.startswith(("./", "../")) else "")
        raw = _from_git(revision, path, source)
        return load_bytes(raw, source, name=posixpath.normpath(path), read=read)
    if "://" in source:
        return load_bytes(_fetched(source, allow_private=allow_private), source)
    revision, colon, _ = source.partition(":")
    # A single letter may be a drive.
    if colon and len(revision) > 1 and not Path(source).exists():
        raise CommandError(f"{source}: no such file; did you mean git:{source}?")
    file, here = Path(source), Path.cwd()
    root = here if file.absolute().is_relative_to(here) else None
    missing = "a path is relative to this folder"
    return load_document(file, shown=source, missing=missing, root=root)


def _of_git(source: str) -> tuple[str, str]:
    """Revision and path of `git:REV:path`; it is relative to the top of the repository, or to the
    current folder where it begins with `./`, as git has it."""
    revision, colon, path = source.removeprefix("git:").partition(":")
    if not (revision and colon and path):
        raise CommandError(f"{source}: write git:REVISION:path, such as git:HEAD~1:spec/api.yaml")
    if revision.startswith("-"):
        raise CommandError(f"{source}: a revision does not begin with a dash")
    return revision, path


@dataclass(frozen=True, slots=True)
class _Revision:
    """Reads files of a revision; `here`: "./" where their names are relative to this folder.

    git follows no link: it has the path that a link leads to for its content.
    """

    revision: str
    here: str

    def __call__(self, name: str) -> bytes:
        if name.startswith("../") and not self.here:
            raise Unreadable("leads out of the repository")
        try:
            return _from_git(self.revision, self.here + name, "")
        except CommandError as error:
            raise Unreadable("does not exist in that revision") from error


def _from_git(revision: str, path: str, source: str) -> bytes:
    try:
        command = ["git", "cat-file", "blob", f"{revision}:{path}"]
        done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        raise CommandError(f"{source}: git is not installed") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise CommandError(
            f"{source}: {said[-1] if said else 'git failed'}",
            help=f"git ls-tree -r --name-only {escape(revision)} lists what is there",
        )
    return done.stdout


def _fetched(url: str, *, allow_private: bool) -> bytes:
    # Whoever names this machine means it; what a name elsewhere leads to is another matter.
    private = allow_private or _is_loopback(urlsplit(url).hostname or "")
    body = fetch(url, Rules(allow_private=private)).body
    assert body is not None, "without an ETag there is always a body"
    return body


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
