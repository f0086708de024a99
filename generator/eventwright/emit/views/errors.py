"""The view of the errors whose body the document describes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...model.model import Model, Operation, Response
from ...model.natives import standard_imports
from ...python.order import import_names
from ...python.quoting import identifiers
from .answers import data_type, union

_STATUSES = {
    "BadRequest": ("400", "4XX"),
    "Unauthorized": ("401", "4XX"),
    "Forbidden": ("403", "4XX"),
    "NotFound": ("404", "4XX"),
    "Conflict": ("409", "4XX"),
    "UnprocessableContent": ("422", "4XX"),
    "TooManyRequests": ("429", "4XX"),
}
_FAILURE = "ServerFailure"
_MOST = 8
"""Types of one error's data: more tell nobody what to expect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorView:
    """An error of the runtime, with the type of its data."""

    name: str
    statuses: str
    """Which ones it stands for, in words."""
    data: str
    """The annotation of its data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorsView:
    """What `errors.py` declares and imports; no errors: there is no such module."""

    errors: tuple[ErrorView, ...]
    within: str
    """What stands in front of the names of classes."""
    events: tuple[str, ...]
    """What of the events it names."""
    abstract: tuple[str, ...]
    typing: tuple[str, ...]
    standard: tuple[str, ...]
    unrecognized: bool
    """Whether `Unrecognized` is imported."""


def errors_view(model: Model, names: frozenset[str], within: str) -> ErrorsView:
    """`names`: all that the events have; `within`: what stands in front of them."""
    errors = tuple(_errors(model, within))
    used = identifiers(" ".join(each.data for each in errors).replace(within, ""))
    return ErrorsView(
        errors=errors,
        within=within,
        events=import_names(used & names),
        abstract=import_names(used & {"Mapping", "Sequence"}),
        typing=import_names(used & {"Any", "Literal"}),
        standard=standard_imports(used),
        unrecognized="Unrecognized" in used,
    )


def declared_errors(statuses: Sequence[str]) -> tuple[str, ...]:
    """The classes that are raised for these statuses of a document, each status by itself."""
    by_status = {status: name for name, (status, _) in _STATUSES.items()}
    names = (_FAILURE if each[:1] == "5" else by_status.get(each, "") for each in statuses)
    return tuple(dict.fromkeys(filter(None, names)))


def _errors(model: Model, within: str) -> Iterator[ErrorView]:
    for name, statuses in _STATUSES.items():
        found = [_first(each, (*statuses, "default")) for each in model.operations]
        data = _joined(model, [[each] if each else [] for each in found], within)
        if data:
            yield ErrorView(name=name, statuses=statuses[0], data=data)
    data = _joined(model, list(map(_failures, model.operations)), within)
    if data:
        yield ErrorView(name=_FAILURE, statuses="5xx", data=data)


def _first(operation: Operation, statuses: Sequence[str]) -> Response | None:
    by_status = {each.status.replace("x", "X"): each for each in operation.responses}
    return next((by_status[status] for status in statuses if status in by_status), None)


def _failures(operation: Operation) -> list[Response]:
    failures = [each for each in operation.responses if each.status[:1] == "5"]
    every = any(each.status.upper() == "5XX" for each in failures)
    rest = [] if every else [each for each in operation.responses if each.status == "default"]
    return failures + rest


def _joined(model: Model, found: Sequence[Sequence[Response]], within: str) -> str:
    """The type of what operations answer; "" where the document says nothing, or too much.

    Any stands beside the others for the operations of which it does not say: a type checker still
    knows what the others have.
    """
    types = {data_type(model, each, within): None for some in found for each in some}
    open_ = "Any" in types or not all(found)
    types.pop("Any", None)
    if not types or len(types) > _MOST:
        return ""
    return union([*types, *(["Any"] if open_ else [])])
