"""Events that are read when somebody looks at them."""

from __future__ import annotations

from collections.abc import Callable


class Unread:
    """Stands for an event that is read when a hook looks at it."""

    def __init__(self, read: Callable[[], object]) -> None:
        self._read = read
        self._events: list[object] = []

    def event(self) -> object:
        """The event; read once."""
        if not self._events:
            self._events.append(self._read())
        return self._events[0]


def event_of(given: object) -> object:
    """The event that a call was given, be it `Unread`."""
    return given.event() if isinstance(given, Unread) else given
