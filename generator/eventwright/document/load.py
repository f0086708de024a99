"""Path or bytes → Document: the data, and where each part of it stands."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..diagnostics.diagnostic import Diagnostic, DocumentError, Location, Pending, did_you_mean
from ..diagnostics.remarks import Remark
from ..text.jsontext import parse_json
from ..text.jsonvalues import kind
from ..text.pointers import Tokens, join_pointer, split_pointer
from ..text.positions import BadText, Problem, Source
from .origins import Origins
from .otherformats import recognised

if TYPE_CHECKING:
    from pathlib import Path

    from ..text.jsonvalues import Json

_VERSION = r"3\.([0-9]+)\.[0-9]+(-.+)?"
_SUPPORTED = (0, 1)
_IDENTIFIERS = ("$id", "$anchor", "$dynamic")
"""Without any of these in its text a document has pointers only."""
_CONFIGURED = "paths in the configuration are relative to its folder"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Document:
    """An OpenAPI document as read, its overlays applied.

    `path` is the name to show; `raw` the bytes of the file, without overlays; `data` a plain tree
    of dict, list, str, int, float, bool and None, not to be changed; `version` is (3, 0), (3, 1) …
    `notes`: what in it is read otherwise than it is written.
    """

    path: str
    raw: bytes = field(repr=False)
    data: dict[str, Json] = field(repr=False)
    version: tuple[int, int]
    origins: Origins = field(repr=False)
    notes: tuple[Remark, ...] = field(default=(), repr=False)

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
    missing: str = _CONFIGURED,
) -> Document:
    """The document at `path`, called `shown` in messages, with `overlays` applied in order.

    Each overlay is a path and the name to show; `missing`: what helps where there is no such file.
    Raises DocumentError.
    """
    return load_bytes(read_file(path, shown, missing), shown, overlays=overlays)


def load_bytes(raw: bytes, shown: str, *, overlays: Sequence[tuple[Path, str]] = ()) -> Document:
    """The same for bytes that came from elsewhere, such as git or a URL."""
    data, source = parse_bytes(raw, shown)
    origins = Origins(source)
    texts = [source.text]
    if overlays:
        from .overlay import apply_overlay

        for path, name in overlays:
            overlay, overlay_source = parse_bytes(read_file(path, name), name)
            apply_overlay(data, origins, overlay, overlay_source)
            texts.append(overlay_source.text)
    version = _version(data, origins)
    document = Document(path=shown, raw=raw, data=data, version=version, origins=origins)
    if version >= (3, 1) and any(word in text for text in texts for word in _IDENTIFIERS):
        _localise(document)
    return document


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


def read_file(path: Path, shown: str, missing: str = _CONFIGURED) -> bytes:
    """The bytes of a file. Raises DocumentError if it is missing, a directory or unreadable."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise _file_error("E001", shown, "no such file" + _sibling(path), missing) from None
    except IsADirectoryError:
        raise _file_error("E002", shown, "this is a directory", "name a file in it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"the file cannot be read: {reason}"
        raise _file_error("E003", shown, message, "check the path and its permissions") from None


def _sibling(path: Path) -> str:
    parent = path.parent
    return did_you_mean(path.name, os.listdir(parent)) if parent.is_dir() else ""


def _file_error(code: str, shown: str, message: str, help: str = "") -> DocumentError:
    place = Location(path=shown, line=1, column=1, pointer="")
    found = Diagnostic(code=code, severity="error", message=message, location=place, help=help)
    return DocumentError([found])


def parse_bytes(raw: bytes, shown: str) -> tuple[dict[str, Json], Source]:
    """JSON or YAML bytes whose root is an object. Raises DocumentError."""
    text = _decode(raw, shown)
    source = Source(shown, text)
    if not text.strip():
        raise _file_error("E005", shown, "the file is empty", "an OpenAPI document goes here")
    try:
        data, source.positions = _parse(text, shown)
    except BadText as error:
        raise DocumentError([source.pending(each) for each in error.problems]) from None
    if isinstance(data, dict):
        return data, source
    message = f"the root must be an object, not {kind(data)}"
    problem = Problem("E009", message, source.offset(()), (), "it begins with `openapi: 3.1.0`")
    raise DocumentError([source.diagnostic(problem)])


def _parse(text: str, shown: str) -> tuple[Json, Any]:
    if not text.lstrip().startswith("{"):
        from ..text.yamltext import parse_yaml

        return parse_yaml(text)
    try:
        return parse_json(text)
    except BadText as error:
        # A YAML file may begin with a brace too: `{openapi: 3.1.0, …}`.
        if not shown.endswith((".yaml", ".yml")) or error.problems[0].code != "E006":
            raise
        from ..text.yamltext import parse_yaml

        return parse_yaml(text)


_BOMS = {b"\xff\xfe\0\0": "UTF-32", b"\0\0\xfe\xff": "UTF-32"} | dict.fromkeys(
    (b"\xff\xfe", b"\xfe\xff"), "UTF-16"
)


def _decode(raw: bytes, shown: str) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(raw, shown, error.start, f"byte 0x{raw[error.start]:02x}") from None
    if "\0" in text[:4]:
        raise _not_utf8(raw, shown, 0, "a zero byte")
    return text


def _not_utf8(raw: bytes, shown: str, at: int, what: str) -> DocumentError:
    named = next((name for bom, name in _BOMS.items() if raw.startswith(bom)), "")
    if not named and b"\0" in raw[:4]:
        named = "UTF-16" if raw[:4].count(0) < 3 else "UTF-32"
    if named:
        message = f"the file is {named}, but must be UTF-8"
        return _file_error("E004", shown, message, f"iconv -f {named} -t UTF-8 {shown}")
    # A byte that is no character stands as U+FFFD in the excerpt.
    source = Source(shown, raw.decode("utf-8", "replace"))
    offset = len(raw[:at].decode("utf-8", "replace"))
    message = f"the file is not UTF-8: {what} begins no character"
    problem = Problem("E004", message, offset, (), "save it as UTF-8")
    return DocumentError([source.diagnostic(problem)])


def _version(data: dict[str, Json], origins: Origins) -> tuple[int, int]:
    stated = data.get("openapi")
    found = re.fullmatch(_VERSION, stated) if isinstance(stated, str) else None
    if found and int(found[1]) in _SUPPORTED:
        return 3, int(found[1])
    if "openapi" in data:
        key, (code, message, help) = "openapi", _unsupported(stated, bool(found))
    else:
        key, code, message, help = _unstated(data)
    tokens = (key,) if key else ()
    source, origin = origins.find(tokens)
    problem = Problem(code, message, source.offset(origin), tokens, help)
    raise DocumentError([source.diagnostic(problem)])


def _unstated(data: dict[str, Json]) -> tuple[str, str, str, str]:
    """The key to blame ("" for the whole), code, message and help without an `openapi`."""
    other = recognised(data)
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
        help = "use 3.0 or 3.1"
        return "E012", f"OpenAPI {stated} is not supported", help
    if isinstance(stated, float | int):
        help = f'write all three parts: "{float(stated)}.0"'
        return "E010", f"the version is the number {stated}, not a text", help
    shown = f"'{stated}'" if isinstance(stated, str) else kind(stated)
    return "E010", f"{shown} is not an OpenAPI 3 version", 'write it like "3.1.0"'
