"""Which class name each object has, and that no two different objects end up with one name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...diagnostics.diagnostic import Diagnostic
from ...model.model import Model, ObjectType
from ...model.reachable import emitted
from ...model.shapes import difference
from ...python.naming import class_name, field_name, field_names, is_class_name, is_field_name
from ...schema.parse import Parser
from ...schema.schema import Flat
from ...text.pointers import Pointer, join, nearest_pointer, split_pointer, target
from .faults import Faults

if TYPE_CHECKING:
    from ...config.config import ClientConfig
    from ...document.load import Document


def component_name(key: Pointer) -> str:
    """`/components/schemas/address` -> `Address`; "" for a place inside a component."""
    match split_pointer(key):
        case ("components", _, name):
            return class_name(name, "Object")
    return ""


_LISTED = 10


def _why_none(name: str) -> str:
    """Why a name is none for a class."""
    if name[:1].islower():
        return "a small letter in front is for attributes, modules and functions"
    return "the generated package needs that name itself"


class Names:
    """Configured names first, then the event's literal, then the component's key, then the path.

    No name depends on another part of the document, so adding a schema never renames one.
    """

    def __init__(self, document: Document, client: ClientConfig, parser: Parser) -> None:
        self._document = document
        self._parser = parser
        self._faults = Faults(document, client)
        self.configured = client.names
        self._fields = client.fields
        self._named: dict[Pointer, Pointer] = {}
        """Object → the configured pointer it has its name from."""
        self._attributes: set[Pointer] = set()
        """The configured pointers to properties that are there."""
        self._clashing: list[Diagnostic] = []

    def object_name(self, flat: Flat, *, literal: str = "", path: str = "") -> str:
        """The class name of an object, by where it is defined or used; "" for none."""
        for pointer in (flat.pointer, flat.at):
            if pointer in self.configured:
                self._named[flat.key] = pointer
                return self.configured[pointer]
        return class_name(literal) or component_name(flat.key) or path

    def field_names(
        self, places: Mapping[str, Pointer], undeclared: Collection[str], *, clash: bool
    ) -> dict[str, str]:
        """The attribute of each wire name of one object, given where its properties stand.

        `undeclared`: those that are required and no properties.

        Two that would be one attribute are a problem (if `clash`): should one of them be picked,
        adding a property could silently change which key an attribute is sent under.
        """
        configured = {w: self._fields[at] for w, at in places.items() if at in self._fields}
        self._attributes.update(places[wire] for wire in configured)
        names = field_names(places, configured)
        owners: dict[str, str] = {}
        for wire, at in places.items() if clash else ():
            wanted = configured.get(wire) or field_name(wire)
            other = owners.setdefault(wanted, wire)
            if other != wire:
                said = [places[each] for each in (wire, other) if each in configured]
                help = f'name one of them: [client.fields] "{at}" = "another_name"'
                if wire in undeclared and other not in undeclared:
                    help = f"{wire!r} is required and declared nowhere: write {other!r}; or {help}"
                self._clashing.append(self._one_attribute(other, wire, wanted, at, said, help))
        return names

    def _one_attribute(
        self, one: str, two: str, name: str, at: Pointer, said: Sequence[Pointer], help: str
    ) -> Diagnostic:
        return self._faults.of(
            "E310",
            f"the keys {one!r} and {two!r} of one object would both be the attribute {name}",
            ("fields", said[0]) if said else (),
            at,
            help,
        )

    def problems(self, model: Model) -> list[Diagnostic]:
        """Configured names that were not used, objects that share a name but not a shape."""
        return [*self._misused(model), *self._clashes(model), *self._clashing]

    def _misused(self, model: Model) -> Iterator[Diagnostic]:
        named = self._named.values()
        for pointer, name in self.configured.items():
            if pointer not in named:
                there = [at for key, each in model.objects.items() for at in (key, each.at)]
                yield self._unused("names", pointer, name, there)
            if not is_class_name(name):
                yield self._faults.of(
                    "E302",
                    f"a class cannot be called {name}: {_why_none(name)}",
                    ("names", pointer),
                    pointer,
                    "choose another name in [client.names]",
                )
        for pointer, name in self._fields.items():
            if pointer not in self._attributes:
                there = [each.at for found in model.objects.values() for each in found.fields]
                yield self._unused("fields", pointer, name, there)
            if not is_field_name(name):
                yield self._faults.of(
                    "E302",
                    f"an attribute cannot be called {name}: the builders need such names "
                    "themselves",
                    ("fields", pointer),
                    pointer,
                    "choose another name in [client.fields]",
                )

    def _unused(
        self, table: str, pointer: Pointer, name: str, there: Sequence[Pointer]
    ) -> Diagnostic:
        near = nearest_pointer(pointer, there)
        arms = list(self._arms(pointer))
        listed = "".join(f"\n  {each}" for each in arms[:_LISTED])
        more = f"\n  … and {len(arms) - _LISTED} more" if len(arms) > _LISTED else ""
        return self._faults.of(
            "E301",
            f"the configuration names {name} at {pointer}, but no such property or "
            "object with declared properties is used there"
            + (f"; did you mean {near}?" if near else ""),
            (table, pointer),
            pointer,
            f"that is a union; the classes are those of its arms:{listed}{more}"
            if arms
            else "correct the JSON pointer, or remove the line",
        )

    def _arms(self, pointer: Pointer) -> Iterator[Pointer]:
        """Where the arms of the union that a pointer leads to are defined; null aside."""
        at, schema = self._followed(pointer)
        for keyword in ("oneOf", "anyOf"):
            arms = schema.get(keyword)
            for index in range(len(arms)) if isinstance(arms, list) else ():
                place, arm = self._followed(join(at, keyword, index))
                if arm.get("type") != "null":
                    yield place

    def _followed(self, pointer: Pointer) -> tuple[Pointer, Mapping[str, Any]]:
        """The object a pointer leads to, references followed, and where it is; {} for none.

        A pointer of the configuration may lead anywhere, and what it finds there is not validated.
        """
        seen: set[Pointer] = set()
        while pointer not in seen and self._document.nearest(pointer) == pointer:
            seen.add(pointer)
            value = self._parser.lookup(pointer)
            if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
                return pointer, value if isinstance(value, dict) else {}
            pointer = target(value["$ref"])
        return pointer, {}

    def _clashes(self, model: Model) -> Iterator[Diagnostic]:
        first: dict[str, str] = {}
        literals = {event.key: event.literal for event in model.events}
        for key, item in emitted(model).items():
            other = first.setdefault(item.name, key)
            differ = difference(model, other, key)
            if other in literals and key in literals and literals[other] != literals[key]:
                differ = differ or "they are different events"
            if differ:
                yield self._clash(item.name, model.objects[other], model.objects[key], differ)

    def _clash(self, name: str, one: ObjectType, two: ObjectType, differ: str) -> Diagnostic:
        said = self._named.get(two.key) or self._named.get(one.key)
        return self._faults.of(
            "E303",
            f"two different objects would be called {name}: {one.at} and {two.at} ({differ})",
            ("names", said) if said else (),
            two.at,
            f'name one of them in [client.names], as in "{two.at}" = "Another{name}"',
        )
