"""What a client is made with, checked; and what is wrong with it, in words."""

from __future__ import annotations

from inspect import isawaitable, iscoroutine, iscoroutinefunction

from ..http.security import ssl
from ..http.servers import Proxies
from .retries import RetryPolicy


def checked_retries(retries: object) -> RetryPolicy:
    """`retries` itself. Raises TypeError for what is no policy."""
    if isinstance(retries, RetryPolicy):
        return retries
    raise TypeError(
        "retries must be a RetryPolicy, as in RetryPolicy(attempts=3), or RetryPolicy.none() "
        f"for one attempt, not {_kind(retries)}"
    )


def proxies_of(
    transport: object,
    ssl_context: ssl.SSLContext | None,
    proxies: Proxies | None,
    trust_env: bool,
) -> Proxies:
    """The proxies of a client. Raises ValueError for what a transport that is given decides."""
    if transport is not None and (ssl_context is not None or proxies is not None):
        raise ValueError(
            "ssl_context and proxies are the business of the transport given"
        )
    if proxies is not None:
        return proxies
    own = trust_env and transport is None
    return Proxies.from_environment() if own else Proxies()


def check_transport(transport: object, wanted: tuple[str, str], client: str) -> None:
    """Transports are told by what they can do; one that may be right is taken.

    Args:
        wanted: what a transport is called, and how it is closed.
        client: what the client is called.

    Raises:
        TypeError: one that cannot work.
    """
    called, close = wanted
    missing = [
        f"it has no method {name!r}"
        for name in ("send", close)
        if not callable(getattr(transport, name, None))
    ]
    # Of an async one it is not asked: a function that returns an awaitable is as good.
    async_ = iscoroutinefunction(getattr(transport, "send", None))
    if not missing and (close == "aclose" or not async_):
        return
    problem = missing[0] if missing else "its 'send' is async"
    raise TypeError(f"{client} needs {called}, not {_kind(transport)}: {problem}")


def checked_bool(name: str, value: object) -> bool:
    """`value`, if it is True or False: `"no"`, for one, would count as yes."""
    if isinstance(value, bool):
        return value
    raise TypeError(f"{name} must be True or False, not {_kind(value)}")


def no_awaitable(value: object) -> object:
    """`value` itself, unless it wants to be awaited: a TypeError."""
    if isinstance(value, str) or not isawaitable(value):
        return value
    if iscoroutine(value):
        value.close()  # or Python would complain that nobody awaits it
    raise TypeError("only an async client can await what a function returns")


def _kind(value: object) -> str:
    return "None" if value is None else type(value).__name__
