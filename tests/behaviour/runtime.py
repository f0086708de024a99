"""The static runtime as a package of its own, importable without generating anything."""

from __future__ import annotations

import atexit
import functools
import importlib
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

NAME = "vendored_runtime"
_STATIC = Path(__file__).parents[2] / "templates" / "static"


@functools.cache
def folder() -> Path:
    """A folder for sys.path that holds the package."""
    root = Path(tempfile.mkdtemp(prefix="eventwright-runtime-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    package = root / NAME
    package.mkdir()
    (package / "__init__.py").touch()
    for part in ("_runtime", "transports"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(_STATIC / part, package / part, ignore=ignored)
    return root


def load(module: str) -> Any:
    """A module of the package: `load("_runtime.client.client")`."""
    if str(folder()) not in sys.path:
        sys.path.insert(0, str(folder()))
    return importlib.import_module(f"{NAME}.{module}")
