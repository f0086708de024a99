"""What can go wrong with an outbox itself, as opposed to what is in it."""

from __future__ import annotations


class OutboxError(Exception):
    """An outbox cannot do what it was asked to. What `put` raises it for was not accepted."""


class OutboxFull(OutboxError):
    """There is no room: so many events wait as are allowed, or the disk is full."""


class UnusableFile(OutboxError):
    """The file is no outbox, is damaged, or is of a newer version. Nothing of it was changed."""


class Busy(OutboxError):
    """Another process is writing to the file, and did not end in time."""
