"""Path or bytes → Document: the data, and where each part of it stands."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..diagnostics.diagnostic import Diagnostic, DocumentError, Location, Pending, did_you_mean
from ..diagnostics.remarks import Remark
from ..formats.recognising import recognised
from ..quick.fingerprint import walk
from ..text.jsonvalues import kind
from ..text.parsing import CONFIGURED, file_error, parse_bytes, parse_value, read_file
from ..text.pointers import Tokens, join_pointer, split_pointer
from ..text.positions import Problem, Source
from .files import Folder, Reader, Unreadable, refers_out
from .origins import Origins
from .walk import objects

if TYPE_CHECKING:
    from pathlib import Path

    from ..text.jsonvalues import Json
    from .addresses import Addresses

_VERSION = r"3\.([0-9]+)\.[0-9]+(-.+)?"
_SUPPORTED = (0, 1, 2)
_IDENTIFIERS = ("$id", "$anchor", "$dynamic")
"""Without any of these in its text a document has pointers only."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Document:
    """An OpenAPI document as read, its overlays applied.

    `path` is the name to show; `raw` the bytes of the file, without overlays; `data` a plain tree
    of dict, list, str, int, float, bool and None, not to be changed; `version` is (3, 0), (3, 1) …
    `notes`: what in it is read otherwise than it is written; `files`: the other files that it is
    made of, by their paths from the root.
    """

    path: str
    raw: bytes = field(repr=False)
    data: dict[str, Json] = field(repr=False)
    version: tuple[int, int]
    origins: Origins = field(repr=False)
    notes: tuple[Remark, ...] = field(default=(), repr=False)
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @cached_property
    def objects(self) -> tuple[tuple[Tokens, dict[str, Any]], ...]:
        """Every OpenAPI object with its place: several stages go through them."""
        return tuple(objects(self.data))

    def locate(self, pointer: str) -> Location:
        """Where `pointer`, or its nearest ancestor that exists, is: perhaps in an overlay."""
        source, origin = self._origin(split_pointer(pointer))
        return source.location(source.offset(origin), pointer)

    def nearest(self, pointer: str) -> str:
        """As much of `pointer` as leads to something."""
        return join_pointer(_existing(self.data, split_pointer(pointer)))

    def diagnostic(self, code: str, message: str, pointer: str, help: str = "") -> Diagnostic:
        """An error at `pointer`, with its place and excerpt filled in."""
        tokens = split_pointer(pointer)
        source, origin = self._origin(tokens)
        return source.diagnostic(Problem(code, message, source.offset(origin), tokens, help))

    def pending(
        self, code: str, pointer: str, key: str, words: Callable[[], tuple[str, str]]
    ) -> Pending:
        """The same, with message and help (`words`) worked out when it is shown."""

        def work_out() -> Diagnostic:
            message, help = words()
            return self.diagnostic(code, message, pointer, help)

        place = self.locate(pointer)
        return Pending(code=code, location=place, key=key, work_out=work_out)

    def _origin(self, tokens: Tokens) -> tuple[Source, Tokens]:
        # An overlay may have removed what the file still has.
        return self.origins.find(_existing(self.data, tokens))


def _existing(value: Json, tokens: Tokens) -> Tokens:
    """As many of the tokens as lead to something in `value`."""
    for depth, token in enumerate(tokens):
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and token.isdecimal() and int(token) < len(value):
            value = value[int(token)]
        else:
            return tokens[:depth]
    return tokens


def load_document(
    path: Path,
    *,
    shown: str,
    overlays: Sequence[tuple[Path, str]] = (),
    missing: str = CONFIGURED,
    root: Path | None = None,
    send_to: str = "",
) -> Document:
    """The document at `path`, called `shown` in messages, with `overlays` applied in order.

    Each overlay is a path and the name to show; `missing`: what helps where there is no such file;
    `root`: the folder that the files it refers to lie in, and which their names are relative to; by
    default its own; `send_to`: where events go that schemas or a tracking plan describe, which may
    be a folder then. Raises DocumentError.
    """
    folder = path.parent if root is None else root
    name = os.path.relpath(path, folder).replace(os.sep, "/")
    # A document that is elsewhere has its files beside it.
    reader = Folder(folder, path.parent if name.startswith("../") else folder)
    if send_to and path.is_dir():
        names = walk(str(path))
        raw = "\n".join(names).encode()
        parts = [f"{name}/{each}" for each in names if _ENDING.search(each)]
        found = _standing(raw, shown, name, parts, reader, send_to)
    else:
        raw = read_file(path, shown, missing)
        found = _read(raw, shown, name, reader, send_to)
    return _whole(found, shown, overlays)


def load_bytes(
    raw: bytes,
    shown: str,
    *,
    overlays: Sequence[tuple[Path, str]] = (),
    name: str = "",
    read: Reader | None = None,
    addresses: Addresses | None = None,
    send_to: str = "",
) -> Document:
    """The same for bytes that came from elsewhere, such as git or a URL.

    `read`: reads other files, whose names are relative as `name` is, that of this one; `addresses`:
    how they are called where they are fetched.
    """
    return _whole(_read(raw, shown, name, read, send_to, addresses), shown, overlays)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A document before its overlays; `texts` are those of its files."""

    raw: bytes
    data: dict[str, Json]
    origins: Origins
    texts: list[str]
    notes: tuple[Remark, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)


def _read(
    raw: bytes,
    shown: str,
    name: str,
    read: Reader | None,
    send_to: str,
    addresses: Addresses | None = None,
) -> _Found:
    data, source = parse_bytes(raw, shown)
    origins = Origins(source)
    if send_to and "openapi" not in data:
        return _standing(raw, shown, name, [name], _Alone(name, raw, read), send_to)
    if read is None or not refers_out(source.text):
        return _Found(raw=raw, data=data, origins=origins, texts=[source.text])
    notes, files, texts = _assembled(data, origins, name, read, addresses)
    texts = [source.text, *texts]
    return _Found(raw=raw, data=data, origins=origins, texts=texts, notes=notes, files=files)


_ENDING = re.compile(r"\.(json|ya?ml)$|(^|/)[^.]+$")
"""Of files that may be schemas; Iglu's have no ending."""


@dataclass(frozen=True, slots=True)
class _Alone:
    """Reads one file that is at hand, and others as `others` does."""

    name: str
    raw: bytes
    others: Reader | None

    def __call__(self, name: str) -> bytes:
        if name == self.name:
            return self.raw
        if self.others is None:
            raise Unreadable("is another file")
        return self.others(name)


def _standing(
    raw: bytes, shown: str, name: str, parts: list[str], read: Reader, send_to: str
) -> _Found:
    """The document that schemas or tracking plans stand for, whose events go to `send_to`."""
    from ..formats.standing import openapi_for

    try:
        contents = {each: (read(each), each.replace(name, shown, 1)) for each in parts}
    except Unreadable as error:
        raise file_error("E027", shown, f"a file of this {error.reason}", error.help) from None
    values = {each: parse_value(*content)[0] for each, content in contents.items()}
    beside = f"{name}.openapi"
    data = openapi_for(values, send_to, beside)
    if not data["paths"]:
        help = "a JSON Schema, or a tracking plan: a list of events with a name and a schema each"
        raise file_error("E028", shown, "no event is described here", help)
    origins = Origins(Source(shown, ""))
    notes, files, texts = _assembled(data, origins, beside, read, None)
    files = {**{each: content for each, (content, _) in contents.items()}, **files}
    files.pop(name, None)
    return _Found(raw=raw, data=data, origins=origins, texts=texts, notes=notes, files=files)


def _whole(found: _Found, shown: str, overlays: Sequence[tuple[Path, str]]) -> Document:
    """The document with its overlays applied."""
    data, origins, texts = found.data, found.origins, [*found.texts]
    if overlays:
        from .overlay import apply_overlay

        for path, name in overlays:
            overlay, overlay_source = parse_bytes(read_file(path, name), name)
            apply_overlay(data, origins, overlay, overlay_source)
            texts.append(overlay_source.text)
    document = Document(
        path=shown,
        raw=found.raw,
        data=data,
        version=_version(data, origins),
        origins=origins,
        notes=found.notes,
        files=found.files,
    )
    if document.version >= (3, 1) and any(w in text for text in texts for w in _IDENTIFIERS):
        _localise(document)
    return document


def _localise(document: Document) -> None:
    from .localising import MAX_COPIES, TooManyCopies, localise

    try:
        copies = localise(document.data)
    except TooManyCopies as error:
        message = f"the $dynamicRefs lead to more than {MAX_COPIES} schemas"
        help = "say these schemas by themselves, with plain references"
        place = join_pointer(error.at)
        raise DocumentError([document.diagnostic("E026", message, place, help)]) from None
    for copy, origin in copies.items():
        document.origins.put(copy, *document.origins.find(origin))


def _assembled(
    data: dict[str, Json],
    origins: Origins,
    name: str,
    read: Reader,
    addresses: Addresses | None,
) -> tuple[tuple[Remark, ...], dict[str, bytes], list[str]]:
    """Make `data` whole: what is to be said, and the bytes and texts of the other files."""
    from .addresses import fetched_from, index_of
    from .assembly import assembled
    from .targets import Files

    known = None if addresses else fetched_from(name, read)
    addresses, said = known or (addresses, b"")
    assert origins.source
    files = Files(name, origins.source.path, deepcopy(data), read, addresses)
    notes, others = assembled(data, origins, files)
    found = {each: file.raw for each, file in others.items()}
    if said:
        found[index_of(name)] = said
    return notes, found, [file.source.text for file in others.values()]


def _version(data: dict[str, Json], origins: Origins) -> tuple[int, int]:
    stated = data.get("openapi")
    found = re.fullmatch(_VERSION, stated) if isinstance(stated, str) else None
    if found and int(found[1]) in _SUPPORTED:
        return 3, int(found[1])
    if "openapi" in data:
        key, (code, message, help) = "openapi", _unsupported(stated, bool(found))
    else:
        key, code, message, help = _unstated(data, origins.find(())[0].path)
    tokens = (key,) if key else ()
    source, origin = origins.find(tokens)
    problem = Problem(code, message, source.offset(origin), tokens, help)
    raise DocumentError([source.diagnostic(problem)])


def _unstated(data: dict[str, Json], shown: str) -> tuple[str, str, str, str]:
    """The key to blame ("" for the whole), code, message and help without an `openapi`."""
    other = recognised(data, shown)
    if other:
        return other
    for key, value in data.items():
        near = did_you_mean(key, ("openapi",))
        if near and re.match("[0-9]", str(value)):
            return key, "E010", f"the key '{key}' is unknown{near}", f"write `openapi: {value}`"
    help = "add `openapi: 3.1.0`, or the version it is written in"
    return "", "E010", "there is no 'openapi' key to say which version this is", help


def _unsupported(stated: Json, valid: bool) -> tuple[str, str, str]:
    if valid:
        help = "use 3.0, 3.1 or 3.2"
        return "E012", f"OpenAPI {stated} is not supported", help
    if isinstance(stated, float | int):
        help = f'write all three parts: "{float(stated)}.0"'
        return "E010", f"the version is the number {stated}, not a text", help
    shown = f"'{stated}'" if isinstance(stated, str) else kind(stated)
    return "E010", f"{shown} is not an OpenAPI 3 version", 'write it like "3.1.0"'
