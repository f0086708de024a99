"""Which class name each object has, and that no two different objects end up with one name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...diagnostics.diagnostic import Diagnostic
from ...diagnostics.remarks import Remark
from ...model.givennames import GivenNames
from ...model.model import Model, ObjectType
from ...model.reachable import emitted
from ...model.shapes import difference
from ...python.distinct import is_plain_identifier
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


def _attribute_remark(wire: str, other: str, wanted: str, name: str, at: Pointer) -> Remark:
    declared = split_pointer(at)[-1:] == (wire,)  # else it is only required
    choose = f'choose a name in [client.fields]: "{at}" = "…"'
    return Remark(
        code="N106",
        about=f"the key {wire!r}",
        message=f"is the attribute {name}: {other!r} beside it would be {wanted} as well",
        at=at,
        help=choose if declared else f"write {other!r}, or declare {wire!r} under properties",
    )


class Names:
    """Configured names first, then the event's literal, then the component's key, then the path.

    No name depends on another part of the document, so adding a schema never renames one.
    """

    def __init__(
        self, document: Document, client: ClientConfig, parser: Parser, given: GivenNames
    ) -> None:
        self._document = document
        self._parser = parser
        self._faults = Faults(document, client)
        self.configured = client.names
        self.types = client.types
        """The formats whose attributes are Python's own."""
        self._fields = client.fields
        self._given = given
        self.named: dict[Pointer, Pointer] = {}
        """Object → the configured pointer it has its name from."""
        self._attributes: set[Pointer] = set()
        """The configured pointers to properties that are there."""
        self._clashing: list[Diagnostic] = []
        self._attribute_remarks: dict[str, list[Remark]] = {}
        """By the key of the object."""

    def object_name(self, flat: Flat, *, literal: str = "", path: str = "") -> str:
        """The class name of an object, by where it is defined or used; "" for none."""
        for pointer in (flat.pointer, flat.at):
            if pointer in self.configured:
                self.named[flat.key] = pointer
                return self.configured[pointer]
        return class_name(literal) or component_name(flat.key) or path

    def field_names(self, owner: str, places: Mapping[str, Pointer]) -> dict[str, str]:
        """The attribute of each wire name of one object, given where its properties stand.

        `owner`: the object's key; "" where it has no class, and nobody sees the names.
        """
        configured = {w: self._fields[at] for w, at in places.items() if at in self._fields}
        self._attributes.update(places[wire] for wire in configured)
        names = field_names(places, configured, self._given_attributes(owner) if owner else {})
        if owner and (configured or list(names.values()) != list(map(field_name, places))):
            self._told_apart(owner, places, configured, names)
        return names

    def _given_attributes(self, owner: str) -> dict[str, str]:
        found = self._given.attributes_of(owner)
        return {
            wire: name
            for wire, name in found.items()
            if is_plain_identifier(name) and is_field_name(name)
        }

    def _told_apart(
        self,
        owner: str,
        places: Mapping[str, Pointer],
        configured: Mapping[str, str],
        names: Mapping[str, str],
    ) -> None:
        """Keep what is to be said of keys that would be one attribute."""
        chosen: dict[str, str] = {}
        for wire, name in configured.items():
            other = chosen.setdefault(name, wire)
            if other != wire:
                self._clashing.append(self._one_attribute(other, wire, name, places[wire]))
        alike: dict[str, list[str]] = {}
        for wire in places:
            alike.setdefault(configured.get(wire) or field_name(wire), []).append(wire)
        for wanted, wires in alike.items():
            for wire in wires if len(wires) > 1 else ():
                if names[wire] != wanted:
                    other = next(each for each in wires if each != wire)
                    self._attribute_remarks.setdefault(owner, []).append(
                        _attribute_remark(wire, other, wanted, names[wire], places[wire])
                    )

    def _one_attribute(self, one: str, two: str, name: str, at: Pointer) -> Diagnostic:
        return self._faults.of(
            "E310",
            f"the keys {one!r} and {two!r} of one object would both be the attribute {name}",
            ("fields", at),
            at,
            f'name one of them: [client.fields] "{at}" = "another_name"',
        )

    def remarks(self, model: Model) -> Iterator[Remark]:
        """What is said of the attributes of classes."""
        for key in emitted(model) if self._attribute_remarks else ():
            yield from self._attribute_remarks.get(key, ())

    def problems(self, model: Model) -> list[Diagnostic]:
        """Configured names that were not used, objects that share a name but not a shape."""
        return [*self._misused(model), *self._clashes(model), *self._clashing]

    def _misused(self, model: Model) -> Iterator[Diagnostic]:
        named = self.named.values()
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
        said = self.named.get(two.key) or self.named.get(one.key)
        return self._faults.of(
            "E303",
            f"two different objects would be called {name}: {one.at} and {two.at} ({differ})",
            ("names", said) if said else (),
            two.at,
            f'name one of them in [client.names], as in "{two.at}" = "Another{name}"',
        )
