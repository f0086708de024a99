"""Credentials that a client asks for before each call, rather than being given them once.

No secret is a variable here while anything can fail: tracebacks are reported with theirs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Protocol

from ..calls.requests import Keys
from ..http.connections import time_left
from ..http.headers import Headers
from ..http.security import ApiKey, Source, private


class Asking(Protocol):
    """What a source needs of the client that asks it."""

    def _ask(self, source: Callable[[], object], seconds: float) -> Awaitable[Any]:
        """What it returns, awaited if need be."""
        ...


class Credentials:
    """What a client knows of the credentials that it asks for."""

    def __init__(self, keys: Iterable[ApiKey], base: str) -> None:
        """`base`: the client's server."""
        self._sources = {
            key: _source(key.source) for key in keys if key.source is not None
        }
        for source in self._sources.values():
            source.begin(base)

    async def current(
        self, client: Asking, keys: Iterable[ApiKey], deadline: float
    ) -> Keys:
        """What stands for each of `keys` now. `deadline` is on the monotonic clock.

        Raises whatever a function that was given raises; TimedOut.
        """
        return {
            key: await self._sources[key].current(client, key, deadline) for key in keys
        }

    async def renewed(self, client: Asking, refused: Keys, deadline: float) -> Keys:
        """What stands for each instead, once the server has refused them."""
        return {
            key: await self._sources[key].renewed(client, key, value, deadline)
            for key, value in refused.items()
        }


class _Function(Source):
    """A function of the caller's."""

    def __init__(self, function: Callable[[], object]) -> None:
        self._function = function
        self._last: tuple[str, ApiKey] | None = None

    def begin(self, base: str) -> None:
        """A function works with any server."""

    async def current(self, client: Any, key: ApiKey, deadline: float) -> ApiKey:
        seconds = time_left(deadline)
        found = self._as_key(key, await client._ask(self._function, seconds))
        time_left(deadline)
        return found

    async def renewed(
        self, client: Any, key: ApiKey, refused: ApiKey, deadline: float
    ) -> ApiKey:
        return await self.current(client, key, deadline)

    @private
    def _as_key(self, key: ApiKey, text: object) -> ApiKey:
        """The same object for the same text, so that requests prepared with it are found again."""
        last = self._last
        if last is not None and last[0] == text:
            return last[1]
        found = key.asked(text)
        if key.location == "header":
            Headers({key.name: found.value}).encoded()  # refuses what HTTP forbids
        self._last = (str(text), found)
        return found


def _source(source: Source | Callable[[], object]) -> Source:
    return source if isinstance(source, Source) else _Function(source)
