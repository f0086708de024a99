"""Unions in one spelling: constants are an enum, arms that others cover go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, cast

from ...model.model import NO_NOTES, EnumType, Notes, ObjectRef, Type, UnionType
from ...text.jsonvalues import Json
from ..values.implied import normal_enum
from ..values.inclusion import accepts
from ..values.signature import canonical


def merged(node: UnionType) -> Type:
    """The same values, with constants said in one arm and what is said twice said once."""
    node = _exactly_one(node)
    arms = node.arms if node.exclusive else tuple(_opened(node))
    constants = [arm for arm in arms if isinstance(arm, EnumType) and not arm.assertions]
    if len(constants) > 1:
        enum = _enum(constants, node, whole=len(constants) == len(arms))
        if len(constants) == len(arms) and not node.assertions:
            return enum
        arms = (enum, *(arm for arm in arms if not _among(arm, constants)))
    if not node.exclusive:
        arms = tuple(_needed(arms))
    if len(arms) == 1 and not node.assertions and not node.notes.other:
        return replace(arms[0], notes=node.notes if node.notes != NO_NOTES else arms[0].notes)
    return _without_discriminator(replace(node, arms=arms) if arms != node.arms else node)


def _exactly_one(node: UnionType) -> UnionType:
    """A condition on how many arms are met says that of the union; a tag that only one is."""
    asked = [each for each in node.assertions if each.keyword == "oneOf"]
    if asked:
        rest = tuple(each for each in node.assertions if each.keyword != "oneOf")
        return replace(node, exclusive=not node.tag, assertions=rest)
    return replace(node, exclusive=False) if node.exclusive and node.tag else node


def _opened(node: UnionType) -> Iterator[Type]:
    """The arms; those of a union among them that says nothing itself."""
    for arm in node.arms:
        inner = isinstance(arm, UnionType) and not (arm.exclusive or arm.tag or arm.assertions)
        if inner and arm.notes == NO_NOTES and not node.tag:
            yield from cast(UnionType, arm).arms
        else:
            yield arm


def _enum(constants: Sequence[EnumType], node: UnionType, *, whole: bool) -> Type:
    """Words of the arms become words about values. What two arms of `oneOf` take is refused."""
    counts = Counter(canonical(value) for arm in constants for value in arm.values)
    values: dict[str, Json] = {}
    for arm in constants:
        for value in arm.values:
            if counts[canonical(value)] == 1 or not node.exclusive:
                values.setdefault(canonical(value), value)
    notes = node.notes if whole else NO_NOTES
    said = {canonical(a.values[0]): words for a in constants if (words := _words(a.notes, node))}
    if said:
        other = (*notes.other, ("oneOf", cast(Json, said)))
        notes = replace(notes, other=tuple(sorted(other)))
    at = node.at if whole else constants[0].at
    return normal_enum(EnumType(values=tuple(values.values()), notes=notes, at=at))


def _words(notes: Notes, node: UnionType) -> Json:
    """What is said of a value, unless it is what is said of all."""
    said: dict[str, Any] = {"title": notes.title, "description": notes.description}
    if notes.deprecated:
        said["deprecated"] = True
    return {} if notes == node.notes else {key: text for key, text in said.items() if text}


def _among(arm: Type, arms: Sequence[Type]) -> bool:
    return any(arm is each for each in arms)


def _needed(arms: tuple[Type, ...]) -> Iterator[Type]:
    """Those that no other takes in. Fixed values stay, as suggestions; so do objects."""
    kept = [arm for arm in arms if isinstance(arm, EnumType | ObjectRef) or arm.assertions]
    for index, arm in enumerate(arms):
        if _among(arm, kept):
            yield arm
            continue
        wider = (
            accepts(other, arm) and not (accepts(arm, other) and index < place)
            for place, other in enumerate(arms)
            if place != index
        )
        if not any(wider):
            yield arm


def _without_discriminator(node: UnionType) -> UnionType:
    """One that names the key whose constants tell the arms apart says what they say."""
    if node.discriminator and node.discriminator == node.tag:
        return replace(node, discriminator="", mapping=())
    return node
