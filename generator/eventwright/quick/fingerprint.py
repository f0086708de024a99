"""What the lock records and `check` compares: hashes and versions.

The quick `check` imports this module, so it imports nothing that the interpreter has not loaded
already; the built-in SHA-256 spares loading OpenSSL.
"""

from __future__ import annotations

import os
import sys

try:
    _sha256 = __import__("_sha2" if sys.version_info >= (3, 12) else "_sha256").sha256
except ImportError:  # an interpreter built without it
    _sha256 = __import__("hashlib").sha256

_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_SMALL = 1 << 16
_LARGE = 1 << 21
"""Bytes from which on OpenSSL's faster SHA-256 makes up for the time to load it, if nothing has."""


def sha256(data: bytes) -> str:
    """Hex SHA-256 of `data`."""
    if len(data) < _LARGE and "_hashlib" not in sys.modules:
        digest: str = _sha256(data).hexdigest()
        return digest
    import hashlib

    return hashlib.sha256(data).hexdigest()


def text_sha256(data: bytes) -> str:
    """The hash of a text, whatever its line endings: git may have made them others on checkout."""
    return sha256(data.replace(b"\r\n", b"\n") if b"\r" in data else data)


def document_sha256(path: str) -> str:
    """The hash of a document's file; of a folder of schemas, that of the names of all files."""
    if os.path.isdir(path):
        return sha256("\n".join(walk(path)).encode())
    return text_sha256(read_bytes(path))


def read_bytes(path: str) -> bytes:
    """A file's content. Raises OSError.

    Most files are small, and two calls read them; those of a file object are eight.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        data = os.read(descriptor, _SMALL)
        parts = [data]
        while data:
            data = os.read(descriptor, _SMALL)
            parts.append(data)
    finally:
        os.close(descriptor)
    return parts[0] if len(parts) == 2 else b"".join(parts)


_INSTALLED = os.path.join(_HERE, "templates")


def is_release() -> bool:
    """Whether this is eventwright from a wheel, so that its version stands for its sources."""
    return os.path.isdir(_INSTALLED)


def templates_folder() -> str:
    """Inside the package when installed from a wheel, else beside `generator/` in a checkout."""
    if is_release():
        return _INSTALLED
    return os.path.join(os.path.dirname(os.path.dirname(_HERE)), "templates")


def templates_sha256(known: dict[bytes, str] | None = None) -> str:
    """One hash over the paths and contents of all templates.

    `known`: gets the hash of each content.
    """
    folder = templates_folder()
    lines: list[str] = []
    for path in walk(folder):
        data = read_bytes(f"{folder}/{path}")
        digest = sha256(data)
        lines.append(f"{path} {digest}")
        if known is not None:
            known[data] = digest
    return sha256("\n".join(lines).encode())


def walk(folder: str) -> list[str]:
    """Sorted posix paths of the regular files below `folder`.

    Not followed: symbolic links, `__pycache__`, and folders whose name starts with a dot.
    """
    found: list[str] = []
    _walk(folder, "", found)
    return sorted(found)


def _walk(folder: str, prefix: str, found: list[str]) -> None:
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if entry.is_file(follow_symlinks=False):
                found.append(prefix + name)
            elif entry.is_dir(follow_symlinks=False) and name != "__pycache__" and name[0] != ".":
                _walk(entry.path, f"{prefix}{name}/", found)


_SHAPELESS = ("source", "source_sha256", "source_private", "strict")
"""Keys of a client that say nothing of what is generated."""


def options_sha256(table: object, runtime: str = "") -> str:
    """Hash of what one client's table in the configuration says of the output, as parsed.

    Comments do not count. Order counts: what is generated may follow it. `runtime`: the folder of
    the runtime that the client shares.
    """
    if isinstance(table, dict):
        table = {key: value for key, value in table.items() if key not in _SHAPELESS}
    return sha256((_canonical(table) + runtime).encode())


def _canonical(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{k!a}:{_canonical(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_canonical, value)) + "]"
    return f"{type(value).__name__}({value!a})"


def is_installed(distribution: str, version: str) -> bool:
    """Is exactly this version there? False may also mean: not laid out as pip does."""
    name = f"{distribution.replace('-', '_')}-{version}.dist-info"
    return any(os.path.isdir(os.path.join(path, name)) for path in sys.path)
