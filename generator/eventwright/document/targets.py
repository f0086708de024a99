"""Where the references of a document's files lead: to a place in one of them."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import unquote, urljoin

from ..diagnostics.diagnostic import did_you_mean
from ..diagnostics.publicurls import public
from ..text.jsonvalues import Json
from ..text.parsing import parse_value
from ..text.pointers import Tokens, resolve, split_pointer
from ..text.positions import Source
from .addresses import Addresses
from .files import Reader, Unreadable

MAX_FILES = 2000
MAX_BYTES = 256 << 20
"""Of all files together."""
_URL = re.compile("[A-Za-z][A-Za-z0-9+.-]*:|//")
_LIKE_A_FILE = re.compile(r"#|\.(json|ya?ml)$")
_HOPS = 100

Reason: TypeAlias = tuple[str, str, str]
"""Why a reference leads nowhere: code, message, help."""


class Target(NamedTuple):
    """What a reference leads to: a place in a file."""

    file: str
    tokens: Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that was read; `raw` are its bytes."""

    data: Json
    source: Source
    raw: bytes


@dataclass(slots=True)
class Files:
    """The files of a document, read when they are referred to.

    `entry`: the name of the first; `shown`: what it is called in messages; `data`: what it says,
    not changed by anybody.
    """

    entry: str
    shown: str
    data: Json
    read: Reader
    addresses: Addresses | None = None
    """Of files that were fetched; None where they are found by their paths."""
    read_so_far: dict[str, File | Reason] = field(default_factory=dict)
    _bytes: int = 0

    def others(self) -> dict[str, File]:
        """The files beside the entry, sorted."""
        found = sorted(self.read_so_far.items())
        return {name: file for name, file in found if isinstance(file, File)}

    def source(self, name: str) -> Source:
        """The text of a file that was read."""
        file = self.read_so_far[name]
        assert isinstance(file, File), "a target is in a file that was read"
        return file.source

    def value(self, target: Target) -> Any:
        """What a target is."""
        return resolve(self._data(target.file), target.tokens)

    def target(self, file: str, ref: str) -> Target | Reason | None:
        """Where a reference in a file leads, or why nowhere; None for what is no file of ours."""
        path, _, fragment = ref.partition("#")
        name = self._named(file, path)
        if name is None:
            return self._embedded(file, path, unquote(fragment))
        if name != self.entry:
            found = self._file(name)
            if not isinstance(found, File):
                return self._embedded(file, path, unquote(fragment)) or found
        target = self._within(name, unquote(fragment))
        if target is None and not path:
            # Many write what is in the entry as if they were in it themselves.
            target = self._within(self.entry, unquote(fragment))
        return target or (
            "E020",
            f"the reference {ref} points at nothing{self._near(name, fragment)}",
            _DEFINE,
        )

    def _embedded(self, file: str, path: str, fragment: str) -> Target | None:
        """What a file has in itself under an `$id`, where no other file is meant."""
        at = _called(self._data(file), path, "$id")
        if at is None or (fragment and not fragment.startswith("/")):
            return None
        place = Target(file, (*at, *split_pointer(fragment)))
        try:
            self.value(place)
        except LookupError:
            return None
        return place

    def mapped(self, file: str, ref: str) -> Target | None:
        """Where a value of a discriminator's mapping leads, which may be a name; None: nowhere."""
        for way in (ref,) if _LIKE_A_FILE.search(ref) else (f"#/components/schemas/{ref}", ref):
            target = self.target(file, way)
            if isinstance(target, Target):
                return target
        return None

    def _named(self, file: str, path: str) -> str | None:
        """The file that the path of a reference names: a path, or what a file calls itself."""
        own = self.data.get("$self") if isinstance(self.data, dict) else None
        if not path:
            return file
        if file == self.entry and isinstance(own, str) and _joined(own, path) == own:
            return file
        if self.addresses:
            return self.addresses.beside(file, path)
        if not _URL.match(path):
            return posixpath.normpath(_beside(file, unquote(path)))
        if own == path:
            return self.entry
        for name, known in self.read_so_far.items():
            data = known.data if isinstance(known, File) else None
            if isinstance(data, dict) and data.get("$id") == path:
                return name
        return None

    def _file(self, name: str) -> File | Reason:
        known = self.read_so_far.get(name)
        if known is None:
            known = self.read_so_far[name] = self._read(name)
        return known

    def _read(self, name: str) -> File | Reason:
        if len(self.read_so_far) >= MAX_FILES or self._bytes > MAX_BYTES:
            return "E027", f"{name} is one file too many", f"at most {MAX_FILES} are read"
        shown = self._shown(name)
        try:
            raw = self.read(name)
            self._bytes += len(raw)
            data, source = parse_value(raw, shown)
        except Unreadable as error:
            return "E027", f"{shown} {error.reason}", error.help
        return File(data=data, source=source, raw=raw)

    def _shown(self, name: str) -> str:
        """What a file is called in messages, as the entry is."""
        if self.addresses and "://" in self.shown:
            return public(self.addresses.url(name))
        if self.shown.endswith(self.entry):
            return self.shown.removesuffix(self.entry) + name
        folder = posixpath.dirname(self.entry) or "."
        return posixpath.normpath(_beside(self.shown, posixpath.relpath(name, folder)))

    def _data(self, name: str) -> Json:
        if name == self.entry:
            return self.data
        file = self.read_so_far[name]
        assert isinstance(file, File), "a target is in a file that was read"
        return file.data

    def _within(self, name: str, fragment: str) -> Target | None:
        """What a fragment means in a file, with references on the way followed."""
        data = self._data(name)
        if fragment and not fragment.startswith("/"):
            at = _called(data, fragment, *_ANCHORS)
            return None if at is None else Target(name, at)
        tokens = split_pointer(fragment)
        for depth in range(len(tokens) + 1):
            try:
                value = resolve(data, tokens[:depth])
            except LookupError:
                return None
            if isinstance(value, dict) and depth < len(tokens) and tokens[depth] not in value:
                return self._through(name, value, tokens[depth:])
        return Target(name, tokens)

    def _through(
        self, name: str, value: dict[str, Any], rest: Tokens, hops: int = _HOPS
    ) -> Target | None:
        """What lies behind a reference that stands in the way of a pointer."""
        while hops and isinstance(value.get("$ref"), str):
            hops -= 1
            target = self.target(name, value["$ref"])
            if not isinstance(target, Target):
                return None
            found = self.value(target)
            try:
                resolve(found, rest)
            except LookupError:
                name, value = target.file, found if isinstance(found, dict) else {}
            else:
                return Target(target.file, (*target.tokens, *rest))
        return None

    def _near(self, name: str, fragment: str) -> str:
        tokens = split_pointer(unquote(fragment))
        try:
            holder = resolve(self._data(name), tokens[:-1])
        except LookupError:
            return ""
        known = list(holder) if isinstance(holder, dict) and tokens else []
        return did_you_mean(tokens[-1], known) if known else ""


_DEFINE = "correct the reference, or define what it names"


def _joined(base: str, path: str) -> str:
    try:
        return urljoin(base, path)
    except ValueError:
        return ""


def _beside(file: str, path: str) -> str:
    return posixpath.join(posixpath.dirname(file), path)


_ANCHORS = ("$anchor", "$dynamicAnchor")


def _called(data: Json, name: str, *keywords: str) -> Tokens | None:
    """Where a file has a schema that calls itself so by one of these keywords, None for nowhere."""
    stack: list[tuple[Tokens, Any]] = [((), data)]
    while stack:
        at, value = stack.pop()
        if isinstance(value, dict):
            if name in (value.get(keyword) for keyword in keywords):
                return at
            stack += (((*at, key), item) for key, item in value.items())
        elif isinstance(value, list):
            stack += (((*at, str(index)), item) for index, item in enumerate(value))
    return None
