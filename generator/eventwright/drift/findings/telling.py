"""A finding in one line: where, and what changed there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...text.pointers import split_pointer
from .wirepath import steps

if TYPE_CHECKING:
    from .finding import Finding, Occurrence

NAMED = 3
"""Of so many places the names are told; others are counted."""


def told(finding: Finding) -> str:
    """`Device Deleted: `context.token` became required`, or, of a change that is met in several
    places, `Device: `token` became required, in 281 operations: a, b, c and 278 more`."""
    if len(finding.places) == 1:
        return _single(finding.places[0], finding.phrase)
    path = common_path(finding)
    schema = component(finding)
    head = f"`{path}` {finding.phrase}" if path else finding.phrase
    return f"{schema + ': ' if schema else ''}{head}, in {where(finding.places)}"


def _single(place: Occurrence, phrase: str) -> str:
    path = f"`{place.path}` " if place.path else ""
    label = f"{place.label}: " if place.label and path else f"{place.label} ".lstrip()
    return f"{label}{path}{phrase}"


def common_path(finding: Finding) -> str:
    """What the paths of all places end with."""
    paths = [steps(f".{place.path}") if place.path else [] for place in finding.places]
    common: list[str] = []
    for each in zip(*map(reversed, paths), strict=False):
        if len(set(each)) > 1:
            break
        common.insert(0, each[0])
    return "".join(common).lstrip(".")


def component(finding: Finding) -> str:
    """The name of the component that the change stands in, or ""."""
    for pointer in (finding.new_at, finding.old_at):
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
