"""The class names of objects that would share one: they tell where each stands.

Exact spelling wins: of the components `order_item` and `OrderItem` the second is `OrderItem`. Of
those that have no better claim than the others none has the plain name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ...diagnostics.remarks import Remark
from ...model.givennames import GivenNames
from ...model.model import Model, ObjectType
from ...model.reachable import emitted
from ...model.shapes import difference
from ...python.distinct import Wish, distinct, spellings
from ...python.naming import class_name, is_class_name, nested_name
from ...text.pointers import Pointer, split_pointer
from .enumnames import kept_enum_names
from .places import Places, is_json_place


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """Objects that would have one name alone and agree in shape: one class. The best claim to the
    name comes first."""

    name: str
    """What it wishes for: the name that the package has for it, if it has one."""
    alone: str
    keys: tuple[str, ...]
    rank: tuple[int, ...]
    is_configured: bool

    @property
    def key(self) -> str:
        return self.keys[0]

    @property
    def is_given(self) -> bool:
        return not self.rank[0]


def with_class_names(
    model: Model, configured: Collection[str], given: GivenNames
) -> tuple[Model, tuple[Remark, ...]]:
    """The model with a name of its own for each class, and what is to be said of those that met.

    `configured`: the keys of objects whose names the configuration gives; they keep them. `given`:
    what the classes of the package are called that is there.
    """
    found = emitted(model)
    shapes = list(_shapes(model, found, configured, given))
    reserved = {*kept_enum_names(model, given).values()}
    reserved -= {shape.name for shape in shapes if shape.is_given or shape.is_configured}
    count = Counter([*(shape.name for shape in shapes), *reserved])
    clashing = [shape for shape in shapes if count[shape.name] > 1 and not shape.is_configured]
    waiting = {shape.key for shape in clashing}
    names = {shape.key: shape.name for shape in shapes if shape.key not in waiting}
    names |= _told_apart(model, found, clashing, frozenset({*names.values(), *reserved}))
    renamed = {key: names[shape.key] for shape in shapes for key in shape.keys}
    objects = {
        key: replace(item, name=renamed[key]) if renamed.get(key, item.name) != item.name else item
        for key, item in model.objects.items()
    }
    return replace(model, objects=objects), tuple(_remarks(model, shapes, names, reserved))


def _told_apart(
    model: Model, found: Mapping[str, ObjectType], shapes: Sequence[_Shape], taken: frozenset[str]
) -> dict[str, str]:
    """The names of shapes that wish for those of others, by their first keys."""
    names: dict[str, str] = {}
    given = [shape for shape in shapes if shape.is_given]
    rest = [shape for shape in shapes if not shape.is_given]
    components = [shape for shape in rest if _component(shape.key)]
    inline = [shape for shape in rest if not _component(shape.key)]
    by_name: dict[str, list[_Shape]] = {}
    for shape in shapes:
        by_name.setdefault(shape.name, []).append(shape)
    # What has its name already keeps it; a component has the better claim than what is inline.
    for some in (given, components, inline):
        places = Places(model, {**_named(found), **names})
        wishes = {each.key: _wish(model, each, by_name[each.name], places) for each in some}
        names |= distinct(wishes, frozenset({*taken, *names.values()}))
    return names


def _named(found: Mapping[str, ObjectType]) -> dict[Pointer, str]:
    return {key: item.name for key, item in found.items() if _component(key)}


def _component(key: str) -> str:
    """The key of a component, "" for what is none."""
    match split_pointer(key):
        case ("components", _, name):
            return name
    return ""


def _shapes(
    model: Model, found: Mapping[str, ObjectType], configured: Collection[str], given: GivenNames
) -> Iterator[_Shape]:
    by_name: dict[str, list[str]] = {}
    for key, item in found.items():
        by_name.setdefault(item.name, []).append(key)
    literals = {event.key: event.literal for event in model.events}
    for alone, keys in by_name.items():
        kept = {
            key: name
            for key in keys
            if key not in configured and is_class_name(name := given.class_of(key, alone))
        }
        for group in _alike(model, keys, literals):
            ranks = {
                key: (key not in kept, *_rank(alone, key, found[key], key in literals))
                for key in group
            }
            first = sorted(group, key=lambda key: (ranks[key], key))
            yield _Shape(
                name=kept.get(first[0], alone),
                alone=alone,
                keys=tuple(first),
                rank=ranks[first[0]],
                is_configured=any(key in configured for key in group),
            )


def _alike(model: Model, keys: Sequence[str], literals: Mapping[str, str]) -> list[list[str]]:
    """The keys in groups of those that are one class."""
    groups: list[list[str]] = []
    for key in keys:
        for group in groups:
            other = group[0]
            same_event = literals.get(key) == literals.get(other) or not (
                key in literals and other in literals
            )
            if same_event and not difference(model, other, key):
                group.append(key)
                break
        else:
            groups.append([key])
    return groups


def _rank(name: str, key: str, item: ObjectType, event: bool) -> tuple[int, ...]:
    """How good a claim to its name an object has: the less, the better."""
    component = _component(key)
    if component == name:
        return (0,)
    if component and class_name(component, "Object") == name:
        return (1,)
    if component or event:
        return (2,)
    return (3, not is_json_place(item.at), len(split_pointer(item.at)))


def _wish(model: Model, shape: _Shape, alike: Sequence[_Shape], places: Places) -> Wish:
    item, component = model.objects[shape.key], _component(shape.key)
    theirs = [model.objects[each.key] for each in alike if each is not shape]
    names = _spelled(component) if component else _standing(shape, item, theirs, places)
    others = [name for name in names if name]
    # What is called after the component or operation that it is in has a better claim.
    claim = component or shape.name.startswith(places.around(item.at))
    given, kind, *rest = shape.rank
    rank = (given, kind, not claim, *rest)
    return Wish(name=shape.name, rank=rank, others=tuple(dict.fromkeys(others)))


def _spelled(component: str) -> Iterator[str]:
    """Names that tell a component from one that is spelled alike: `Order_item`, `OrderDashItem`,
    `LowerOrder`."""
    yield class_name(component, "Object")
    plain = component[:1].upper() + component[1:]
    if plain.isidentifier() and is_class_name(plain):
        yield plain
    for text in (*spellings(component), f"lower {component}"):
        yield class_name(text, "Object")


def _standing(
    shape: _Shape, item: ObjectType, theirs: Sequence[ObjectType], places: Places
) -> Iterator[str]:
    *near, words, spelled = places.within(shape.name, item.at)
    yield from near
    for own in (_required(item), _declared(item)):
        elsewhere = {wire for each in theirs for wire in _declared(each)}
        for wire in sorted(own - elsewhere):
            yield nested_name(shape.name, wire)
    yield words
    yield spelled
    yield class_name(list(spellings(shape.key))[-1], "Object")


def _required(item: ObjectType) -> set[str]:
    return {field.wire for field in item.fields if field.required}


def _declared(item: ObjectType) -> set[str]:
    return {field.wire for field in item.fields}


def _remarks(
    model: Model, shapes: Sequence[_Shape], names: Mapping[str, str], enums: Collection[str]
) -> Iterator[Remark]:
    """`enums`: the names that enums have already."""
    alike: dict[str, list[_Shape]] = {}
    for shape in shapes:
        alike.setdefault(shape.alone, []).append(shape)
        if names[shape.key] != shape.alone:
            alike.setdefault(names[shape.key], []).append(shape)
    for shape in shapes:
        name, at = names[shape.key], model.objects[shape.key].at
        others = [each.key for each in alike[shape.alone] if each is not shape]
        if name == shape.alone or not (others or shape.alone in enums):
            continue
        why = "an enum has that name already"
        if others:
            other = model.objects[others[0]]
            differ = difference(model, other.key, shape.key) or "they are different events"
            where = "another use of this schema" if other.at == at else f"the object at {other.at}"
            why = f"{where} would be as well ({differ})"
        yield Remark(
            code="N105",
            about=f"the class {name}",
            message=f"is not called {shape.alone}, as {why}",
            at=at,
            help=f'choose a name in [client.names]: "{at}" = "…"',
        )
