"""Documents that are measured: made of the flagship, and releases of a public API, from npm."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from pathlib import Path

from . import peers

RELEASES = ("22.0.0", "23.0.1")
"""Of `@octokit/openapi`: about 13 MB each."""
_RELEASED = "package/generated/api.github.com.json"


def released(version: str) -> Path | None:
    """The document in that release of `@octokit/openapi`, fetched once; None without npm."""
    folder = peers.VENV / "documents" / version
    document = folder / _RELEASED
    if document.exists():
        return document
    if shutil.which("npm") is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    command = ("npm", "pack", "--silent", f"@octokit/openapi@{version}")
    if subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode:
        return None
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extract(_RELEASED, folder, filter="data")
    return document
