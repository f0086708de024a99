"""How many events may wait in an outbox, and whether there is room for more."""

from __future__ import annotations

from typing import Final

from ..delivery.settings import WhenFull
from ..store.errors import OutboxFull
from ..store.files import MEMORY
from ..store.storage import Storage

_IN_MEMORY: Final = 100_000
_SHARE: Final = 16
_MOST_UNASKED: Final = 100


class Room:
    """Of one outbox. No lock: threads that put in at the same moment may go over it by one each.

    Args:
        path: of its file.
        most: so many may wait; None: any number, in memory 100,000.
        when_full: what is done where there is no room.
    """

    def __init__(self, path: str, most: int | None, when_full: WhenFull) -> None:
        self._path = path
        self._most = _IN_MEMORY if most is None and path == MEMORY else most
        self._raises = when_full == "raise"
        self._unasked = 0
        """So many fit for certain, but for what other processes put in."""

    def check(self, events: int) -> None:
        """Refuse what there will never be room for. Raises OutboxFull."""
        if self._most is not None and events > self._most:
            raise OutboxFull(
                f"{self._path}: {events} events at once are more than may wait ({self._most}, "
                "max_pending); none was accepted"
            )

    def has(self, store: Storage, events: int) -> bool:
        """Whether so many may be put in; raises OutboxFull if not, and nobody is to wait.

        To ask the store takes as long as a third of what `put` does, and longer while it is
        delivered from: it is done for each event only where there is little room left.
        """
        if self._most is None:
            return True
        if events <= self._unasked:
            self._unasked -= events
            return True
        pending = store.pending()
        left = self._most - pending - events
        self._unasked = max(0, min(left // _SHARE, _MOST_UNASKED))
        if left >= 0:
            return True
        if self._raises:
            raise OutboxFull(
                f"{self._path}: {pending} events wait already, and {self._most} may (max_pending); "
                f"{events} more were not accepted"
            )
        return False
