"""Which class name each object has, and that no two different objects end up with one name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..diagnostics import Diagnostic
from ..model import Model, Pointer
from ..naming import class_name, is_class_name
from ..reach import emitted
from ..shapes import difference

if TYPE_CHECKING:
    from ..config import ClientConfig
    from ..load import Document

_COMPONENT = re.compile(r"/components/[^/]+/([^/]+)")


def component_name(key: Pointer) -> str:
    """`/components/schemas/address` -> `Address`; "" for a place inside a component."""
    match = _COMPONENT.fullmatch(key)
    return class_name(match[1].replace("~1", "/").replace("~0", "~"), "Object") if match else ""


class Names:
    """Configured names first, then the event's literal, then the component's key, then the path.

    No name depends on another part of the document, so adding a schema never renames one.
    """

    def __init__(self, document: Document, client: ClientConfig) -> None:
        self._document = document
        self._configured = client.names
        self._used: set[Pointer] = set()

    def object_name(self, key: Pointer, at: Pointer, *, literal: str = "", path: str = "") -> str:
        """The class name of the object defined at `key` and used at `at`, "" for none."""
        for pointer in (key, at):
            if pointer in self._configured:
                self._used.add(pointer)
                return self._configured[pointer]
        return class_name(literal) or component_name(key) or path

    def problems(self, model: Model) -> list[Diagnostic]:
        """Configured names that were not used, objects that share a name but not a shape."""
        return [*self._misused(), *self._clashes(model)]

    def _misused(self) -> list[Diagnostic]:
        unused = [
            self._document.diagnostic(
                "E301",
                f"the configuration names {name} at {pointer}, but no object with declared "
                "properties is used there",
                pointer,
                help="correct the JSON pointer in [client.names], or remove the line",
            )
            for pointer, name in self._configured.items()
            if pointer not in self._used
        ]
        return unused + [
            self._document.diagnostic(
                "E302",
                f"a class cannot be called {name}: the generated package needs that name itself",
                pointer,
                help="choose another name in [client.names]",
            )
            for pointer, name in self._configured.items()
            if not is_class_name(name)
        ]

    def _clashes(self, model: Model) -> list[Diagnostic]:
        first: dict[str, str] = {}
        problems: list[Diagnostic] = []
        literals = {event.key: event.literal for event in model.events}
        for key, item in emitted(model).items():
            other = first.setdefault(item.name, key)
            differ = difference(model, other, key)
            if other in literals and key in literals and literals[other] != literals[key]:
                differ = differ or "they are different events"
            if differ:
                problems.append(self._clash(item.name, model.objects[other].at, item.at, differ))
        return problems

    def _clash(self, name: str, one: Pointer, two: Pointer, differ: str) -> Diagnostic:
        return self._document.diagnostic(
            "E303",
            f"two different objects would be called {name}: {one} and {two} ({differ})",
            two,
            help=f'name one of them in [client.names], as in "{two}" = "Another{name}"',
        )
