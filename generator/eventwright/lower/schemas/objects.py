"""Schemas of objects -> ObjectType."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import and_

from ...model.model import AnyType, Assertion, Field, NeverType, ObjectRef, ObjectType, Type
from ...patterns.translate import matches
from ...python.naming import nested_name
from ...schema.schema import Flat, Schema
from ...text.pointers import Pointer
from .limits import MAX_MERGED, TooMany
from .lowering import Lowering
from .notes import notes_of
from .unread import UNREADABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """An object to be lowered, and where it was met."""

    flat: Flat
    path: str
    literal: str
    open: frozenset[str]
    depth: int
    exact: bool
    again: bool


class Objects:
    """Lowers each object once, however often it is referred to, and ends recursion.

    Depth first, but with a stack of its own: documents nest deeper than Python likes to.
    """

    def __init__(self, types: Lowering) -> None:
        self._types = types
        self._waiting: list[_Waiting] = []
        self.settling = False
        self._merged = 0
        self._places: set[Pointer] = set()
        self._named: set[str] = set()
        """The keys of the objects that were met where they have a name."""

    def lower(self, flat: Flat, path: str, *, literal: str = "") -> ObjectRef:
        """The reference carries the words said where it is used; the object those of its own.

        `literal`: of the event it is, whose class is named after it. The object itself is lowered
        by `settle`.
        """
        types = self._types
        again = self._is_named_first(flat, path or literal)
        if again or flat.key not in types.objects:
            met = _Waiting(
                flat=flat,
                path=path,
                literal=literal,
                open=frozenset(types.open),
                depth=types.depth,
                exact=types.exact,
                again=again,
            )
            self._waiting.append(met)
        return ObjectRef(key=flat.key, at=flat.at, notes=notes_of(flat))

    def _is_named_first(self, flat: Flat, name: str) -> bool:
        """Whether an object has a name here and had none so far: where it was met before, as in a
        parameter, it was given no class."""
        if not name or flat.key in self._named:
            return False
        self._named.add(flat.key)
        lowered = self._types.objects.get(flat.key)
        return lowered is None or not lowered.name

    def settle(self) -> None:
        """Lower the objects met so far and those in them. Does nothing while it is at work."""
        if self.settling or not self._waiting:
            return
        types = self._types
        outside, self.settling = (types.open, types.depth, types.exact), True
        stack = self._taken()
        while stack:
            item = stack.pop()
            if item.again or item.flat.key not in types.objects:
                types.begin(item.open, item.depth, exact=item.exact)
                types.objects[item.flat.key] = self._lowered(item)
                stack += self._taken()
        (types.open, types.depth, types.exact), self.settling = outside, False

    def _lowered(self, item: _Waiting) -> ObjectType:
        try:
            return self._object(item.flat, item.path, item.literal)
        except UNREADABLE:
            if self._types.unread is None:
                raise
            return self._types.unread.object(item.flat.key, item.flat.at)

    def _taken(self) -> list[_Waiting]:
        """What was met since, the first of it last."""
        found, self._waiting = self._waiting[::-1], []
        return found

    def _count(self, flat: Flat) -> None:
        """Raises TooMany."""
        places = flat.key.split("&")
        self._merged += len(places) > 1
        self._places.update(places)
        if self._merged > max(MAX_MERGED, len(self._places)):
            raise TooMany(flat.at)

    def _object(self, flat: Flat, path: str, literal: str) -> ObjectType:
        self._count(flat)
        name = ""
        if (flat.properties or flat.required) and not self._types.exact:
            name = self._types.names.object_name(flat, literal=literal, path=path)
        if name and path:
            self._types.depth = 0
        self._types.descend(flat.at)
        said = tuple(self._fields(flat, name))
        never = [
            field for field in said if isinstance(field.type, NeverType) and not field.required
        ]
        lowered = ObjectType(
            key=flat.key,
            name=name,
            fields=tuple(field for field in said if field not in never),
            extra=self._extra(flat, name or path),
            patterns=tuple((p, self._types.lower(s, "")) for p, s in sorted(flat.patterns.items())),
            min_properties=flat.scalars.get("minProperties"),
            max_properties=flat.scalars.get("maxProperties"),
            notes=notes_of(flat),
            assertions=(*self._types.assertions(flat), *_without(never)),
            at=flat.pointer,
        )
        if not self._types.tested:
            self._types.unsatisfiable.look_at_object(lowered)
        return lowered

    def _fields(self, flat: Flat, owner: str) -> Iterator[Field]:
        undeclared = [wire for wire in flat.required if wire not in flat.properties]
        schemas: dict[str, Schema | None] = {**flat.properties, **dict.fromkeys(undeclared)}
        places = {wire: s.parts[0].at if s else flat.at for wire, s in schemas.items()}
        names = self._types.names.field_names(flat.key if owner else "", places)
        for wire, schema in schemas.items():
            field_type = self._field_type(
                _said(flat, wire, schema, named=bool(owner)), owner and nested_name(owner, wire)
            )
            yield Field(
                wire=wire,
                name=names[wire],
                required=wire in flat.required,
                type=field_type,
                at=places[wire],
            )

    def _field_type(self, schema: Schema | None, path: str) -> Type:
        if schema is None:
            return AnyType()
        return self._types.lower(schema, path) if path else self._types.lower_condition(schema)

    def _extra(self, flat: Flat, path: str) -> Type:
        schema = flat.additional
        return self._types.lower(schema, path and f"{path}Value") if schema else AnyType()


def _said(flat: Flat, wire: str, declared: Schema | None, *, named: bool) -> Schema | None:
    """All that is said of one key; None: nothing. Mappings look at patterns themselves."""
    found = {pattern: matches(pattern, wire) for pattern in sorted(flat.patterns)}
    matching = [flat.patterns[pattern] for pattern, is_found in found.items() if is_found]
    if not matching:
        # An unchecked pattern may match, and then the rest is not what the key is part of.
        return declared or (None if None in found.values() else flat.additional)
    said = [declared] if declared else []
    return reduce(and_, [*said, *matching]) if named else declared


def _without(never: list[Field]) -> tuple[Assertion, ...]:
    """A key that no value fits is no attribute, nor may it come in as an undeclared one."""
    names = tuple(field.wire for field in never)
    return (Assertion(keyword="notRequired", names=names, at=never[0].at),) if names else ()
