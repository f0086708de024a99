"""`inspect`: the model as tables for people, and whole as JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from ...diagnostics.diagnostic import escape
from ...diagnostics.notes import note_lines
from ...emit.layout.groups import groups
from ...model import model as m
from ...model.omissions import sendable
from ...project.notes import notes
from .console import out, paint

if TYPE_CHECKING:
    from rich.console import Console

    from ...document.load import Document
    from ...project.project import Client

Found = Sequence[tuple["Client", "Document", m.Model]]
_Rows = Iterator[tuple[str, ...]]
_NO_TERMINAL_WIDTH = 1000


def as_json(found: Found) -> str:
    """`{"inspectVersion": 1, "clients": [{"spec", "output", "model", "notes"}]}`.

    The model's types carry their class in `kind`: `{"kind": "StringType", "min_length": 1, …}`.
    """
    clients = [
        {
            "spec": client.config.spec,
            "output": client.output,
            "model": plain(model),
            "notes": notes(document, model.remarks, client.root),
        }
        for client, document, model in found
    ]
    return json.dumps({"inspectVersion": 1, "clients": clients}, indent=2)


def plain(value: object) -> object:
    """A model, or a part of one, as JSON data."""
    if is_dataclass(value) and not isinstance(value, type):
        kind = {"kind": type(value).__name__} if isinstance(value, m.Type) else {}
        return kind | {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    return value


def print_tables(found: Found) -> None:
    """Print events, operations and servers of each client to stdout, and what is left out."""
    from rich.console import Console

    # Without a terminal nothing limits the width, and nothing may be cut.
    width = None if sys.stdout.isatty() else _NO_TERMINAL_WIDTH
    console = Console(highlight=False, width=width)
    for client, document, model in found:
        title = f"{client.output}: {model.title} {model.version}, from {client.config.spec}"
        console.print(escape(title), markup=False, style="bold")
        _print(console, ("event", "class", "required"), _events(model))
        _print(console, ("operation", "method", "path"), _operations(model, client.config.groups))
        _print(console, ("server", "URL"), ((s.name, s.url) for s in model.servers))
        every = notes(document, model.remarks, client.root)
        for line in note_lines(every, len(every), paint):
            out(line)


def _print(console: Console, headers: tuple[str, ...], rows: _Rows) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(*headers, box=box.SIMPLE_HEAD, safe_box=True)
    for column in table.columns:
        column.overflow = "fold"
    for row in rows:
        table.add_row(*(Text(escape(cell)) for cell in row))
    if table.row_count:
        console.print(table)


def _events(model: m.Model) -> _Rows:
    for event in model.events:
        shape = model.objects[event.key]
        required = [field.wire for field in shape.fields if field.required and not field.constant]
        yield ", ".join(map(str, event.literals)), shape.name, ", ".join(required) or "-"


def _operations(model: m.Model, grouped: bool) -> _Rows:
    """Each as it is called, behind the name of the client."""
    called = {
        operation.id: f"{group.attribute}.{name}"
        for group in (groups(sendable(model).operations, ()) if grouped else ())
        for operation, name in zip(group.operations, group.methods, strict=True)
    }
    for operation in model.operations:
        yield called.get(operation.id, operation.name), operation.method, operation.path
