"""What an outbox has in one process: its store, its senders, and the lock between them."""

from __future__ import annotations

from secrets import randbits
from threading import RLock
from typing import Any

from ..delivery.settings import Settings, Sync
from ..store.errors import Busy, OutboxError
from ..store.files import MEMORY
from ..store.memory import MemoryStore
from ..store.owners import owner
from ..store.storage import Storage
from ..store.store import Store
from .desk import Desk
from .receipts import BaseReceipt, Outcome, Receipts

_OFTEN = 0.1
_SELDOM = 1.0


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
        self.settling: set[int] = set()
        """What is decided, by id, until who waits for it has been told."""

    @property
    def patience(self) -> float:
        """Seconds until a receipt is looked up again: who delivers is told of what comes of it."""
        delivers = self._settings.concurrency and not self.follows
        return _SELDOM if delivers else _OFTEN

    def look_up(self, receipt: BaseReceipt) -> None:
        """Settle the receipt of an event that another process may have delivered."""
        known = self.store.outcome(receipt.id)
        # Of what this one has just written it is to be told more. It is told before it leaves.
        told = receipt.id in self.settling or receipt.outcome is not None
        if known is not None and not told:
            receipt.settle(Outcome.of(known))

    def leave(self) -> bool:
        """Have others deliver, and close the file; False: they are writing just now."""
        with self.store.lock:  # a thread that claims the lease may be late
            try:
                self.store.release(self.owner, wait=0.0)
            except Busy:
                return False
            except OutboxError:  # it ends by itself
                pass
            self.store.close()
        return True


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
