"""Servers and security schemes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ...model.model import SecurityScheme, Server
from ...model.supported import server_problem
from ...python.naming import constant_name, field_name
from ...schema.parse import Parser
from ...text.jsonvalues import Json
from ...text.pointers import Pointer, join
from ..schemas.notes import others

if TYPE_CHECKING:
    from ...config.config import AuthConfig

_SCHEME_KEYS = frozenset({"type", "description", "name", "in", "scheme"})


def lower_servers(
    servers: list[dict[str, Any]], at: Pointer, names: Mapping[str, str]
) -> tuple[Server, ...]:
    """`names`: server name -> URL, from configuration. Others are called after their host."""
    configured = {url: name for name, url in names.items()}
    urls = {_filled(server): None for server in servers}
    derived = _derived([url for url in urls if url not in configured])
    derived |= _described(servers)
    lowered: dict[str, Server] = {}
    for index, server in enumerate(servers):
        url = _filled(server)
        name = configured.get(url) or configured.get(server["url"]) or derived[url]
        # A URL listed twice is one server.
        lowered.setdefault(
            url,
            Server(
                name=name,
                url=url,
                description=server.get("description", ""),
                template=_slashless(server["url"]) if server.get("variables") else "",
                variables=tuple(sorted((server.get("variables") or {}).items())),
                at=join(at, index),
            ),
        )
    return tuple(lowered.values())


def document_servers(
    servers: list[dict[str, Any]], names: Mapping[str, str], elsewhere: Iterable[Server]
) -> tuple[Server, ...]:
    """The document's own. Where one cannot be used, configuration may give what it should be.

    `elsewhere`: the servers of operations, which configuration may name as well.
    """
    lowered = lower_servers(servers, "/servers", names)
    known = {server["url"] for server in servers} | {server.url for server in lowered}
    for server in elsewhere:
        known |= {server.url, names.get(server.name, server.url)}
    given = ((name, url.rstrip("/")) for name, url in names.items() if url not in known)
    return tuple(_mended(server, given) if server_problem(server) else server for server in lowered)


def _mended(server: Server, given: Iterator[tuple[str, str]]) -> Server:
    for name, url in given:
        mended = replace(server, name=name, url=url, template="", variables=())
        if not server_problem(mended):
            return mended
    return server


def _derived(urls: list[str]) -> dict[str, str]:
    """The names of servers that configuration has none for: the host and, where several share
    it, as much of what tells them apart as is needed. Their order plays no part. Some may be
    left with one name: a person has to choose then.
    """
    names: dict[str, str] = {}
    hosts: dict[str, list[str]] = {}
    for url in urls:
        hosts.setdefault(_host(url), []).append(url)
    for sharing in hosts.values():
        for name in (_host, _host_path, _host_port_path, _whole):
            names.update((url, name(url)) for url in sharing)
            if len({constant_name(names[url]) for url in sharing}) == len(sharing):
                break
    return names


def _described(servers: list[dict[str, Any]]) -> dict[str, str]:
    """The names of servers whose description is one of a word or two that no other has."""
    said = {_filled(server): str(server.get("description", "")) for server in servers}
    short = {url: text for url, text in said.items() if _LABEL.fullmatch(text)}
    names = {url: field_name(text) for url, text in short.items()}
    count = Counter(constant_name(name) for name in names.values())
    return {url: name for url, name in names.items() if count[constant_name(name)] == 1}


_LABEL = re.compile(r"[A-Za-z][A-Za-z0-9-]*( [A-Za-z0-9-]+)?\.?")


def _filled(server: Mapping[str, Any]) -> str:
    url: str = server["url"]
    for name, variable in (server.get("variables") or {}).items():
        url = url.replace("{" + name + "}", str(variable.get("default", "")))
    return _slashless(url)


def _slashless(url: str) -> str:
    return url.rstrip("/") if len(url) > 1 else url


def _host(url: str) -> str:
    return field_name(_parts(url)[1])


def _host_path(url: str) -> str:
    _, host, _, path = _parts(url)
    return field_name(f"{host} {path}")


def _host_port_path(url: str) -> str:
    _, host, port, path = _parts(url)
    return field_name(f"{host} {port} {path}")


def _whole(url: str) -> str:
    return field_name(" ".join(_parts(url)))


def _parts(url: str) -> tuple[str, str, str, str]:
    """Scheme, host, port and path as text."""
    try:
        parts = urlsplit(url)
        port = str(parts.port or "")
    except ValueError:
        return "", url, "", ""
    return parts.scheme, parts.hostname or "default", port, parts.path


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
