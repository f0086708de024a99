"""What a package calls its things, as its lock remembers it: names that stay while they can.

Names that tell apart come of what stands in a document together, so that a component, an operation
or a key that comes later could take the name of one that has it. Programs use that name: it stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from urllib.parse import quote, unquote

from ..text.pointers import Pointer, split_pointer

_NOT = ", not "
_LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems", "parameters"})
"""Keywords whose values have places by number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenNames:
    """Names by the place in the document of what has them, as they stand in the lock.

    One that tells its owner apart is followed by what that would be called alone:
    `"Order_item, not OrderItem"`. Names of the configuration are no part: it says them itself.
    """

    classes: Mapping[Pointer, str] = field(default_factory=dict)
    """By the key of the object."""
    enums: Mapping[Pointer, str] = field(default_factory=dict)
    """By the schema: the aliases of the types of values."""
    methods: Mapping[str, str] = field(default_factory=dict)
    """By method and path: `get /orders/{id}`."""
    servers: Mapping[str, str] = field(default_factory=dict)
    """By the URL; what one would be called alone depends on the others anyway."""
    attributes: Mapping[Pointer, str] = field(default_factory=dict)
    """By the key of the object: the attributes of keys that are not spelled in Python
    style, as in `"order_id=orderId"`."""

    def class_of(self, key: Pointer, alone: str) -> str:
        """What the class of an object was called, "" for one that would be called otherwise now.

        `alone`: what it would be called if no other had that name.
        """
        return _still(self.classes.get(key, ""), alone)

    def enum_of(self, at: Pointer, alone: str) -> str:
        """The same for the alias of an enum."""
        return _still(self.enums.get(at, ""), alone)

    def method_of(self, route: str, alone: str) -> str:
        """The same for the method of an operation."""
        return _still(self.methods.get(route, ""), alone)

    def attributes_of(self, key: Pointer) -> dict[str, str]:
        """The attributes of the keys of an object that are not spelled in Python style."""
        pairs = (each.partition("=") for each in self.attributes.get(key, "").split())
        return {unquote(wire, errors="surrogatepass"): attribute for attribute, _, wire in pairs}


NO_NAMES = GivenNames()
"""Of a package that is not there yet."""


def _still(text: str, alone: str) -> str:
    name, _, instead = text.partition(_NOT)
    return name if (instead or name) == alone else ""


def given(name: str, alone: str) -> str:
    """How the name of a class, alias or method stands in the lock."""
    return name if name == alone else f"{name}{_NOT}{alone}"


def given_attributes(names: Mapping[str, str]) -> str:
    """How attributes stand in the lock, given them by key.

    >>> given_attributes({"orderId": "order_id", "a b": "a_b"})
    'a_b=a%20b order_id=orderId'
    """
    return " ".join(sorted(f"{name}={_quoted(wire)}" for wire, name in names.items()))


def _quoted(wire: str) -> str:
    return quote(wire, safe="", errors="surrogatepass")


def is_lasting(key: Pointer) -> bool:
    """Whether what is there is still there when something is put before it: no place in a list."""
    tokens = split_pointer(key)
    return not any(a in _LISTS and b.isdigit() for a, b in pairwise(tokens))
