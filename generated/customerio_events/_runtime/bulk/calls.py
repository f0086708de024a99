"""What the calls of a run are given beside the events: arguments of the operation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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

_OURS = ("event", "timeout", "retries", "headers")
"""What the run gives itself, or the outbox does not take."""


def arguments(client: Any, operation: str, given: Mapping[str, str]) -> dict[str, Any]:
    """The arguments of an operation, as its method takes them.

    Args:
        client: has the method.
        operation: what it is called.
        given: the arguments as text.

    Raises:
        CommandError: one is missing, or there is none of that name.
    """
    method = attrgetter(operation)(client)
    known = {
        name: each
        for name, each in signature(method, eval_str=True).parameters.items()
        if name not in _OURS
    }
    for name in given:
        if name not in known:
            listed = f"it has {', '.join(known)}" if known else "it has none"
            what = f"{operation} has no argument {name!r}{near(name, known)}"
            raise CommandError(f"{what}; {listed}")
    needed = [name for name, each in known.items() if each.default is Parameter.empty]
    missing = [name for name in needed if name not in given]
    if missing:
        options = " ".join(f"--argument {name}=…" for name in missing)
        raise CommandError(f"{operation} needs more than the event: {options}")
    return {name: _value(text, known[name]) for name, text in given.items()}


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
