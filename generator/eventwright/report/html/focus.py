"""Where in the two documents to look for what a finding is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from ...text.jsonvalues import Json
from ...text.pointers import Tokens, split_pointer, target
from .extents import lookup

if TYPE_CHECKING:
    from ...document.load import Document
    from ...drift.findings.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """The same part of both documents; one of them may not have it.

    `narrow`: the keyword or item that changed in it, where it is known, else the part itself;
    `lacking`: the document that has no such item, although it has another at its place.
    """

    old: Tokens
    new: Tokens
    narrow: tuple[Tokens, Tokens]
    lacking: Literal["old", "new", ""] = ""


def focus(finding: Finding, before: Document, after: Document) -> Focus:
    """What to show of the old and of the new document."""
    told = split_pointer(finding.old_at), split_pointer(finding.new_at)
    old, new = _counterparts(*told)
    if old == new:
        old = new = _lifted(old, before, after)
    holders = [lookup(each.data, old[:-1])[1] for each in (before, after)]
    if told[0] != told[1] and old == new and all(isinstance(each, list) for each in holders):
        came = len(told[0]) < len(told[1])
        return Focus(old=old, new=new, narrow=(old, new), lacking="old" if came else "new")
    if lookup(before.data, old) == lookup(after.data, new):
        old, new = _elsewhere(finding, old, new, before, after)
    one, two = lookup(before.data, old)[1], lookup(after.data, new)[1]
    name = next(_changed(finding, one, two), None)
    if name is not None:
        at = Focus(old=old, new=new, narrow=((*old, name), (*new, name)))
        return _narrowed(finding, at, one, two)
    return Focus(old=old, new=new, narrow=(old, new))


def _narrowed(finding: Finding, at: Focus, old: Json, new: Json) -> Focus:
    """To the item that came to or went from an array."""
    name = at.narrow[0][-1]
    one, two = (each.get(name) if isinstance(each, dict) else None for each in (old, new))
    if not isinstance(one, list) or not isinstance(two, list):
        return at
    went = finding.new is None and finding.old in one
    if not went and not (finding.old is None and finding.new in two):
        return at
    item = str(one.index(finding.old) if went else two.index(finding.new))
    narrow = (*at.narrow[0], item), (*at.narrow[1], item)
    return replace(at, narrow=narrow, lacking="new" if went else "old")


def _lifted(at: Tokens, *documents: Document) -> Tokens:
    """The outermost part that one of them lacks."""
    while at and not all(lookup(each.data, at[:-1])[0] for each in documents):
        at = at[:-1]
    return at


def _elsewhere(
    finding: Finding, old: Tokens, new: Tokens, before: Document, after: Document
) -> tuple[Tokens, Tokens]:
    """Where to look if the part itself is the same in both."""
    if finding.rule.startswith("SECURITY_"):
        return ("security",), ("security",)
    if old[-2:-1] == new[-2:-1] == ("properties",):
        # What is said of a key stands beside `properties`.
        told = (*old[:-2], "required"), (*new[:-2], "required")
        if lookup(before.data, told[0]) != lookup(after.data, told[1]):
            return told
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


def _has(value: Json, told: Json) -> bool:
    """Nothing is told of what was not there, and of an array only the item."""
    return value == told or told is None or (isinstance(value, list) and told in value)
