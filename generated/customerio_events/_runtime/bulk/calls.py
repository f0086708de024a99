"""What the calls of a run are given beside the events: arguments of the operation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from inspect import Parameter, signature
from operator import attrgetter
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from ..values.jsontext import loads
from ..values.timestamps import parse_datetime
from .errors import CommandError
from .reading.columns import near

_OURS = ("timeout", "retries", "headers")
"""What the run gives itself, or the outbox does not take."""


def arguments(
    client: Any, operation: str, event: str, given: Mapping[str, str]
) -> dict[str, Any]:
    """The arguments of an operation, as its method takes them.

    Args:
        client: has the method.
        operation: what it is called.
        event: what the method calls the event.
        given: the arguments as text.

    Raises:
        CommandError: one is missing, or there is none of that name.
    """
    known = _known(client, operation, event)
    for name in given:
        if name not in known:
            listed = f"it has {', '.join(known)}" if known else "it has none"
            what = f"{operation} has no argument {name!r}{near(name, known)}"
            raise CommandError(f"{what}; {listed}")
    missing = [name for name in _needed(known) if name not in given]
    if missing:
        raise CommandError(
            f"{operation} needs more than the event: {_options(missing)}"
        )
    return {name: _value(text, known[name]) for name, text in given.items()}


def check_bare(client: Any, operation: str, event: str) -> None:
    """Whether an operation takes an event alone. Raises CommandError."""
    needed = _needed(_known(client, operation, event))
    if needed:
        raise CommandError(
            f"{operation} needs more than the event: --operation {operation} {_options(needed)}"
        )


def _known(client: Any, operation: str, event: str) -> dict[str, Parameter]:
    """What the method takes beside the event."""
    method = attrgetter(operation)(client)
    parameters = signature(method, eval_str=True).parameters.items()
    return {name: each for name, each in parameters if name not in (*_OURS, event)}


def _needed(known: Mapping[str, Parameter]) -> list[str]:
    return [name for name, each in known.items() if each.default is Parameter.empty]


def _options(names: Iterable[str]) -> str:
    return " ".join(f"--argument {name}=…" for name in names)


def _value(text: str, parameter: Parameter) -> Any:
    """What a text stands for, by what the argument may be."""
    leaves = [*_leaves(parameter.annotation)]
    if str in leaves or text in leaves:
        return text
    if bool in leaves and not {int, float}.intersection(leaves):
        return _truth(text, parameter.name)
    for kind, read in _READ.items():
        if kind in leaves:
            with suppress(ValueError):
                return read(text)
    try:
        return loads(text)
    except ValueError:
        return text


def _truth(text: str, name: str) -> bool:
    found = _TRUTHS.get(text.strip().casefold())
    if found is None:
        raise CommandError(
            f"--argument {name}={text}: {name} is true or false (or yes or no, 1 or 0)"
        )
    return found


_TRUTHS: Mapping[str, bool] = {
    **dict.fromkeys(("true", "yes", "1"), True),
    **dict.fromkeys(("false", "no", "0"), False),
}
_READ: Mapping[Any, Callable[[str], Any]] = {
    datetime: parse_datetime,
    date: date.fromisoformat,
}


def _leaves(annotation: Any) -> Iterator[Any]:
    """What an annotation names: types, and the values of literals."""
    inner = get_args(annotation)
    if get_origin(annotation) in (Union, UnionType):
        for each in inner:
            yield from _leaves(each)
    elif get_origin(annotation) is Literal:
        yield from inner
    else:
        yield annotation
