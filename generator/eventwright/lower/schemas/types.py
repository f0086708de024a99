"""Schemas -> types: one kind at a time, `null` pulled out, unions told from conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...model.model import (
    AliasRef,
    AnyType,
    ArrayType,
    Assertion,
    BooleanType,
    EnumType,
    Evaluated,
    NeverType,
    NullableType,
    NullType,
    NumberType,
    ObjectRef,
    StringType,
    Type,
    UnionType,
)
from ...model.natives import native_name
from ...schema.evaluation import Seen
from ...schema.parse import Parser
from ...schema.schema import RESTS, Flat, Group, Schema, marked, same_constraints
from ...text.jsonvalues import Json
from ...text.pointers import Pointer
from ..names.events import single_tag
from ..names.names import Names, component_name
from .alternatives import Alternatives
from .enums import allowed, unlooked
from .impliedtypes import EVERY_TYPE, ImpliedTypes, spoken
from .lowering import Lowering
from .notes import notes_of
from .objects import Objects
from .unions import Unions
from .unread import UNREADABLE, Unread

MAX_SIZE = 250
"""Of a type inside another, in schemas. One that is larger, most of it repeated, becomes an alias,
said once: what is written out doubles with every schema that refers twice to the next."""

_TESTED: Mapping[str, frozenset[str] | None] = {
    "propertyNames": frozenset({"string"}),
    "dependentSchemas": frozenset({"object"}),
    **dict.fromkeys(("contains", *RESTS)),
}
"""The types of what these conditions look at, None for any; all others look at the value itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A schema that became an alias for its size."""

    flat: Flat
    nullable: bool

    @property
    def key(self) -> str:
        """Of the alias."""
        return marked(self.flat.key, "?") if self.nullable else self.flat.key

    def reference(self, flat: Flat) -> Type:
        """What stands for it where `flat` is, with the words said there."""
        alias = AliasRef(key=self.key, at=flat.at, notes=notes_of(flat))
        return NullableType(inner=alias, at=flat.at) if self.nullable else alias


_NULL_OR_OBJECT = frozenset({"object", "null"})


class Types(Lowering):
    """Lowers schemas; collects the objects, aliases and events it comes by."""

    def __init__(self, parser: Parser, names: Names, *, unread: Unread | None = None) -> None:
        """`unread`: stands in for what cannot be read; without it that is an exception."""
        alternatives = Alternatives(parser)
        super().__init__(parser, names, ImpliedTypes(parser, alternatives), unread)
        self._objects = Objects(self)
        self._unions = Unions(self, alternatives)
        self._done: dict[str, Type] = {}
        self._kept: dict[str, _Kept] = {}
        self._lowered: list[Pointer] = []
        """The keys of what was lowered so far, each as often as it was, that of an alias once."""

    def lower(self, schema: Schema, path: str, *, event: bool = False, only: str = "") -> Type:
        if self.unread is None or self.open or self._objects.settling:
            return self._lower(schema, path, event, only)
        try:
            return self._lower(schema, path, event, only)
        except UNREADABLE:
            self.begin(frozenset(), 0, exact=False)
            return self.unread.type(schema)

    def _lower(self, schema: Schema, path: str, event: bool, only: str) -> Type:
        outside = self.exact
        self.exact = outside and not self.implied_types.is_literal(schema)
        flat = self.parser.flatten(schema)
        # What stands in a component is called after it, whoever is the first to refer to it.
        path = path and (component_name(flat.key) or path)
        if self.exact:
            flat = replace(flat, key=marked(flat.key, "!"))
        if only and flat.types is None and flat.values is None:
            flat = self._of(flat, only)
        lowered = self.lower_flat(flat, "" if outside else path, event=event)
        if flat.nullable and not (outside or event):
            lowered = _with_null(lowered)
        self.exact = outside
        self._objects.settle()
        return lowered

    def lower_condition(self, schema: Schema, types: frozenset[str] | None = None) -> Type:
        outside, self.exact, self.tested = (self.exact, self.tested), True, True
        only = next(iter(types), "") if types and len(types) == 1 else ""
        lowered = self.lower(schema, "", only=only)
        self.exact, self.tested = outside
        return lowered

    def lower_flat(self, flat: Flat, path: str, *, event: bool = False) -> Type:
        lowered = self._lower_flat(flat, path, event)
        if not self.tested:
            self.unsatisfiable.look(flat, lowered)
        return lowered

    def _lower_flat(self, flat: Flat, path: str, event: bool) -> Type:
        self._lowered.append(flat.key)
        if flat.never or flat.types == frozenset():
            return NeverType(at=flat.at)
        choice = None
        if flat.values is None and not self.exact:
            flat = self._read(flat)
            choice = self._unions.choice(flat)
        if flat.values is None and choice is None and flat.types == frozenset({"object"}):
            tag = single_tag(flat, self.parser) if event else None
            lowered = self.lower_object(flat, path, literal=tag.words if tag else "")
            if tag:
                self.events.add(tag, lowered.key, flat.key)
            return lowered
        kept = self._kept.get(flat.key)
        if kept and self.depth and same_constraints(kept.flat, flat):
            return kept.reference(flat)
        if flat.key in self.open:
            if flat.values is None and choice is None and flat.types == _NULL_OR_OBJECT:
                # What is in the object is lowered later, so this ends.
                return self._other(flat, choice, path, event)
            self.aliases.setdefault(flat.key, self._done.get(flat.key, AnyType()))
            return AliasRef(key=flat.key, at=flat.at, notes=notes_of(flat))
        before = len(self._lowered)
        self.open.add(flat.key)
        self.descend(flat.at)
        other = self._other(flat, choice, path, event)
        self.depth -= 1
        self.open.discard(flat.key)
        self._done[flat.key] = other
        if flat.key in self.aliases:
            self.aliases[flat.key] = other
        return self._keep(flat, other) if self._repeats(flat, before) else other

    def _read(self, flat: Flat) -> Flat:
        """With the types that it implies; one that says every type itself implies none."""
        if flat.types != EVERY_TYPE:
            types = self.implied_types.implied(flat) or flat.types
            return flat if types == flat.types else replace(flat, types=types)
        free = replace(flat, types=None)
        return (
            replace(free, key=marked(flat.key, "*")) if self.implied_types.implied(free) else free
        )

    def _repeats(self, flat: Flat, before: int) -> bool:
        """Whether what was lowered since, inside another type, is large and most of it repeated."""
        if not self.depth or flat.key in self._kept or len(self._lowered) - before <= MAX_SIZE:
            return False
        inner = self._lowered[before:]
        if len(inner) < 2 * len(set(inner)):
            return False
        del self._lowered[before:]
        return True

    def _keep(self, flat: Flat, whole: Type) -> Type:
        """The type as an alias; null stays outside, where a union it is in looks for it."""
        kept = _Kept(flat=flat, nullable=isinstance(whole, NullableType))
        self._kept[flat.key] = kept
        self.aliases[kept.key] = whole.inner if isinstance(whole, NullableType) else whole
        return kept.reference(flat)

    def lower_object(self, flat: Flat, path: str, *, literal: str = "") -> ObjectRef:
        return self._objects.lower(flat, path, literal=literal)

    def _other(self, flat: Flat, choice: Group | None, path: str, event: bool) -> Type:
        if flat.values is not None:
            return self._enum(flat, path)
        kinds = flat.types or frozenset()
        if "null" in kinds and len(kinds) > 1:
            rest = replace(flat, types=kinds - {"null"}, key=marked(flat.key, "?"))
            inner = self.lower_flat(rest, path, event=event)
            null = self.implied_types.takes_null(flat) and not isinstance(inner, NullableType)
            return NullableType(inner=inner, at=flat.at) if null else inner
        if choice is not None:
            return self._unions.lower(flat, choice, path, event=event)
        if len(kinds) > 1:
            arms = (self._of(flat, kind) for kind in sorted(kinds))
            return UnionType(
                arms=tuple(self.lower_flat(arm, path) for arm in arms),
                exclusive=False,
                at=flat.at,
                notes=notes_of(flat),
            )
        return self._single(flat, next(iter(kinds), ""), path)

    def _of(self, flat: Flat, kind: str) -> Flat:
        """What a schema says of values of one type."""
        return replace(flat, types=frozenset({kind}), key=marked(flat.key, kind))

    def _enum(self, flat: Flat, path: str) -> Type:
        values = allowed(flat)
        if not self.implied_types.takes_null(flat):
            values = [value for value in values if value is not None]
        some = tuple(value for value in values if value is not None)
        if not values:
            return NeverType(at=flat.at)
        if not some:
            return NullType(at=flat.at, notes=notes_of(flat))
        enum = EnumType(
            values=some,
            name=self._enum_name(flat, path) if len(some) > 1 else "",
            component=bool(component_name(flat.key)),
            at=flat.at,
            notes=notes_of(flat),
            assertions=(*self.assertions(flat), *self._beside(flat, values)),
        )
        return NullableType(inner=enum, at=flat.at) if None in values else enum

    def _enum_name(self, flat: Flat, path: str) -> str:
        return "" if self.exact else self.names.object_name(flat, path=path)

    def _beside(self, flat: Flat, values: list[Json]) -> tuple[Assertion, ...]:
        """What else is said of listed lists and objects."""
        if not unlooked(flat, values):
            return ()
        rest = replace(flat, key=marked(flat.key, "#"), values=None, groups=())
        outside, self.exact = self.exact, True
        beside = self.lower_flat(rest, "")
        self.exact = outside
        return (Assertion(keyword="allOf", types=(beside,), at=flat.at),)

    def _single(self, flat: Flat, kind: str, path: str) -> Type:
        common: dict[str, Any] = {
            "at": flat.at,
            "notes": notes_of(flat),
            "assertions": self.assertions(flat),
        }
        if kind == "null":
            return NullType(**common)
        if kind == "boolean":
            return BooleanType(**common)
        if kind in ("integer", "number"):
            return _number_type(flat, kind == "integer", common)
        if kind == "string":
            return self._string_type(flat, common)
        if kind == "array":
            return self._array(flat, path, common)
        return AnyType(**{**common, "assertions": (*self._spoken(flat), *common["assertions"])})

    def _spoken(self, flat: Flat) -> Iterator[Assertion]:
        """What is said of values of some types, where all others may come as well."""
        bare = replace(flat, groups=(), notes={}, other={})
        self.depth -= 1  # the same schema still
        for kind in spoken(flat):
            inner = self.lower_flat(self._of(bare, kind), "")
            yield Assertion(keyword=kind, types=(inner,), at=flat.at)
        self.depth += 1

    def _array(self, flat: Flat, path: str, common: dict[str, Any]) -> ArrayType:
        item = f"{path}Item" if path else ""
        bound = flat.scalars
        return ArrayType(
            items=self.lower(flat.items, item) if flat.items else AnyType(),
            prefix=tuple(self.lower(schema, "") for schema in flat.prefix),
            min_items=bound.get("minItems"),
            max_items=bound.get("maxItems"),
            unique=bound.get("uniqueItems", False),
            **common,
        )

    def assertions(self, flat: Flat) -> tuple[Assertion, ...]:
        return tuple(self.assertion(group, flat.types) for group in flat.groups)

    def assertion(self, group: Group, types: frozenset[str] | None) -> Assertion:
        types = _TESTED.get(group.keyword, types)
        schemas, seen = group.schemas, tuple[Seen, ...]()
        if group.keyword in RESTS:
            scope, evaluation = schemas[1], self.parser.evaluation
            items = group.keyword == "unevaluatedItems"
            seen = evaluation.items(scope) if items else evaluation.properties(scope)
            schemas = schemas[:1]
        return Assertion(
            keyword=group.keyword,
            types=tuple(self.lower_condition(schema, types) for schema in schemas),
            names=group.names,
            bounds=group.bounds,
            evaluated=tuple(map(self._evaluated, seen)),
            at=group.at,
        )

    def _evaluated(self, seen: Seen) -> Evaluated:
        return Evaluated(
            where=tuple(map(self.lower_condition, seen.where)),
            names=seen.names,
            patterns=seen.patterns,
            first=seen.first,
            every=seen.every,
            matching=tuple(map(self.lower_condition, seen.matching)),
        )

    def _string_type(self, flat: Flat, common: dict[str, Any]) -> StringType:
        bound = flat.scalars
        found = StringType(
            min_length=bound.get("minLength"),
            max_length=bound.get("maxLength"),
            pattern=bound.get("pattern", ""),
            format=bound.get("format", ""),
            **common,
        )
        return replace(found, native=native_name(found) in self.names.types)


def _number_type(flat: Flat, integral: bool, common: dict[str, Any]) -> NumberType:
    bound = flat.scalars
    return NumberType(
        integral=integral,
        minimum=bound.get("minimum"),
        maximum=bound.get("maximum"),
        exclusive_minimum=bound.get("exclusiveMinimum"),
        exclusive_maximum=bound.get("exclusiveMaximum"),
        multiple_of=bound.get("multipleOf"),
        format=bound.get("format", ""),
        **common,
    )


def _with_null(node: Type) -> Type:
    """A type that says that it is nullable, where the keyword has no effect: servers mean it."""
    if isinstance(node, (AnyType, NeverType, NullType, NullableType)):
        return node
    if isinstance(node, EnumType) and None in node.values:
        return node
    return NullableType(inner=node, at=node.at)
