"""A package in an output folder, written as `generate` writes it."""

from __future__ import annotations

from pathlib import Path

from eventwright.folder import output
from eventwright.folder.lock import Lock
from eventwright.quick.answers import LOCK_NAME
from eventwright.quick.fingerprint import sha256

OLD = {"__init__.py": "old = 1\n", "client.py": "same = 1\n", "gone/leaf.py": "leaf = 1\n"}
NEW = {"__init__.py": "new = 2\n", "client.py": "same = 1\n", "added/deep/leaf.py": "leaf = 2\n"}


def make_lock(files: dict[str, str]) -> Lock:
    return Lock(
        spec="spec.json",
        spec_sha256="1",
        config_sha256="2",
        generator="3",
        templates_sha256="4",
        tools={},
        files={path: sha256(text.encode()) for path, text in files.items()},
    )


def write(root: Path, files: dict[str, str], *, force: bool = False) -> dict[str, str]:
    changes = output.write(str(root), "gen/pkg", files, make_lock(files), force=force)
    return {change.path: change.kind for change in changes}


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def without_lock(files: dict[str, str]) -> dict[str, str]:
    return {path: text for path, text in files.items() if path != LOCK_NAME}
