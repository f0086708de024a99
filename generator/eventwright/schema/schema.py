"""Schemas between parsing and lowering: places in the document, and their merged keywords."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..text.jsonvalues import Json
from ..text.pointers import Pointer


@dataclass(frozen=True, slots=True)
class Part:
    """One place in the document. `data` is a JSON object or a boolean schema."""

    data: Json
    at: Pointer


@dataclass(frozen=True, slots=True)
class Schema:
    """Places whose constraints all apply: one, except where `allOf` brought several together."""

    parts: tuple[Part, ...]

    @classmethod
    def of(cls, data: Json, at: Pointer) -> Schema:
        return cls((Part(data, at),))

    def __and__(self, other: Schema) -> Schema:
        known = {part.at for part in self.parts}
        return Schema(self.parts + tuple(part for part in other.parts if part.at not in known))


def places(schema: Schema) -> tuple[Pointer, ...]:
    """Where a schema stands, which tells it from all others."""
    return tuple(part.at for part in schema.parts)


RESTS = frozenset({"additionalProperties", "unevaluatedProperties", "unevaluatedItems"})
"""Groups that say what the rest must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """`oneOf`, `anyOf`, `not`, `if` …: a condition made of schemas; see `model.Assertion`.

    Of those in RESTS the first schema is what the rest must be, the second the one whose rest it
    is; see `evaluation`.
    """

    keyword: str
    schemas: tuple[Schema, ...] = ()
    names: tuple[str, ...] = ()
    bounds: tuple[int | None, int | None] = (None, None)
    discriminator: Mapping[str, Json] | None = None
    at: Pointer = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flat:
    """A schema's keywords after `$ref` and `allOf`.

    `key` says where its definition stands (`pointer`), and, in marks, how it is read there.
    """

    key: Pointer
    at: Pointer
    never: bool = False
    types: frozenset[str] | None = None
    """The allowed JSON types; None: the schema does not say."""
    nullable: bool = False
    """Whether `nullable` says that null is a value, be it that by the letter it has no effect."""
    values: tuple[Json, ...] | None = None
    """Of `enum` or `const`."""
    scalars: Mapping[str, Any] = field(default_factory=dict)
    """Bounds, lengths, `pattern`, `format`, in 3.1 spelling; without those that say nothing."""
    properties: Mapping[str, Schema] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    patterns: Mapping[str, Schema] = field(default_factory=dict)
    additional: Schema | None = None
    items: Schema | None = None
    prefix: tuple[Schema, ...] = ()
    groups: tuple[Group, ...] = ()
    notes: Mapping[str, Json] = field(default_factory=dict)
    other: Mapping[str, Json] = field(default_factory=dict)

    @property
    def pointer(self) -> Pointer:
        """Where the definition stands; of one that several were merged into, where it is used."""
        return self.at if "&" in self.key else _MARK.sub("", self.key)


def marked(key: str, mark: str) -> str:
    """The key of a schema that is read otherwise: without null, say. No pointer looks like it."""
    return f"{key}~{mark}"


_MARK = re.compile("~(?![01])[^~&/]*")
"""In a JSON pointer 0 or 1 follows on a tilde."""


def same_constraints(one: Flat, two: Flat) -> bool:
    """Whether two say the same, words and where they are used aside."""
    bare = replace(one, at=two.at, nullable=two.nullable, notes=two.notes, other=two.other)
    return bare == two


def identity(value: Json) -> Hashable:
    """Equal for values that are equal as JSON: 1 and 1.0 are one number, true is not 1, the order
    of keys does not count."""
    if isinstance(value, list):
        return "array", tuple(map(identity, value))
    if isinstance(value, dict):
        return "object", frozenset((key, identity(item)) for key, item in value.items())
    return isinstance(value, bool), value
