"""Servers that would be one member of the enum: their names tell how their URLs are spelled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ...diagnostics.remarks import Remark
from ...model.model import Model, Server
from ...model.supported import server_problem
from ...python.distinct import Wish, distinct, spellings
from ...python.naming import constant_name, field_name


def with_server_names(
    model: Model, configured: Mapping[str, str]
) -> tuple[Model, tuple[Remark, ...]]:
    """The model with a name of its own for each server, and what is to be said of those that met.

    `configured`: names that the configuration gives, which are kept.
    """
    usable = [server for server in model.servers if not server_problem(server)]
    count = Counter(constant_name(server.name) for server in usable)
    met = [s for s in usable if count[constant_name(s.name)] > 1 and s.name not in configured]
    if not met:
        return model, ()
    taken = frozenset(constant_name(server.name) for server in usable)
    wishes = {
        server.url: Wish(name="", rank=(), others=tuple(map(constant_name, _names(server.url))))
        for server in met
    }
    names = {url: name.lower() for url, name in distinct(wishes, taken | {""}).items()}
    servers = tuple(
        replace(server, name=names.get(server.url, server.name)) for server in model.servers
    )
    return replace(model, servers=servers), tuple(_remark(each, names[each.url]) for each in met)


def _names(url: str) -> Iterator[str]:
    bare = url.partition("://")[2]
    for text in (*spellings(bare), *spellings(url)):
        yield field_name(text)


def _remark(server: Server, name: str) -> Remark:
    return Remark(
        code="N108",
        about=f"the server {server.url}",
        message=f"is called {name}: another would be {server.name} as well",
        at=server.at,
        help=f'choose a name in [client.servers]: main = "{server.url}"',
    )
