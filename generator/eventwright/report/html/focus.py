"""Where in the two documents to look for what a finding is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...model import Json
from ...pointers import Tokens, split_pointer, target
from .extents import lookup

if TYPE_CHECKING:
    from ...drift.finding import Finding
    from ...load import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """The same part of both documents; one of them may not have it.

    `narrow`: the keyword that changed in it, where it is known, else the part itself.
    """

    old: Tokens
    new: Tokens
    narrow: tuple[Tokens, Tokens]


def focus(finding: Finding, before: Document, after: Document) -> Focus:
    """What to show of the old and of the new document."""
    old, new = _counterparts(split_pointer(finding.old_at), split_pointer(finding.new_at))
    if old == new:
        old = new = _lifted(old, before, after)
    one, two = lookup(before.data, old)[1], lookup(after.data, new)[1]
    name = next(_changed(finding, one, two), None)
    if name is not None:
        item = _item(finding, one, two, name)
        return Focus(old=old, new=new, narrow=((*old, name, *item), (*new, name, *item)))
    if one == two:
        old, new = _elsewhere(old, new, before, after)
    return Focus(old=old, new=new, narrow=(old, new))


def _lifted(at: Tokens, *documents: Document) -> Tokens:
    """The outermost part that one of them lacks."""
    while at and not all(lookup(each.data, at[:-1])[0] for each in documents):
        at = at[:-1]
    return at


def _elsewhere(
    old: Tokens, new: Tokens, before: Document, after: Document
) -> tuple[Tokens, Tokens]:
    """Where to look if the part itself is the same in both."""
    if old[-2:-1] == new[-2:-1] == ("properties",):
        # What is said of a key stands beside `properties`.
        return (*old[:-2], "required"), (*new[:-2], "required")
    old, new = _followed(old, before), _followed(new, after)
    while old != new and old[-1:] == new[-1:]:
        old, new = old[:-1], new[:-1]
    return old, new


def _followed(at: Tokens, document: Document) -> Tokens:
    """What a reference there leads to, in one step."""
    value = lookup(document.data, at)[1]
    ref = value.get("$ref") if isinstance(value, dict) else None
    tokens = split_pointer(target(ref)) if isinstance(ref, str) and ref.startswith("#/") else ()
    return tokens if tokens and lookup(document.data, tokens)[0] else at


def _counterparts(old: Tokens, new: Tokens) -> tuple[Tokens, Tokens]:
    """What came or went is told at the place of what holds it in the other document."""
    if len(new) > len(old) and new[: len(old)] == old:
        return new, new
    if len(old) > len(new) and old[: len(new)] == new:
        return old, old
    return old, new


def _changed(finding: Finding, old: Json, new: Json) -> Iterator[str]:
    """The keys of two objects whose values are those that the finding tells."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return
    for name in dict.fromkeys([*old, *new]):
        one, two = old.get(name), new.get(name)
        if one != two and _has(one, finding.old) and _has(two, finding.new):
            yield name


def _item(finding: Finding, old: Json, new: Json, name: str) -> Tokens:
    """The item that came to or went from an array."""
    for holder, told, other in ((old, finding.old, finding.new), (new, finding.new, finding.old)):
        items = holder.get(name) if isinstance(holder, dict) else None
        if isinstance(items, list) and other is None and told in items:
            return (str(items.index(told)),)
    return ()


def _has(value: Json, told: Json) -> bool:
    """Nothing is told of what was not there, and of an array only the item."""
    return value == told or told is None or (isinstance(value, list) and told in value)
