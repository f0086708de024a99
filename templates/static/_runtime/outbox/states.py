"""What an outbox has in one process: its store, its senders, and the lock between them."""

from __future__ import annotations

from secrets import randbits
from threading import RLock
from typing import Any

from ..delivery.settings import Settings, Sync
from ..store.files import MEMORY
from ..store.memory import MemoryStore
from ..store.owners import owner
from ..store.storage import Storage
from ..store.store import Store
from .desk import Desk
from .receipts import Receipts


class State:
    """What belongs to one process: a child makes its own."""

    def __init__(
        self, path: str, package: str, settings: Settings, *, create: bool
    ) -> None:
        self.store = _store(path, package, settings.sync, create=create)
        self.lock = RLock()
        """Held by whoever uses what follows."""
        self.receipts = Receipts()
        self.owner = owner()
        self.stopping = False
        self.complaints: dict[str, str] = {}
        """What is wrong with what is tried again and again, as it was logged."""
        self.noted: str | None = ""
        """Why nothing is sent, as it was written down for other processes; None: that failed."""
        self.told_undone = 0.0
        """When it was last logged that what was delivered cannot be written down."""
        self.workers: list[Any] = []
        """Threads, or tasks."""
        self._settings = settings
        self.begin()

    def begin(self) -> None:
        """Know nothing of what was read of the store."""
        self.desk = Desk(self.store, self._settings.backoff, self._settings.rate)
        self.claimed = 0.0
        self.follows = False
        """Another process delivers."""
        self.version = -1
        self.idle = 0


def _store(path: str, package: str, sync: Sync, *, create: bool) -> Storage:
    """What keeps the events of a package. Raises OutboxError."""
    origin = randbits(62)
    if path == MEMORY:
        return MemoryStore(origin)
    store = Store(path, sync, origin, create=create)
    try:
        store.belong_to(package)
    except BaseException:
        store.close()
        raise
    return store
