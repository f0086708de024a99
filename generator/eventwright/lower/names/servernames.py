"""Servers that would be one member of the enum: their names tell how their URLs are spelled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ...diagnostics.remarks import Remark
from ...model.givennames import GivenNames
from ...model.model import Model, Server
from ...model.supported import server_problem
from ...python.distinct import Wish, distinct, is_plain_identifier, spellings
from ...python.naming import constant_name, field_name


def with_server_names(
    model: Model, configured: Mapping[str, str], given: GivenNames
) -> tuple[Model, tuple[Remark, ...]]:
    """The model with a name of its own for each server, and what is to be said of those that met.

    `configured`: names that the configuration gives, which are kept. `given`: what the servers of
    the package are called that is there.
    """
    usable = [server for server in model.servers if not server_problem(server)]
    free = [server for server in usable if server.name not in configured]
    kept = {
        server.url: name
        for server in free
        if is_plain_identifier(name := given.servers.get(server.url, "_"))
    }
    wanted = {server.url: kept.get(server.url, server.name) for server in usable}
    count = Counter(map(constant_name, wanted.values()))
    wishes = {
        server.url: Wish(name="", rank=(), others=tuple(map(constant_name, _names(server.url))))
        for server in free
        if server.url not in kept and count[constant_name(server.name)] > 1
    }
    told = distinct(wishes, frozenset({*map(constant_name, wanted.values()), ""}))
    names = {**wanted, **{url: name.lower() for url, name in told.items()}}
    if all(names[server.url] == server.name for server in usable):
        return model, ()
    servers = tuple(replace(each, name=names.get(each.url, each.name)) for each in model.servers)
    return replace(model, servers=servers), tuple(_remarks(usable, names))


def _names(url: str) -> Iterator[str]:
    bare = url.partition("://")[2]
    for text in (*spellings(bare), *spellings(url)):
        yield field_name(text)


def _remarks(servers: Sequence[Server], names: Mapping[str, str]) -> Iterator[Remark]:
    for server in servers:
        name, alone = names[server.url], constant_name(server.name)
        others = [each for each in servers if each.url != server.url]
        met = [e for e in others if alone in map(constant_name, (e.name, names[e.url]))]
        if name != server.name and met:
            yield Remark(
                code="N108",
                about=f"the server {server.url}",
                message=f"is called {name}: another would be {server.name} as well",
                at=server.at,
                help=f'choose a name in [client.servers]: main = "{server.url}"',
            )
