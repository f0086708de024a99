"""On whose behalf things are compared: the roots that findings are collected from."""

from __future__ import annotations

from dataclasses import dataclass

from ...model.model import Model, Operation
from ...text.pointers import Pointer
from ..findings.finding import Side
from ..findings.occurrence import Owner
from .pairs import Node, Pairs
from .place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Somewhere in a document, for what has no node in the model."""

    at: Pointer = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A node whose findings belong to `owner`."""

    owner: Owner
    node: Node


class Roots:
    """Collects roots in the order in which they are going to be reported."""

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs
        self.found: list[Root] = []

    @property
    def models(self) -> tuple[Model, Model]:
        return self.pairs.old, self.pairs.new

    def place(
        self,
        owner: Owner,
        side: Side = "request",
        *,
        path: str = "",
        emits: bool = False,
        names: tuple[str, str] = ("", ""),
    ) -> Place:
        """A new root, and a place at its top."""
        node = Node()
        self.found.append(Root(owner=owner, node=node))
        return Place(pairs=self.pairs, node=node, side=side, path=path, emits=emits, names=names)


DOCUMENT = Owner()
ROOT = Spot()


def operation_owner(operation: Operation, *, webhook: bool) -> Owner:
    """An operation as a message names it: `POST /track`."""
    place = f"webhook {operation.path}" if webhook else f"{operation.method} {operation.path}"
    return Owner(operation=operation.id, label=place)


def callback_owner(operation: Operation, within: Owner) -> Owner:
    """A callback of an operation: two operations may have the same."""
    label = f"callback {operation.path} of {within.label}"
    return Owner(operation=f"{within.operation} > {operation.id}", label=label)


def event_owner(literal: str, operation: Operation) -> Owner:
    """An event, and the operation through which it was met first."""
    return Owner(event=literal, operation=operation.id, label=literal)
