"""The view of a module of operations: methods, what they refer to, and the imports they need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...model.model import Operation
from ...python.order import import_names
from ...python.quoting import identifiers
from ...runtime.kinds import Kinds
from ..declarations.imports import Import, kind_modules
from .operations import Declared, Operations, OperationView


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodsView:
    """Operations, and what is imported for their methods and for what these refer to."""

    operations: tuple[OperationView, ...]
    within: str
    """What stands in front of the names of classes: "events.", or nothing where they are imported
    by name."""
    builders: tuple[str, ...]
    """What of the events the methods name."""
    body_builders: tuple[str, ...]
    """What of the events is named by what they refer to."""
    kinds: tuple[Import, ...]
    """What is imported to describe bodies and parameters."""
    parameters: bool
    """Whether any operation has parameters that are no switches."""
    shared: tuple[tuple[str, str], ...]
    """Variable and expression of each recursive kind that a body is made of."""
    reads: bool
    """Whether any answer says how its body is read."""
    json_bodies: bool
    """Whether any operation takes a JSON body that is no builder."""
    event_bodies: bool
    """Whether any operation takes a builder."""
    typing: tuple[str, ...]
    abstract: tuple[str, ...]
    dates: bool


def methods_view(
    around: Declared, operations: Sequence[Operation], kinds: Kinds, constants: str, group: str = ""
) -> MethodsView:
    """
    Args:
        constants: what stands in front of the constants that methods refer to.
        group: the attribute of the client that has the methods; "" for the client itself.
    """
    made = Operations(around, kinds, constants, group)
    views = made.views(operations)
    annotations = _annotations(views, kinds.within)
    return MethodsView(
        operations=views,
        within=kinds.within,
        builders=import_names(annotations & around.names),
        body_builders=import_names(
            [*(name for view in views for name in view.accepted), *kinds.named, *made.values]
        ),
        kinds=tuple(kind_modules(_kind_names(views, made.shared))),
        parameters=any(view.parameters for view in views),
        shared=tuple(made.shared.items()),
        reads=any(view.answers.reads for view in views),
        json_bodies=any(view.body and view.body_kind == "json" for view in views),
        event_bodies=any(view.body and view.body_kind == "event" for view in views),
        typing=import_names(annotations & {"Any", "Literal"}),
        abstract=import_names(annotations & {"Mapping", "Sequence"}),
        dates="datetime" in annotations,
    )


def _annotations(views: tuple[OperationView, ...], within: str) -> set[str]:
    """The names that the methods' annotations refer to."""
    texts = [text for view in views for text in (view.body, view.answers.annotation)]
    texts += [each.annotation for view in views for each in view.parameters]
    return identifiers(" ".join(texts).replace(within, ""))


def _kind_names(views: tuple[OperationView, ...], shared: Mapping[str, str]) -> set[str]:
    """The names that describe bodies and parameters."""
    kinds = [view.kind for view in views]
    kinds += [read for view in views for _, read in view.answers.reads]
    kinds += [each.expression for view in views for each in view.parameters]
    return identifiers(" ".join([*kinds, *shared.values()])) | ({"t"} if shared else set())
