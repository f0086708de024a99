"""Which module a declaration stands in, where there are too many for one.

A class stands with what the document writes inside it; what has a place of its own has a module of
its own. Modules import each other from the top, so those that need each other are one, and so is
everything that would need too many others, one after the other.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...python.naming import Distinct, module_name
from ...python.order import module_names
from .graph import importable

MOST_IN_ONE_MODULE = 100
"""Classes. Beyond, importing them all takes a program more than a tenth of a second."""

ENUMS = "_enums"
"""The module of the enums that stand in no class."""
ANY_EVENT = "_event"
"""The module of the union of all events."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A class, an enum, or a kind without a class."""

    names: tuple[str, ...]
    """What it defines."""
    pointer: str
    """Where the document has it; "" for a kind."""
    uses: frozenset[str]
    """The names that it refers to."""
    enum: bool = False

    @property
    def id(self) -> str:
        return self.pointer or self.names[0]


def partition(declarations: Iterable[Declaration]) -> dict[str, tuple[Declaration, ...]]:
    """Module → its declarations, in their order. No module needs one that needs it."""
    listed = list(declarations)
    groups = _groups(listed)
    group_of = {name: group for group, each in groups.items() for one in each for name in one.names}
    edges = {
        group: sorted({group_of[name] for one in each for name in one.uses if name in group_of})
        for group, each in groups.items()
    }
    order = {one.names: index for index, one in enumerate(listed)}
    names = Distinct(ENUMS, ANY_EVENT)
    modules: dict[str, tuple[Declaration, ...]] = {}
    for circle in sorted(map(sorted, importable(edges))):
        members = [one for group in circle for one in groups[group]]
        module = ENUMS if circle[0] == ENUMS else names.of(circle[0], _module(circle[0], members))
        modules[module] = tuple(sorted(members, key=lambda one: order[one.names]))
    return {module: modules[module] for module in module_names(modules)}


def _groups(declarations: list[Declaration]) -> dict[str, list[Declaration]]:
    """What the document writes as one, by the pointer that leads to it."""
    outer = {one.pointer for one in declarations if one.pointer and not one.enum}
    groups: dict[str, list[Declaration]] = {}
    for one in declarations:
        around = next((each for each in _prefixes(one.pointer) if each in outer), "")
        group = around or (ENUMS if one.enum else one.id)
        groups.setdefault(group, []).append(one)
    return groups


def _prefixes(pointer: str) -> Iterator[str]:
    """The pointers to what stands around a place, the outermost first, itself last."""
    return itertools.islice(itertools.accumulate(pointer.split("/"), "{}/{}".format), 1, None)


def _module(group: str, members: list[Declaration]) -> str:
    first = next((one for one in members if one.id == group), members[0])
    return module_name(first.names[0])
