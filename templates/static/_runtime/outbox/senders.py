"""The threads of a sync outbox: each has many requests under way at once, or one."""

from __future__ import annotations

import socket
from contextlib import suppress
from math import inf

from ..http.waiting import SideBySide, ready
from ..store.storage import Stored
from .batches import Batches, Judged


class Sender:
    """What one thread has under way, and the bell that ends its waiting.

    Args:
        most: how many requests there may be at once.

    Attributes:
        asleep: it was noted that it waits for the bell.
        judged: what has come of some of it, to be settled.
        broken: what was taken and not sent to its end, for an error that nobody foresaw.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._here, self._there = socket.socketpair()
        self._here.setblocking(False)
        self._there.setblocking(False)
        self._work = SideBySide()
        self._work.start(self._listen())
        self.asleep = False
        self.judged: Judged = []
        self.broken: list[tuple[list[Stored], Exception]] = []

    @property
    def busy(self) -> bool:
        """Whether anything is under way."""
        return len(self._work) > 1  # the first listens to the bell

    @property
    def free(self) -> bool:
        """Whether something more may be, as nothing is to be settled first."""
        return len(self._work) <= self._most and not self.landed

    @property
    def landed(self) -> bool:
        """Whether there is something to be settled."""
        return bool(self.judged or self.broken)

    def ring(self) -> None:
        """Have it look again, if it waits. Any thread may call this; it takes no lock."""
        # It has rung so often that it will be heard, or is closed.
        with suppress(OSError):
            self._there.send(b"!")

    def start(self, taken: list[Stored], batches: Batches) -> None:
        """Begin to send what was taken."""
        self._work.start(self._carry(taken, batches))

    def turn(self, seconds: float) -> None:
        """Wait for an answer or the bell, no longer than so many seconds."""
        if not self.landed:
            self._work.turn(seconds)

    def take_landed(self) -> tuple[Judged, list[tuple[list[Stored], Exception]]]:
        """What is to be settled: what was judged, and what is broken."""
        landed = self.judged, self.broken
        self.judged, self.broken = [], []
        return landed

    def close(self) -> None:
        """Let go of the bell."""
        self._here.close()
        self._there.close()

    async def _carry(self, taken: list[Stored], batches: Batches) -> None:
        try:
            await batches.carry(taken, self._land)
        except Exception as error:  # noqa: BLE001 - it is logged
            self.broken.append((taken, error))

    async def _land(self, judged: Judged) -> None:
        self.judged += judged

    async def _listen(self) -> None:
        while True:
            await ready(self._here, inf)
            with suppress(OSError):
                self._here.recv(64)
