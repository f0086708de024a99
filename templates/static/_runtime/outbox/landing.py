"""What has come back to an async outbox: what lands together is written together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TypeAlias

from ..store.errors import Busy
from ..store.journal import PATIENCE
from .desk import Settlement

_SLOW = 1.0
"""Seconds between tries to write to a disk that is full."""
_Write: TypeAlias = Callable[[list[Settlement], float], None]
_Done: TypeAlias = Callable[[list[Settlement], BaseException | None], None]


class _Turn:
    """What is written together, and whether that is over."""

    __slots__ = ("over", "settlements")

    def __init__(self) -> None:
        self.settlements: list[Settlement] = []
        self.over = asyncio.Event()


class Landing:
    """Settles together what lands in one turn of an event loop, or while others are written.

    It is done by callbacks of the loop and by no task: whoever cancels tasks does not cancel that.

    Args:
        loop: the one that is running.
        write: makes decisions durable, and waits so many seconds for others that write. It is
            called in a thread where it would have to wait.
        done: is told, on the loop, what was written, or why it is given up. Raises nothing.
        again: says of an error whether to try once more.
        at_once: whether a write is short, unless others are writing.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        write: _Write,
        done: _Done,
        again: Callable[[BaseException], bool],
        *,
        at_once: bool,
    ) -> None:
        self._loop = loop
        self._write, self._done, self._again = write, done, again
        self._at_once = at_once
        self._landed: _Turn | None = None
        self._written: _Turn | None = None
        """The turn that is being written."""

    async def settle(self, settlements: list[Settlement]) -> None:
        """Have decisions written with what else lands now, and return when that is over.

        Once this is called they are settled, also where whoever waits here is cancelled.
        """
        turn = self._landed
        if turn is None:
            turn = self._landed = _Turn()
            if self._written is None:
                self._loop.call_soon(self._begin)
        turn.settlements += settlements
        await asyncio.sleep(0)  # mostly it is over then
        if not turn.over.is_set():
            await turn.over.wait()

    async def emptied(self, seconds: float) -> bool:
        """Wait, for each of two writes no longer than so many seconds; whether nothing is left."""
        for turn in (self._written, self._landed):
            if turn is not None:
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(turn.over.wait(), seconds)
        return self._written is self._landed is None

    def forget(self) -> None:
        """Leave what is not written yet to whoever sends it again."""
        self._written = self._landed = None

    def _begin(self) -> None:
        self._written, self._landed = self._landed, None
        if self._written is not None:
            self._try(self._written)

    def _try(self, turn: _Turn) -> None:
        if turn is self._written:  # else it was forgotten
            self._go_on(turn, self._start)

    def _go_on(self, turn: _Turn, step: Callable[[_Turn], None]) -> None:
        """Do the next step of a turn, which ends with it where that fails, be it by Ctrl-C."""
        try:
            step(turn)
        except BaseException as error:
            self._end(turn, error)
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise

    def _start(self, turn: _Turn) -> None:
        """Write here and now, or in a thread where it may have to wait."""
        if self._at_once:
            with suppress(Busy):
                self._write(turn.settlements, 0.0)
                self._end(turn, None)
                return
        try:
            thread = self._loop.run_in_executor(
                None, self._write, turn.settlements, PATIENCE
            )
        except RuntimeError:  # the threads of the loop were shut down for good
            self._write(turn.settlements, PATIENCE)
            self._end(turn, None)
            return

        def end(turn: _Turn) -> None:
            self._end(turn, thread.exception())

        thread.add_done_callback(lambda _: self._go_on(turn, end))

    def _end(self, turn: _Turn, error: BaseException | None) -> None:
        if turn is not self._written:
            return
        if error is not None and self._again(error):
            self._loop.call_later(_SLOW, self._try, turn)
            return
        self._done(turn.settlements, error)
        turn.over.set()
        self._begin()
