"""One media type of a body, where its arms may be events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ...model.model import (
    NO_NOTES,
    AnyType,
    Content,
    EnumType,
    Event,
    Model,
    Notes,
    NullableType,
    ObjectRef,
    Operation,
    StringType,
    Type,
    UnionType,
)
from ..findings.describe import describe
from ..pairing.place import Place
from ..schemas.exclusive import compare_exclusive
from ..schemas.notes import compare_notes, notes_of
from ..schemas.types import compare_types
from ..schemas.unions import compare_discriminators
from ..values.inclusion import admits
from .events import Events, Use


@dataclass(slots=True, kw_only=True)
class Arms:
    """The arms of a body: events by literal, and others."""

    events: dict[str, Use] = field(default_factory=dict)
    rest: list[Type] = field(default_factory=list)


class Contents:
    """Compares the contents of a pair of operations; events are told to `events`."""

    def __init__(self, events: Events, old: Operation, new: Operation) -> None:
        self._events = events
        self._old = old
        self._new = new

    def compare(self, place: Place, old: Content, new: Content) -> None:
        """`place.emits` tells bodies, which may hold events, from answers."""
        before = self._arms(self._events.old, old.type, self._old, place)
        after = self._arms(self._events.new, new.type, self._new, place)
        if not (place.emits and before.events and after.events):
            compare_types(place, old.type, new.type)
            return
        self._pair(place, before, after)
        _compare_rest(place, before.rest, after.rest, old.type, new.type)
        _compare_whole(place, old.type, new.type)
        compare_exclusive(place, old.type, new.type)

    def _arms(
        self, events: Mapping[str, Event], node: Type, operation: Operation, place: Place
    ) -> Arms:
        arms = Arms()
        found: dict[str, list[Use]] = {}
        waiting = [node]
        while waiting:
            each = waiting.pop(0)
            event = events.get(each.key) if isinstance(each, ObjectRef) else None
            if isinstance(each, ObjectRef) and event:
                use = Use(event=event, ref=each, operation=operation, side=place.side)
                found.setdefault(event.literal, []).append(use)
            elif isinstance(each, NullableType):
                waiting.insert(0, each.inner)
            elif isinstance(each, UnionType):
                waiting[:0] = each.arms
            else:
                arms.rest.append(each)
        for literal, uses in found.items():
            if len({use.ref.key for use in uses}) == 1:
                arms.events[literal] = uses[-1]
            else:  # a literal alone does not tell which of them stand for each other
                arms.rest += (use.ref for use in uses)
        return arms

    def _pair(self, place: Place, before: Arms, after: Arms) -> None:
        for literal, use in before.events.items():
            if literal in after.events:
                self._events.pair(use, after.events[literal])
            elif (arm := _taker(place.pairs.new, use, after.rest)) is not None:
                after.rest.remove(arm)
                self._events.pair(use, replace(use, ref=arm, operation=self._new))
            else:
                self._events.gone.append(use)
        for literal, use in after.events.items():
            if literal in before.events:
                continue
            if (arm := _taker(place.pairs.old, use, before.rest)) is not None:
                before.rest.remove(arm)
                self._events.pair(replace(use, ref=arm, operation=self._old), use)
            else:
                self._events.come.append(use)


def _taker(model: Model, use: Use, rest: list[Type]) -> ObjectRef | None:
    """The arm that is no event but takes this one's literal among others."""
    for arm in rest:
        if isinstance(arm, ObjectRef):
            fields = {each.wire: each.type for each in model.objects[arm.key].fields}
            tag = fields.get(use.event.tag)
            open_ = isinstance(tag, EnumType | StringType | AnyType)
            if tag is not None and open_ and admits(tag, use.event.literal):
                return arm
    return None


def _compare_rest(
    place: Place, before: list[Type], after: list[Type], old: Type, new: Type
) -> None:
    """The arms that are no events."""
    if before and after:
        compare_types(place, _union(before), _union(after))
    for arm in before if not after else ():
        phrase = f"no longer takes {describe(arm)}"
        place.report("TYPE_NARROWED", phrase, arm, new, values=(describe(arm), None))
    for arm in after if not before else ():
        phrase = f"takes {describe(arm)} as well"
        place.report("TYPE_WIDENED", phrase, old, arm, values=(None, describe(arm)))


def _union(arms: list[Type]) -> Type:
    return arms[0] if len(arms) == 1 else UnionType(arms=tuple(arms), exclusive=False)


def _compare_whole(place: Place, old: Type, new: Type) -> None:
    """What is said of the body itself: whether it may be null, and words."""
    null = isinstance(old, NullableType), isinstance(new, NullableType)
    if null == (False, True):
        place.report("BECAME_NULLABLE", "may be null", old, new, values=null)
    elif null == (True, False):
        place.report("TYPE_NARROWED", "may no longer be null", old, new, values=null)
    cores = [node.inner if isinstance(node, NullableType) else node for node in (old, new)]
    compare_discriminators(place, *cores)
    one, two = _said(old), _said(new)
    compare_notes(place, one, two, old, new)


def _said(node: Type) -> Notes:
    core = node.inner if isinstance(node, NullableType) else node
    # A body that is one event has no words but the event's.
    return notes_of(core) if isinstance(core, UnionType) else NO_NOTES
