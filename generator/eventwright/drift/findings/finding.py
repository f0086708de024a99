"""What a comparison says: a change in one place, and the finding made of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Literal, TypeAlias

from ...text.jsonvalues import Json
from ...text.pointers import Pointer
from .occurrence import Occurrence
from .wording import component, worded

Severity: TypeAlias = Literal["error", "warning", "info", "docs"]
Axis: TypeAlias = Literal["WIRE", "SOURCE", "SEMANTIC", "DOCS"]
Side: TypeAlias = Literal["request", "response"]
"""Who makes the value: the caller ("request") or the other end ("response")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change before it is known in which event or operation it was met.

    `path` is relative; `phrase` goes on after the path: "became required". `axes` None: the rule's.
    """

    rule: str
    path: str
    phrase: str
    old: Json = None
    new: Json = None
    old_at: Pointer = ""
    new_at: Pointer = ""
    axes: tuple[Axis, ...] | None = None
    once: bool = False
    """Of the whole document rather than of each event: a class that is called otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that moved between two documents, and everywhere it is met.

    A change of a schema that many operations share is one finding with many `places`, in the order
    of the documents. `old` and `new` are JSON values, None where there is none; `old_at` and
    `new_at` JSON pointers into the two documents; `fingerprint` is that of the first place, and
    stays the same whatever the phrase says and wherever the change stands.
    """

    rule: str
    severity: Severity
    axes: tuple[Axis, ...]
    places: tuple[Occurrence, ...]
    phrase: str
    old: Json
    new: Json
    old_at: Pointer = field(compare=False)
    new_at: Pointer = field(compare=False)
    change: str
    """Hash of the old and new value, which an acceptance names."""
    fingerprint: str

    @property
    def event(self) -> str | None:
        """That of the first place, as are the operation, the path and the owner."""
        return self.places[0].event

    @property
    def operation(self) -> str | None:
        return self.places[0].operation

    @property
    def path(self) -> str:
        return self.places[0].path

    @property
    def owner(self) -> str:
        return self.places[0].owner

    @property
    def component(self) -> str:
        """The name of the component that the change stands in, or ""."""
        return component(self.new_at) or component(self.old_at)

    @property
    def message(self) -> str:
        """What changed and where, in one line."""
        return worded(self.places, self.phrase, self.component)


def finding(
    change: Change, places: Sequence[Occurrence], severity: Severity, axes: tuple[Axis, ...]
) -> Finding:
    """The change as it is met in these places."""
    values = change_hash(change.old, change.new)
    return Finding(
        rule=change.rule,
        severity=severity,
        axes=axes,
        places=tuple(places),
        phrase=change.phrase,
        old=change.old,
        new=change.new,
        old_at=change.old_at,
        new_at=change.new_at,
        change=values,
        fingerprint=_digest([change.rule, *places[0].identity, values]),
    )


def finding_of(other: Finding, places: Sequence[Occurrence]) -> Finding:
    """The same, met in fewer places."""
    if len(places) == len(other.places) or not places:
        return other
    return replace(
        other,
        places=tuple(places),
        fingerprint=_digest([other.rule, *places[0].identity, other.change]),
    )


def change_hash(old: Json, new: Json) -> str:
    """16 hex digits over the two values; the order of keys does not count."""
    return _digest([old, new])


def _digest(value: Json) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:16]
