"""A configuration file, found, read and checked."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .check import check_config
from .config import Config
from .file import find_config, read_config

if TYPE_CHECKING:
    from pathlib import Path


def load_config(path: Path | None, cwd: Path) -> Config:
    """The configuration at `path`, relative to `cwd`; None: the nearest one in `cwd` or above.

    That is an `eventwright.toml`, or a `pyproject.toml` with `[tool.eventwright]`. Raises
    ConfigError with everything that is wrong.
    """
    found = find_config(cwd) if path is None else cwd / path
    file = read_config(found, shown=str(path or os.path.relpath(found, cwd)))
    return check_config(file)
