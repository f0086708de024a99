"""Which class name each object has, and that no two different objects end up with one name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..diagnostics import Diagnostic
from ..model import Model, Pointer
from ..naming import class_name, field_name, field_names, is_class_name
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
        self._fields = client.fields
        self._used: set[Pointer] = set()
        self._clashing: list[Diagnostic] = []

    def object_name(self, key: Pointer, at: Pointer, *, literal: str = "", path: str = "") -> str:
        """The class name of the object defined at `key` and used at `at`, "" for none."""
        for pointer in (key, at):
            if pointer in self._configured:
                self._used.add(pointer)
                return self._configured[pointer]
        return class_name(literal) or component_name(key) or path

    def field_names(self, places: Mapping[str, Pointer], *, clash: bool) -> dict[str, str]:
        """The attribute of each wire name of one object, given where its properties stand.

        Two that would be one attribute are a problem (if `clash`): should one of them be picked,
        adding a property could silently change which key an attribute is sent under.
        """
        configured = {w: self._fields[at] for w, at in places.items() if at in self._fields}
        self._used.update(places[wire] for wire in configured)
        names = field_names(places, configured)
        owners: dict[str, str] = {}
        for wire, at in places.items() if clash else ():
            wanted = configured.get(wire) or field_name(wire)
            other = owners.setdefault(wanted, wire)
            if other != wire:
                self._clashing.append(self._one_attribute(other, wire, wanted, at))
        return names

    def _one_attribute(self, one: str, two: str, name: str, at: Pointer) -> Diagnostic:
        return self._document.diagnostic(
            "E310",
            f"the keys {one!r} and {two!r} of one object would both be the attribute {name}",
            at,
            help=f'name one of them: [client.fields] "{at}" = "another_name"',
        )

    def problems(self, model: Model) -> list[Diagnostic]:
        """Configured names that were not used, objects that share a name but not a shape."""
        return [*self._misused(), *self._clashes(model), *self._clashing]

    def _misused(self) -> list[Diagnostic]:
        unused = [
            self._document.diagnostic(
                "E301",
                f"the configuration names {name} at {pointer}, but no such property or "
                "object with declared properties is used there",
                pointer,
                help="correct the JSON pointer in the configuration, or remove the line",
            )
            for pointer, name in {**self._configured, **self._fields}.items()
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
