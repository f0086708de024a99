"""What an outbox, or a relay, is made with: checked before anything is opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from ..client.client import ClientCore
from .checks import function, instance, kind, number, one_of, whole
from .failures import Alarm
from .keys import Key
from .pacing import Backoff

Sync: TypeAlias = Literal["os", "disk"]
WhenFull: TypeAlias = Literal["raise", "wait"]
MOST_AT_A_TIME: Final = 1000
"""Each is a connection, and a task or, where something of the caller's may block, a thread."""
_MOST_IN_BATCH: Final = 1_000_000
_MOST_A_SECOND: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an outbox is made with: see there.

    Raises:
        TypeError: something of another kind than is wanted.
        ValueError: a number or a text that is out of range.
    """

    client: ClientCore[Any] = field(repr=False)
    key: Key
    concurrency: int
    sync: Sync = "os"
    max_pending: int | None = None
    when_full: WhenFull = "raise"
    rate: float | None
    batch: str | None = None
    batch_size: int = 100
    backoff: Backoff
    on_failure: Alarm | None

    def __post_init__(self) -> None:
        whole("concurrency", self.concurrency, least=0, most=MOST_AT_A_TIME)
        one_of("sync", self.sync, ("os", "disk"))
        one_of("when_full", self.when_full, ("raise", "wait"))
        if self.max_pending is not None:
            whole("max_pending", self.max_pending, least=1)
        if self.rate is not None:
            number("rate", self.rate, most=_MOST_A_SECOND, what="events a second")
        whole("batch_size", self.batch_size, least=1, most=_MOST_IN_BATCH)
        instance("backoff", self.backoff, Backoff, "Backoff(cap=10)")
        function("on_failure", self.on_failure)

    @property
    def package(self) -> str:
        """The dotted name of the package, which its logger has too."""
        name: str = getattr(self.client, "_package")  # noqa: B009 - not of its users
        return name

    @property
    def disabled(self) -> bool:
        """The client sends nothing, so nothing of a file may be taken for sent."""
        found: bool = getattr(self.client, "_disabled")  # noqa: B009 - not of its users
        return found


def check_client(settings: Settings, wanted: type[ClientCore[Any]]) -> None:
    """Refuse what is no client of the package, or none of the kind that sends here.

    Args:
        settings: have the client, and what is called on its thread or loop.
        wanted: the class of the package.

    Raises:
        TypeError: it is another; says what it is.
        ValueError: it is closed.
    """
    client: Any = settings.client
    if not isinstance(client, wanted):
        hint = _hint(type(settings.client), wanted)
        raise TypeError(
            f"client must be a {wanted.__name__}, not {kind(settings.client)}{hint}"
        )
    if getattr(settings.client, "_closed"):  # noqa: B009 - not of its users
        raise ValueError("client is closed: nothing could be sent with it")
    function("on_failure", settings.on_failure, may_be_async=_is_async(wanted))


def _hint(made: type[Any], wanted: type[Any]) -> str:
    """Where a client is from that is not the one that is wanted."""
    if ClientCore not in made.__mro__:
        return ""
    if _is_async(made) is _is_async(wanted):
        return " of another package"
    return f", which is for an {'Outbox' if _is_async(wanted) else 'AsyncOutbox'}"


def _is_async(client: type[Any]) -> bool:
    found: bool = getattr(client, "_takes_async")  # noqa: B009 - not of its users
    return found
