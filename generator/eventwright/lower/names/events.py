"""What tells events apart: the constants of the arms of a tagged union."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ...model.model import Event
from ...schema.parse import Parser
from ...schema.schema import Flat, Group, Part, Schema
from ...text.jsonvalues import Json
from ...text.pointers import Pointer, join, split_pointer, target

Literal: TypeAlias = "str | int"
_MOST = 100
"""Values that tell one event; a key of more tells something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A key and what it holds in one event: `event`, `Device Deleted`; one of several perhaps."""

    wire: str
    literals: tuple[Literal, ...]

    @property
    def words(self) -> str:
        """What a class may be called after; "" where several literals tell the event."""
        if len(self.literals) > 1:
            return ""
        literal = self.literals[0]
        return literal if isinstance(literal, str) else f"{self.wire} {literal}"

    @property
    def is_text(self) -> bool:
        """Whether it is one constant text, which tells the arms of a union at run time."""
        return len(self.literals) == 1 and isinstance(self.literals[0], str)


class Events:
    """The events found so far, in the document's order."""

    def __init__(self) -> None:
        self._found: dict[tuple[Tag, str], Event] = {}

    def add(self, tag: Tag, key: Pointer, at: Pointer) -> None:
        """Once, however many operations take it."""
        event = Event(
            literal=str(tag.literals[0]), literals=tag.literals, tag=tag.wire, key=key, at=at
        )
        self._found.setdefault((tag, key), event)

    def found(self) -> tuple[Event, ...]:
        return tuple(self._found.values())


def constants(flat: Flat, parser: Parser) -> dict[str, Literal]:
    """The keys of an object that can hold one text or integer only."""
    found: dict[str, Literal] = {}
    for wire in flat.properties:
        values = literals(flat, wire, parser)
        if len(values) == 1:
            found[wire] = values[0]
    return found


def literals(flat: Flat, wire: str, parser: Parser) -> tuple[Literal, ...]:
    """The texts and integers that a key can hold; () where it can hold anything else."""
    if wire not in flat.properties:
        return ()
    values = parser.flatten(flat.properties[wire]).values
    if not values or len(values) > _MOST or not all(map(_is_literal, values)):
        return ()
    return tuple(value for value in values if isinstance(value, str | int))


def _is_literal(value: Json) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def tags_of(
    flats: Sequence[Flat], parser: Parser, discriminator: Mapping[str, Json] | None
) -> list[Tag | None]:
    """For each arm the constant that no other arm has; None where nothing tells an arm apart.

    One key for all arms is best: the discriminator, or one that differs between all of them. If
    none does, each arm may have its own (`type: identify` beside `type: track, event: …`).
    """
    constant = [constants(flat, parser) if may_be_object(flat) else {} for flat in flats]
    keys = preferred(constant, discriminator)
    counts = Counter(item for found in constant for item in found.items())
    return [
        next((Tag(wire=k, literals=(c[k],)) for k in keys if k in c and counts[k, c[k]] == 1), None)
        for c in constant
    ]


def may_be_object(flat: Flat) -> bool:
    return flat.values is None and (flat.types is None or "object" in flat.types)


def single_tag(flat: Flat, parser: Parser) -> Tag | None:
    """The tag of an object that is a request's whole body, if a constant there says "event".

    With nothing to be told apart from, another constant (`action: revoke`) may mean anything.
    """
    tag = tags_of([flat], parser, None)[0]
    return tag if tag and "event" in tag.wire.lower() else None


def preferred(
    constant: Sequence[Mapping[str, Literal]], discriminator: Mapping[str, Json] | None
) -> list[str]:
    """The keys that could tell arms with these constants apart, the best first."""
    keys = dict.fromkeys(key for found in constant for key in found)
    return sorted(keys, key=lambda key: _preference(key, constant, discriminator))


def _preference(
    key: str, constant: Sequence[Mapping[str, Literal]], discriminator: Mapping[str, Json] | None
) -> tuple[bool, bool, int, bool]:
    named = is_named(key, discriminator)
    values = {found[key] for found in constant if key in found}
    texts = any(isinstance(value, str) for value in values)
    # With a single arm every constant tells it apart: one called "event" says what it is.
    return (not named, not texts, -len(values), "event" not in key.lower())


def is_named(key: str, discriminator: Mapping[str, Json] | None) -> bool:
    """Whether the document itself says that a key tells the arms apart."""
    return discriminator is not None and discriminator.get("propertyName") == key


def discriminated(schema: Schema, index: int, group: Group, parser: Parser) -> Schema:
    """The arm with the constant that only the union's `discriminator` says, made its own."""
    about: Mapping[str, Any] = group.discriminator or {}
    wire = about.get("propertyName")
    data: Any = schema.parts[0].data
    if not isinstance(wire, str) or not isinstance(data, dict) or "$ref" not in data:
        return schema
    flat = parser.flatten(schema)
    key = flat.key
    mapped = [name for name, ref in (about.get("mapping") or {}).items() if _names(ref, key)]
    if wire in constants(flat, parser) or (not mapped and _inside(flat, wire, parser)):
        return schema
    names = _allowed(mapped or [split_pointer(key)[-1]], flat, wire, parser)
    if not names:
        return schema
    said: Json = {"properties": {wire: {"enum": list(names)}}, "required": [wire]}
    default = about.get("defaultMapping")
    if isinstance(default, str) and _names(default, key):
        # All that no other arm is for, and what does not say (OpenAPI 3.2).
        said = {"properties": {wire: {"not": {"enum": _of_others(about, key, group)}}}}
    return schema & Schema((Part(said, join(group.at, index, "discriminator")),))


def _allowed(names: Sequence[str], flat: Flat, wire: str, parser: Parser) -> list[str]:
    """Those that the arm's own list of values has: where it has none of them, it counts."""
    own = parser.flatten(flat.properties[wire]).values if wire in flat.properties else None
    return [name for name in names if own is None or name in own]


def _of_others(about: Mapping[str, Any], key: Pointer, group: Group) -> list[Json]:
    """The literals of all arms but one."""
    mapping = about.get("mapping") or {}
    found = [name for name, ref in mapping.items() if not _names(ref, key)]
    for arm in group.schemas:
        data = arm.parts[0].data
        ref = data.get("$ref") if isinstance(data, dict) else None
        other = target(ref) if isinstance(ref, str) else key
        if other != key and not any(_names(each, other) for each in mapping.values()):
            found.append(split_pointer(other)[-1])
    return [*found]


def _inside(flat: Flat, wire: str, parser: Parser) -> bool:
    """Whether a union has arms, at any depth, that say by themselves what they are."""
    arms = (parser.flatten(schema) for group in flat.groups for schema in group.schemas)
    return any(wire in constants(arm, parser) or _inside(arm, wire, parser) for arm in arms)


def _names(ref: str, key: Pointer) -> bool:
    """A mapping's value is a reference or a bare component name."""
    return target(ref) == key if ref.startswith("#") else join("/components/schemas", ref) == key
