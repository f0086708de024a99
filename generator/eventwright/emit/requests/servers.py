"""The view of servers: members of an enum, and the variables of their URLs as arguments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...model.model import Model, Server
from ...model.supported import server_problem
from ...python.naming import FIXED_ARGUMENTS, constant_name, field_name
from ...python.quoting import literal


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerView:
    """A member of the enum of servers."""

    member: str
    """Of the enum."""
    name: str
    url: str
    """As the document has it, its variables filled with their defaults."""
    doc: str
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableView:
    """A variable of URLs of servers: an argument of the constructor."""

    name: str
    wire: str
    annotation: str
    doc: str
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServersView:
    """Where requests can go."""

    members: tuple[ServerView, ...]
    variables: tuple[VariableView, ...]
    templates: tuple[tuple[str, str], ...]
    """URL and expression of each server that has variables."""


def servers_view(model: Model, taken: Iterable[str]) -> ServersView:
    """`taken`: names of the constructor's other arguments."""
    own = absolute(model)
    others = [each for o in model.operations for each in o.servers if not server_problem(each)]
    found = {each.url: (each, True) for each in others} | {each.url: (each, False) for each in own}
    variable = [(each, of) for each, of in found.values() if each.variables]
    return ServersView(
        members=tuple(map(_member, own)),
        variables=_variables([each for each, _ in variable], {*taken, *FIXED_ARGUMENTS}),
        templates=tuple((literal(each.url), _template(each, of)) for each, of in variable),
    )


def absolute(model: Model) -> tuple[Server, ...]:
    """The servers that say where they are: a relative URL means wherever the document lay."""
    return tuple(server for server in model.servers if not server_problem(server))


def _member(server: Server) -> ServerView:
    return ServerView(
        member=constant_name(server.name),
        name=server.name,
        url=server.url,
        doc=server.description,
        pointer=server.at,
    )


def _variables(servers: Sequence[Server], taken: set[str]) -> tuple[VariableView, ...]:
    said: dict[str, list[tuple[Server, Mapping[str, Any]]]] = {}
    for server in servers:
        for wire, variable in _of(server):
            said.setdefault(wire, []).append((server, variable))
    views: list[VariableView] = []
    for wire, each in said.items():
        name = field_name(wire, FIXED_ARGUMENTS)
        while name in taken:
            name = f"{name}_variable"
        taken.add(name)
        views.append(_variable(name, wire, each))
    return tuple(views)


def _variable(
    name: str, wire: str, said: Sequence[tuple[Server, Mapping[str, Any]]]
) -> VariableView:
    choices = [_choices(variable) for _, variable in said]
    values = dict.fromkeys(value for each in choices for value in each)
    listed = ", ".join(map(literal, values))
    words = next((str(v["description"]) for _, v in said if v.get("description")), "")
    defaults = dict.fromkeys(literal(str(variable.get("default", ""))) for _, variable in said)
    by_default = f"by default {' or '.join(defaults)}."
    return VariableView(
        name=name,
        wire=wire,
        annotation=f"Literal[{listed}]" if all(choices) else "str",
        doc=f"{words or f'the variable `{wire}` of the server'}; {by_default}",
        pointer=said[0][0].at,
    )


def _template(server: Server, of_operation: bool) -> str:
    variables = ", ".join(
        f"{literal(wire)}: {_described(variable)}" for wire, variable in _of(server)
    )
    more = ", of_operation=True" if of_operation else ""
    return f"servers.Template({literal(server.template)}, {{{variables}}}{more})"


def _described(variable: Mapping[str, Any]) -> str:
    choices = _choices(variable)
    more = f", {literal(choices)}" if choices else ""
    return f"servers.Variable({literal(str(variable.get('default', '')))}{more})"


def _choices(variable: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(map(str, variable.get("enum") or ()))


def _of(server: Server) -> list[tuple[str, Mapping[str, Any]]]:
    """Those of its variables that its URL has."""
    found: list[tuple[str, Any]] = [*server.variables]
    return [(wire, said) for wire, said in found if f"{{{wire}}}" in server.template]
