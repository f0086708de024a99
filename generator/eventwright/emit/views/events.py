"""The view of `events.py`: one class per object, the union of events, dispatch by literal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...model.model import Model, ObjectType
from ...model.reachable import emitted
from ...python.order import import_names, sorted_names
from ...runtime.kinds import Kinds
from .classes import Classes, ClassView


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """`from ._runtime.<module> import <names>`."""

    module: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsView:
    """Everything `events.py` is made of."""

    classes: tuple[ClassView, ...]
    shared: tuple[tuple[str, str], ...]
    """Variable and expression of each recursive kind without a class."""
    events: tuple[str, ...]
    """Class names of the events, in the document's order."""
    exported: tuple[str, ...]
    """Every public name of the module."""
    dispatch: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """Tag -> (literal, class name)."""
    imports: tuple[Import, ...]
    abstract: tuple[str, ...]
    """What to import from collections.abc."""
    typing: tuple[str, ...]
    dates: bool


def events_view(model: Model, kinds: Kinds) -> EventsView:
    """One class per name: objects that share one agree in shape."""
    objects = emitted(model)
    events = {event.key: event for event in model.events}
    classes = Classes(model, kinds, events)
    views = [classes.view(item) for item in _one_per_name(objects.values())]
    text = " ".join(classes.annotations)
    names = tuple(model.objects[event.key].name for event in model.events)
    return EventsView(
        classes=tuple(views),
        shared=tuple(kinds.shared.items()),
        events=names,
        exported=sorted_names(
            [*(view.name for view in views), *(("Event", "parse_event") if names else ())]
        ),
        dispatch=_dispatch(model),
        imports=_imports(model, classes),
        abstract=tuple(
            name for name in ("Mapping", "Sequence") if name in text or name == "Mapping"
        ),
        typing=_typing(text, views, bool(model.events)),
        dates="datetime." in text,
    )


def _one_per_name(objects: Iterable[ObjectType]) -> list[ObjectType]:
    by_name: dict[str, ObjectType] = {}
    for item in objects:
        by_name.setdefault(item.name, item)
    return list(by_name.values())


def _dispatch(model: Model) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    table: dict[str, dict[str, str]] = {}
    for event in model.events:
        table.setdefault(event.tag, {})[event.literal] = model.objects[event.key].name
    return tuple((tag, tuple(literals.items())) for tag, literals in table.items())


def _imports(model: Model, classes: Classes) -> tuple[Import, ...]:
    wanted = {
        "builders": classes.bases | ({"set_values"} if classes.bases else set()),
        "dispatch": {"dispatch"} if model.events else set(),
        "jsontext": classes.used & {"dumps", "members", "quote"},
        "timestamps": classes.used & {"UTC", "format_datetime"},
        "unset": classes.used & {"UNSET", "Unset"},
        "values": classes.used & {"EMPTY", "class_of", "undeclared"},
    }
    return tuple(
        Import(module=module, names=import_names(names))
        for module, names in wanted.items()
        if names
    )


def _typing(text: str, views: list[ClassView], events: bool) -> tuple[str, ...]:
    names = {"Any"} | ({"TypeAlias"} if events else set())
    if any(view.constants for view in views):
        names.add("ClassVar")
    if "Literal[" in text:
        names.add("Literal")
    return tuple(sorted(names))
