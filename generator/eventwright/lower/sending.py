"""Can each operation be sent as the document has it, and do the arguments stay apart?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..diagnostics.diagnostic import Diagnostic
from ..model.model import Model, Operation, Server
from ..model.supported import parameter_problem, server_problem, ways_in
from ..python.naming import FIXED_ARGUMENTS, constant_name
from ..text.pointers import join
from .names.faults import Faults

if TYPE_CHECKING:
    from ..config.config import ClientConfig
    from ..document.load import Document


def unsendable(document: Document, client: ClientConfig, model: Model) -> Iterator[Diagnostic]:
    """One diagnostic for each thing that could only be sent wrong."""
    faults = Faults(document, client)
    yield from _arguments(faults, client, model)
    yield from _servers(faults, client, model)
    yield from _default(document, client, model)
    for operation in model.operations:
        yield from _parameters(document, model, operation)
        if operation.security and not ways_in(model, operation):
            keys = dict.fromkeys(key for way in operation.security for key, _ in way)
            yield document.diagnostic(
                "E313",
                f"{operation.id} asks for credentials that no client here can send: "
                f"{', '.join(keys)}",
                operation.at,
                help="basic, bearer, oauth2, openIdConnect and apiKey can be sent, one in the "
                "Authorization header at most; an overlay can add one of them as an alternative",
            )
        # The first of several is the one that is meant: no other takes its place in silence.
        problem = server_problem(operation.servers[0]) if operation.servers else ""
        if problem:
            yield document.diagnostic(
                "E314",
                f"the first server of {operation.id}, {operation.servers[0].url}, cannot be used: "
                f"{problem}",
                operation.servers[0].at,
                help="give a whole URL in an overlay, or remove the operation's `servers` there",
            )


def _parameters(document: Document, model: Model, operation: Operation) -> Iterator[Diagnostic]:
    for item in operation.parameters:
        problem = parameter_problem(model, item)
        if problem:
            yield document.diagnostic(
                "E312",
                f"the parameter {item.wire} of {operation.id} cannot be sent: {problem}",
                item.at,
                help="correct its `style`, `explode` or schema in an overlay, or remove it there",
            )


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


def _default(document: Document, client: ClientConfig, model: Model) -> Iterator[Diagnostic]:
    """The first server is the default: no other takes its place unless somebody chose servers."""
    first, *others = model.servers
    problem = server_problem(first)
    usable = [server.url for server in others if not server_problem(server)]
    if problem and usable and not client.servers:
        yield document.diagnostic(
            "E317",
            f"the first server, {first.url}, cannot be used: {problem}",
            first.at,
            help='give its URL in [client.servers], as in main = "https://…"; without it '
            f"{usable[0]} would be the default",
        )
