"""The view of the clients: servers, credentials, switches, one method per operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...model.model import Model, Server
from ...model.supported import server_problem
from ...python.naming import constant_name
from ...python.order import import_names
from ...python.quoting import identifiers, literal
from ...runtime.kinds import Kinds
from .credentials import CredentialsView, credentials_view
from .imports import Import, kind_modules
from .operations import Operations, OperationView
from .parameters import SwitchView


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerView:
    """A member of the enum of servers."""

    member: str
    """Of the enum."""
    name: str
    url: str
    """As the document has it."""
    doc: str
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientView:
    """Everything the client modules are made of."""

    servers: tuple[ServerView, ...]
    default_server: str
    """The member of the enum of servers that is used where none is named; "" without servers."""
    credentials: CredentialsView
    switches: tuple[SwitchView, ...]
    operations: tuple[OperationView, ...]
    within: str
    """What stands in front of the names of classes: "events.", or nothing where they are imported
    by name."""
    builders: tuple[str, ...]
    """What of the events the client modules name."""
    body_builders: tuple[str, ...]
    """What of the events the module of operations names."""
    kinds: tuple[Import, ...]
    """What that module imports to describe bodies and parameters."""
    parameters: bool
    """Whether any operation has parameters that are no switches."""
    shared: tuple[tuple[str, str], ...]
    """Variable and expression of each recursive kind that a body is made of."""
    json_bodies: bool
    """Whether any operation takes a JSON body that is no builder."""
    arguments: tuple[str, ...]
    """What the client modules import to make requests of arguments."""
    ungiven: tuple[str, ...]
    """Source of the arguments, name and value, that a client that records can do without."""
    recorded: tuple[str, ...]
    """Source of the operations whose bodies it remembers as events."""
    typing: tuple[str, ...]
    abstract: tuple[str, ...]
    dates: bool


def client_view(model: Model, bodies: Kinds, everything: tuple[str, ...]) -> ClientView:
    """`everything`: the class names of all events, which `Event` stands for."""
    made = Operations(model, bodies, everything)
    operations = made.views()
    switches = {s.name: s for operation in operations for s in operation.switches}
    credentials = credentials_view(model, switches)
    return ClientView(
        servers=tuple(map(_server, _absolute(model))),
        default_server=next((constant_name(s.name) for s in _absolute(model)), ""),
        credentials=credentials,
        switches=tuple(switches.values()),
        operations=operations,
        within=bodies.within,
        builders=import_names(_imported(operations) | _aliases(model, operations)),
        body_builders=import_names(
            [*(n for item in operations for n in item.accepted), *bodies.named, *made.values]
        ),
        shared=tuple(made.shared.items()),
        kinds=tuple(kind_modules(_kind_names(operations, made.shared))),
        parameters=any(item.parameters for item in operations),
        json_bodies=any(item.body_kind == "json" for item in operations if item.body),
        arguments=_arguments(model, operations),
        ungiven=_ungiven(model, credentials),
        recorded=tuple(f"api.{item.endpoint}" for item in operations if item.takes_event),
        **_annotated(model, operations),
    )


def _arguments(model: Model, operations: tuple[OperationView, ...]) -> tuple[str, ...]:
    kinds = {item.body_kind for item in operations if item.body}
    wanted = {
        "event_body": "event" in kinds,
        "server_url": bool(_absolute(model)),
    }
    return import_names(name for name, needed in wanted.items() if needed)


def _ungiven(model: Model, credentials: CredentialsView) -> tuple[str, ...]:
    values = {argument.name: "recorded" for argument in credentials.arguments}
    if not _absolute(model):
        values["server"] = "https://recorded.invalid"
    return tuple(f"({literal(name)}, {literal(value)})" for name, value in values.items())


def _annotated(model: Model, operations: tuple[OperationView, ...]) -> dict[str, Any]:
    """What the annotations of the methods need imported."""
    text = _annotations(operations)
    typing = {name for name in ("Any", "Literal") if name in text}
    return {
        "typing": import_names(typing | ({"Literal"} if _absolute(model) else set())),
        "abstract": import_names(name for name in ("Mapping", "Sequence") if name in text),
        "dates": "datetime." in text,
    }


def _kind_names(operations: tuple[OperationView, ...], shared: Mapping[str, str]) -> set[str]:
    """The names that describe bodies and parameters."""
    kinds = [item.kind for item in operations]
    kinds += [each.expression for item in operations for each in item.parameters]
    return identifiers(" ".join([*kinds, *shared.values()])) | ({"t"} if shared else set())


def _annotations(operations: tuple[OperationView, ...]) -> str:
    return " ".join(
        annotation
        for item in operations
        for annotation in (item.body, *(p.annotation for p in item.parameters))
    )


def _aliases(model: Model, operations: tuple[OperationView, ...]) -> set[str]:
    """The aliases of enums that annotations speak of."""
    aliases = {alias.name for alias in model.enums.values()}
    return identifiers(_annotations(operations)) & aliases


def _absolute(model: Model) -> tuple[Server, ...]:
    """The servers that say where they are: a relative URL means wherever the document lay."""
    return tuple(server for server in model.servers if not server_problem(server))


def _server(server: Server) -> ServerView:
    return ServerView(
        member=constant_name(server.name),
        name=server.name,
        url=server.url,
        doc=server.description,
        pointer=server.at,
    )


def _imported(operations: tuple[OperationView, ...]) -> set[str]:
    any_event = [item for item in operations if "Event" in identifiers(item.body)]
    names = {"Event"} if any_event else set[str]()
    return names.union(*(item.mentioned for item in operations if item not in any_event))
