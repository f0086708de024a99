"""A project's own templates, on the disk: `templates_dir` of its configuration."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from ..diagnostics.diagnostic import (
    Collector,
    Diagnostic,
    Location,
    TemplateError,
    did_you_mean,
)
from ..quick import fingerprint

if TYPE_CHECKING:
    from ..config.config import ClientConfig
    from ..emit.templates import Override

_LARGEST = 1 << 20
"""Bytes: ten times what all built-in templates have."""


def template_bytes(client: ClientConfig, root: Path) -> dict[str, bytes]:
    """Name → content of each; what begins with a dot is no template.

    Raises TemplateError: the folder is not there, or something in it cannot be read.
    """
    if client.templates_dir is None:
        return {}
    folder = root / client.templates_dir
    try:
        names = sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except OSError as error:
        raise TemplateError([_no_folder(client, error)]) from None
    faults = Collector()
    found: dict[str, bytes] = {}
    for name in names:
        try:
            problem = _problem(os.lstat(folder / name))
            if not problem:
                found[name] = fingerprint.read_bytes(str(folder / name))
        except OSError as error:
            problem = f"cannot be read: {error.strerror}"
        if problem:
            faults.add(_fault("T001", f"the template {problem}", folder / name))
    faults.check(TemplateError)
    return found


def template_hashes(client: ClientConfig, root: Path) -> dict[str, str]:
    """Name → hash, whatever the line endings. Raises TemplateError."""
    found = template_bytes(client, root)
    return {name: fingerprint.text_sha256(content) for name, content in found.items()}


def overrides(client: ClientConfig, root: Path) -> dict[str, Override]:
    """The templates by their names. Raises TemplateError, also for a file that is none of them."""
    contents = template_bytes(client, root)
    if not contents:
        return {}
    from ..emit.catalogue import TEMPLATES
    from ..emit.templates import Override

    folder = root / str(client.templates_dir)
    faults = Collector()
    found: dict[str, Override] = {}
    for name, content in contents.items():
        path = folder / name
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            message = f"the template is not UTF-8: byte {error.start + 1} is no character"
            faults.add(_fault("T001", message, path))
            continue
        if name not in TEMPLATES:
            message = f"no template is called '{name}'{did_you_mean(name, TEMPLATES)}"
            help = "eventwright templates lists them; a file that is none cannot lie here"
            faults.add(_fault("T002", message, path, help))
        found[name] = Override(name=name, text=text, path=shown(path))
    faults.check(TemplateError)
    return found


def shown(path: Path) -> str:
    """A path as somebody in the current folder would write it, for a click in the terminal."""
    try:
        return Path(os.path.relpath(path)).as_posix()
    except (ValueError, OSError):  # another drive, or no current folder
        return path.as_posix()


def _problem(found: os.stat_result) -> str:
    if stat.S_ISLNK(found.st_mode):
        return "is a symbolic link: copy the file"
    if not stat.S_ISREG(found.st_mode):
        return "is no file"
    return "has more than a megabyte" if found.st_size > _LARGEST else ""


def _fault(code: str, message: str, path: Path, help: str = "") -> Diagnostic:
    place = Location(path=shown(path), line=1, column=1, pointer="")
    return Diagnostic(code=code, severity="error", message=message, location=place, help=help)


def _no_folder(client: ClientConfig, error: OSError) -> Diagnostic:
    what = {FileNotFoundError: "does not exist", NotADirectoryError: "is a file"}
    problem = what.get(type(error), f"cannot be read: {error.strerror}")
    message = f"the folder of templates '{client.templates_dir}' {problem}"
    help = "eventwright templates eject NAME makes it, with a template to change"
    return client.diagnostic("T001", message, "templates_dir", help=help)
