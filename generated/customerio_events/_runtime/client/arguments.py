"""The arguments of a client's constructor and methods, made into what is sent."""

from __future__ import annotations

import enum

from ..builders.base import Builder, EventBuilder


def server_url(server: enum.Enum | str, servers: type[enum.Enum]) -> str:
    """The URL of a server given as a member of the enum, its name, or a URL.

    Raises:
        ValueError: neither; says which server may be meant. What was given is not shown: it may be
            a credential that got into the wrong place.
    """
    if isinstance(server, servers):
        return str(server.value)
    known = {member.name.lower(): str(member.value) for member in servers}
    name = str(server)
    if name.lower() in known:
        return known[name.lower()]
    if "://" in name:
        return name
    from difflib import get_close_matches  # slow to import

    near = get_close_matches(name.lower(), known, 1, 0.5)
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    listed = ", ".join(map(repr, known))
    raise ValueError(f"unknown server{hint}: give one of {listed}, or a URL")


def event_body(event: object, accepted: tuple[type[Builder], ...]) -> bytes:
    """The JSON of a builder.

    Raises:
        TypeError: not one of the builders the operation takes.
    """
    if isinstance(event, accepted):
        return event.to_json()
    names = ", ".join(builder.__name__ for builder in accepted)
    came = type(event).__name__
    events = all(issubclass(builder, EventBuilder) for builder in accepted)
    maker = "parse_event" if events else "from_dict"
    hint = f"; {maker} makes one of a mapping" if came == "dict" else ""
    raise TypeError(f"expected {names}, got {came}{hint}")
