"""What a client answers itself, where nothing is sent."""

from __future__ import annotations

from typing import Final

from ..calls.requests import Endpoint
from ..http.headers import Headers
from ..http.http1 import encode
from ..http.messages import Request, Response

_WITHOUT_BODY: Final = frozenset({204, 205})
_JSON = Headers({"Content-Type": "application/json"})


def success_status(endpoint: Endpoint) -> int:
    """The success that the document has for an operation, the first of several; else 200."""
    numbers = (int(status) for status in endpoint.statuses if status.isdigit())
    return next((number for number in numbers if 200 <= number < 300), 200)


def unsent(endpoint: Endpoint, request: Request) -> Response:
    """The answer to a request that stays here: that success, with an empty object.

    Raises:
        ValueError: what no request can have.
    """
    encode(request)
    status = success_status(endpoint)
    if status in _WITHOUT_BODY:
        return Response(status, Headers(), b"")
    return Response(status, _JSON, b"{}")
