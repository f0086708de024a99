"""What an outbox has in one process: its store, its senders, and the lock between them."""

from __future__ import annotations

from secrets import randbits
from threading import RLock
from typing import Any

from .desk import Desk
from .files import MEMORY
from .memory import MemoryStore
from .owners import owner
from .receipts import Receipts
from .settings import Settings
from .storage import Storage
from .store import Store


class State:
    """What belongs to one process: a child makes its own."""

    def __init__(self, path: str, settings: Settings) -> None:
        origin = randbits(62)
        self.store: Storage
        self.store = (
            MemoryStore(origin)
            if path == MEMORY
            else Store(path, settings.sync, origin)
        )
        self.lock = RLock()
        """Held by whoever uses what follows."""
        self.receipts = Receipts()
        self.owner = owner()
        self.stopping = False
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
