"""The view of the events: one class per object, the union of events, dispatch by literal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

from ...model.model import Model, ObjectType
from ...model.reachable import answered, classes, emitted
from ...python.order import import_names, module_names
from ...python.quoting import identifiers
from ...runtime.kinds import Kinds
from ..layout.partition import ANY_EVENT, MOST_IN_ONE_MODULE, Declaration, partition
from .classes import Classes, ClassView
from .declarations import (
    DeclarationsView,
    EnumView,
    class_uses,
    declarations_view,
    enum_uses,
    enum_view,
)

_Dispatch: TypeAlias = "tuple[tuple[str, tuple[tuple[str | int, tuple[str, ...]], ...]], ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventModuleView(DeclarationsView):
    """A module of a large package: a class, and what the document writes inside it."""

    name: str
    title: str
    """The class that is not inside another; "" for a module without one."""
    siblings: tuple[tuple[str, tuple[str, ...]], ...]
    """The modules beside it that it needs, and what it imports from them."""
    events: tuple[str, ...]
    """Those of its classes that are events."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsView(DeclarationsView):
    """Everything that `events` has, in whichever module."""

    events: tuple[str, ...]
    """Class names of the events, in the document's order."""
    dispatch: _Dispatch
    """Tag -> (literal, names of the classes that it may mean)."""
    table: str
    """The annotation of the table of these."""
    function: str
    """What is asked of the table: `dispatch` where a literal has one class."""
    modules: tuple[EventModuleView, ...]
    """Where these declarations stand when they are too many for one module; else empty."""
    homes: tuple[tuple[str, tuple[str, ...]], ...]
    """These modules by name, that of `Event` among them, and what is exported from each."""


def in_modules(model: Model) -> bool:
    """Whether the classes of a model are too many for one module."""
    return len({item.name for item in emitted(model).values()}) > MOST_IN_ONE_MODULE


def events_view(model: Model, kinds: Kinds) -> EventsView:
    """One class per name: objects that share one agree in shape."""
    answers = {item.name for item in classes(model, answered(model)).values()}
    made = Classes(model, kinds, {event.key: event for event in model.events}, answers)
    views = [made.view(item) for item in _one_per_name(emitted(model).values())]
    enums = list(map(enum_view, model.enums.values()))
    names = tuple(dict.fromkeys(model.objects[event.key].name for event in model.events))
    dispatch = _dispatch(model)
    function = _function(dispatch)
    everything = declarations_view(enums, views, kinds.shared, dispatch=function if names else "")
    modules = tuple(_modules(model, everything)) if in_modules(model) else ()
    return EventsView(
        **_fields(everything),
        events=names,
        dispatch=dispatch,
        table=_table(dispatch, function),
        function=function,
        modules=modules,
        homes=_homes(modules, bool(names)),
    )


def _fields(view: DeclarationsView) -> dict[str, Any]:
    return {field.name: getattr(view, field.name) for field in fields(DeclarationsView)}


def _one_per_name(objects: Iterable[ObjectType]) -> list[ObjectType]:
    by_name: dict[str, ObjectType] = {}
    for item in objects:
        by_name.setdefault(item.name, item)
    return list(by_name.values())


def _dispatch(model: Model) -> _Dispatch:
    table: dict[str, dict[str | int, dict[str, None]]] = {}
    for event in model.events:
        for literal in event.literals:
            classes = table.setdefault(event.tag, {}).setdefault(literal, {})
            classes[model.objects[event.key].name] = None
    return tuple(
        (tag, tuple((literal, tuple(names)) for literal, names in literals.items()))
        for tag, literals in table.items()
    )


def _table(dispatch: _Dispatch, function: str) -> str:
    texts = all(isinstance(literal, str) for _, found in dispatch for literal, _ in found)
    value = "type[Event]" if function == "dispatch" else "tuple[type[Event], ...]"
    return f"Mapping[str, Mapping[{'str' if texts else 'str | int'}, {value}]]"


def _function(dispatch: _Dispatch) -> str:
    alone = all(len(names) == 1 for _, literals in dispatch for _, names in literals)
    return "dispatch" if alone and len(dispatch) == 1 else "dispatch_closest"


def _modules(model: Model, everything: DeclarationsView) -> Iterator[EventModuleView]:
    """The same declarations, one module for those that belong together."""
    enums = {(view.name, view.values_name): view for view in everything.enums}
    builders = {(view.name,): view for view in everything.classes}
    shared = {(name,): expression for name, expression in everything.shared}
    components = {alias.name for alias in model.enums.values() if alias.type.component}
    events = {model.objects[event.key].name for event in model.events}
    declared = [
        *(_enum(names, view, components) for names, view in enums.items()),
        *(_class(names, view) for names, view in builders.items()),
        *(_kind(names, expression) for names, expression in shared.items()),
    ]
    modules = partition(declared)
    home = {name: module for module, each in modules.items() for one in each for name in one.names}
    for module, each in modules.items():
        uses = {name for one in each for name in one.uses if home.get(name, module) != module}
        view = declarations_view(
            [enums[one.names] for one in each if one.names in enums],
            [builders[one.names] for one in each if one.names in builders],
            {one.names[0]: shared[one.names] for one in each if one.names in shared},
        )
        yield EventModuleView(
            **_fields(view),
            name=module,
            siblings=_siblings(uses, home),
            title=min(view.classes, key=lambda each: each.pointer).name if view.classes else "",
            events=import_names(events & {*view.exported}),
        )


def _homes(
    modules: tuple[EventModuleView, ...], events: bool
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    exported = {module.name: import_names(module.exported) for module in modules}
    if modules and events:
        exported[ANY_EVENT] = ("Event",)
    return tuple((name, exported[name]) for name in module_names(exported) if exported[name])


def _siblings(uses: set[str], home: Mapping[str, str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    modules = module_names(home[name] for name in uses)
    return tuple(
        (module, import_names(name for name in uses if home[name] == module)) for module in modules
    )


def _enum(names: tuple[str, ...], view: EnumView, components: Collection[str]) -> Declaration:
    pointer = "" if view.name in components else view.pointer
    return Declaration(names=names, pointer=pointer, uses=enum_uses(view), enum=True)


def _class(names: tuple[str, ...], view: ClassView) -> Declaration:
    return Declaration(names=names, pointer=view.pointer, uses=class_uses(view))


def _kind(names: tuple[str, ...], expression: str) -> Declaration:
    return Declaration(names=names, pointer="", uses=identifiers(expression))
