"""The class names of objects that would share one: they tell where each stands.

Exact spelling wins: of the components `order_item` and `OrderItem` the second is `OrderItem`. Of
those that have no better claim than the others none has the plain name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ...diagnostics.remarks import Remark
from ...model.model import Model, ObjectType
from ...model.reachable import emitted
from ...model.shapes import difference
from ...python.distinct import Wish, distinct, spellings
from ...python.naming import class_name, is_class_name, nested_name
from ...text.pointers import Pointer, split_pointer
from .places import Places, is_json_place


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """Objects of one name that are one class: they agree in shape. The best claim comes first."""

    name: str
    keys: tuple[str, ...]
    rank: tuple[int, ...]
    others: tuple[str, ...]
    """The first keys of the other shapes of the name."""

    @property
    def key(self) -> str:
        return self.keys[0]


def with_class_names(model: Model, configured: Collection[str]) -> tuple[Model, tuple[Remark, ...]]:
    """The model with a name of its own for each class, and what is to be said of those that met.

    `configured`: the keys of objects whose names the configuration gives; they keep them.
    """
    found = emitted(model)
    shapes = list(_clashing(model, found, configured))
    if not shapes:
        return model, ()
    clashing = {shape.name for shape in shapes}
    taken = {item.name for item in found.values() if item.name not in clashing}
    taken |= {found[key].name for key in configured if key in found}
    components = [shape for shape in shapes if _component(shape.key)]
    rest = [shape for shape in shapes if not _component(shape.key)]
    names: dict[str, str] = {}
    for some in (components, rest):
        places = Places(model, {**_named(found), **names})
        # A component has the better claim to a name that both wish for.
        held = frozenset({*taken, *names.values()})
        wishes = {each.key: _wish(model, each, places) for each in some}
        names |= distinct(wishes, held)
    renamed = {key: names[shape.key] for shape in shapes for key in shape.keys}
    objects = {
        key: replace(item, name=renamed[key]) if key in renamed else item
        for key, item in model.objects.items()
    }
    return replace(model, objects=objects), tuple(_remarks(model, shapes, names))


def _named(found: Mapping[str, ObjectType]) -> dict[Pointer, str]:
    return {key: item.name for key, item in found.items() if _component(key)}


def _component(key: str) -> str:
    """The key of a component, "" for what is none."""
    match split_pointer(key):
        case ("components", _, name):
            return name
    return ""


def _clashing(
    model: Model, found: Mapping[str, ObjectType], configured: Collection[str]
) -> Iterator[_Shape]:
    """The shapes of each name that has several, but for those that the configuration names."""
    by_name: dict[str, list[str]] = {}
    for key, item in found.items():
        by_name.setdefault(item.name, []).append(key)
    literals = {event.key: event.literal for event in model.events}
    for name, keys in by_name.items():
        groups = _alike(model, keys, literals) if len(keys) > 1 else []
        for group in groups if len(groups) > 1 else ():
            if not any(key in configured for key in group):
                ranks = {key: _rank(name, key, found[key], key in literals) for key in group}
                first = sorted(group, key=lambda key: (ranks[key], key))
                others = tuple(each[0] for each in groups if each is not group)
                yield _Shape(name=name, keys=tuple(first), rank=ranks[first[0]], others=others)


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


def _wish(model: Model, shape: _Shape, places: Places) -> Wish:
    item, component = model.objects[shape.key], _component(shape.key)
    names = _spelled(component) if component else _standing(model, shape, item, places)
    others = [name for name in names if name]
    # What is called after the component or operation that it is in has a better claim.
    claim = component or shape.name.startswith(places.around(item.at))
    rank = (shape.rank[0], not claim, *shape.rank[1:])
    return Wish(name=shape.name, rank=rank, others=tuple(dict.fromkeys(others)))


def _spelled(component: str) -> Iterator[str]:
    """Names that tell a component from one that is spelled alike: `Order_item`, `OrderDashItem`."""
    yield class_name(component, "Object")
    plain = component[:1].upper() + component[1:]
    if plain.isidentifier() and is_class_name(plain):
        yield plain
    for text in spellings(component):
        yield class_name(text, "Object")


def _standing(model: Model, shape: _Shape, item: ObjectType, places: Places) -> Iterator[str]:
    *near, words, spelled = places.within(shape.name, item.at)
    yield from near
    theirs = [model.objects[key] for key in shape.others]
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


def _remarks(model: Model, shapes: Sequence[_Shape], names: Mapping[str, str]) -> Iterator[Remark]:
    for shape in shapes:
        name, at = names[shape.key], model.objects[shape.key].at
        if name != shape.name:
            other = model.objects[shape.others[0]]
            differ = difference(model, other.key, shape.key) or "they are different events"
            where = "another use of this schema" if other.at == at else f"the object at {other.at}"
            yield Remark(
                code="N105",
                about=f"the class {name}",
                message=f"is not called {shape.name}, as {where} would be as well ({differ})",
                at=at,
                help=f'choose a name in [client.names]: "{at}" = "…"',
            )
