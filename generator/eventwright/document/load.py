"""Path or bytes → Document: the data, and where each part of it stands."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..diagnostics.diagnostic import Diagnostic, DocumentError, Location, Pending, did_you_mean
from ..diagnostics.remarks import Remark
from ..text.jsonvalues import kind
from ..text.parsing import CONFIGURED, parse_bytes, read_file
from ..text.pointers import Tokens, join_pointer, split_pointer
from ..text.positions import Problem, Source
from .files import Folder, Reader, refers_out
from .origins import Origins
from .otherformats import recognised

if TYPE_CHECKING:
    from pathlib import Path

    from ..text.jsonvalues import Json
    from .addresses import Addresses

_VERSION = r"3\.([0-9]+)\.[0-9]+(-.+)?"
_SUPPORTED = (0, 1, 2)
_IDENTIFIERS = ("$id", "$anchor", "$dynamic")
"""Without any of these in its text a document has pointers only."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
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
) -> Document:
    """The document at `path`, called `shown` in messages, with `overlays` applied in order.

    Each overlay is a path and the name to show; `missing`: what helps where there is no such file;
    `root`: the folder that the files it refers to lie in, and which their names are relative to; by
    default its own. Raises DocumentError.
    """
    raw = read_file(path, shown, missing)
    folder = path.parent if root is None else root
    name = os.path.relpath(path, folder).replace(os.sep, "/")
    # A document that is elsewhere has its files beside it.
    reader = Folder(folder, path.parent if name.startswith("../") else folder)
    return load_bytes(raw, shown, overlays=overlays, name=name, read=reader)


def load_bytes(
    raw: bytes,
    shown: str,
    *,
    overlays: Sequence[tuple[Path, str]] = (),
    name: str = "",
    read: Reader | None = None,
    addresses: Addresses | None = None,
) -> Document:
    """The same for bytes that came from elsewhere, such as git or a URL.

    `read`: reads other files, whose names are relative as `name` is, that of this one; `addresses`:
    how they are called where they are fetched.
    """
    data, source = parse_bytes(raw, shown)
    origins = Origins(source)
    texts = [source.text]
    notes: tuple[Remark, ...] = ()
    files: Mapping[str, bytes] = {}
    if read is not None and refers_out(source.text):
        notes, files, more = _assembled(data, origins, name, read, addresses)
        texts += more
    if overlays:
        from .overlay import apply_overlay

        for path, name in overlays:
            overlay, overlay_source = parse_bytes(read_file(path, name), name)
            apply_overlay(data, origins, overlay, overlay_source)
            texts.append(overlay_source.text)
    version = _version(data, origins)
    document = Document(
        path=shown,
        raw=raw,
        data=data,
        version=version,
        origins=origins,
        notes=notes,
        files=files,
    )
    if version >= (3, 1) and any(word in text for text in texts for word in _IDENTIFIERS):
        _localise(document)
    return document


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


def _localise(document: Document) -> None:
    """Raise DocumentError for references that are not to one schema."""
    from .identifiers import localise

    found = [
        document.diagnostic(
            "E026",
            f"the $dynamicRef {each.ref} leads to "
            + " or ".join(map(join_pointer, each.targets))
            + ", depending on which schema refers to it",
            join_pointer((*each.at, "$dynamicRef")),
            "say each of these schemas by itself, with a $ref to the one that is meant",
        )
        for each in localise(document.data)
    ]
    if found:
        raise DocumentError(found)


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
