"""Does the configuration speak of things that are in the document, and do names stay apart?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ..diagnostics.diagnostic import Diagnostic, nearest
from ..model.model import Model, Server
from ..model.paging import paging_problem
from ..model.supported import is_basic
from ..python.naming import RESERVED_CLASSES, RESERVED_METHODS
from ..text.pointers import join
from .names.faults import Faults

if TYPE_CHECKING:
    from ..config.config import ClientConfig
    from ..document.load import Document
    from ..text.pointers import Tokens


def misplaced(document: Document, client: ClientConfig, model: Model) -> Iterator[Diagnostic]:
    """One diagnostic for each thing that is configured and not there."""
    yield from _operations(document, client, model)
    yield from _servers(client, model)
    yield from _credentials(document, client, model)


def _operations(document: Document, client: ClientConfig, model: Model) -> Iterator[Diagnostic]:
    by_id = {operation.id: operation for operation in (*model.operations, *model.webhooks)}
    for index, identity in enumerate(client.events or ()):
        if identity not in by_id:
            message = f"`events` names {identity}, which no operation is called"
            help = _choose(identity, by_id)
            yield client.diagnostic("E304", message, "events", str(index), help=help)
    for identity, configured in client.operations.items():
        operation = by_id.get(identity)
        if operation is None:
            message = f"[client.operations] names {identity}, which no operation is called"
            help = _choose(identity, by_id)
            yield client.diagnostic("E304", message, "operations", identity, help=help)
        elif problem := paging_problem(model, operation):
            yield Faults(document, client).of(
                "E305",
                f"{identity} cannot be read page by page: {problem}",
                ("operations", identity, "pages"),
                operation.at,
                "correct `pages`, as in "
                'pages = {items = "/items", next = "/next", parameter = "cursor"}',
            )
        elif configured.errors and not any(response.errors for response in operation.responses):
            yield Faults(document, client).of(
                "E305",
                f"no error answer of {identity} has anything at {configured.errors}",
                ("operations", identity, "errors"),
                join(operation.at, "responses"),
                "correct `errors`: a JSON pointer to the list of texts in a 4xx or 5xx body",
            )


def _servers(client: ClientConfig, model: Model) -> Iterator[Diagnostic]:
    every: list[Server] = [*model.servers, *(s for o in model.operations for s in o.servers)]
    urls = {server.url for server in every}
    for name, url in client.servers.items():
        if not any(server.name == name for server in every) and url not in urls:
            message = f"[client.servers] calls {url} {name}, and the document has no such server"
            yield client.diagnostic("E307", message, "servers", name, help=_choose(url, urls))


def _credentials(document: Document, client: ClientConfig, model: Model) -> Iterator[Diagnostic]:
    schemes = {scheme.key: scheme for scheme in model.security_schemes}
    for key in client.auth:
        if key not in schemes:
            message = (
                f"[client.auth] names the security scheme {key}, which the document does not have"
            )
            yield client.diagnostic("E306", message, "auth", key, help=_choose(key, schemes))
        elif not is_basic(schemes[key]):
            yield Faults(document, client).of(
                "E318",
                f"[client.auth] gives {key} a user name, which only HTTP Basic has",
                ("auth", key, "username"),
                schemes[key].at,
                "remove the line: it has no effect",
            )


def clashing(document: Document, client: ClientConfig, model: Model) -> Iterator[Diagnostic]:
    """Operations that the configuration gives one method, or one that clients need."""
    yield from _methods(Faults(document, client), client, model)


def _methods(faults: Faults, client: ClientConfig, model: Model) -> Iterator[Diagnostic]:
    methods: dict[str, str] = {}
    needed = RESERVED_METHODS | RESERVED_CLASSES | {o.name for o in model.objects.values()}
    for operation in model.operations:
        said = _named(client, operation.id)
        if operation.name in needed:
            yield faults.of(
                "E302",
                f"a method cannot be called {operation.name}: the clients need that name",
                said,
                operation.at,
                "choose another name in [client.operations]",
            )
        other = methods.setdefault(operation.name, operation.id) if said else operation.id
        if other != operation.id:
            yield faults.of(
                "E308",
                f"the operations {other} and {operation.id} would both be the method "
                f"{operation.name}",
                said,
                operation.at,
                f'name one of them: [client.operations."{operation.id}"] name = "…"',
            )


def _named(client: ClientConfig, identity: str) -> Tokens:
    """The key that names an operation's method, if there is one."""
    configured = client.operations.get(identity)
    return ("operations", identity, "name") if configured and configured.name else ()


def _choose(given: str, known: Iterable[str]) -> str:
    near = nearest(given, known)
    listed = ", ".join(sorted(known)) or "none"
    return f"did you mean {near}?" if near else f"there are: {listed}"
