"""What the methods of a client stand on that are in modules of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..calls.requests import Endpoint
    from ..calls.responses import Answer


class Methods:
    """Comes before `BaseClient` among the bases of a client."""

    if TYPE_CHECKING:

        def _call(self, endpoint: Endpoint, **given: Any) -> Answer[Any]: ...
        def _on(self, name: str, value: bool) -> bool: ...


class AsyncMethods:
    """Comes before `AsyncBaseClient` among the bases of a client."""

    if TYPE_CHECKING:

        async def _call(self, endpoint: Endpoint, **given: Any) -> Answer[Any]: ...
        def _on(self, name: str, value: bool) -> bool: ...


class Group:
    """Operations of one tag, an attribute of a client."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def _call(self, endpoint: Endpoint, **given: Any) -> Answer[Any]:
        answer: Answer[Any] = self._client._call(endpoint, **given)
        return answer


class AsyncGroup:
    """The same of an async client."""

    def __init__(self, client: Any) -> None:
        self._client = client

    async def _call(self, endpoint: Endpoint, **given: Any) -> Answer[Any]:
        answer: Answer[Any] = await self._client._call(endpoint, **given)
        return answer
