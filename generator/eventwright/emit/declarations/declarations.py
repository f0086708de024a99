"""The view of a module of declarations: enums, classes and kinds, and the imports they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ...model.model import EnumAlias
from ...model.natives import standard_imports
from ...python.order import import_names, sorted_names
from ...python.quoting import identifiers, literal
from .annotations import can_be_literal, spelled_out
from .classes import ClassView
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
class DeclarationsView:
    """What a module declares, and what it imports for that."""

    enums: tuple[EnumView, ...]
    classes: tuple[ClassView, ...]
    shared: tuple[tuple[str, str], ...]
    """Variable and expression of each kind without a class that has a name."""
    exported: tuple[str, ...]
    imports: tuple[Import, ...]
    abstract: tuple[str, ...]
    typing: tuple[str, ...]
    standard: tuple[str, ...]


def enum_view(alias: EnumAlias) -> EnumView:
    notes, values = alias.type.notes, alias.type.values
    # Python reads the values back from an alias that lists them all.
    read = all(map(can_be_literal, values))
    return EnumView(
        name=alias.name,
        annotation=spelled_out(alias.type),
        # What stands inside a key has its words there.
        doc=(notes.description.strip() or notes.title) if alias.type.component else "",
        values_name=alias.values_name,
        values=f"get_args({alias.name})" if read else literal(values),
        pointer=alias.type.at,
    )


def declarations_view(
    enums: Iterable[EnumView],
    classes: Iterable[ClassView],
    shared: Mapping[str, str],
    *,
    dispatch: str = "",
) -> DeclarationsView:
    """`dispatch`: what the function that reads events calls, where it stands there too; the union
    of events stands beside it."""
    enums, classes = tuple(enums), tuple(classes)
    used = {"Any", "Event", "Mapping", "TypeAlias", dispatch} if dispatch else set[str]()
    used |= {"TypeAlias"} if enums else set()
    used = used.union(*map(enum_uses, enums), *map(class_uses, classes))
    used |= identifiers(" ".join(shared.values())) | ({"_t"} if shared else set())
    return DeclarationsView(
        enums=enums,
        classes=classes,
        shared=tuple(shared.items()),
        exported=sorted_names(
            [
                *(each.name for each in classes),
                *(name for enum in enums for name in (enum.name, enum.values_name)),
                *(("Event", "parse_event") if dispatch else ()),
            ]
        ),
        imports=_imports(used),
        abstract=import_names(used & {"Mapping", "Sequence"}),
        typing=import_names(used & _TYPING),
        standard=standard_imports(used),
    )


_TYPING = frozenset("Annotated Any ClassVar Literal TypeAlias get_args".split())
_RUNTIME = {
    "builders.base": frozenset({"Builder", "DefaultingBuilder", "EventBuilder"}),
    "kinds.base": frozenset({"Unrecognized"}),
    "builders.closest": frozenset({"dispatch_closest"}),
    "builders.dispatch": frozenset({"dispatch"}),
    "values.frozen": frozenset({"EMPTY"}),
    "values": frozenset({"UNSET", "Unset"}),
}


def enum_uses(view: EnumView) -> frozenset[str]:
    """The names that an enum refers to."""
    return identifiers(f"{view.annotation} {view.values}")


def class_uses(view: ClassView) -> frozenset[str]:
    """The names that a class refers to."""
    return identifiers(" ".join(_sources(view)))


def _sources(view: ClassView) -> Iterator[str]:
    yield view.bases
    for key in view.keys:
        yield from (key.annotation, key.default)
    for argument in view.arguments:
        yield from (argument.annotation, argument.default)
    yield from view.conditions


def _imports(used: set[str]) -> tuple[Import, ...]:
    named = [
        Import(module=module, names=import_names(names & used))
        for module, names in _RUNTIME.items()
        if names & used
    ]
    return tuple(sorted([*kind_modules(used), *named], key=lambda each: each.module))
