"""Which groups of declarations can be modules that import each other from the top."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

DEEPEST = 40
"""Modules that import each other, one after the other: Python has a limit to nested calls, and each
such import takes six of a thousand."""


def importable(edges: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """What is one module: each group with those that it leads to and that lead to it.

    Each comes after those that it leads to; what is too deep is one, the last.
    """
    depth: dict[str, int] = {}
    deep: list[str] = []
    for circle in _circles(edges):
        below = (depth.get(other, 0) for group in circle for other in edges[group])
        depth |= dict.fromkeys(circle, max(below, default=0) + 1)
        if depth[circle[0]] < DEEPEST:
            yield circle
        else:
            deep += circle
    if deep:
        yield deep


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
