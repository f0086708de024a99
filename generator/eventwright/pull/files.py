"""The other files of a document that is fetched: fetched with it, and kept beside it."""

from __future__ import annotations

import os
import posixpath
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from ..diagnostics.publicurls import public
from ..document.addresses import Addresses, folder_of, index, index_of
from ..document.files import Unreadable, refers_out
from ..document.load import load_bytes
from ..fetch.fetching import fetch
from ..fetch.rules import Deadline, FetchError, Rules
from .sources import Source

MAX_FILES = 500
"""Of one document."""


def gather(source: Source, body: bytes, rules: Rules) -> Mapping[str, bytes]:
    """What the fetched document refers to, by the paths that it is kept at; empty for nothing.

    Raises FetchError, DocumentError.
    """
    if not refers_out(body.decode("utf-8", "replace")):
        return {}
    name = name_of(source)
    web = _Web(Addresses(name, source.url), rules, Deadline(rules.timeout), {})
    document = load_bytes(body, source.shown, name=name, read=web, addresses=web.addresses)
    return {**document.files, index_of(name): index(source.url)} if document.files else {}


def name_of(source: Source) -> str:
    """The document's path, as the names of its files are."""
    return posixpath.normpath(source.spec)


@dataclass(frozen=True, slots=True)
class _Web:
    """Fetches files; all of them together have the time that a document has."""

    addresses: Addresses
    rules: Rules
    deadline: Deadline
    fetched: dict[str, int]

    def __call__(self, name: str) -> bytes:
        url = self.addresses.url(name)
        if len(self.fetched) >= MAX_FILES or sum(self.fetched.values()) > self.rules.max_bytes:
            raise FetchError(public(url), f"the document refers to more than {MAX_FILES} files")
        try:
            left = self.deadline.left()
        except TimeoutError:
            reason = f"its document was not complete within {self.rules.timeout:g} s"
            raise FetchError(public(url), reason) from None
        # Who names a private address means it; what that refers to elsewhere is another matter.
        own = urlsplit(url).netloc == urlsplit(self.addresses.source).netloc
        private = self.rules.allow_private and own
        rules = replace(self.rules, sha256="", timeout=left, allow_private=private)
        body = fetch(url, rules).body
        assert body is not None, "without an ETag there is always a body"
        self.fetched[name] = len(body)
        return body


@dataclass(frozen=True, slots=True)
class Given:
    """Reads files that are at hand."""

    files: Mapping[str, bytes]

    def __call__(self, name: str) -> bytes:
        if name not in self.files:
            raise Unreadable("was not fetched")
        return self.files[name]


def are_kept(root: Path, files: Mapping[str, bytes]) -> bool:
    """Whether all files are where they are kept, as they are."""
    return all(_bytes(root / name) == content for name, content in files.items())


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def keep(root: Path, name: str, files: Mapping[str, bytes]) -> None:
    """Replace the folder of a document's other files as a whole. Raises OSError."""
    place = folder_of(name)
    target = root / place
    if not files and not os.path.lexists(target):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    try:
        for each, content in files.items():
            path = made / posixpath.relpath(each, place)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        os.chmod(made, 0o777 & ~_umask())
        _clear(target)
        if files:
            os.replace(made, target)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _clear(target: Path) -> None:
    # What a link leads to is not ours.
    if target.is_symlink():
        target.unlink()
    elif target.exists():
        shutil.rmtree(target)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
