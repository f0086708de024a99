"""A finding in one line: where, and what changed there."""

from __future__ import annotations

from collections.abc import Sequence

from ...text.pointers import split_pointer
from .occurrence import Occurrence
from .wirepath import steps

NAMED = 3
"""Of so many places the names are told; others are counted."""


def worded(places: Sequence[Occurrence], phrase: str, component: str) -> str:
    """`Device Deleted: `context.token` became required`, or, of a change that is met in several
    places, `Device: `token` became required, in 281 operations: a, b, c and 278 more`."""
    if len(places) == 1:
        return _single(places[0], phrase)
    path = common_path(places)
    head = f"`{path}` {phrase}" if path else phrase
    return f"{component + ': ' if component else ''}{head}, in {where(places)}"


def _single(place: Occurrence, phrase: str) -> str:
    path = f"`{place.path}` " if place.path else ""
    label = f"{place.label}: " if place.label and path else f"{place.label} ".lstrip()
    return f"{label}{path}{phrase}"


def common_path(places: Sequence[Occurrence]) -> str:
    """What the paths of all places end with."""
    paths = [steps(f".{place.path}") if place.path else [] for place in places]
    common: list[str] = []
    for each in zip(*map(reversed, paths), strict=False):
        if len(set(each)) > 1:
            break
        common.insert(0, each[0])
    return "".join(common).lstrip(".")


def component(pointer: str) -> str:
    """The name of the component that a pointer leads into, or ""."""
    match split_pointer(pointer):
        case ("components", _, name, *_):
            return name
    return ""


def where(places: Sequence[Occurrence], named: int = NAMED) -> str:
    """`2 events: A, B and 281 operations: x, y, z and 278 more`."""
    events = list(dict.fromkeys(each.event for each in places if each.event is not None))
    operations = list(dict.fromkeys(each.label for each in places if each.event is None))
    return " and ".join(
        _listed(names, word, named)
        for names, word in ((events, "event"), (operations, "operation"))
        if names
    )


def _listed(names: Sequence[str], word: str, named: int) -> str:
    # One more is no longer than its count.
    shown = names if len(names) <= named + 1 else names[:named]
    more = f" and {len(names) - len(shown)} more" if len(shown) < len(names) else ""
    return f"{len(names)} {word}{'s' if len(names) > 1 else ''}: {', '.join(shown)}{more}"
