"""What can go wrong with an outbox itself, as opposed to what is in it."""

from __future__ import annotations


class OutboxError(Exception):
    """An outbox cannot do what it was asked to. What `put` raises it for was not accepted."""


class OutboxFull(OutboxError):
    """There is no room: so many events wait as are allowed, or the disk is full."""


class OutboxClosed(OutboxError, RuntimeError):
    """The outbox is closed, and takes no more questions."""

    def __init__(self) -> None:
        super().__init__("this outbox is closed")


class UnusableFile(OutboxError):
    """The file is no outbox, is damaged, or is of a newer version. Nothing of it was changed."""


class Gone(OutboxError):
    """The file is not there, and is not to be made anew."""


class Busy(OutboxError):
    """Another process is writing to the file, and did not end in time."""
