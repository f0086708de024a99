"""Do the arguments and servers stay apart that configuration names?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..diagnostics.diagnostic import Diagnostic
from ..model.model import Model, Server
from ..model.supported import server_problem
from ..python.naming import FIXED_ARGUMENTS, constant_name
from ..text.pointers import join
from .names.faults import Faults

if TYPE_CHECKING:
    from ..config.config import ClientConfig
    from ..document.load import Document


def unsendable(document: Document, client: ClientConfig, model: Model) -> Iterator[Diagnostic]:
    """One diagnostic for each name that would be taken twice."""
    faults = Faults(document, client)
    yield from _arguments(faults, client, model)
    yield from _servers(faults, client, model)


def _arguments(faults: Faults, client: ClientConfig, model: Model) -> Iterator[Diagnostic]:
    """Configured names of arguments that the constructor has for something else."""
    taken = {p.name for o in model.operations for p in o.parameters if p.switch}
    taken |= FIXED_ARGUMENTS
    for key, auth in client.auth.items():
        if auth.username in taken:
            yield faults.of(
                "E302",
                f"a credential cannot be called {auth.username}: every client's constructor "
                "needs that name for something else",
                ("auth", key, "username"),
                join("/components/securitySchemes", key),
                f"choose another username in [client.auth.{key}]",
            )
        taken.add(auth.username)


def _servers(faults: Faults, client: ClientConfig, model: Model) -> Iterator[Diagnostic]:
    """Servers that would be one member of the enum."""
    first: dict[str, Server] = {}
    for server in model.servers:
        if server_problem(server):
            continue
        other = first.setdefault(constant_name(server.name), server)
        if other is not server:
            said = [each.name for each in (server, other) if each.name in client.servers]
            yield faults.of(
                "E311",
                f"the servers {other.url} and {server.url} would both be called {server.name}",
                ("servers", said[0]) if said else (),
                server.at,
                "name them in [client.servers], by names that differ in more than case",
            )
