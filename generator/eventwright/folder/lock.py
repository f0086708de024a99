"""`eventwright.lock`: what generated code was made from, and the hash of every file of it.

It lies beside the generated code and is committed with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from ..diagnostics.errors import CommandError
from ..diagnostics.notes import Note
from ..model.givennames import NO_NAMES, GivenNames
from ..quick.answers import LOCK_NAME, LOCK_VERSION
from .safepaths import is_safe

_HALF = re.compile("[\ud800-\udfff]")
_NAMES = tuple(each.name for each in fields(GivenNames))
_OPTIONAL_TABLES = ("documents", "templates", *_NAMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """The content of a lock file. Hashes are hex SHA-256; paths are relative and posix.

    >>> Lock(spec="spec/events.yaml", spec_sha256="9f86…", config_sha256="60303…",
    ...      generator="1.0.0", templates_sha256="fd61…", tools={"black": "26.10.1"},
    ...      files={"__init__.py": "e3b0…"})
    """

    spec: str
    """The document's path as configured."""
    spec_sha256: str
    """Of the document's bytes, whatever its line endings."""
    config_sha256: str
    """Of this client's options; see `fingerprint.options_sha256`."""
    generator: str
    """eventwright's version."""
    templates_sha256: str
    tools: Mapping[str, str]
    """Distribution → version of what else shapes the output: the formatter above all."""
    files: Mapping[str, str]
    """Every generated file, relative to the lock."""
    overlays: Mapping[str, str] = field(default_factory=dict)
    """Configured path → hash of the bytes, whatever the line endings."""
    documents: Mapping[str, str] = field(default_factory=dict)
    """Path → hash of each other file that the document is made of; not in the file where there are
    none."""
    templates: Mapping[str, str] = field(default_factory=dict)
    """Name → hash of each template of the project's own; not in the file where there are none."""
    contract_sha256: str = ""
    """See `contract.contract_sha256`; "" when not computed."""
    events: int = 0
    """How many events the client has."""
    notes: int = 0
    """How many notes there are on the document; not in the file where there are none."""
    first_notes: tuple[Note, ...] = ()
    """The first of them, for `check` to print; not in the file where there are none."""
    names: GivenNames = NO_NAMES
    """What the package calls its things: the tables that have entries stand in the file."""
    source: Mapping[str, str] = field(default_factory=dict)
    """`url`: where the document comes from; `etag`, and `sha256` of the bytes that it came with."""


def dump(lock: Lock) -> str:
    """The file's text: sorted, one entry a line, LF.

    `quick.answers.read_plain_lock` knows the layout.
    """
    data = {"lock_version": LOCK_VERSION, **asdict(lock)}
    data |= data.pop("names")
    for name in _OPTIONAL_TABLES:
        if not data[name]:
            del data[name]
    if not lock.notes:
        del data["notes"], data["first_notes"]
    text = json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False)
    if _HALF.search(text):  # no file holds half a pair; JSON has escapes
        text = json.dumps(data, indent=2, sort_keys=True)
    return text + "\n"


def load(text: str, shown: str = LOCK_NAME) -> Lock:
    """The lock that `text` holds; `shown` is its path in messages. Raises CommandError."""
    data = _parse(text, shown)
    if isinstance(data, dict) and isinstance(data.get("lock_version"), int):
        version = data.pop("lock_version")
        if version > LOCK_VERSION:
            raise CommandError(
                f"{shown} was written by a newer eventwright (lock version {version})",
                help="install the eventwright that wrote it, or a later one",
            )
        if _is_sound(data):
            data["first_notes"] = tuple(data.get("first_notes", ()))
            names = GivenNames(**{name: data.pop(name, {}) for name in _NAMES})
            return Lock(**data, names=names)
    raise _damaged(shown)


def _parse(text: str, shown: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise _damaged(shown) from None


def _damaged(shown: str) -> DamagedLockError:
    return DamagedLockError(
        f"{shown} is damaged: it is not what eventwright writes",
        help="restore it from version control, or write everything anew: "
        "eventwright generate --force",
    )


class DamagedLockError(CommandError):
    """A lock file that holds something else: merge conflict markers, most often."""


def _is_sound(data: dict[str, Any]) -> bool:
    required = {"spec", "spec_sha256", "config_sha256", "generator", "templates_sha256"}
    tables = {"tools", "files", "overlays", "source"}
    plain = required | {"contract_sha256"}
    return (
        data.keys() - {"notes", "first_notes", *_OPTIONAL_TABLES} == plain | tables | {"events"}
        and isinstance(data["events"], int)
        and isinstance(data.get("notes", 0), int)
        and _are_notes(data.get("first_notes", []))
        and all(isinstance(data[name], str) for name in plain)
        and all(_is_table(data[name]) for name in tables)
        and all(_is_table(data.get(name, {})) for name in _OPTIONAL_TABLES)
        and all(is_safe(path) for path in data["files"])
    )


def _are_notes(value: object) -> bool:
    keys = {"code", "at", "pointer", "message", "help"}
    return isinstance(value, list) and all(_is_table(e) and e.keys() == keys for e in value)


def _is_table(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())
