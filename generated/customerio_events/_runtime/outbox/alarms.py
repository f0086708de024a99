"""What `on_failure` of an async outbox returns, where that is to be awaited."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from inspect import isawaitable
from logging import Logger
from math import inf

from ..delivery.reports import FAILED


class Alarms:
    """Those that are under way, each in a task. Errors are logged, and change nothing."""

    def __init__(self, logger: Logger) -> None:
        self._logger = logger
        self._under_way: set[asyncio.Task[None]] = set()

    def take(self, returned: object) -> None:
        """Have it awaited, if it can be."""
        if isawaitable(returned):
            task = asyncio.ensure_future(self._await(returned))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def over(self, seconds: float) -> None:
        """Wait for all but the one that calls this, no longer than so many seconds."""
        others = self._under_way - {asyncio.current_task()}
        if others:
            await asyncio.wait(others, timeout=None if seconds == inf else seconds)

    async def _await(self, returned: Awaitable[object]) -> None:
        try:
            await returned
        except Exception:
            self._logger.exception(FAILED, "outbox")
