"""Credentials that an operation asks for and no client can send: what takes their place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..diagnostics.remarks import Remark
from .model import Model, Operation, Requirement, SecurityScheme
from .supported import credential_place, credential_problem, ways_in

_LISTED = 3
_HELP = (
    "basic, bearer, oauth2, openIdConnect and apiKey can be sent, one in the Authorization header "
    "at most; an overlay can add one of them as an alternative"
)


def with_sendable_security(model: Model, operation: Operation) -> Operation:
    """The operation as it is where one of its alternatives can be met; else with the parts of them
    that can be sent."""
    if not operation.security or ways_in(model, operation):
        return operation
    schemes = {scheme.key: scheme for scheme in model.security_schemes}
    parts = [_part(requirement, schemes) for requirement in operation.security]
    return replace(operation, security=tuple(part for part in parts if part))


def _part(requirement: Requirement, schemes: dict[str, SecurityScheme]) -> Requirement:
    """What of one alternative can be sent; of two in one place the first."""
    places: dict[tuple[str, ...], tuple[str, tuple[str, ...]]] = {}
    for key, scopes in requirement:
        place = credential_place(schemes[key]) if key in schemes else ()
        if place:
            places.setdefault(place, (key, scopes))
    return tuple(places.values())


def credential_omissions(model: Model) -> Iterator[Remark]:
    """Each that cannot be sent, once, with the operations that ask for it; and each two that travel
    in one place, where both are asked for together."""
    schemes = {scheme.key: scheme for scheme in model.security_schemes}
    asking: dict[str, list[Operation]] = {}
    together: dict[tuple[str, str], list[Operation]] = {}
    for operation in model.operations:
        for key in dict.fromkeys(key for each in operation.security for key, _ in each):
            asking.setdefault(key, []).append(operation)
        for pair in dict.fromkeys(_met(model, operation, schemes)):
            together.setdefault(pair, []).append(operation)
    for key, operations in asking.items():
        problem = credential_problem(schemes[key]) if key in schemes else "it is declared nowhere"
        if problem:
            at = schemes[key].at if key in schemes else operations[0].at
            yield _left_out(model, key, problem, at, operations)
    for (first, second), operations in together.items():
        problem = f"{first}, which is asked for together with it, travels in the same place"
        yield _left_out(model, second, problem, schemes[second].at, operations)


def _met(
    model: Model, operation: Operation, schemes: dict[str, SecurityScheme]
) -> Iterator[tuple[str, str]]:
    """The pairs that would meet in one place, of an operation that has no other way in."""
    if ways_in(model, operation):
        return
    for requirement in operation.security:
        places: dict[tuple[str, ...], str] = {}
        for key, _ in requirement:
            place = credential_place(schemes[key]) if key in schemes else ()
            if place and places.setdefault(place, key) != key:
                yield places[place], key


def _left_out(model: Model, key: str, problem: str, at: str, operations: list[Operation]) -> Remark:
    names = ", ".join(operation.id for operation in operations[:_LISTED])
    more = f" and {len(operations) - _LISTED} more" if len(operations) > _LISTED else ""
    without = all(ways_in(model, operation) for operation in operations)
    what = "there are other ways in for" if without else "nothing takes its place in"
    return Remark(
        code="N123",
        about=f"the credential {key}",
        message=f"is left out: {problem}; {what} {names}{more}",
        at=at,
        help=_HELP,
    )
