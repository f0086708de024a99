"""The outbox of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any

from ..delivery.outbox import SyncOutbox
from ..delivery.parcels import Parcel
from ..values.frozen import EMPTY
from .errors import CommandError
from .state import remembered


class BulkOutbox(SyncOutbox):
    """What a run needs of an outbox, beside what others do; to be mixed into a package's own."""

    def checked(
        self, event: Any, operation: str | None, label: str, given: Mapping[str, Any]
    ) -> Parcel:
        """What would be sent of an event, and `given` beside it.

        Raises:
            CommandError: several operations take it, and none is named.
            What `put` does.
        """
        try:
            return self._parcel(event, operation, None, label, dict(given))
        except TypeError:
            known = [] if operation else self._routes.taking(event)
            if len(known) < 2:
                raise
            name, listed = type(event).__name__, ", ".join(known)
            raise CommandError(
                f"several operations take {name}: say which with --operation, one of {listed}"
            ) from None

    def put_parcels(
        self, parcels: Sequence[Parcel], notes: Mapping[str, str] = EMPTY
    ) -> None:
        """Store them all, and notes, or nothing. Raises OutboxError."""
        self._state.store.add_many(parcels, notes)

    def is_of_run(self) -> bool:
        """Whether it is what a run has filled. Raises OutboxError."""
        return remembered(self._state.store) is not None

    def stop(self, seconds: float) -> None:
        """Begin nothing more, and wait so long at most for what is under way."""
        self._stop(self._state, monotonic() + seconds)


def bulk_class(outbox: Any) -> Any:
    """The class of a package's outbox, with that."""
    return type("BulkOutbox", (BulkOutbox, outbox), {})
