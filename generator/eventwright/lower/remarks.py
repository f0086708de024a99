"""What a client leaves out of a document without stopping: each is worth a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ..diagnostics.remarks import Remark
from ..lint.lint import lint
from ..model.model import Model, Server, UnionType
from ..model.omissions import omissions
from ..model.supported import server_problem
from ..runtime.defaults import broken_defaults
from .features import idle_features
from .operations.operations import can_be_json

if TYPE_CHECKING:
    from ..config.config import ClientConfig
    from ..document.load import Document
    from .schemas.types import Types


def remarks_of(
    document: Document,
    client: ClientConfig,
    model: Model,
    types: Types,
    apart: Iterable[Remark],
) -> Iterator[Remark]:
    """In the order in which they are told. `apart`: on names that met."""
    yield from omissions(model)
    if not model.events and _may_be_meant(client, model):
        yield Remark(code="N101", message=f"no events found: {_why_none(client, model)}")
    yield from types.nonevents.remarks(model.objects)
    yield from types.arm_names.remarks()
    yield from apart
    yield from idle_features(client, model)
    yield from _shared_literals(model)
    yield from types.unsatisfiable.remarks(model)
    yield from _servers(document, model)
    yield from lint(document)
    yield from broken_defaults(document, model)


def _shared_literals(model: Model) -> Iterator[Remark]:
    classes: dict[tuple[str, str | int], dict[str, str]] = {}
    for event in model.events:
        for literal in event.literals:
            named = classes.setdefault((event.tag, literal), {})
            named.setdefault(model.objects[event.key].name, event.at)
    for (wire, literal), named in classes.items():
        if len(named) > 1:
            yield Remark(
                code="N109",
                about=f"the literal {literal!r} of {wire!r}",
                message=f"is that of {len(named)} events: {', '.join(named)}; `parse_event` takes "
                "the one that fits best",
                at=list(named.values())[1],
                help="`from_dict` of a class chooses; or say which operations take events: "
                'events = ["…"]',
            )


def _servers(document: Document, model: Model) -> Iterator[Remark]:
    usable = [server for server in model.servers if not server_problem(server)]
    for server in model.servers:
        problem = server_problem(server)
        then = "so no client names it" if usable else "so clients ask for a URL"
        if usable and server is model.servers[0]:
            then = f"so {usable[0].url} is the default"
        # A document that lists none has the server `/`, which nobody wrote.
        if problem and document.nearest(server.at) == server.at:
            message = f"is left out: {problem}, {then}"
            help = "[client.servers] can give its URL"
            yield _server(f"the server {server.url}", server, message, help)
    for operation in model.operations:
        for server in operation.servers:
            problem = server_problem(server)
            if problem:
                others = any(not server_problem(each) for each in operation.servers)
                then = "" if others else ", so calls go to the client's server"
                about = f"the server {server.url} of {operation.id}"
                help = "give it a whole URL here or in an overlay"
                yield _server(about, server, f"is left out: {problem}{then}", help)


def _server(about: str, server: Server, message: str, help: str) -> Remark:
    return Remark(code="N103", about=about, at=server.at, message=message, help=help)


def _may_be_meant(client: ClientConfig, model: Model) -> bool:
    """Whether somebody may have expected events: they said so, or a whole body is a union."""
    return client.events is not None or any(
        isinstance(content.type, UnionType)
        for operation in (*model.operations, *model.webhooks)
        if operation.body
        for content in operation.body.contents
    )


def _why_none(client: ClientConfig, model: Model) -> str:
    plain = "the bodies are plain objects"
    bodies = {
        content.media_type: operation.id
        for operation in (*model.operations, *model.webhooks)
        if operation.body and (client.events is None or operation.id in client.events)
        for content in operation.body.contents
    }
    other = {media: identity for media, identity in bodies.items() if not can_be_json(media)}
    for media, identity in other.items():
        if len(other) == len(bodies):
            return f"events are JSON, and the body of {identity} is {media}"
        plain += f"; that of {identity} is {media}, and events are JSON"
        break
    return f"no request's body is a union whose arms a constant tells apart; {plain}"
