"""Fixed values."""

from __future__ import annotations

from ...model.model import EnumType
from ..findings.wirepath import show
from ..pairing.place import Place
from ..values.signature import canonical


def values(place: Place, old: EnumType, new: EnumType) -> bool:
    """One finding per value that went or came; a constant that became another is one."""
    before = {canonical(value): value for value in old.values}
    after = {canonical(value): value for value in new.values}
    gone = [value for key, value in before.items() if key not in after]
    come = [value for key, value in after.items() if key not in before]
    if (old.constant or new.constant) and len(gone) == len(before) and come:
        was, now = (each[0] if len(each) == 1 else each for each in (gone, come))
        phrase = f"is {show(now)} now, not {show(was)}"
        if old.constant and new.constant:
            phrase = f"is always {show(now)} now, not {show(was)}"
        place.report("CONSTANT_CHANGED", phrase, old, new, values=(was, now))
        return True
    for value in gone:
        phrase = f"no longer takes {show(value)}"
        if place.side == "response":
            phrase = f"is never {show(value)} any more"
        place.report("ENUM_VALUE_REMOVED", phrase, old, new, values=(value, None))
    for value in come:
        phrase = f"takes {show(value)} as well"
        if place.side == "response":
            phrase = f"may be {show(value)} as well"
        place.report("ENUM_VALUE_ADDED", phrase, old, new, values=(None, value))
    return True


def suggestions(place: Place, old: EnumType, new: EnumType) -> None:
    """Values that are only suggested, since another arm of the union takes any."""
    before, after = sorted(map(canonical, old.values)), sorted(map(canonical, new.values))
    if before != after:
        place.report(
            "DOCS_EXAMPLE_CHANGED",
            "has other suggested values",
            old,
            new,
            values=(list(old.values), list(new.values)),
        )
