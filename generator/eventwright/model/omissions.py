"""What of a document cannot be sent: told in a remark each, and left out of what is generated.

The model itself stays whole, so that comparing two documents sees what moves in what is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..diagnostics.remarks import Remark
from .credentials import credential_omissions, with_sendable_security
from .model import Model, Operation, Parameter
from .reachable import emitted, enums
from .supported import is_the_clients, parameter_problem, written

_CORRECT = "correct its `style`, `explode` or schema in an overlay, or remove it there"


def omissions(model: Model) -> Iterator[Remark]:
    """What is left out, or sent otherwise than the document says: first operations, then
    parameters and credentials."""
    for operation in model.operations:
        culprit = _culprit(model, operation)
        if culprit:
            yield _of_operation(model, operation, culprit)
    for operation in model.operations:
        if not _culprit(model, operation):
            for item in operation.parameters:
                yield from _of_parameter(model, operation, item)
    yield from credential_omissions(model)


def sendable(model: Model) -> Model:
    """The model without what cannot be sent, and without what only that is made of."""
    kept = [each for each in model.operations if not _culprit(model, each)]
    operations = tuple(_sendable(model, operation) for operation in kept)
    left = replace(model, operations=operations)
    if len(kept) == len(model.operations):
        return left
    made, used = emitted(left), {enum.identity for enum in enums(left)}
    events = tuple(event for event in model.events if event.key in made)
    aliases = {identity: alias for identity, alias in model.enums.items() if identity in used}
    return replace(left, events=events, enums=aliases)


def _sendable(model: Model, operation: Operation) -> Operation:
    items = (written(model, item) for item in operation.parameters)
    found = tuple(item for item in items if item is not None)
    return with_sendable_security(model, replace(operation, parameters=found))


def _culprit(model: Model, operation: Operation) -> Parameter | None:
    """The first parameter that an operation requires and that cannot be sent."""
    for item in operation.parameters:
        if item.required and written(model, item) is None and not is_the_clients(item):
            return item
    return None


def _of_operation(model: Model, operation: Operation, culprit: Parameter) -> Remark:
    problem = parameter_problem(model, culprit)
    return Remark(
        code="N121",
        about=f"the operation {operation.id}",
        message=f"is left out: it requires the parameter {culprit.wire}, and {problem}",
        at=culprit.at,
        help=_CORRECT,
    )


def _of_parameter(model: Model, operation: Operation, item: Parameter) -> Iterator[Remark]:
    problem = parameter_problem(model, item)
    if not problem:
        return
    sent = written(model, item)
    form = "JSON" if sent and sent.style == "content" else "plain"
    yield Remark(
        code="N124" if sent else "N122",
        about=f"the parameter {item.wire} of {operation.id}",
        message=f"{f'goes out as {form} text' if sent else 'is left out'}: {problem}",
        at=item.at,
        help="an overlay can remove it" if is_the_clients(item) else _CORRECT,
    )
