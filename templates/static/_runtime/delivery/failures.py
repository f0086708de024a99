"""What `on_failure` is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What `on_failure` is told: in the words of a `DeadLetter`.

    Attributes:
        kind: "dead": one event is a dead letter; "paused": the server lets nobody in, and all wait.
        id: of the event in the outbox; with "paused", of the one that was refused.
        operation: that it was sent with.
        body: its JSON.
        key: what it is kept in order by; empty: nothing.
        label: what it was put in with.
        status: of the answer; None: none came.
        reason: what is wrong, in a line.
        errors: the server's own texts, where the document says where they stand.
        cause: what a hook has raised, where that is the reason.
    """

    kind: str
    id: int
    operation: str
    body: bytes = field(repr=False)
    key: str = field(repr=False)
    label: str
    status: int | None
    reason: str
    errors: tuple[str, ...] = ()
    cause: BaseException | None = field(default=None, repr=False)


Alarm: TypeAlias = Callable[[Failure], object]
