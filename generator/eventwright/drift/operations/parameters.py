"""Parameters of requests, and the headers of answers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ...model.model import (
    AnyType,
    ArrayType,
    NullableType,
    ObjectRef,
    Operation,
    Parameter,
    UnionType,
)
from ...text.jsonvalues import Json
from ..findings import wirepath
from ..pairing.place import Located, Place
from ..schemas import notes
from ..schemas.types import TABLES, Comparer, compare_fields, compare_types

_VARIABLE = re.compile(r"\{((?!\$)[^}]*)\}")  # `{$…}` is an expression of a callback


def template(path: str) -> str:
    """A path with its variables nameless: their names are not on the wire."""
    return _VARIABLE.sub("{}", path)


def compare_parameters(place: Place, old: Operation, new: Operation) -> None:
    """Those of an operation. A path's variables are paired by where they stand in it.

    If the path itself changed, by their names.
    """
    same_path = template(old.path) == template(new.path)
    before, after = _keyed(old, by_place=same_path), _keyed(new, by_place=same_path)
    for key in (*before, *(key for key in after if key not in before)):
        one, two = before.get(key), after.get(key)
        named = one or two
        assert named, "each key is that of a parameter"
        if named.location == "path" and not (one and two):
            if same_path:
                step = "declared now" if two else "no longer declared"
                phrase = f"the variable {named.wire} of the path is {step}"
                place.report("DOCS_INFO_CHANGED", phrase, one or old, two or new)
            continue  # else PATH_CHANGED says it
        here = place.below(f".{named.location}{wirepath.key(named.wire)}")
        _compare(here, one, two, (old, new))


def compare_headers(
    place: Place, old: Sequence[Parameter], new: Sequence[Parameter], *where: Located
) -> None:
    """Those of an answer."""
    before = {header.wire.lower(): header for header in old}
    after = {header.wire.lower(): header for header in new}
    for key in (*before, *(key for key in after if key not in before)):
        named = before.get(key) or after[key]
        here = place.below(f".header{wirepath.key(named.wire)}")
        _compare(here, before.get(key), after.get(key), where)


def _keyed(operation: Operation, *, by_place: bool) -> Mapping[tuple[str, str], Parameter]:
    """Headers are the same in any case."""
    variables = _VARIABLE.findall(operation.path)
    found: dict[tuple[str, str], Parameter] = {}
    for each in operation.parameters:
        wire = each.wire.lower() if each.location == "header" else each.wire
        if by_place and each.location == "path" and wire in variables:
            wire = f"#{variables.index(wire)}"
        found[each.location, wire] = each
    return found


def _compare(
    place: Place, old: Parameter | None, new: Parameter | None, where: Sequence[Located]
) -> None:
    if old and new:
        compare_fields(place, old, new)
    elif old:
        place.report(_kind(place, old, "REMOVED"), "is gone", old, where[1])
    elif new:
        step = "ADDED_REQUIRED" if new.required else "ADDED_OPTIONAL"
        phrase = f"is new and {'required' if new.required else 'optional'}"
        place.report(_kind(place, new, step), phrase, where[0], new)


def _kind(place: Place, parameter: Parameter, step: str) -> str:
    if place.side == "response":
        return f"RESP_HEADER_{step.removesuffix('_REQUIRED').removesuffix('_OPTIONAL')}" if (
            step.startswith("ADDED")) else f"RESP_HEADER_{step}"  # fmt: skip
    return f"{parameter.location.upper()}_{step}"


def _required(place: Place, old: Parameter, new: Parameter) -> bool:
    if old.required != new.required:
        step = "BECAME_REQUIRED" if new.required else "BECAME_OPTIONAL"
        phrase = "became required" if new.required else "became optional"
        values = (old.required, new.required)
        place.report(_kind(place, new, step), phrase, old, new, values=values)
    return True


def _name(place: Place, old: Parameter, new: Parameter) -> bool:
    if old.name != new.name and place.side == "request":
        phrase = f"is the argument {new.name} instead of {old.name}"
        place.report("SOURCE_NAME_CHANGED", phrase, old, new, values=(old.name, new.name))
    return True


def _type(place: Place, old: Parameter, new: Parameter) -> bool:
    compare_types(place, old.type, new.type)
    return True


def _style(place: Place, old: Parameter, new: Parameter) -> bool:
    """How lists and objects are written; a single value is written the same in every style."""
    before = (old.style, old.explode, old.allow_reserved)
    after = (new.style, new.explode, new.allow_reserved)
    compound = _compound(old) or _compound(new) or "content" in (old.style, new.style)
    if before != after and (compound or before[2] != after[2] or _prefixed(old, new)):
        phrase = "is written in another style"
        values: tuple[Json, Json] = ([*before], [*after])
        place.report("PARAMETER_STYLE_CHANGED", phrase, old, new, values=values)
    return True


def _compound(parameter: Parameter) -> bool:
    node = parameter.type
    while isinstance(node, NullableType):
        node = node.inner
    return isinstance(node, ArrayType | ObjectRef | UnionType | AnyType)


def _prefixed(old: Parameter, new: Parameter) -> bool:
    """`label` and `matrix` put something before even a single value."""
    return old.style != new.style and bool({old.style, new.style} & {"label", "matrix"})


def _description(place: Place, old: Parameter, new: Parameter) -> bool:
    notes.words(place, "description", old.description, new.description, old, new)
    return True


def _deprecated(place: Place, old: Parameter, new: Parameter) -> bool:
    notes.deprecation(place, old.deprecated, new.deprecated, old, new)
    return True


def _examples(place: Place, old: Parameter, new: Parameter) -> bool:
    notes.examples(place, old.examples, new.examples, old, new)
    return True


def _other(place: Place, old: Parameter, new: Parameter) -> bool:
    notes.others(place, old.other, new.other, old, new)
    return True


def _paired_by(place: Place, old: Parameter, new: Parameter) -> bool:
    return True


_PARAMETER: Mapping[tuple[str, ...], Comparer] = {
    ("wire", "location"): _paired_by,
    ("name",): _name,
    ("required",): _required,
    ("type",): _type,
    ("style", "explode", "allow_reserved"): _style,
    ("description",): _description,
    ("deprecated",): _deprecated,
    ("examples",): _examples,
    ("other",): _other,
}
TABLES[Parameter] = _PARAMETER
