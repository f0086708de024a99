"""Events that are read when somebody looks at them."""

from __future__ import annotations

from collections.abc import Callable


class Unread:
    """Stands for an event that is read when a hook looks at it: what `read` makes of `given`."""

    __slots__ = ("_event", "_given", "_read")

    def __init__(self, read: Callable[..., object], *given: object) -> None:
        self._read, self._given = read, given
        self._event: tuple[object] | None = None

    def event(self) -> object:
        """The event; read once."""
        if self._event is None:
            self._event = (self._read(*self._given),)
        return self._event[0]


def event_of(given: object) -> object:
    """The event that a call was given, be it `Unread`."""
    return given.event() if isinstance(given, Unread) else given
