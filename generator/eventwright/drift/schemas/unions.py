"""Unions: which arm of the old one is which of the new one?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from ...model.model import NO_NOTES, EnumType, Model, Notes, ObjectRef, Type, UnionType
from ...text.jsonvalues import Json
from ..findings import wirepath
from ..findings.describe import describe
from ..findings.finding import Axis
from ..pairing.match import Matched, match
from ..pairing.place import Place
from ..values.inclusion import Accepts, accepts
from . import enums
from .exclusive import compare_exclusive
from .notes import compare_notes, notes_of

Types: TypeAlias = Callable[[Place, Type, Type], None]
_ArmLists: TypeAlias = tuple[tuple[Type, ...], tuple[Type, ...]]


def compare_unions(place: Place, old: Type, new: Type, types: Types) -> None:
    """Two unions, or a union and a single type, which counts as a union of one."""
    before, after = _arms(old), _arms(new)
    tagged = _compare_tagged(place, old, new, (before, after), types)
    if tagged is None:
        found = match(place, before, after)
        pairs = found.same + _alike(place, found)
    else:
        found, pairs = tagged, []
    if not (pairs or found.same) and tagged is None:
        said = (describe(old), describe(new))
        place.report("TYPE_CHANGED", f"is {said[1]} now, not {said[0]}", old, new, values=said)
        return
    for one, two in pairs:
        _compare_arm(place, (one, two), (before, after), types)
    _compare_rest(place, (old, new), (before, after), found)
    _compare_whole(place, old, new)
    if found.gone or found.come or len(pairs) > len(found.same) or _exclusion(old, new):
        compare_exclusive(place, old, new)


def compare_discriminators(place: Place, old: Type, new: Type) -> None:
    """What the document itself says of how to tell the arms apart."""
    if not (isinstance(old, UnionType) and isinstance(new, UnionType)):
        return
    if old.discriminator != new.discriminator:
        said = (old.discriminator or None, new.discriminator or None)
        phrase = f"discriminator was {_name(said[0])}, is {_name(said[1])}"
        place.report("DISCRIMINATOR_CHANGED", phrase, old, new, values=said)
    elif old.mapping != new.mapping:
        phrase = "the discriminator maps other values"
        values: tuple[Json, Json] = ([*old.mapping], [*new.mapping])
        place.report("DISCRIMINATOR_CHANGED", phrase, old, new, values=values)


def _name(discriminator: str | None) -> str:
    return f"`{discriminator}`" if discriminator else "absent"


def _arms(node: Type) -> tuple[Type, ...]:
    """The arms. Words that a whole union passed on to its arms are those of the union alone."""
    if not isinstance(node, UnionType):
        return (node,)
    passed = node.notes != NO_NOTES
    return tuple(
        replace(arm, notes=NO_NOTES) if passed and arm.notes == node.notes else arm
        for arm in node.arms
    )


def _compare_tagged(
    place: Place, old: Type, new: Type, arms: _ArmLists, types: Types
) -> Matched[Type] | None:
    """By the constants that tell the arms apart, if it is the same key on both sides."""
    if not (isinstance(old, UnionType) and isinstance(new, UnionType)):
        return None
    if not old.tag or old.tag != new.tag:
        return None
    before = _by_literal(place.pairs.old, arms[0], old.tag)
    after = _by_literal(place.pairs.new, arms[1], new.tag)
    for literal in (literal for literal in before if literal in after):
        types(place.below(wirepath.arm(literal)), before[literal], after[literal])
    return Matched(
        same=[],
        gone=[arm for literal, arm in before.items() if literal not in after],
        come=[arm for literal, arm in after.items() if literal not in before],
    )


def _by_literal(model: Model, arms: Sequence[Type], tag: str) -> Mapping[str, Type]:
    """Tag constant -> arm."""
    found: dict[str, Type] = {}
    for arm in arms:
        item = model.objects[arm.key] if isinstance(arm, ObjectRef) else None
        field = next((f for f in item.fields if f.wire == tag), None) if item else None
        constant = field.type if field else None
        literal = constant.values[0] if isinstance(constant, EnumType) else None
        found[str(literal)] = arm
    return found


def _alike(place: Place, found: Matched[Type]) -> list[tuple[Type, Type]]:
    """Pairs among what is left: arms of one kind, the most alike first."""
    scored = sorted(
        (
            (_likeness(place, one, two), -i, -j)
            for i, one in enumerate(found.gone)
            for j, two in enumerate(found.come)
            if type(one) is type(two)
        ),
        reverse=True,
    )
    olds, news = list(found.gone), list(found.come)
    taken: set[tuple[str, int]] = set()
    pairs: list[tuple[Type, Type]] = []
    for score, i, j in scored:
        if score > 0 and not taken & {("old", i), ("new", j)}:
            taken |= {("old", i), ("new", j)}
            pairs.append((olds[-i], news[-j]))
    found.gone = [each for i, each in enumerate(olds) if ("old", -i) not in taken]
    found.come = [each for j, each in enumerate(news) if ("new", -j) not in taken]
    return pairs


def _likeness(place: Place, old: Type, new: Type) -> float:
    """Above 0 where the two may be one arm; objects share keys or a class name."""
    if not (isinstance(old, ObjectRef) and isinstance(new, ObjectRef)):
        return 1
    one, two = place.pairs.old.objects[old.key], place.pairs.new.objects[new.key]
    keys, others = {f.wire for f in one.fields}, {f.wire for f in two.fields}
    shared = len(keys & others) / max(len(keys | others), 1)
    return shared + (one.name == two.name)


def _compare_arm(
    place: Place,
    pair: tuple[Type, Type],
    arms: _ArmLists,
    types: Types,
) -> None:
    one, two = pair
    if (
        isinstance(one, EnumType)
        and isinstance(two, EnumType)
        and _covered(one, arms[0])
        and _covered(two, arms[1])
    ):
        enums.suggestions(place, one, two)
        compare_notes(place, one.notes, two.notes, one, two)
    else:
        types(place, one, two)


def _covered(arm: Type, arms: tuple[Type, ...]) -> bool:
    """Whether another arm takes all that this one takes."""
    return any(other is not arm and accepts(other, arm) for other in arms)


def _compare_rest(
    place: Place, whole: tuple[Type, Type], arms: _ArmLists, found: Matched[Type]
) -> None:
    """Arms without a counterpart. One that another arm covers anyway is a mere suggestion."""
    before, after = arms
    for arm in found.gone:
        if _covered(arm, after):
            _suggested(place, arm, whole[1], (describe(arm), None))
            continue
        phrase = f"no longer takes {_said(place.pairs.old, arm)}"
        axes: tuple[Axis, ...] | None = None
        if place.side == "request" and Accepts(place.pairs.new, place.pairs.old)(whole[1], arm):
            # Another arm takes it in; what is gone is its class.
            phrase, axes = f"{phrase} as such", ("SOURCE",)
        values = (describe(arm), None)
        place.report("TYPE_NARROWED", phrase, arm, whole[1], values=values, axes=axes)
    for arm in found.come:
        if _covered(arm, before):
            _suggested(place, whole[0], arm, (None, describe(arm)))
            continue
        phrase, kind = f"takes {_said(place.pairs.new, arm)} as well", "TYPE_WIDENED"
        if place.side == "response" and _reads(place, before, arm):
            phrase, kind = (
                f"may be {_said(place.pairs.new, arm)}, as before",
                "CONSTRAINT_TIGHTENED",
            )
        place.report(kind, phrase, whole[0], arm, values=(None, describe(arm)))


def _reads(place: Place, arms: tuple[Type, ...], arm: Type) -> bool:
    """Whether who reads the arms reads this one too, however many of them it meets."""
    accepts = Accepts(place.pairs.old, place.pairs.new)
    return any(accepts(each, arm) for each in arms)


def _suggested(place: Place, old: Type, new: Type, values: tuple[Json, Json]) -> None:
    place.report("DOCS_EXAMPLE_CHANGED", "has other suggested values", old, new, values=values)


def _said(model: Model, arm: Type) -> str:
    name = model.objects[arm.key].name if isinstance(arm, ObjectRef) else ""
    return f"{name or describe(arm)}"


def _compare_whole(place: Place, old: Type, new: Type) -> None:
    """What is said of the union itself."""
    if isinstance(old, UnionType) and isinstance(new, UnionType):
        if _exclusion(old, new) and not (new.exclusive and place.side == "request"):
            # What excludes each other for senders is asked of the values they send.
            kind = "CONSTRAINT_TIGHTENED" if new.exclusive else "CONSTRAINT_RELAXED"
            phrase = "must meet exactly one arm" if new.exclusive else "may meet several arms"
            said = ("oneOf", "anyOf") if old.exclusive else ("anyOf", "oneOf")
            place.report(kind, phrase, old, new, values=said)
        return
    said_of_union = notes_of(old) if isinstance(old, UnionType) else notes_of(new)
    if said_of_union != NO_NOTES:
        one, two = (_union_notes(node) for node in (old, new))
        compare_notes(place, one, two, old, new)


def _exclusion(old: Type, new: Type) -> bool:
    """Whether one of the two unions takes what meets several arms and the other does not."""
    if isinstance(old, UnionType) and isinstance(new, UnionType):
        return old.exclusive != new.exclusive
    return False


def _union_notes(node: Type) -> Notes:
    return notes_of(node) if isinstance(node, UnionType) else NO_NOTES
