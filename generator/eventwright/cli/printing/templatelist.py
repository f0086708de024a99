"""What `templates` prints: every template, its purpose, and whose own stands in for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...diagnostics.diagnostic import escape
from ...emit.catalogue import TEMPLATES
from ...project.project import Client
from ...project.templatefolder import overrides
from .console import paint


def lines(clients: Sequence[Client]) -> Iterator[str]:
    """One for each template, and one for each client that has it changed."""
    owners: dict[str, list[str]] = {}
    for client in clients:
        folder = client.config.templates_dir
        # One that is not there yet is made by `eject`.
        there = folder is not None and (client.root / folder).exists()
        for name in overrides(client.config, client.root) if there else ():
            place = f"{folder}/{name} of {client.name}"
            owners.setdefault(name, []).append(place)
    width = max(map(len, TEMPLATES))
    for name, template in TEMPLATES.items():
        yield f"{paint(name.ljust(width), 'bold')}  {template.purpose.replace('`', '')}"
        for place in owners.get(name, ()):
            yield escape(f"{'':{width}}  {paint('overridden', 'yellow')} by {place}")
    yield ""
    yield "to change one: eventwright templates eject NAME; what it is given: docs/templates.md"
