"""Where a change is met, and on whose behalf it is told."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose findings they are: an event, an operation, or (both None) the document.

    `label` is what a message begins with.
    """

    event: str | None = None
    operation: str | None = None
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A place where a change is met: an event or operation (both None: the document).

    `path` is the wire path (`context.device.token`), "" for the event or operation itself.
    """

    event: str | None
    operation: str | None
    path: str
    label: str = field(compare=False)

    @property
    def owner(self) -> str:
        """The event's literal, else the operation's id, else ""."""
        return self.event if self.event is not None else self.operation or ""

    @property
    def identity(self) -> tuple[str | None, str | None, str]:
        """An event is itself whichever operation takes it."""
        return self.event, self.operation if self.event is None else None, self.path


def occurrence(owner: Owner, path: str) -> Occurrence:
    """The place at `path` below `owner`."""
    return Occurrence(
        event=owner.event,
        operation=owner.operation,
        path=path.lstrip("."),
        label=owner.label,
    )
