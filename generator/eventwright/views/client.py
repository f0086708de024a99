"""The view of the clients: servers, credentials, switches, one method per operation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..model import (
    Content,
    Model,
    ObjectRef,
    Operation,
    Parameter,
    Response,
    SecurityScheme,
    Server,
    Type,
    UnionType,
)
from ..naming import field_name
from ..quoting import literal
from ..reach import named
from .annotations import argument
from .kinds import Kinds
from .order import import_names


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerView:
    """A member of the enum of servers."""

    member: str
    name: str
    url: str
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialView:
    """An argument of the client's constructor, and what it becomes."""

    name: str
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchView:
    """A header that is on or off, for the whole client or one call."""

    name: str
    wire: str
    value: str
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterView:
    """An argument of a method that becomes part of the request."""

    name: str
    wire: str
    location: str
    annotation: str
    needed: bool
    explode: bool
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationView:
    """A method of the clients."""

    name: str
    endpoint: str
    """The variable that holds its Endpoint."""
    method: str
    path: str
    doc: str
    body: str
    """The annotation of the body's argument; "" when there is none."""
    body_name: str
    body_needed: bool
    body_kind: str
    """"event": a builder; "json": any JSON, checked by the kind; "bytes": sent as it is."""
    kind: str
    body_expression: str
    """Source of the body's bytes."""
    media_type: str
    accepted: tuple[str, ...]
    """The builders the body may be."""
    mentioned: tuple[str, ...]
    """The classes that the body's annotation and kind speak of."""
    parameters: tuple[ParameterView, ...]
    switches: tuple[SwitchView, ...]
    errors: tuple[tuple[int, tuple[str, ...]], ...]
    documented: tuple[str, ...]
    json: bool
    """Whether a success brings JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientView:
    """Everything the client modules are made of."""

    servers: tuple[ServerView, ...]
    default_server: str
    credentials: tuple[CredentialView, ...]
    authorization: str
    """Expression for the Authorization header's value; "" for none."""
    api_keys: tuple[str, ...]
    """Expressions for keys that travel elsewhere."""
    security_imports: tuple[str, ...]
    switches: tuple[SwitchView, ...]
    operations: tuple[OperationView, ...]
    builders: tuple[str, ...]
    """What the client modules import from the events."""
    body_builders: tuple[str, ...]
    """What the module of operations imports from the events."""
    kinds: bool
    """Whether that module describes a body by its kind."""
    shared: tuple[tuple[str, str], ...]
    """Variable and expression of each recursive kind that a body is made of."""
    arguments: tuple[str, ...]
    """What the client modules import to make requests of arguments."""
    typing: tuple[str, ...]
    abstract: tuple[str, ...]
    dates: bool


def client_view(model: Model, kinds: Kinds, everything: tuple[str, ...]) -> ClientView:
    """`everything`: the class names of all events, which `Event` stands for."""
    bodies = kinds.beside()
    operations = tuple(_operation(model, bodies, item, everything) for item in model.operations)
    schemes = _schemes(model)
    switches = {s.name: s for operation in operations for s in operation.switches}
    bearer = [s for s in schemes if s.kind in ("oauth2", "openIdConnect") or s.scheme == "bearer"]
    basic = [s for s in schemes if s.kind == "http" and s.scheme == "basic"]
    keys = [s for s in schemes if s.kind == "apiKey"]
    return ClientView(
        servers=tuple(map(_server, _absolute(model))),
        default_server=next((s.name.upper() for s in _absolute(model)), ""),
        credentials=tuple(_credentials(basic, bearer, keys)),
        authorization=_authorization(basic, bearer),
        api_keys=tuple(_api_key(scheme, keys) for scheme in keys),
        security_imports=import_names(
            [*(["basic"] if basic else ["bearer"] if bearer else []), *(["ApiKey"] if keys else [])]
        ),
        switches=tuple(switches.values()),
        operations=operations,
        builders=import_names(_imported(operations)),
        body_builders=import_names(
            [*(name for item in operations for name in item.accepted), *bodies.named]
        ),
        shared=tuple(bodies.shared.items()),
        kinds=any(item.kind for item in operations),
        arguments=_arguments(model, operations),
        **_annotated(model, operations),
    )


def _arguments(model: Model, operations: tuple[OperationView, ...]) -> tuple[str, ...]:
    kinds = {item.body_kind for item in operations if item.body}
    query = any(p.location == "query" for item in operations for p in item.parameters)
    wanted = {
        "event_body": "event" in kinds,
        "json_body": "json" in kinds,
        "query_pairs": query,
        "server_url": bool(_absolute(model)),
    }
    return import_names(name for name, needed in wanted.items() if needed)


def _annotated(model: Model, operations: tuple[OperationView, ...]) -> dict[str, Any]:
    """What the annotations of the methods need imported."""
    text = " ".join(
        annotation
        for item in operations
        for annotation in (item.body, *(p.annotation for p in item.parameters))
    )
    typing = {"TYPE_CHECKING"} | {name for name in ("Any", "Literal") if name in text}
    return {
        "typing": import_names(typing | ({"Literal"} if _absolute(model) else set())),
        "abstract": import_names(name for name in ("Mapping", "Sequence") if name in text),
        "dates": "datetime." in text,
    }


def _absolute(model: Model) -> tuple[Server, ...]:
    """The servers that say where they are: a relative URL means wherever the document lay."""
    return tuple(server for server in model.servers if "://" in server.url)


def _server(server: Server) -> ServerView:
    return ServerView(
        member=server.name.upper(), name=server.name, url=server.url, doc=server.description
    )


def _schemes(model: Model) -> list[SecurityScheme]:
    """Those the operations ask for first, each once."""
    by_key = {scheme.key: scheme for scheme in model.security_schemes}
    wanted = (key for item in model.operations for option in item.security[:1] for key, _ in option)
    return [by_key[key] for key in dict.fromkeys(wanted) if key in by_key]


def _credentials(
    basic: list[SecurityScheme], bearer: list[SecurityScheme], keys: list[SecurityScheme]
) -> list[CredentialView]:
    found = []
    if basic:
        name = basic[0].basic_argument
        words = basic[0].description
        found = [CredentialView(name=name or "username", doc=words)]
        found += [] if name else [CredentialView(name="password", doc="Its password.")]
    elif bearer:
        found = [CredentialView(name="token", doc=bearer[0].description)]
    return found + [CredentialView(name=_key_name(k, keys), doc=k.description) for k in keys]


def _key_name(scheme: SecurityScheme, keys: list[SecurityScheme]) -> str:
    return "api_key" if len(keys) == 1 else field_name(scheme.key)


def _authorization(basic: list[SecurityScheme], bearer: list[SecurityScheme]) -> str:
    if basic:
        name = basic[0].basic_argument
        return f"basic({name})" if name else "basic(username, password)"
    return "bearer(token)" if bearer else ""


def _api_key(scheme: SecurityScheme, keys: list[SecurityScheme]) -> str:
    name = _key_name(scheme, keys)
    return f"ApiKey({literal(scheme.location)}, {literal(scheme.wire)}, {name})"


def _operation(
    model: Model, kinds: Kinds, item: Operation, everything: tuple[str, ...]
) -> OperationView:
    content = _preferred(item)
    builders = _builders(model, content.type) if content else ()
    kind = "event" if builders else "json" if content and _is_json(content.media_type) else "bytes"
    body_name = "event" if builders and set(builders) <= set(everything) else "body"
    endpoint = item.name.upper()
    needed = bool(item.body and item.body.required)
    expressions = {
        "event": f"event_body({body_name}, api.{endpoint}_BODIES)",
        "json": f"json_body({body_name}, api.{endpoint}_BODY)",
        "bytes": body_name,
    }
    return OperationView(
        name=item.name,
        endpoint=endpoint,
        method=item.method,
        path=item.path,
        doc="\n\n".join(filter(None, (item.summary, item.description))) or item.id,
        body=_body_annotation(model, content, builders, everything, needed) if content else "",
        body_name=body_name,
        body_needed=needed,
        body_kind=kind,
        kind=kinds.kind(content.type) if content and kind == "json" else "",
        body_expression=expressions[kind],
        media_type=content.media_type if content else "",
        accepted=builders,
        mentioned=tuple(named(model, content.type)) if content and kind != "bytes" else (),
        parameters=tuple(_parameter(model, p) for p in item.parameters if not p.switch),
        switches=tuple(
            SwitchView(name=p.name, wire=p.wire, value=p.switch, doc=p.description)
            for p in item.parameters
            if p.switch
        ),
        errors=_errors(item.responses),
        documented=tuple(response.status for response in item.responses),
        json=_promises_json(item.responses),
    )


def _preferred(item: Operation) -> Content | None:
    contents = item.body.contents if item.body else ()
    json = [content for content in contents if _is_json(content.media_type)]
    return next(iter([*json, *contents]), None)


def _is_json(media_type: str) -> bool:
    essence = media_type.partition(";")[0].strip().lower()
    return essence == "application/json" or essence.endswith("+json")


def _builders(model: Model, node: Type) -> tuple[str, ...]:
    """The class names when every value of a type has a builder; otherwise none."""
    arms = node.arms if isinstance(node, UnionType) else (node,)
    names = [model.objects[arm.key].name if isinstance(arm, ObjectRef) else "" for arm in arms]
    return tuple(dict.fromkeys(names)) if all(names) else ()


def _body_annotation(
    model: Model,
    content: Content,
    builders: tuple[str, ...],
    everything: tuple[str, ...],
    needed: bool,
) -> str:
    nothing = "" if needed else "None"
    if builders:
        annotation = "Event" if set(builders) == set(everything) else " | ".join(builders)
    elif _is_json(content.media_type):
        return argument(model, content.type, nothing)
    else:
        annotation = "bytes"
    return f"{annotation} | None" if nothing else annotation


def _imported(operations: tuple[OperationView, ...]) -> set[str]:
    names = {"Event" for item in operations if item.body in ("Event", "Event | None")}
    return names.union(
        *(item.mentioned for item in operations if item.body not in ("Event", "Event | None"))
    )


def _parameter(model: Model, item: Parameter) -> ParameterView:
    return ParameterView(
        name=item.name,
        wire=item.wire,
        location=item.location,
        annotation=argument(model, item.type, "" if item.required else "None"),
        needed=item.required,
        explode=item.explode,
        doc=item.description or f"the {item.location} parameter `{item.wire}`.",
    )


def _errors(responses: tuple[Response, ...]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    return tuple((int(r.status), r.errors) for r in responses if r.errors and r.status.isdigit())


def _promises_json(responses: tuple[Response, ...]) -> bool:
    success = [r for r in responses if r.status[:1] == "2"]
    return any(_is_json(c.media_type) for r in success for c in r.contents)
