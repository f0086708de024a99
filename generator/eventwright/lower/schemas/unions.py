"""`oneOf` and `anyOf`: a union of types, or a condition on one object?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...model.model import (
    AliasRef,
    ArrayType,
    BooleanType,
    NeverType,
    NullableType,
    NullType,
    NumberType,
    ObjectRef,
    StringType,
    Type,
    UnionType,
)
from ...schema.combine import combine, shared_types
from ...schema.inheritance import is_of_no_child
from ...schema.schema import Flat, Group, Schema, same_constraints
from ..names.armnames import Arm
from ..names.events import Tag, discriminated, tags_of
from ..names.names import component_name
from ..names.nonevents import place
from ..names.sharedtags import with_shared_tags
from .alternatives import Alternatives
from .impliedtypes import EVERY_TYPE
from .lowering import Lowering
from .notes import notes_of


class Unions:
    """Lowers the `oneOf` or `anyOf` that says what a value may be."""

    def __init__(self, types: Lowering, alternatives: Alternatives) -> None:
        self._types = types
        self._flatten = types.parser.flatten
        self._alternatives = alternatives

    def choice(self, flat: Flat) -> Group | None:
        """The first group that is a union: its arms are more than conditions on `flat` itself.

        None as well where what stands beside it would have to be said in too many arms: then all
        of the groups are conditions.
        """
        group = next(self._alternatives.unions(flat), None)
        if group and _says_something(_without(flat, group)) and self._alternatives.too_many(flat):
            return None
        return group

    def lower(self, flat: Flat, group: Group, path: str, *, event: bool) -> Type:
        arms = self._arms(flat, group)
        if event:
            # An event is one of the children: what else the parent takes is sent by nobody.
            arms = [arm for arm in arms if not is_of_no_child(arm.part.data)]
            arms = self._events(flat, arms, group)
        flats = [arm.flat for arm in arms]
        own = tags_of(flats, self._types.parser, group.discriminator)
        tags = self._shared(flats, own, group) if event else own
        called = [event and bool(tag and tag.words) for tag in tags]
        paths = self._types.arm_names.paths(arms, own, path, called)
        lowered = [
            # An event has a class even if its literal has no word and nothing else names it.
            self._arm(arm, tag, inner or (path and f"{path}Event" if event and tag else ""), event)
            for arm, tag, inner in zip(arms, tags, paths, strict=True)
        ]
        wires = {tag.wire if tag and tag.is_text else "" for tag in own}
        tag = "".join(wires) if len(wires) == 1 else ""
        whole = _assemble(flat, self._nullable(flat, arms, lowered), group.keyword == "oneOf", tag)
        if isinstance(_bare(whole), UnionType) and _bare(whole).exclusive and not tag:
            whole = self._exact(whole, group, flat.types)
        return _discriminating(whole, group.discriminator or {})

    def _exact(self, whole: Type, group: Group, types: frozenset[str] | None) -> Type:
        """How many arms take a value is asked of the arms without what is implied in them."""
        if all(map(self._types.implied_types.is_literal_inside, group.schemas)):
            return whole
        union = _bare(whole)
        condition = self._types.assertion(group, types)
        asked = replace(union, exclusive=False, assertions=(condition,))
        return replace(whole, inner=asked) if isinstance(whole, NullableType) else asked

    def _nullable(self, flat: Flat, arms: list[Arm], lowered: list[Type]) -> _Nullable:
        """Null is said once, outside; arms that cannot be told without it keep it."""
        takes_null = self._types.implied_types.takes_null
        null = takes_null(flat)
        if not null and any(takes_null(arm.flat) and _says_no_type(arm.flat) for arm in arms):
            return _Nullable(null=False, arms=tuple(lowered))
        bare = [arm.inner if isinstance(arm, NullableType) else arm for arm in lowered]
        some = (arm for arm in bare if not isinstance(arm, NullType | NeverType))
        return _Nullable(null=null, arms=tuple(some))

    def _events(self, flat: Flat, arms: list[Arm], group: Group) -> list[Arm]:
        """The arms of a request's body, each once; unions among them opened if all are events."""
        too_many = self._alternatives.too_many(flat)
        leaves = _once(arms if too_many else self._leaves(arms))
        flats = [leaf.flat for leaf in leaves]
        tags = tags_of(flats, self._types.parser, group.discriminator)
        tags = self._shared(flats, tags, group)
        self._types.nonevents.look(flats, tags, group.discriminator)
        if all(tags):
            return leaves
        own = {arm.flat.key for arm in arms}
        told = (flat for flat, tag in zip(flats, tags, strict=True) if tag)
        self._types.nonevents.closed(each for each in told if each.key not in own)
        return _once(arms)

    def _shared(self, flats: list[Flat], tags: list[Tag | None], group: Group) -> list[Tag | None]:
        return with_shared_tags(flats, tags, self._types.parser, group.discriminator)

    def _arms(self, flat: Flat, group: Group) -> list[Arm]:
        base = _without(flat, group)
        arms: list[Arm] = []
        for index, schema in enumerate(group.schemas):
            key = self._flatten(schema).key
            arm = replace(
                self._flatten(discriminated(schema, index, group, self._types.parser)), key=key
            )
            if _says_something(base) and not self._has_all_of(key, flat):
                merged = combine(arm, base)
                arm = replace(merged, key=f"{base.key}&{key}", notes=arm.notes)
            arm = self._narrowed(arm, base.types)
            if not arm.never and arm.types != frozenset():
                part = schema.parts[0]
                arms.append(Arm(flat=arm, inline=part.at == key, key=key, part=part))
        return arms

    def _has_all_of(self, key: str, flat: Flat) -> bool:
        """Whether an arm extends the schema that has it as an alternative, and that is all there is
        to be said beside the arms."""
        parser = self._types.parser
        if not parser.extends(key, flat.key):
            return False
        alone = parser.flatten(Schema.of(parser.lookup(flat.key), flat.key))
        return same_constraints(replace(alone, types=flat.types), flat)

    def _narrowed(self, arm: Flat, types: frozenset[str] | None) -> Flat:
        """An arm under the types that its union has or implies; without any it is a condition,
        which implies nothing."""
        shared = shared_types(arm.types, types)
        if arm.values is not None:
            return replace(arm, types=shared)
        if shared is None:
            return replace(arm, types=EVERY_TYPE)
        if shared in (arm.types, self._types.implied_types.implied(arm)):
            return replace(arm, types=shared)
        return replace(arm, types=shared, key=f"{arm.key}:{','.join(sorted(shared))}")

    def _leaves(self, arms: list[Arm]) -> Iterator[Arm]:
        """Arms that are unions themselves, opened."""
        for arm in arms:
            group = self.choice(arm.flat) if arm.flat.values is None else None
            if group is None:
                yield arm
            else:
                yield from self._leaves(self._arms(arm.flat, group))

    def _arm(self, arm: Arm, tag: Tag | None, path: str, event: bool) -> Type:
        if event and tag is not None:
            lowered = self._types.lower_object(arm.flat, path, literal=_words(arm, tag))
            self._types.events.add(tag, lowered.key, place(arm.flat.key))
            return lowered
        return self._types.lower_flat(arm.flat, path)


def _words(arm: Arm, tag: Tag) -> str:
    """What the class of an event is called after: a number says less than a component's name."""
    return tag.words if tag.is_text or not component_name(arm.key) else ""


def _once(arms: Iterable[Arm]) -> list[Arm]:
    """The same reference twice is one arm."""
    return list({arm.flat.key: arm for arm in arms}.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Nullable:
    """Arms without null, and whether that is a value as well."""

    null: bool
    arms: tuple[Type, ...]


def _assemble(flat: Flat, told: _Nullable, exclusive: bool, tag: str) -> Type:
    arms = told.arms
    if not arms:
        return NullType(at=flat.at, notes=notes_of(flat)) if told.null else NeverType(at=flat.at)
    if len(arms) == 1:
        said = notes_of(flat)
        whole: Type = replace(arms[0], notes=said) if flat.notes else arms[0]
    else:
        # Where no value can meet two arms, "exactly one" and "any" are the same thing.
        whole = UnionType(
            arms=arms,
            exclusive=exclusive and not _disjoint(arms),
            tag=tag,
            at=flat.at,
            notes=notes_of(flat),
        )
    return NullableType(inner=whole, at=flat.at) if told.null else whole


def _discriminating(node: Type, said: Mapping[str, Any]) -> Type:
    """The union with what the document's `discriminator` says of it."""
    if isinstance(node, NullableType):
        return replace(node, inner=_discriminating(node.inner, said))
    if not isinstance(node, UnionType):
        return node
    mapping = tuple(sorted(said.get("mapping") or ()))
    return replace(node, discriminator=said.get("propertyName", ""), mapping=mapping)


def _bare(node: Type) -> Any:
    return node.inner if isinstance(node, NullableType) else node


def _disjoint(arms: Sequence[Type]) -> bool:
    kinds = [_json_type(arm) for arm in arms]
    return "" not in kinds and len(set(kinds)) == len(kinds)


def _json_type(node: Type) -> str:
    if isinstance(node, AliasRef):
        return ""
    for kind in (BooleanType, NumberType, StringType, ArrayType, ObjectRef):
        if isinstance(node, kind):
            return kind.__name__
    return ""


def _says_no_type(flat: Flat) -> bool:
    return flat.values is None and flat.types in (None, EVERY_TYPE)


def _without(flat: Flat, group: Group) -> Flat:
    return replace(flat, groups=tuple(other for other in flat.groups if other is not group))


def _says_something(base: Flat) -> bool:
    """Whether the keywords beside a union constrain its arms."""
    bare = replace(base, nullable=False, notes={}, other={}, types=None)
    typed = base.types is not None and base.types - {"object", "null"}
    return bare != Flat(key=base.key, at=base.at) or bool(typed)
