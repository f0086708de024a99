"""The outbox of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any, ClassVar

from ..delivery.parcels import CredentialError, Parcel
from ..outbox.outbox import SyncOutbox
from ..values.frozen import EMPTY
from .calls import check_bare
from .errors import CommandError
from .package import Package


class BulkOutbox(SyncOutbox):
    """What a run needs of an outbox, beside what others do; to be mixed into a package's own."""

    variables: ClassVar[Sequence[str]] = ()
    """Of the environment, which hold the credentials."""

    def checked(
        self, event: Any, operation: str | None, label: str, given: Mapping[str, Any]
    ) -> Parcel:
        """What would be sent of an event, and `given` beside it.

        Raises:
            CommandError: several operations take it, and none is named; or an argument is a
                credential.
            What `put` does.
        """
        try:
            return self._parcel(event, operation, None, label, dict(given))
        except CredentialError as error:
            raise CommandError(str(error)) from None
        except TypeError:
            if operation is None:
                self._check_operation(event)
            raise

    def _check_operation(self, event: Any) -> None:
        """Whether an event says all that there is to say of its call. Raises CommandError."""
        known = self._routes.taking(event)
        if len(known) == 1:
            check_bare(self._sender, known[0], self._routes.argument_of(known[0]))
        elif known:
            name, listed = type(event).__name__, ", ".join(known)
            raise CommandError(
                f"several operations take {name}: say which with --operation, one of {listed}"
            )

    @classmethod
    def argument_of(cls, operation: str) -> str:
        """What the method of an operation calls the event."""
        return cls._routes.argument_of(operation)

    def check_let_in(self, operation: str) -> None:
        """Whether the client has a credential for an operation, if it needs one.

        Raises:
            CommandError: it has none.
        """
        endpoint = self._routes.endpoint(operation)
        if endpoint is None:
            return
        requests = getattr(self._sender, "_requests")  # noqa: B009 - of the same runtime
        try:
            requests.sources(endpoint)
        except ValueError as error:
            listed = " or ".join(self.variables)
            raise CommandError(
                f"{error}. The environment has none: set {listed}"
            ) from None

    def check_first(self) -> None:
        """The same for the operation of the event that waits first."""
        for stored in self._state.store.read(0, 1).found:
            self.check_let_in(stored.parcel.operation)

    def put_parcels(
        self, parcels: Sequence[Parcel], notes: Mapping[str, str] = EMPTY
    ) -> None:
        """Store them all, and notes, or nothing. Raises OutboxError."""
        self._state.store.add_many(parcels, notes)

    def stop(self, seconds: float) -> None:
        """Begin nothing more, and wait so long at most for what is under way."""
        self._stop(self._state, monotonic() + seconds)


def bulk_class(package: Package, *, creates: bool) -> Any:
    """The class of a package's outbox, with that; `creates`: whether it makes the file."""
    variables = {"variables": package.variables, "_creates": creates}
    return type("BulkOutbox", (BulkOutbox, package.outbox), variables)
