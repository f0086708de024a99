"""Waiting for sockets: coroutines that await nothing else, one by itself or many side by side.

What is sync is written as such coroutines, so that there is one text for sync and async, and so
that one thread can have many requests under way without an event loop.
"""

from __future__ import annotations

import select
import socket
import types
from collections.abc import Callable, Coroutine, Generator
from math import inf
from time import monotonic
from typing import Any, Final, NamedTuple, Protocol, TypeVar

READ: Final[int] = getattr(select, "POLLIN", 1)
_WRITE: Final[int] = getattr(select, "POLLOUT", 4)
_T = TypeVar("_T")


class Ready(NamedTuple):
    """What can be done with a socket at once; neither: the time is over.

    Attributes:
        reading: something can be read, or the connection has ended.
        writing: more can be sent.
    """

    reading: bool
    writing: bool


class Wait(NamedTuple):
    """What a coroutine waits for.

    Attributes:
        socket: which one.
        reading: until it can be read from.
        writing: until it can be written to.
        seconds: no longer than so many.
    """

    socket: socket.socket
    reading: bool
    writing: bool
    seconds: float

    def over(self) -> Ready:
        """Wait here and now."""
        poll = poller()
        poll.register(self.socket.fileno(), _events(self))
        found = poll.poll(self.seconds * 1000)
        return _ready(found[0][1] if found else 0)


@types.coroutine
def ready(
    on: socket.socket, seconds: float, *, reading: bool = True, writing: bool = False
) -> Generator[Wait, Ready, Ready]:
    """Wait for a socket, as `Wait` says; what can be done with it then."""
    return (yield Wait(on, reading, writing, seconds))


def finished(work: Coroutine[Any, Any, _T]) -> _T:
    """The result of a coroutine that waits for nothing but sockets, or not at all."""
    given: Any = None
    while True:
        try:
            wait: Wait = work.send(given)
        except StopIteration as stop:
            result: _T = stop.value
            return result
        given = None
        try:
            given = wait.over()
        finally:
            if given is None:  # Ctrl-C, say: nothing is left open
                work.close()


class SideBySide:
    """Coroutines as `finished` takes them, many at once in the thread that calls it.

    They return nothing, and raise nothing: an error ends all.
    """

    def __init__(self) -> None:
        self._poll = poller()
        self._under_way: dict[int, tuple[Coroutine[Any, Any, None], float]] = {}
        """By the number of the socket it waits for: a coroutine, and until when it does."""
        self._soonest = inf
        """Nobody's time is over before that."""

    def __len__(self) -> int:
        return len(self._under_way)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin; it is left alone where it has to wait."""
        self._go_on(work, None)

    def turn(self, seconds: float) -> None:
        """Wait for one at least that can go on, no longer than so many seconds; let those go on."""
        wait = min(seconds, max(0.0, self._soonest - monotonic()), 3600.0)
        for number, events in self._poll.poll(wait * 1000):
            self._resume(number, _ready(events))
        now = monotonic()
        if now >= self._soonest:
            self._soonest = inf
            for number, (_, until) in list(self._under_way.items()):
                if until <= now:
                    self._resume(number, Ready(reading=False, writing=False))
                else:
                    self._soonest = min(self._soonest, until)

    def _resume(self, number: int, found: Ready) -> None:
        # Before it goes on: it may close the socket, and open another of the same number.
        self._poll.unregister(number)
        work, _ = self._under_way.pop(number)
        self._go_on(work, found)

    def _go_on(self, work: Coroutine[Any, Any, None], found: Ready | None) -> None:
        try:
            wait: Wait = work.send(found)
        except StopIteration:
            return
        number, until = wait.socket.fileno(), monotonic() + wait.seconds
        self._poll.register(number, _events(wait))
        self._under_way[number] = work, until
        self._soonest = min(self._soonest, until)


class Poller(Protocol):
    """Watches sockets by their numbers: `select.poll`, or what does the same."""

    def register(self, number: int, events: int, /) -> None: ...
    def unregister(self, number: int, /) -> None: ...
    def poll(self, milliseconds: float, /) -> list[tuple[int, int]]: ...


class _Select:
    """As on Windows, where there is no `select.poll`."""

    def __init__(self) -> None:
        self._watched: dict[int, int] = {}

    def register(self, number: int, events: int) -> None:
        self._watched[number] = events

    def unregister(self, number: int) -> None:
        del self._watched[number]

    def poll(self, milliseconds: float) -> list[tuple[int, int]]:
        read = [number for number, events in self._watched.items() if events & READ]
        write = [number for number, events in self._watched.items() if events & _WRITE]
        # What could not be connected is neither, but the third.
        found = select.select(read, write, write, milliseconds / 1000)
        events = dict.fromkeys([*found[0], *found[2]], READ)
        for number in found[1]:
            events[number] = events.get(number, 0) | _WRITE
        return list(events.items())


def poller() -> Poller:
    """One that watches nothing yet."""
    make: Callable[[], Poller] = getattr(select, "poll", _Select)
    return make()


def _events(wait: Wait) -> int:
    return (READ if wait.reading else 0) | (_WRITE if wait.writing else 0)


def _ready(events: int) -> Ready:
    return Ready(bool(events & ~_WRITE), bool(events & _WRITE))
