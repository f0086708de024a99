"""One writer at a time in an output folder, by a lock that the system drops with the process."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ..diagnostics.errors import CommandError
from ..quick.fingerprint import sha256
from .safepaths import check_folder

_PATIENCE = 60.0
_PAUSE = 0.02
_BUSY = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
_NO_FOLDER_LOCKS = (errno.EBADF, errno.ENOLCK, errno.ENOTSUP, errno.EINVAL)


@contextmanager
def locked_folder(root: str, output: str, patience: float = _PATIENCE) -> Iterator[str]:
    """The absolute path of `output` below `root`, made if need be, held by this process alone.

    What was made and is empty at the end is removed. Raises CommandError when another run holds
    it for longer than `patience` seconds, OSError when it cannot be made.
    """
    folder = check_folder(root, output)
    missing = _missing(folder)
    descriptor = -1
    try:
        descriptor = _acquire(folder, time.monotonic() + patience)
        yield folder
    finally:
        _remove_empty(missing)
        if descriptor >= 0:
            os.close(descriptor)


def _acquire(folder: str, deadline: float) -> int:
    while True:
        os.makedirs(folder, exist_ok=True)
        descriptor = _try_lock(folder)
        if descriptor is not None:
            return descriptor
        if time.monotonic() > deadline:
            raise CommandError(f"another eventwright is writing to {folder}", help="try again")
        time.sleep(_PAUSE)


def _missing(folder: str) -> list[str]:
    """The folders that have to be made, innermost first."""
    missing = []
    while not os.path.lexists(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    return missing


def _remove_empty(folders: list[str]) -> None:
    for folder in folders:
        if os.path.isdir(folder) and not os.listdir(folder):
            os.rmdir(folder)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(folder: str) -> int | None:
        descriptor = _open_aside(folder)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            os.close(descriptor)
            if error.errno in _BUSY:
                return None
            raise
        return descriptor

else:
    import fcntl

    def _try_lock(folder: str) -> int | None:
        """Lock the folder itself, which leaves no file behind; where NFS refuses, a file aside."""
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:  # the run before us failed and removed it
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            if error.errno in _NO_FOLDER_LOCKS:
                return _try_lock_aside(folder)
            if error.errno in _BUSY:
                return None
            raise
        if _is_still(folder, descriptor):
            return descriptor
        os.close(descriptor)
        return None

    def _try_lock_aside(folder: str) -> int | None:
        descriptor = _open_aside(folder)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            if error.errno in _BUSY:
                return None
            raise
        return descriptor

    def _is_still(folder: str, descriptor: int) -> bool:
        """Did another run remove the folder, or make it anew, while we waited?"""
        return os.path.isdir(folder) and os.path.samestat(os.fstat(descriptor), os.stat(folder))


def _open_aside(folder: str) -> int:
    name = f"eventwright-{sha256(os.path.realpath(folder).encode())[:32]}.lock"
    return os.open(os.path.join(tempfile.gettempdir(), name), os.O_RDWR | os.O_CREAT, 0o666)
