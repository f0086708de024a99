"""Where a comparison stands, and how it reports from there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from ...model.model import ObjectType
from ...text.jsonvalues import Json
from ...text.pointers import Pointer, split_pointer
from ..findings.finding import Axis, Change, Side
from ..rules.registry import rule_for
from .pairs import Node, Pairs


class Located(Protocol):
    """Anything of the model that knows where it stands."""

    @property
    def at(self) -> Pointer: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A path below a node. `names`: the old and new class name that names below derive from."""

    pairs: Pairs
    node: Node
    side: Side
    emits: bool = False
    """Whether the objects here become Python classes."""
    names: tuple[str, str] = ("", "")
    path: str = ""

    def below(self, step: str) -> Place:
        """The place one step further down."""
        return replace(self, path=self.path + step)

    def report(
        self,
        kind: str,
        phrase: str,
        old: Located,
        new: Located,
        *,
        values: tuple[Json, Json] = (None, None),
        axes: tuple[Axis, ...] | None = None,
        once: bool = False,
    ) -> None:
        """A change of `kind` here, between two nodes of the models."""
        self.node.changes.append(
            Change(
                rule=rule_for(self.side, kind),
                path=self.path,
                phrase=phrase,
                old=values[0],
                new=values[1],
                old_at=old.at,
                new_at=new.at,
                axes=axes,
                once=once,
            )
        )

    def descend(self, old: str, new: str) -> None:
        """Into a pair of objects or aliases, by their keys."""
        below = self.pairs.node((self.side, self.emits, old, new))
        self.node.edges.append((self.path, below))

    def rename(self, old: ObjectType, new: ObjectType) -> None:
        """Report a class that is called otherwise, unless that follows from another finding.

        A schema that moves in or out of `components` is still the same contract: no finding.
        """
        if not self.emits or old.name == new.name or not old.name:
            return
        if not new.name:
            self._renamed(f"builds no class called {old.name} any more", old, new)
            return
        if _standing(old.key) != _standing(new.key):
            return
        before, after = self.names
        derived = before and old.name.startswith(before) and new.name.startswith(after)
        if derived and old.name[len(before) :] == new.name[len(after) :]:
            return
        self._renamed(f"builds a class called {new.name} instead of {old.name}", old, new)

    def _renamed(self, phrase: str, old: ObjectType, new: ObjectType) -> None:
        said = (old.name, new.name or None)
        self.report("SOURCE_NAME_CHANGED", phrase, old, new, values=said, once=True)


def _standing(key: Pointer) -> str:
    """How an object is defined: as a component, or where it is used."""
    match split_pointer(key):
        case ("components", _, _):
            return "component"
    return "inline"
