"""A file's bytes → its data, and where each part of it stands."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from ..diagnostics.diagnostic import Diagnostic, DocumentError, Location, did_you_mean
from .jsontext import parse_json
from .jsonvalues import kind
from .positions import BadText, Problem, Source

if TYPE_CHECKING:
    from pathlib import Path

    from .jsonvalues import Json

CONFIGURED = "paths in the configuration are relative to its folder"


def read_file(path: Path, shown: str, missing: str = CONFIGURED) -> bytes:
    """The bytes of a file. Raises DocumentError if it is missing, a directory or unreadable."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise file_error("E001", shown, "no such file" + _sibling(path), missing) from None
    except IsADirectoryError:
        raise file_error("E002", shown, "this is a directory", "name a file in it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"the file cannot be read: {reason}"
        raise file_error("E003", shown, message, "check the path and its permissions") from None


def _sibling(path: Path) -> str:
    parent = path.parent
    return did_you_mean(path.name, os.listdir(parent)) if parent.is_dir() else ""


def file_error(code: str, shown: str, message: str, help: str = "") -> DocumentError:
    place = Location(path=shown, line=1, column=1, pointer="")
    found = Diagnostic(code=code, severity="error", message=message, location=place, help=help)
    return DocumentError([found])


def parse_bytes(raw: bytes, shown: str) -> tuple[dict[str, Json], Source]:
    """JSON or YAML bytes whose root is an object. Raises DocumentError."""
    data, source = parse_value(raw, shown)
    if isinstance(data, dict):
        return data, source
    message = f"the root must be an object, not {kind(data)}"
    problem = Problem("E009", message, source.offset(()), (), "it begins with `openapi: 3.1.0`")
    raise DocumentError([source.diagnostic(problem)])


def parse_value(raw: bytes, shown: str) -> tuple[Json, Source]:
    """The same, whatever the root is."""
    text = _decode(raw, shown)
    source = Source(shown, text)
    if not text.strip():
        raise file_error("E005", shown, "the file is empty", "an OpenAPI document goes here")
    try:
        data, source.positions = _parse(text, shown)
    except BadText as error:
        raise DocumentError([source.pending(each) for each in error.problems]) from None
    return data, source


def _parse(text: str, shown: str) -> tuple[Json, Any]:
    if not text.lstrip().startswith("{"):
        from .yamltext import parse_yaml

        return parse_yaml(text)
    try:
        return parse_json(text)
    except BadText as error:
        # A YAML file may begin with a brace too: `{openapi: 3.1.0, …}`.
        if not shown.endswith((".yaml", ".yml")) or error.problems[0].code != "E006":
            raise
        from .yamltext import parse_yaml

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
        return file_error("E004", shown, message, f"iconv -f {named} -t UTF-8 {shown}")
    # A byte that is no character stands as U+FFFD in the excerpt.
    source = Source(shown, raw.decode("utf-8", "replace"))
    offset = len(raw[:at].decode("utf-8", "replace"))
    message = f"the file is not UTF-8: {what} begins no character"
    problem = Problem("E004", message, offset, (), "save it as UTF-8")
    return DocumentError([source.diagnostic(problem)])
