"""Which module a declaration stands in, where there are too many for one.

A class stands with what the document writes inside it; what has a place of its own has a module of
its own. Modules import each other from the top, so those that need each other are one, and so is
everything that would need too many others, one after the other.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ...python.naming import Distinct, module_name
from ...python.order import module_names

MOST_IN_ONE_MODULE = 100
"""Classes. Beyond, importing them all takes a program more than a tenth of a second."""

DEEPEST = 40
"""Modules that import each other, one after the other: Python has a limit to nested calls, and each
such import takes six of a thousand."""

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
    for circle in sorted(map(sorted, _shallow(_circles(edges), edges))):
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


def _circles(edges: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """The groups that lead to each other: strongly connected components, by Tarjan's algorithm."""
    found: dict[str, int] = {}
    lowest: dict[str, int] = {}
    waiting: list[str] = []
    start: dict[str, int] = {}
    for root in edges:
        path = [(root, iter(edges[root]))] if root not in found else []
        while path:
            group, rest = path[-1]
            if group not in found:
                found[group] = lowest[group] = len(found)
                start[group] = len(waiting)
                waiting.append(group)
            following = next(rest, None)
            if following is None:
                path.pop()
                if path:
                    lowest[path[-1][0]] = min(lowest[path[-1][0]], lowest[group])
                if lowest[group] == found[group]:
                    yield (circle := waiting[start[group] :])
                    lowest |= dict.fromkeys(circle, len(edges))
                    del waiting[start[group] :]
            elif following not in found:
                path.append((following, iter(edges[following])))
            else:
                lowest[group] = min(lowest[group], lowest[following])


def _shallow(circles: Iterable[list[str]], edges: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """The circles, each after those that it leads to; what is too deep is one."""
    depth: dict[str, int] = {}
    deep: list[str] = []
    for circle in circles:
        below = (depth.get(other, 0) for group in circle for other in edges[group])
        depth |= dict.fromkeys(circle, max(below, default=0) + 1)
        if depth[circle[0]] < DEEPEST:
            yield circle
        else:
            deep += circle
    if deep:
        yield deep


def _module(group: str, members: list[Declaration]) -> str:
    first = next((one for one in members if one.id == group), members[0])
    return module_name(first.names[0])
