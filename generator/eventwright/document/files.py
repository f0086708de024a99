"""The files that a document refers to: read from below one folder, and nothing else."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

MAX_BYTES = 64 << 20
"""Of one file."""


_OUT = re.compile(r"""\$ref['"]?\s*:\s*['"]?[^#'"\s]""")


def refers_out(text: str) -> bool:
    """Whether a text may refer to other files: a quick look."""
    return _OUT.search(text) is not None


class Unreadable(Exception):
    """Why a file is not read: what comes after its name, and what helps."""

    def __init__(self, reason: str, help: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.help = help


Reader: TypeAlias = Callable[[str], bytes]
"""A posix path, relative to the root and normalised, → the file's bytes. Raises Unreadable."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A reader of what lies in `within`, links followed; paths are relative to `root`."""

    root: Path
    within: Path

    def __call__(self, name: str) -> bytes:
        try:
            path = Path(os.path.realpath(self.root / name))
            if not path.is_relative_to(os.path.realpath(self.within)):
                help = f"keep what a document refers to below {self.within}"
                raise Unreadable("leads out of the project", help)
            about = path.stat()
            if not stat.S_ISREG(about.st_mode):
                raise Unreadable("is no file")
            if about.st_size > MAX_BYTES:
                raise Unreadable(f"has more than {MAX_BYTES >> 20} MiB")
            return path.read_bytes()
        except FileNotFoundError:
            raise Unreadable("does not exist", "a path is relative to the file it is in") from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise Unreadable(f"cannot be read: {reason}") from None
