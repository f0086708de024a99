"""The view of a module of operations: methods, what they refer to, and the imports they need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...model.model import Operation
from ...model.natives import standard_imports
from ...python.order import import_names
from ...python.quoting import identifiers
from ...runtime.kinds import Kinds
from ..declarations.imports import Import, kind_modules
from ..requests.bodies import BodyView
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
    deprecated: bool
    """Whether any operation is deprecated."""
    answers: bool
    """Whether any operation returns an `Answer`."""
    reads: bool
    """Whether any answer says how its body is read."""
    event_bodies: bool
    """Whether any operation takes a builder and nothing else."""
    body_modules: tuple[str, ...]
    """The runtime's modules that describe bodies."""
    answer_modules: tuple[str, ...]
    """Those that describe answers."""
    bodies: tuple[Import, ...]
    """What methods name of the runtime's modules of bodies and answers, in the sync client."""
    async_bodies: tuple[Import, ...]
    """The same of the async client."""
    all_bodies: tuple[Import, ...]
    """The same of both."""
    unrecognized: bool
    """Whether any answer is, or holds outside of a class, a value of an enum."""
    typing: tuple[str, ...]
    abstract: tuple[str, ...]
    standard: tuple[str, ...]


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
    bodies = [view.body for view in views if view.body]
    called = "idempotent" if any(view.idempotency for view in views) else ""
    annotations = _annotations(views, kinds.within)
    returned = [view.answers.returned for view in views]
    async_returned = [view.answers.async_returned for view in views]
    return MethodsView(
        operations=views,
        within=kinds.within,
        builders=import_names(annotations & around.names),
        body_builders=import_names(
            [*(name for body in bodies for name in body.accepted), *kinds.named, *made.values]
        ),
        kinds=tuple(kind_modules(_kind_names(views, made.shared))),
        parameters=any(view.parameters for view in views),
        shared=tuple(made.shared.items()),
        deprecated=any(view.deprecated for view in views),
        answers=any(view.answers.returned.startswith("Answer[") for view in views),
        reads="c" in _reading(views),
        event_bodies=any(body.accepted for body in bodies),
        body_modules=_body_modules(views),
        answer_modules=_answer_modules(views),
        bodies=_named(bodies, called, *returned, *(body.annotation for body in bodies)),
        async_bodies=_named(
            bodies, called, *async_returned, *(body.async_annotation for body in bodies)
        ),
        all_bodies=_named(
            bodies,
            called,
            *returned,
            *async_returned,
            *(f"{b.annotation} {b.async_annotation}" for b in bodies),
        ),
        unrecognized="Unrecognized" in annotations,
        typing=import_names(annotations & {"Any", "Literal"}),
        abstract=import_names({"Mapping", *(annotations & {"Sequence"})}),
        standard=standard_imports(annotations),
    )


_NAMED = {
    "bodies.json_bodies": frozenset({"json_body"}),
    "bodies.line_bodies": frozenset({"AsyncBodyLines", "BodyLines", "lines_body"}),
    "bodies.multipart": frozenset({"FileLike", "UploadFile"}),
    "bodies.raw_bodies": frozenset({"AsyncRawBody", "RawBody", "raw_body"}),
    "bodies.text_bodies": frozenset({"text_body"}),
    "calls.downloads": frozenset({"Download"}),
    "calls.idempotency": frozenset({"idempotent"}),
    "calls.json_lines": frozenset({"JsonLines"}),
    "calls.pages": frozenset({"AsyncPages", "Pages"}),
}
_OF_BODIES = ("choices", "fields", "forms", "multipart")
_OF_ANSWERS = ("downloads", "json_lines", "pages")


def _reading(views: Sequence[OperationView]) -> frozenset[str]:
    """The names that the bodies of answers are read with."""
    reads = (read for view in views for _, read in view.answers.reads)
    return identifiers(" ".join(reads))


def _body_modules(views: Sequence[OperationView]) -> tuple[str, ...]:
    used = identifiers(" ".join(view.body.value for view in views if view.body))
    return tuple(module for module in _OF_BODIES if module in used)


def _answer_modules(views: Sequence[OperationView]) -> tuple[str, ...]:
    used = {"downloads" for view in views if view.answers.kept} | _reading(views)
    used |= {"pages" for view in views if view.answers.paging}
    return tuple(module for module in _OF_ANSWERS if module in used)


def _named(bodies: Sequence[BodyView], *annotations: str) -> tuple[Import, ...]:
    fields = (each.annotation for body in bodies for each in body.fields)
    used = identifiers(" ".join([*annotations, *fields]))
    used |= {name for body in bodies for name in body.runtime}
    return tuple(
        Import(module=module, names=import_names(names & used))
        for module, names in _NAMED.items()
        if names & used
    )


def _annotations(views: tuple[OperationView, ...], within: str) -> frozenset[str]:
    """The names that the methods' annotations refer to."""
    texts = [view.answers.returned for view in views]
    texts += [each.annotation for view in views for each in view.parameters]
    for body in (view.body for view in views if view.body):
        texts += [body.annotation, body.content_type, *(each.annotation for each in body.fields)]
    return identifiers(" ".join(texts).replace(within, ""))


def _kind_names(views: tuple[OperationView, ...], shared: Mapping[str, str]) -> frozenset[str]:
    """The names that describe bodies and parameters."""
    kinds = [view.body.value for view in views if view.body]
    kinds += [read for view in views for _, read in view.answers.reads]
    kinds += [each.expression for view in views for each in view.parameters]
    return identifiers(" ".join([*kinds, *shared.values()])) | ({"_t"} if shared else set())
