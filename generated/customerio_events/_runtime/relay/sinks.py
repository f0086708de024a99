"""The seam between a relay and the engine in which its parcels wait."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, TypeAlias, TypeVar

from ..delivery.pacing import Backoff, Trouble
from ..delivery.parcels import Parcel
from ..delivery.stalls import Stall
from ..delivery.verdicts import Verdict

Ticket: TypeAlias = int | str
"""What an engine knows a parcel by."""
Into_contra = TypeVar("Into_contra", contravariant=True)


class SinkError(Exception):
    """An engine is not as it has to be: not installed, not set up, or of another version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was taken from an engine: the text of a parcel, for this process for a while."""

    ticket: Ticket
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    """What is not delivered, and never will be."""

    ticket: Ticket
    text: str
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What a relay gives its sink to deliver with.

    Attributes:
        attempt: sends a parcel once; from any thread.
        tell_dead: logs a dead letter and calls `on_failure`: parcel, verdict, attempts, id.
        tell_paused: the same where the server lets nobody in.
        tell_once: logs an error that is the same of many events, the first time.
        tell_changed: logs that nothing gets through for the moment, and that it goes on: what was
            the matter with the server, what is, the same for people, and what has shown it.
        backoff: how long to wait after failures.
        rate: events a second at most, of this process; None: no limit.
        concurrency: how many are sent at a time, by this process.
        disabled: the client sends nothing, so that nothing may be taken for delivered.
        logger: that of the package.
    """

    attempt: Callable[[Parcel], Verdict]
    tell_dead: Callable[[Parcel | None, Verdict, int, Ticket], None]
    tell_paused: Callable[[Parcel | None, Verdict, int, Ticket], None]
    tell_once: Callable[[str], None]
    tell_changed: Callable[
        [Trouble | None, Trouble | None, Stall | None, Verdict], None
    ]
    backoff: Backoff
    rate: float | None
    concurrency: int
    disabled: bool
    logger: Any


class Sink(Protocol[Into_contra]):
    """Where parcels wait until they are delivered.

    `Into`: what `put` needs beside the parcel, such as a connection; None: nothing.
    """

    def join(self, delivery: Delivery, /) -> None:
        """Take note of what delivers; called once, by the relay that is made with it."""
        ...

    def put(self, parcel: Parcel, into: Into_contra, /) -> None:
        """Keep a parcel. It is durable when this returns, as far as the engine is."""
        ...

    def run(self, stopped: Callable[[], bool], /) -> None:
        """Deliver what is there and what comes, until it is time to stop."""
        ...


class Queue(Protocol):
    """An engine that parcels are taken from, as the pump uses it: from one thread.

    `lease`: seconds for which what was taken is nobody else's, unless `renew` says so again.
    """

    @property
    def lease(self) -> float: ...

    def is_away(self, error: Exception) -> bool:
        """Whether that was raised because it cannot be reached, or not for the moment."""
        ...

    def open(self) -> None:
        """Make ready, at first and after a failure. Raises SinkError where it is of no use."""
        ...

    def take(self, most: int, wait: float) -> Sequence[Taken]:
        """The next ones, which are this process's then; waits for the first, in seconds."""
        ...

    def settle(self, delivered: Sequence[Ticket], dead: Sequence[Dead]) -> None:
        """Remove what is delivered; put aside what never will be. Called again where it fails."""
        ...

    def renew(self, tickets: Sequence[Ticket], *, late: bool) -> Collection[Ticket]:
        """These are still in the works; those that are not this process's any more.

        `late`: the lease may have ended meanwhile, so that others may have taken them. Where it
        has not, none is given up.
        """
        ...

    def release(self, tickets: Sequence[Ticket]) -> None:
        """These are for others to take, at once."""
        ...

    def hold(self, seconds: float) -> None:
        """Nobody is to send anything for so long."""
        ...

    def held(self) -> float:
        """Seconds for which nobody is to send anything."""
        ...

    def close(self) -> None:
        """Let go of connections of its own."""
        ...


def library(name: str, whose: str) -> Any:
    """A library that an adapter stands on, imported.

    Raises:
        ImportError: it is not installed; says what to install.
    """
    try:
        return import_module(name)
    except ImportError as error:
        if error.name is None or error.name.partition(".")[0] != name.partition(".")[0]:
            raise
    package = name.partition(".")[0]
    raise ImportError(
        f"{whose} needs the library {package}: pip install {package}", name=package
    )
