"""What a comparison says: a change in one place, and the finding made of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal, TypeAlias

from ..model import Json, Pointer

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
class Owner:
    """Whose findings they are: an event, an operation, or (both None) the document.

    `label` is what a message begins with.
    """

    event: str | None = None
    operation: str | None = None
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that moved between two documents.

    `path` is the wire path (`context.device.token`), "" for the event or operation itself; `old`
    and `new` are JSON values, None where there is none; `old_at` and `new_at` JSON pointers into
    the two documents; `fingerprint` stays the same whatever the message says and wherever it is.
    """

    rule: str
    severity: Severity
    axes: tuple[Axis, ...]
    event: str | None
    operation: str | None
    path: str
    old: Json
    new: Json
    message: str
    old_at: Pointer = field(compare=False)
    new_at: Pointer = field(compare=False)
    fingerprint: str

    @property
    def owner(self) -> str:
        """The event's literal, else the operation's id, else ""."""
        return self.event if self.event is not None else self.operation or ""

    @property
    def change(self) -> str:
        """Hash of the old and new value, which an acceptance names."""
        return change_hash(self.old, self.new)


def finding(change: Change, owner: Owner, severity: Severity, axes: tuple[Axis, ...]) -> Finding:
    """The change as met by `owner`."""
    path = change.path.lstrip(".")
    place = f"`{path}` " if path else ""
    label = f"{owner.label}: " if owner.label and place else f"{owner.label} ".lstrip()
    return Finding(
        rule=change.rule,
        severity=severity,
        axes=axes,
        event=owner.event,
        operation=owner.operation,
        path=path,
        old=change.old,
        new=change.new,
        message=f"{label}{place}{change.phrase}",
        old_at=change.old_at,
        new_at=change.new_at,
        fingerprint=_fingerprint(change, owner, path),
    )


def change_hash(old: Json, new: Json) -> str:
    """16 hex digits over the two values; the order of keys does not count."""
    return _digest([old, new])


def _fingerprint(change: Change, owner: Owner, path: str) -> str:
    # An event is itself whichever operation takes it.
    operation = owner.operation if owner.event is None else None
    values = change_hash(change.old, change.new)
    return _digest([change.rule, owner.event, operation, path, values])


def _digest(value: Json) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:16]
