"""What a schema says beside its constraints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...model.model import Notes, NullableType, Type
from ...text.jsonvalues import Json
from ..findings.wirepath import show
from ..pairing.place import Place
from ..values.signature import canonical
from .keywords import compare_keyword


def notes_of(node: Type) -> Notes:
    """Those of the type itself, where it is wrapped as nullable."""
    return notes_of(node.inner) if isinstance(node, NullableType) else node.notes


def compare_notes(place: Place, old: Notes, new: Notes, *of: Any) -> None:
    """`of`: the two nodes whose notes they are."""
    if old is new:
        return
    words(place, "title", old.title, new.title, *of)
    words(place, "description", old.description, new.description, *of)
    deprecation(place, old.deprecated, new.deprecated, *of)
    # readOnly and writeOnly count for keys: see `objects`.
    _default(place, old, new, *of)
    examples(place, old.examples, new.examples, *of)
    others(place, old.other, new.other, *of)


def words(place: Place, what: str, old: str, new: str, *of: Any) -> None:
    """A text for people."""
    if old != new:
        step = "was reworded" if old and new else "was added" if new else "was removed"
        values = (old or None, new or None)
        place.report("DOCS_DESCRIPTION_CHANGED", f"{what} {step}", of[0], of[1], values=values)


def deprecation(place: Place, old: bool, new: bool, *of: Any) -> None:
    if old != new:
        kind, phrase = ("DEPRECATED", "is deprecated") if new else (
            "DEPRECATION_LIFTED", "is no longer deprecated")  # fmt: skip
        place.report(kind, phrase, of[0], of[1], values=(old, new))


def examples(place: Place, old: Sequence[Json], new: Sequence[Json], *of: Any) -> None:
    if (old or new) and canonical(old) != canonical(new):
        values = (_one(old), _one(new))
        place.report("DOCS_EXAMPLE_CHANGED", "has another example", of[0], of[1], values=values)


def others(place: Place, old: Any, new: Any, *of: Any) -> None:
    """Keywords that the model has no place for, as (keyword, value) pairs."""
    before, after = dict(old), dict(new)
    for keyword in sorted(before.keys() | after.keys()):
        one, two = before.get(keyword), after.get(keyword)
        if canonical(one) != canonical(two) or (keyword in before) != (keyword in after):
            compare_keyword(place, keyword, (one, two), *of)


def _default(place: Place, old: Notes, new: Notes, *of: Any) -> None:
    if not (old.default or new.default) or canonical(old.default) == canonical(new.default):
        return
    before, after = (_stated(notes.default) for notes in (old, new))
    said = [show(n.default[0]) if n.default else "absent" for n in (old, new)]
    phrase = f"default was {said[0]}, is {said[1]}"
    place.report("DEFAULT_CHANGED", phrase, of[0], of[1], values=(before, after))


def _stated(default: tuple[Json, ...]) -> Json:
    # None stands for no default at all, so a default of null has to look otherwise.
    return ("null" if default[0] is None else default[0]) if default else None


def _one(values: Sequence[Json]) -> Json:
    return (values[0] if len(values) == 1 else list(values)) if values else None
