"""Schemas that are alternatives of what they extend: the idiom of a parent whose `oneOf` lists the
children, each an `allOf` of the parent.

Read to the letter such a schema is inside itself without end. What is meant can be compared: a
child has everything of its parent but the alternatives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..text.pointers import Pointer, destination, join, join_pointer, resolve, split_pointer, target

_LISTS = ("oneOf", "anyOf")
_SINGLE = ("not", "if", "then", "else")
_BY_NAME = ("dependentSchemas", "dependencies")


def choices(schema: Mapping[str, Any], at: Pointer) -> Iterator[tuple[str, Pointer]]:
    """The keywords that put other schemas to the same value if at all, and where those are."""
    for keyword in _LISTS:
        for index in range(len(schema.get(keyword) or ())):
            yield keyword, join(at, keyword, index)
    for keyword in _SINGLE:
        if keyword in schema:
            yield keyword, join(at, keyword)
    for keyword in _BY_NAME:
        for name in schema.get(keyword) or ():
            yield keyword, join(at, keyword, name)


def circles(data: Any, places: Iterable[Pointer]) -> dict[Pointer, int]:
    """Every schema that leads back to itself, with the number of its circle.

    `places`: one of each circle at least.
    """
    found: dict[Pointer, int] = {}
    starts = list(places)
    graph = _graph(data, starts)
    back: dict[Pointer, list[Pointer]] = {}
    for at, targets in graph.items():
        for each in targets:
            back.setdefault(each, []).append(at)
    for number, start in enumerate(starts):
        if start not in found:
            both = _reached(graph, start) & _reached(back, start)
            found |= dict.fromkeys(both, number)
    return found


def _graph(data: Any, starts: Iterable[Pointer]) -> dict[Pointer, list[Pointer]]:
    graph: dict[Pointer, list[Pointer]] = {}
    waiting = list(starts)
    while waiting:
        at = waiting.pop()
        if at not in graph:
            graph[at] = list(_steps(data, at))
            waiting += graph[at]
    return graph


def _steps(data: Any, at: Pointer) -> Iterator[Pointer]:
    schema = resolve(data, split_pointer(at))
    if not isinstance(schema, dict):
        return
    if destination(data, schema.get("$ref")) is not None:
        yield join_pointer(split_pointer(target(schema["$ref"])))
    for index in range(len(schema.get("allOf") or ())):
        yield join(at, "allOf", index)
    for _, arm in choices(schema, at):
        yield arm


def _reached(graph: Mapping[Pointer, list[Pointer]], start: Pointer) -> set[Pointer]:
    seen, waiting = set[Pointer](), [start]
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            waiting += graph.get(at, ())
    return seen
