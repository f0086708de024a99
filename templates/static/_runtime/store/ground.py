"""What an outbox stands on: whether its file is still there, and how much of the disk is left."""

from __future__ import annotations

import os
import time
from pathlib import Path

from .errors import OutboxError, OutboxFull, UnusableFile
from .files import RESERVE, Identity, identity_of


class Ground:
    """What an outbox stands on: its file, and the disk under it. Seldom looked at if all is well.

    Args:
        path: of the file.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        # SQLite has it beside the file that a symbolic link leads to.
        self._log = f"{os.path.realpath(path)}-wal"
        self._folder = str(Path(path).parent)
        self._files: dict[str, Identity] = {}
        self._next = 0.0

    def opened(self, file: Identity) -> None:
        """It was opened, and is that file: while it is, nobody takes its log away."""
        self._files[self._path] = file
        log = identity_of(self._log)
        if log is not None:
            self._files[self._log] = log

    def check(self) -> None:
        """See whether what is put in now would be kept, and delivered.

        Raises:
            OutboxFull: too little of the disk is left to deliver and to delete it.
            UnusableFile: the file is not there any more, or another one.
        """
        now = time.monotonic()
        if now < self._next:
            return
        self._same(self._path)
        self._same(self._log)
        if self._plenty():
            self._next = now + 0.1

    def check_file(self) -> None:
        """See whether the path still leads to the file that it led to when it was opened.

        Raises:
            UnusableFile: it does not.
        """
        self._same(self._path)

    def holds(self) -> bool:
        """Whether it does, and nothing of it is missing."""
        try:
            self.check_file()
            self._same(self._log)
        except OutboxError:
            self._next = 0.0
            return False
        return True

    def forget_log(self) -> None:
        """The file is closed: its log goes with the last who closes it."""
        self._files.pop(self._log, None)
        self._next = 0.0

    def _same(self, path: str) -> None:
        known = self._files.get(path)
        if known is not None and known != identity_of(path):
            raise self.replaced(path)

    def replaced(self, path: str) -> UnusableFile:
        """What is said of a file that is not the one that was opened."""
        return UnusableFile(
            f"{path}: it was deleted, moved or replaced while it is in use. What is put in now "
            "would be lost with this process, so nothing was stored; what was stored before is "
            "still delivered. Close this outbox and make another"
        )

    def _plenty(self) -> bool:
        if not hasattr(os, "statvfs"):
            return True
        try:
            disk = os.statvfs(self._folder)
        except OSError as error:
            raise OutboxError(
                f"{self._folder}: {error.strerror}; nothing was stored"
            ) from None
        left, size = disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize
        if left < min(RESERVE, size // 4):
            raise OutboxFull(
                f"{self._path}: the disk is full but for what delivering takes; nothing was stored"
            )
        return left > 8 * RESERVE
