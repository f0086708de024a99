"""The view of the clients: servers, credentials, switches, one method per operation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from ...model.model import Model
from ...python.naming import NO_NAMES
from ...python.order import import_names
from ...python.quoting import literal
from ...runtime.kinds import Kinds
from ..layout.groups import Group, groups
from ..layout.parts import MOST_IN_ONE_MODULE, Part, parts
from ..requests.credentials import CredentialsView, credentials_view
from ..requests.parameters import SwitchView
from ..requests.servers import ServerView, VariableView, absolute, servers_view
from .filling import filled_in
from .methods import MethodsView, methods_view
from .operations import Declared, OperationView, declared


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView(MethodsView):
    """A module of operations of a large client."""

    name: str
    title: str
    """The tag, or the beginning of the path, that they have in common."""
    attribute: str
    """What the client calls them, which are a group; "" for methods of the client itself."""
    class_name: str
    """Of the sync client's methods; those of the async one have "Async" in front."""
    switches: tuple[SwitchView, ...]

    @property
    def events(self) -> tuple[str, ...]:
        """All that it names of the events."""
        return import_names([*self.builders, *self.body_builders])


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientView(MethodsView):
    """Everything the client modules are made of; `operations`: those without a module."""

    fill: str
    """Expression for the keys that events are given where they lack them; "" for none."""
    version: str
    """Of the document, as a token of HTTP; "" for nothing that could be one."""
    servers: tuple[ServerView, ...]
    default_server: str
    """The member of the enum of servers that is used where none is named; "" without servers."""
    variables: tuple[VariableView, ...]
    templates: tuple[tuple[str, str], ...]
    """URL and expression of each server that has variables."""
    credentials: CredentialsView
    switches: tuple[SwitchView, ...]
    parts: tuple[PartView, ...]
    """Where the operations stand that are in groups, or too many for one module."""
    arguments: tuple[str, ...]
    """What the client modules import to make requests of arguments."""
    ungiven: tuple[str, ...]
    """Source of the arguments, name and value, that a client that records can do without."""
    recorded: tuple[str, ...]
    """The operations whose bodies it remembers as events."""
    batches: tuple[str, ...]
    """Those whose bodies hold events that it remembers."""

    @property
    def groups(self) -> tuple[PartView, ...]:
        """The parts that are attributes of the client."""
        return tuple(part for part in self.parts if part.attribute)

    @property
    def bases(self) -> tuple[PartView, ...]:
        """The parts whose methods are the client's own."""
        return tuple(part for part in self.parts if not part.attribute)

    @property
    def example(self) -> str:
        """How the first operation is called, behind the name of the client."""
        return self.methods[0].called

    @property
    def methods(self) -> tuple[OperationView, ...]:
        """All operations, wherever they stand."""
        return (*self.operations, *(each for part in self.parts for each in part.operations))


def client_view(
    model: Model,
    kinds: Kinds,
    everything: Sequence[str],
    within: str,
    *,
    grouped: bool = True,
    fill: Mapping[str, Any] = NO_NAMES,
) -> ClientView:
    """
    Args:
        everything: the class names of all events, which `Event` stands for.
        within: what stands in front of the names of classes.
        grouped: whether tags are groups.
        fill: as configured.
    """
    filled = filled_in(model, fill)
    around = replace(declared(model, everything), filled=bool(filled))
    found = groups(model.operations, around.names) if grouped else []
    inside = {each.id for group in found for each in group.operations}
    own = tuple(each for each in model.operations if each.id not in inside)
    made = [_group(each, around, kinds, within) for each in found]
    if len(own) > MOST_IN_ONE_MODULE:
        taken = {*around.names, *(part.class_name for part in made)}
        made += [_part(each, around, kinds, within) for each in parts(own, taken)]
        own = ()
    methods = methods_view(around, own, kinds.beside(within), "api.")
    operations = [*methods.operations, *(each for part in made for each in part.operations)]
    switches = _switches(operations)
    credentials = credentials_view(model, switches)
    names = (*switches, *(each.name for each in credentials.arguments))
    servers = servers_view(model, names)
    arguments = {"event_body": methods.event_bodies, "server_url": bool(servers.members)}
    given = _fields(methods)
    literals = bool(servers.members or filled) or any(
        "Literal" in v.annotation for v in servers.variables
    )
    given["typing"] = import_names(
        [*methods.typing, *(["Literal"] if literals else ()), *(["TYPE_CHECKING"] if found else ())]
    )
    return ClientView(
        **given,
        fill=filled,
        version=_token(model.version),
        servers=servers.members,
        default_server=next((each.member for each in servers.members), ""),
        variables=servers.variables,
        templates=servers.templates,
        credentials=credentials,
        switches=tuple(switches.values()),
        parts=tuple(made),
        arguments=import_names(name for name, needed in arguments.items() if needed),
        ungiven=_ungiven(model, credentials),
        recorded=tuple(literal(each.called) for each in operations if each.takes_event),
        batches=tuple(
            literal(each.called)
            for each in operations
            if each.holds_events and not each.takes_event
        ),
    )


_NO_TOKEN = re.compile(r"[^!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LONGEST_TOKEN = 64


def _token(text: str) -> str:
    """What the agent of the clients says: RFC 9110 (5.6.2) has it of few characters."""
    return _NO_TOKEN.sub("-", text)[:_LONGEST_TOKEN].strip("-")


def _group(group: Group, around: Declared, kinds: Kinds, within: str) -> PartView:
    named = zip(group.operations, group.methods, strict=True)
    own = [replace(operation, name=name) for operation, name in named]
    methods = methods_view(around, own, kinds.beside(within), "", group=group.attribute)
    return _view(group, group.attribute, methods)


def _part(part: Part, around: Declared, kinds: Kinds, within: str) -> PartView:
    return _view(part, "", methods_view(around, part.operations, kinds.beside(within), ""))


def _view(part: Group | Part, attribute: str, methods: MethodsView) -> PartView:
    return PartView(
        **_fields(methods),
        name=part.module,
        title=part.title,
        attribute=attribute,
        class_name=part.class_name,
        switches=tuple(_switches(methods.operations).values()),
    )


def _fields(view: MethodsView) -> dict[str, Any]:
    return {field.name: getattr(view, field.name) for field in fields(MethodsView)}


def _switches(operations: Sequence[OperationView]) -> dict[str, SwitchView]:
    return {switch.name: switch for operation in operations for switch in operation.switches}


def _ungiven(model: Model, credentials: CredentialsView) -> tuple[str, ...]:
    values = {argument.name: "recorded" for argument in credentials.arguments}
    if not absolute(model):
        values["server"] = "https://recorded.invalid"
    return tuple(f"({literal(name)}, {literal(value)})" for name, value in values.items())
