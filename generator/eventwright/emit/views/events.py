"""The view of `events.py`: one class per object, the union of events, dispatch by literal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...model.model import EnumAlias, Model, ObjectType
from ...model.reachable import emitted
from ...python.order import import_names, sorted_names
from ...python.quoting import identifiers, literal
from ...runtime.kinds import Kinds
from .annotations import spelled_out
from .classes import Classes, ClassView
from .imports import Import, kind_modules


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumView:
    """The alias of an enum, and the constant that lists its values."""

    name: str
    annotation: str
    doc: str
    values_name: str
    """The constant."""
    values: str
    """Source of the tuple."""
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsView:
    """Everything `events.py` is made of."""

    open: bool
    """Whether any class takes undeclared keys."""
    enums: tuple[EnumView, ...]
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
    classes = Classes(model, kinds, {event.key: event for event in model.events})
    views = [classes.view(item) for item in _one_per_name(objects.values())]
    enums = list(map(_enum, model.enums.values()))
    names = tuple(model.objects[event.key].name for event in model.events)
    used = identifiers(" ".join([*_sources(views, enums), *kinds.shared.values()]))
    return EventsView(
        open=any(key.name == "extra" for view in views for key in view.keys),
        enums=tuple(enums),
        classes=tuple(views),
        shared=tuple(kinds.shared.items()),
        events=names,
        exported=sorted_names(
            [
                *(view.name for view in views),
                *(name for enum in enums for name in (enum.name, enum.values_name)),
                *(("Event", "parse_event") if names else ()),
            ]
        ),
        dispatch=_dispatch(model),
        imports=_imports(used, classes.bases, bool(names)),
        abstract=import_names(used & {"Mapping", "Sequence"} | ({"Mapping"} if names else set())),
        typing=_typing(used, bool(names), bool(enums)),
        dates="datetime" in used,
    )


def _enum(alias: EnumAlias) -> EnumView:
    notes, annotation = alias.type.notes, spelled_out(alias.type)
    # Python reads the values back from an alias that lists them all.
    read = annotation.startswith("Literal[") and annotation.endswith("]")
    return EnumView(
        name=alias.name,
        annotation=annotation,
        # What stands inside a key has its words there.
        doc=(notes.description.strip() or notes.title) if alias.type.component else "",
        values_name=alias.values_name,
        values=f"get_args({alias.name})" if read else literal(alias.type.values),
        pointer=alias.type.at,
    )


def _sources(views: list[ClassView], enums: list[EnumView]) -> Iterator[str]:
    """What refers to names that must be imported."""
    for view in views:
        for key in view.keys:
            yield from (key.annotation, key.default)
        for argument in view.arguments:
            yield from (argument.annotation, argument.default)
        yield from view.conditions
    for enum in enums:
        yield from (enum.annotation, enum.values)


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


def _imports(names: set[str], bases: set[str], events: bool) -> tuple[Import, ...]:
    wanted = {
        "builders.base": bases,
        "builders.dispatch": {"dispatch"} if events else set(),
        "values.frozen": names & {"EMPTY"},
        "values.unset": names & {"UNSET", "Unset"},
    }
    named = [
        Import(module=module, names=import_names(names))
        for module, names in wanted.items()
        if names
    ]
    found = [*kind_modules(names), *named]
    return tuple(sorted(found, key=lambda each: each.module))


def _typing(names: set[str], events: bool, enums: bool) -> tuple[str, ...]:
    found = names & {"Annotated", "Any", "ClassVar", "Literal", "get_args"}
    found |= {"Any"} if events else set()
    found |= {"TypeAlias"} if events or enums else set()
    return import_names(found)
