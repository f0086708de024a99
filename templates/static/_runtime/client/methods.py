"""What the methods of a large client stand on, which are in modules of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .requests import Endpoint
    from .responses import Answer


class Methods:
    """Comes before `BaseClient` among the bases of a client."""

    if TYPE_CHECKING:

        def _call(self, endpoint: Endpoint, **given: Any) -> Answer[Any]: ...


class AsyncMethods:
    """Comes before `AsyncBaseClient` among the bases of a client."""

    if TYPE_CHECKING:

        async def _call(self, endpoint: Endpoint, **given: Any) -> Answer[Any]: ...
