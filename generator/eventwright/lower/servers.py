"""Servers and security schemes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..model import Json, Pointer, SecurityScheme, Server
from ..naming import field_name
from ..parse import Parser
from ..schema import join
from .notes import others

if TYPE_CHECKING:
    from ..config import AuthConfig

_SCHEME_KEYS = frozenset({"type", "description", "name", "in", "scheme"})


def lower_servers(
    servers: list[dict[str, Any]], at: Pointer, names: Mapping[str, str]
) -> tuple[Server, ...]:
    """`names`: server name -> URL, from configuration. Others are called after their host."""
    configured = {url: name for name, url in names.items()}
    lowered: dict[str, Server] = {}
    for index, server in enumerate(servers):
        url = _filled(server)
        name = configured.get(url) or configured.get(server["url"]) or _host_name(url)
        while name in lowered:
            name += "_"
        lowered[name] = Server(
            name=name,
            url=url,
            description=server.get("description", ""),
            variables=tuple(sorted((server.get("variables") or {}).items())),
            at=join(at, index),
        )
    return tuple(lowered.values())


def _filled(server: Mapping[str, Any]) -> str:
    url: str = server["url"]
    for name, variable in (server.get("variables") or {}).items():
        url = url.replace("{" + name + "}", str(variable.get("default", "")))
    return url.rstrip("/") if len(url) > 1 else url


def _host_name(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return field_name(url)
    return field_name(parts.hostname or "default")


def lower_security_schemes(
    parser: Parser, data: Mapping[str, Any], auth: Mapping[str, AuthConfig]
) -> tuple[SecurityScheme, ...]:
    """`auth`: scheme key -> the argument that is the user name of basic authentication."""
    schemes: Mapping[str, Json] = (data.get("components") or {}).get("securitySchemes") or {}
    lowered: list[SecurityScheme] = []
    for key, value in schemes.items():
        scheme, at = parser.follow(value, join("/components/securitySchemes", key))
        lowered.append(
            SecurityScheme(
                key=key,
                kind=scheme["type"],
                scheme=scheme.get("scheme", "").lower(),
                location=scheme.get("in", ""),
                wire=scheme.get("name", ""),
                description=scheme.get("description", ""),
                basic_argument=auth[key].username if key in auth else "",
                other=others(scheme, _SCHEME_KEYS),
                at=at,
            )
        )
    return tuple(lowered)
