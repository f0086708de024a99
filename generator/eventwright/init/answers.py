"""What `init` has to know, from options, questions and guesses."""

from __future__ import annotations

import os
import posixpath
import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ..diagnostics.errors import CommandError
from .place import CI, Place, likely_ci

_GENERAL = frozenset("openapi spec api swagger schema events document".split())
"""File names that say nothing about what is in the file."""

Ask = Callable[[str, str], str]
"""A question and the answer to propose → the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """`spec` and `output` are posix, relative to the configuration; `source` may be ""."""

    spec: str
    output: str
    source: str
    ci: CI
    pre_commit: bool
    lenient: bool = False
    """Whether the document may be a little invalid."""


def answers(
    place: Place,
    *,
    spec: str,
    output: str,
    source: str,
    ci: CI | None,
    pre_commit: bool,
    lenient: bool = False,
    ask: Ask | None,
) -> Answers:
    """What was said, asked about (unless `ask` is None) or guessed. Raises CommandError."""
    if not spec:
        found = [_spec_for(source)] if source else _found(place.folder)
        proposed = found[0] if len(found) == 1 else ""
        spec = ask("The OpenAPI document", proposed) if ask else proposed
        if not spec:
            raise _which(found)
    spec = _relative(place.folder, spec)
    if not output:
        proposed = _output_for(place.folder, spec)
        output = ask("The package to write", proposed) if ask else proposed
    if not source and ask:
        source = ask("Where the document is published (https://…; nothing: nowhere)", "")
    return Answers(
        spec=spec,
        output=_output(place.folder, output),
        source=source,
        ci=ci or likely_ci(place),
        pre_commit=pre_commit,
        lenient=lenient,
    )


def _which(found: Sequence[str]) -> CommandError:
    several = f"there are {', '.join(found)}" if found else "none was found here"
    example = found[0] if found else "spec/events.yaml"
    return CommandError(
        f"which document? none is named, and {several}",
        help=f"eventwright init --spec {shlex.quote(example)} --output src/acme/acme_events",
    )


def _output(folder: Path, path: str) -> str:
    """What is no folder below the configuration's is refused as it was said."""
    relative = _relative(folder, path)
    return path if os.path.isabs(path) and relative.startswith("..") else relative


def _relative(folder: Path, path: str) -> str:
    if os.path.isabs(path):
        path = os.path.relpath(path, folder)
    return posixpath.normpath(path.replace(os.sep, "/"))


def _spec_for(source: str) -> str:
    name = posixpath.basename(urlsplit(source).path) or "openapi.json"
    return f"spec/{name}"


def _found(folder: Path) -> list[str]:
    """The OpenAPI documents in this folder and its `spec`."""
    names = [*folder.glob("*"), *folder.glob("spec/*")]
    found = [path for path in names if path.suffix in (".json", ".yaml", ".yml") and _is_one(path)]
    return sorted(path.relative_to(folder).as_posix() for path in found)


def _is_one(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        start = file.read(4096)
    return re.search(rb"""^[\s{]*["']?openapi["']?\s*:""", start, re.MULTILINE) is not None


def _output_for(folder: Path, spec: str) -> str:
    """`src/acme_events` for `spec/acme-events.yaml`; by the title if the name says nothing."""
    stem = posixpath.basename(spec).split(".")[0]
    name = _package(stem)
    if name in _GENERAL and (folder / spec).is_file():
        name = _package(_title(folder / spec, spec)) or name
    name = f"{name}_client" if not name or name in _GENERAL else name
    return f"src/{name}" if (folder / "src").is_dir() else name


def _title(path: Path, shown: str) -> str:
    from ..document.load import load_document

    info = load_document(path, shown=shown).data.get("info")
    title = info.get("title") if isinstance(info, dict) else ""
    return title if isinstance(title, str) else ""


def _package(text: str) -> str:
    words = re.findall("[a-z0-9]+", re.sub("([a-z0-9])([A-Z])", r"\1 \2", text).lower())
    name = "_".join(words)
    return f"_{name}" if name[:1].isdigit() else name
