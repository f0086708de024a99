"""Unions that are arms of themselves: that adds to them the arms of the others in the circle.

    NodeA: {oneOf: [{type: integer}, {$ref: NodeB}]}
    NodeB: {oneOf: [{type: string}, {$ref: NodeA}]}

are both an integer or a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..text.pointers import Pointer, destination, join, join_pointer, resolve, split_pointer
from .circles import circles

_ARMS = ("oneOf", "anyOf")
_WORDS = frozenset(
    "title description discriminator example examples deprecated readOnly writeOnly externalDocs "
    "xml $comment default".split()
)
"""Keys that allow no more and no less values."""


def without_circles(data: Any, places: Iterable[Pointer]) -> Any:
    """The document with the arms in place of each arm that leads back to its own union.

    `places`: one of each circle at least. What else is in itself stays as it is.
    """
    inside = circles(data, places)
    unions = {at: number for at, number in inside.items() if _arms(data, at)}
    changed = data
    for at, number in unions.items():
        others = [each for each, one in unions.items() if one == number and each != at]
        found = [each for other in others for each in _outside(data, other, unions)]
        instead: Any = {"anyOf": [{"$ref": f"#{each}"} for each in found]} if found else False
        for arm in _arms(data, at):
            if _named(data, arm) in unions:
                changed = _put(changed, split_pointer(arm), instead)
                instead = False  # once, or `oneOf` would count it twice
    return changed


def _arms(data: Any, at: Pointer) -> list[Pointer]:
    """The arms of a schema that is a union and nothing else."""
    schema = resolve(data, split_pointer(at))
    if not isinstance(schema, Mapping) or len(_saying(schema)) != 1:
        return []
    counts = {keyword: len(schema.get(keyword, ())) for keyword in _ARMS}
    return [join(at, keyword, index) for keyword in _ARMS for index in range(counts[keyword])]


def _saying(schema: Mapping[str, Any]) -> list[str]:
    return [key for key in schema if key not in _WORDS and not key.startswith("x-")]


def _outside(data: Any, at: Pointer, unions: Mapping[Pointer, int]) -> Iterator[Pointer]:
    return (arm for arm in _arms(data, at) if _named(data, arm) not in unions and arm not in unions)


def _named(data: Any, at: Pointer) -> Pointer:
    """Where a schema that is a reference leads, by way of others; "" for what is none."""
    found, seen = "", {at}
    while True:
        schema = resolve(data, split_pointer(found or at))
        alone = isinstance(schema, Mapping) and _saying(schema) == ["$ref"]
        leads = destination(data, schema["$ref"]) if alone else None
        following = "" if leads is None else join_pointer(leads)
        if not following or following in seen:
            return found
        found = following
        seen.add(found)


def _put(value: Any, at: tuple[str, ...], new: Any) -> Any:
    """A copy with another value at one place; all else is shared."""
    if not at:
        return new
    first, rest = at[0], at[1:]
    if isinstance(value, list):
        index = int(first)
        return [*value[:index], _put(value[index], rest, new), *value[index + 1 :]]
    return {key: _put(item, rest, new) if key == first else item for key, item in value.items()}
