"""What of a document can be sent, and where to: servers, the ways to be let in, parameters.

What cannot be sent as the document has it is left out (see `omissions`): nothing goes out wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ..text.jsonvalues import Json
from .model import (
    AliasRef,
    ArrayType,
    EnumType,
    Model,
    NeverType,
    NullableType,
    ObjectRef,
    Operation,
    Parameter,
    SecurityScheme,
    Server,
    StringType,
    Type,
    UnionType,
)
from .reachable import object_children

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VARIABLE = re.compile(r"\{[^{}]*\}")
OUR_HEADERS = frozenset({"host", "content-length", "transfer-encoding", "connection"})
_STYLES = {
    "path": {"simple", "label", "matrix", "content"},
    "query": {"form", "spaceDelimited", "pipeDelimited", "deepObject", "content"},
    "header": {"simple", "content"},
    "cookie": {"form", "cookie", "content"},
    "querystring": {"form", "content"},
}


_FLOWS = {"clientCredentials": "client_credentials", "password": "password"}
_TEXT = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
_TEXT["querystring"] = "text"


def ways_in(model: Model, operation: Operation) -> tuple[tuple[SecurityScheme, ...], ...]:
    """The alternatives of an operation's security that can be met, one without credentials last.

    mutualTLS is the business of the `ssl_context`.
    """
    schemes = {scheme.key: scheme for scheme in model.security_schemes}
    found: dict[tuple[str, ...], tuple[SecurityScheme, ...]] = {}
    for requirement in operation.security:
        way = tuple(schemes[key] for key, _ in requirement if key in schemes)
        places = [credential_place(scheme) for scheme in way if scheme.kind != "mutualTLS"]
        if len(way) == len(requirement) and all(places) and len(places) == len(set(places)):
            sent = tuple(scheme for scheme in way if scheme.kind != "mutualTLS")
            found.setdefault(tuple(scheme.key for scheme in sent), sent)
    return tuple(sorted(found.values(), key=lambda way: not way))


def credential_place(scheme: SecurityScheme) -> tuple[str, ...]:
    """Where a scheme's credential travels; () where it cannot, and for mutualTLS."""
    if scheme.kind == "mutualTLS" or credential_problem(scheme):
        return ()
    if scheme.kind == "apiKey":
        wire = scheme.wire.lower() if scheme.location == "header" else scheme.wire
        return (scheme.location, wire)
    return ("header", "authorization")


def credential_problem(scheme: SecurityScheme) -> str:
    """Why a scheme's credential cannot be sent; "" when it can."""
    if scheme.kind == "apiKey":
        return "" if scheme.location == "query" else _name_problem(scheme.location, scheme.wire)
    if scheme.kind == "mutualTLS" or is_bearer(scheme) or is_basic(scheme):
        return ""
    return f"clients do not authenticate by {scheme.scheme or scheme.kind}"


def is_basic(scheme: SecurityScheme) -> bool:
    """HTTP Basic: a user name and a password."""
    return scheme.kind == "http" and scheme.scheme == "basic"


def is_bearer(scheme: SecurityScheme) -> bool:
    """A token in the Authorization header, wherever the caller has it from."""
    http = scheme.kind == "http" and scheme.scheme == "bearer"
    return http or scheme.kind in ("oauth2", "openIdConnect")


def token_urls(scheme: SecurityScheme) -> dict[str, Json]:
    """Where tokens come from, by the `grant_type` they are asked for with; {} unless OAuth 2."""
    flows: Any = dict(scheme.other).get("flows") if scheme.kind == "oauth2" else None
    found: dict[str, Json] = {}
    for name, flow in (flows or {}).items():
        url, refresh = (flow.get(key) for key in ("tokenUrl", "refreshUrl"))
        if name in _FLOWS and url:
            found.setdefault(_FLOWS[name], url)
        if refresh or (url and name != "clientCredentials"):
            found.setdefault("refresh_token", refresh or url)
    return {kind: found[kind] for kind in sorted(found)}


def server_problem(server: Server) -> str:
    """Why nothing can be sent to a server, as far as the document says; "" when it can."""
    if server.url.startswith(("/", ".")):
        return "its URL is relative"
    if "://" not in server.url:
        return "its URL does not begin with https://"
    undeclared = ", ".join(dict.fromkeys(_VARIABLE.findall(server.url)))
    return f"it does not declare {undeclared}" if undeclared else ""


def parameter_problem(model: Model, item: Parameter) -> str:
    """Why a parameter cannot be sent; "" when it can."""
    if item.style not in _STYLES[item.location]:
        return f"there is no style {item.style} in a {item.location}"
    named = _name_problem(item.location, item.wire)
    return named or _form_problem(model, item)


def _name_problem(location: str, wire: str) -> str:
    """Why nothing in a header or cookie can have a name."""
    if location in ("header", "cookie") and not _TOKEN.fullmatch(wire):
        return f"no {location} can be called {wire!r}"
    if location == "header" and wire.lower() in OUR_HEADERS:
        return f"the header {wire} is set by the client itself"
    return ""


def is_the_clients(item: Parameter) -> bool:
    """Whether it is a header that the client sets itself, whatever a caller gives."""
    return item.location == "header" and item.wire.lower() in OUR_HEADERS


def written(model: Model, item: Parameter) -> Parameter | None:
    """A parameter in the style that it goes out in: JSON text where its own has no form for its
    values; plain text where it is content of another type, written by the caller if need be. None
    where it cannot be sent."""
    if not parameter_problem(model, item):
        return item
    if _name_problem(item.location, item.wire):
        return None
    if item.style in _STYLES[item.location]:
        return replace(item, style="content", explode=False)
    plain = _fits(model, item.type, lists=False, objects=False)
    node = item.type if plain else StringType(at=item.type.at)
    return replace(item, style=_TEXT[item.location], explode=False, type=node)


def _form_problem(model: Model, item: Parameter) -> str:
    free = item.style in ("content", "deepObject") or item.location == "querystring"
    if free or _fits(model, item.type) or _repeats(model, item):
        return ""
    return f"the style {item.style}{_exploded(item)} has no form for values of its schema"


def _repeats(model: Model, item: Parameter) -> bool:
    """Whether it is an object in a query whose members, each for itself, are text or lists of it:
    OpenAPI has no word on the lists, and servers read repeated keys (`sort=a&sort=b`)."""
    node = item.type.inner if isinstance(item.type, NullableType) else item.type
    each = item.location == "query" and item.style == "form" and item.explode
    if not each or not isinstance(node, ObjectRef):
        return False
    members = object_children(model.objects[node.key])
    return all(
        isinstance(member, NeverType) or _fits(model, member, objects=False) for member in members
    )


def _exploded(item: Parameter) -> str:
    return " exploded" if item.explode else ""


def _fits(
    model: Model, node: Type, *, lists: bool = True, objects: bool = True, scalars: bool = True
) -> bool:
    """Whether some value of a type can be written: text, or flat lists and objects of text."""
    match node:
        case NullableType():
            return _fits(model, node.inner, lists=lists, objects=objects, scalars=scalars)
        case UnionType():
            arms = node.arms
            return any(
                _fits(model, arm, lists=lists, objects=objects, scalars=scalars) for arm in arms
            )
        case ArrayType():
            return lists and _plain(model, [*node.prefix, node.items])
        case ObjectRef():
            return objects and _plain(model, object_children(model.objects[node.key]))
        case AliasRef():
            return False
        case EnumType():
            return scalars and all(isinstance(v, (str, int, float)) for v in node.values)
        case _:
            return scalars


def _plain(model: Model, nodes: Iterable[Type]) -> bool:
    return all(
        isinstance(node, NeverType) or _fits(model, node, lists=False, objects=False)
        for node in nodes
    )
