"""Files that were fetched: kept in a folder beside the document, by their URLs."""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from .files import Reader, Unreadable

_INDEX = "source.json"
_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 100
"""Characters of a file's or folder's name."""


def folder_of(name: str) -> str:
    """Where the files are that the document `name` refers to and that were fetched with it."""
    return f"{name}.refs"


def index_of(name: str) -> str:
    """The file that says where the document was fetched from: that is what its references are
    relative to."""
    return f"{folder_of(name)}/{_INDEX}"


def index(url: str) -> bytes:
    """What that file says."""
    return f"{json.dumps({'url': url}, indent=2)}\n".encode()


@dataclass(frozen=True, slots=True)
class Addresses:
    """The names of files by their URLs. `document`: the name of the document, from `source`."""

    document: str
    source: str
    _urls: dict[str, str] = field(default_factory=dict)

    def url(self, name: str) -> str:
        """Where a file is that something refers to."""
        return self.source if name == self.document else self._urls[name]

    def beside(self, name: str, path: str) -> str | None:
        """The file that `path` names in another one; None for what no fetch is for."""
        try:
            url = urldefrag(urljoin(self.url(name), path)).url
            parts = urlsplit(url)
        except ValueError:
            return None
        if url == urldefrag(self.source).url:
            return self.document
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        stored = f"{folder_of(self.document)}/{_stored(url)}"
        self._urls.setdefault(stored, url)
        return stored


def _stored(url: str) -> str:
    """A path for a URL: its host and path, in characters that every file system has."""
    parts = urlsplit(url)
    names = [parts.netloc.lower(), *unquote(parts.path).split("/")]
    plain = [_name(each) for each in names if each not in ("", ".", "..")]
    if parts.query:
        stem, dot, ending = plain[-1].rpartition(".")
        told = _digest(parts.query)
        plain[-1] = f"{stem}-{told}.{ending}" if dot else f"{plain[-1]}-{told}"
    return posixpath.join(*plain)


def _name(text: str) -> str:
    plain = _PLAIN.sub("_", text)
    plain = f"_{plain}" if plain.startswith(".") else plain
    return plain if len(plain) <= _LONGEST else f"{_digest(plain)}-{plain[-_LONGEST + 20 :]}"


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def fetched_from(name: str, read: Reader) -> tuple[Addresses, bytes] | None:
    """Where a document was fetched from with its files, and what says so; None: it was not."""
    try:
        raw = read(index_of(name))
        url = json.loads(raw)["url"]
    except (Unreadable, ValueError, LookupError, TypeError):
        return None
    return (Addresses(name, url), raw) if isinstance(url, str) else None
