"""What a client is given when it is made: what surely cannot work is refused there.

Transports are told by what they can do, as their protocols say; one that may be right is taken.
"""

from __future__ import annotations

from inspect import iscoroutinefunction
from typing import NoReturn

from .http import AsyncTransport, Transport
from .retries import RetryPolicy


def checked_retries(retries: object) -> RetryPolicy:
    """The policy itself.

    Raises:
        TypeError: it is something else, such as a number of attempts.
    """
    if isinstance(retries, RetryPolicy):
        return retries
    raise TypeError(
        "retries must be a RetryPolicy, as in RetryPolicy(attempts=3), or RetryPolicy.none() "
        f"for one attempt, not {_kind(retries)}"
    )


def checked_transport(client: object, transport: Transport) -> Transport:
    """The transport itself.

    Raises:
        TypeError: it is none, or an async one.
    """
    wanted = "a Transport, such as HttpxTransport"
    for method in ("send", "close"):
        if not _can(transport, method):
            _refuse(client, wanted, transport, f"it has no method {method!r}")
    if iscoroutinefunction(transport.send):
        _refuse(client, wanted, transport, "its 'send' is async")
    return transport


def checked_async_transport(
    client: object, transport: AsyncTransport
) -> AsyncTransport:
    """The transport itself.

    Raises:
        TypeError: it is none, or a sync one.
    """
    # Whether `send` is async is not asked: a function that returns an awaitable is as good.
    wanted = "an AsyncTransport, such as AsyncHttpxTransport"
    for method in ("send", "aclose"):
        if not _can(transport, method):
            _refuse(client, wanted, transport, f"it has no method {method!r}")
    return transport


def _can(transport: object, method: str) -> bool:
    return callable(getattr(transport, method, None))


def _refuse(client: object, wanted: str, given: object, reason: str) -> NoReturn:
    name = type(client).__name__
    raise TypeError(f"{name} needs {wanted}, not {_kind(given)}: {reason}")


def _kind(value: object) -> str:
    return "None" if value is None else type(value).__name__
