"""Where the events of an input go: into an outbox, or nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from ..delivery.parcels import Parcel
from .reading.inputs import Read
from .reading.source import Fault
from .state import Invalid, Manifest

_TOGETHER = 500
_MOST_BYTES = 4_000_000


class Target(Protocol):
    """What an input is loaded into."""

    def put(self, read: Read) -> None:
        """Take an event. Raises ValidationError, TypeError or ValueError for what it refuses."""
        ...

    def leave_out(self, fault: Fault) -> None:
        """Take note of a row that is wrong."""
        ...


class Checking:
    """Takes events, and keeps none."""

    def __init__(
        self, box: Any, operation: str | None, given: Mapping[str, Any]
    ) -> None:
        self._box = box
        self._operation = operation
        self._given = given

    def put(self, read: Read) -> None:
        self._box.checked(read.event, self._operation, "", self._given)

    def leave_out(self, fault: Fault) -> None:
        """Nothing is kept."""


class Filling:
    """Puts events into an outbox, many at a time."""

    def __init__(
        self,
        box: Any,
        invalid: Invalid,
        operation: str | None,
        given: Mapping[str, Any],
    ) -> None:
        self._box = box
        self._given = given
        self._operation = operation
        self._parcels: list[Parcel] = []
        self._operations = set[str]()
        self._bytes = 0
        self._invalid = invalid

    def put(self, read: Read) -> None:
        line = str(read.line)
        parcel = self._box.checked(read.event, self._operation, line, self._given)
        if parcel.operation not in self._operations:
            self._box.check_let_in(parcel.operation)
            self._operations.add(parcel.operation)
        self._parcels.append(parcel)
        self._bytes += len(parcel.body)
        if len(self._parcels) >= _TOGETHER or self._bytes > _MOST_BYTES:
            self._box.put_parcels(self._parcels)
            self._parcels.clear()
            self._bytes = 0

    def leave_out(self, fault: Fault) -> None:
        self._invalid.add(fault)

    def finish(self, made: Manifest) -> None:
        """Put the last ones in, and what all was made from."""
        self._invalid.flush()
        self._box.put_parcels(self._parcels, made.notes())
