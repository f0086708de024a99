"""Operations that take an array of events: in place of others, or each event by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...model.arrays import BodyArray, array_of
from ...model.bodies import form_of
from ...model.model import Model, Operation
from ...model.reachable import plain
from ...python.quoting import literal
from ..requests.bodies import classes_of
from .operations import OperationView

_RIVALS = "several operations take what it takes, and it is not known which it stands for: {}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchView:
    """An operation that takes an array of what others take, or what none takes by itself."""

    operation: str
    """Its name, behind that of the client."""
    endpoint: str
    """The expression of its Endpoint."""
    key: str
    """Source of the key of its body that holds the array; of "" where the body is the array."""
    most: int | None
    """How many there may be in it."""
    carries: tuple[str, ...]
    """Source of the names of the operations for which it stands in."""
    alone: tuple[str, ...]
    """The builders that no operation takes by themselves."""
    argument: str
    """Source of the name of the argument that takes the array, or what holds it."""
    wrap: str
    """The expression of a function that makes this argument of one event."""


def batches(
    model: Model,
    operations: Mapping[str, tuple[OperationView, ...]],
    accepted: Mapping[str, frozenset[str]],
) -> tuple[tuple[BatchView, ...], tuple[tuple[str, str], ...]]:
    """The operations that take many; and for those that nearly do, name and why not.

    Args:
        model: as the views are made of it.
        operations: by the module that declares them.
        accepted: the classes that each operation takes.
    """
    found = list[BatchView]()
    unfit = list[tuple[str, str]]()
    described = {each.at: each for each in model.operations}
    all_views = [view for views in operations.values() for view in views]
    methods = {view.called: view.method for view in all_views}
    ties = {view.called: _tie(view.called, described.get(view.pointer)) for view in all_views}
    for module, views in operations.items():
        for view in views:
            item = described.get(view.pointer)
            if item is None or not (array := _array(model, item)):
                continue
            problem = _problem(view, array)
            if problem:
                unfit.append((literal(view.called), literal(problem)))
                continue
            classes = _item_classes(model, array)
            carried, rivals = _carried(view, classes, accepted, methods)
            tied = [ties[name] for name in carried if ties[name]]
            carried = tuple(name for name in carried if not ties[name])
            batch = _batch(view, array, module, classes, carried, accepted)
            if rivals and not carried:
                unfit.append((literal(view.called), literal(_RIVALS.format(", ".join(rivals)))))
            elif batch:
                found.append(batch)
            elif tied:
                unfit.append((literal(view.called), literal("; ".join(tied))))
    return tuple(found), tuple(unfit)


def _problem(view: OperationView, array: BodyArray) -> str:
    """Why an operation cannot take what was stored of others; "" if it can."""
    needed = [each.name for each in view.parameters if not each.default]
    if needed:
        return f"it needs more than the events: {', '.join(needed)}"
    if view.idempotency:
        return f"it wants a new {view.idempotency} for each call"
    if array.required:
        return f"its body needs more than the array: {', '.join(array.required)}"
    return ""


def _tie(name: str, operation: Operation | None) -> str:
    """Why no two calls of an operation can be one; "" if they can."""
    if operation is None:
        return ""
    if operation.idempotency:
        return f"{name}, which it could stand in for, has an {operation.idempotency} for each event"
    own = [
        each.name
        for each in operation.parameters
        if each.required and each.location in ("path", "query")
    ]
    if own:
        return f"{name}, which it could stand in for, needs {', '.join(own)} for each event"
    return ""


def _carried(
    view: OperationView,
    classes: tuple[str, ...],
    accepted: Mapping[str, frozenset[str]],
    methods: Mapping[str, str],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The operations that one of many can stand in for; and those of which it is not known which.

    What is created is not to be deleted, nor the other way round. Where several take the same, it
    is the one with the same method of HTTP.
    """
    method = methods[view.called]
    like = [
        name
        for name, each in accepted.items()
        if each <= {*classes} and (methods[name] == "DELETE") is (method == "DELETE")
    ]
    rivals = {
        one for one in like for other in like if one != other and accepted[one] & accepted[other]
    }
    same = [name for name in like if name in rivals and methods[name] == method]
    meant = [
        name
        for name in same
        if not any(accepted[name] & accepted[other] for other in same if other != name)
    ]
    carried = tuple(name for name in like if name not in rivals or name in meant)
    return carried, tuple(name for name in like if name not in carried)


def _batch(
    view: OperationView,
    array: BodyArray,
    module: str,
    classes: tuple[str, ...],
    carried: tuple[str, ...],
    accepted: Mapping[str, frozenset[str]],
) -> BatchView | None:
    taken = frozenset[str]().union(*accepted.values())
    alone = tuple(each for each in classes if each not in taken) if _callable(view) else ()
    if not carried and not alone:
        return None
    key, wrapped = "", "[event]"
    if array.holder and array.field:
        key = array.field.wire
        if array.holder.name:  # else it has no class
            wrapped = f"_events.{array.holder.name}({array.field.name}=[event])"
    own = (f"{view.called}[]",) if alone else ()
    return BatchView(
        operation=view.called,
        endpoint=f"{module}.{view.endpoint}",
        key=literal(key),
        most=array.type.max_items,
        carries=tuple(map(literal, (*carried, *own))),
        alone=alone,
        argument=literal(view.body.name if view.body else ""),
        wrap=f"lambda event: {wrapped}",
    )


def _callable(view: OperationView) -> bool:
    """Whether its method takes the body as one argument of one type."""
    return bool(view.body and not view.body.fields and not view.body.content_type)


def _array(model: Model, operation: Operation) -> BodyArray | None:
    """The array of a JSON body, if objects can be in it."""
    for content in operation.body.contents if operation.body else ():
        if form_of(content) == "json":
            array = array_of(model, content.type)
            return array if array is not None and _item_classes(model, array) else None
    return None


def _item_classes(model: Model, array: BodyArray) -> tuple[str, ...]:
    """The builders of what is in an array."""
    return classes_of(model, plain(model, array.type.items))
