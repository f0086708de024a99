"""Which parts of a document were found faulty, for later checks to leave alone."""

from __future__ import annotations

from .pointers import Tokens


class Faulty:
    """The places of faults found so far."""

    def __init__(self) -> None:
        self._places: set[Tokens] = set()
        self._around: set[Tokens] = set()

    def __bool__(self) -> bool:
        return bool(self._places)

    def add(self, place: Tokens) -> None:
        """A fault is at `place`."""
        self._places.add(place)
        while place not in self._around:
            self._around.add(place)
            place = place[:-1]

    def touches(self, place: Tokens) -> bool:
        """Whether a fault is at a place, in it, or in what it is a part of."""
        if self.holds(place):
            return True
        return any(place[:length] in self._places for length in range(len(place)))

    def holds(self, place: Tokens) -> bool:
        """Whether a fault is at a place or in it."""
        return place in self._around
