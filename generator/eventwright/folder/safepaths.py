"""Paths inside the output folder: never through `..` or a symbolic link, never outside."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable

from ..diagnostics.errors import CommandError

STAGE_NAME = ".eventwright"
"""The folder inside the output folder where a run prepares what it will write."""


def is_safe(path: str) -> bool:
    """Is this a relative posix path that stays below its folder on every system?"""
    parts = path.split("/")
    return (
        all(part.strip(". ") and not part.endswith((".", " ")) for part in parts)
        and not any(character in '\\:*?"<>|' or character < " " for character in path)
        and parts[0] != STAGE_NAME
    )


def check_names(paths: Iterable[str]) -> None:
    """Refuse unsafe paths and paths that are one file where case does not count."""
    seen: dict[str, str] = {}
    for path in paths:
        if not is_safe(path):
            raise CommandError(f"refusing to write {path!r}: it is not a path inside the output")
        other = seen.setdefault(path.casefold(), path)
        if other != path:
            raise CommandError(f"{other} and {path} would be one file where case does not count")


def resolve(folder: str, path: str) -> str:
    """The absolute path of `path` below `folder`, after a look at every step on the way.

    Raises CommandError where a step is a symbolic link, or a file where a folder is needed (and
    the reverse).
    """
    *parents, _ = parts = path.split("/")
    at = folder
    for depth, part in enumerate(parts):
        at = os.path.join(at, part)
        mode = _mode(at)
        if mode is None:
            break
        _check(at, mode, is_folder=depth < len(parents))
    return os.path.join(folder, *parts)


def check_folder(root: str, output: str) -> str:
    """The absolute output folder `output` below `root`; no step between them may be a link."""
    if not is_safe(output):
        raise CommandError(f"refusing the output folder {output!r}: it is not below {root}")
    at = root
    for part in output.split("/"):
        at = os.path.join(at, part)
        mode = _mode(at)
        if mode is not None:
            _check(at, mode, is_folder=True)
    return at


def _mode(path: str) -> int | None:
    try:
        return os.lstat(path).st_mode
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        raise CommandError(f"{os.path.dirname(path)} is a file where a folder is needed") from None


def _check(path: str, mode: int, *, is_folder: bool) -> None:
    if stat.S_ISLNK(mode):
        raise CommandError(
            f"{path} is a symbolic link; eventwright does not write through links",
            help="remove the link, or name the folder that it leads to",
        )
    if is_folder and not stat.S_ISDIR(mode):
        raise CommandError(f"{path} is a file where a folder is needed", help="move it away")
    if not is_folder and not stat.S_ISREG(mode):
        raise CommandError(f"{path} is in the way: it is not a regular file", help="move it away")
