"""What the command line knows of the package that it is part of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import CommandError
from .reading.events import Events


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package with events, as its `__main__` describes it.

    Attributes:
        name: that it is imported by.
        events: what `parse_event` knows.
        client: the class of its sync client.
        outbox: the class of its sync outbox.
        operations: the names of the operations that take events.
        batches: the names of the operations that take many of them in one request.
        credentials: arguments of the client that come from the environment.
        servers: the names of the servers.
        server_variables: arguments of the client for variables of a server's URL.
        switches: arguments of the client that are on or off.
    """

    name: str
    events: Events
    client: Any
    outbox: Any
    operations: Sequence[str] = ()
    batches: Sequence[str] = ()
    credentials: Sequence[str] = ()
    servers: Sequence[str] = ()
    server_variables: Sequence[str] = ()
    switches: Sequence[str] = ()

    @property
    def last_name(self) -> str:
        """The last part of its name, which it keeps wherever it is vendored."""
        return self.name.rpartition(".")[2]

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables of the environment that hold the credentials."""
        return tuple(f"{self.last_name}_{each}".upper() for each in self.credentials)

    @property
    def client_arguments(self) -> tuple[str, ...]:
        """What the command line says of the client."""
        return ("server", *self.server_variables, *self.switches)

    def made_client(self, given: Mapping[str, Any], *, sends: bool = True) -> Any:
        """A client with credentials from the environment.

        Args:
            given: what the command line says.
            sends: whether it is to send; else it needs no credential.

        Raises:
            CommandError: a credential is missing, or something cannot be right.
        """
        try:
            return self.client.from_env(disabled=not sends, **given)
        except (TypeError, ValueError) as error:
            raise CommandError(str(error)) from None
