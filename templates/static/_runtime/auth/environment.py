"""Credentials from the environment, for who asks for them by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from os import environ
from typing import Any, NamedTuple

from ..http.security import private


class FromEnvironment(NamedTuple):
    """An argument of a client that the environment can give.

    Attributes:
        argument: its name, which ends that of the variable.
        needed: whether a client cannot be made without it.
        grant: makes a credential of a client id and a secret instead; None: nothing does.
    """

    argument: str
    needed: bool
    grant: Callable[..., object] | None = None


@private
def credentials(
    package: str,
    arguments: Iterable[FromEnvironment],
    given: Mapping[str, object],
    instead: str,
) -> dict[str, Any]:
    """The arguments that are not `given`, from variables called after package and argument.

    Args:
        instead: what stands for those that are not set; empty: a missing one is an error.

    Raises:
        ValueError: one that is needed is not set. No value is ever shown.
    """
    found: dict[str, Any] = {}
    missing: list[str] = []
    for each in arguments:
        if each.argument in given:
            continue
        names = _names(package, each)
        value = _value(each, names)
        if value is not None:
            found[each.argument] = value
        elif each.needed and instead:
            found[each.argument] = instead
        elif each.needed:
            missing.append(
                f"{names[0]}, or {names[1]} and {names[2]}," if names[1:] else names[0]
            )
    if missing:
        listed = " and ".join(missing)
        raise ValueError(f"not in the environment: {listed.rstrip(',')}")
    return found


def _names(package: str, each: FromEnvironment) -> tuple[str, ...]:
    """The variable of an argument, and those of a client id and a secret."""
    lead = package.rpartition(".")[2]
    names = [each.argument]
    if each.grant is not None:
        before = "" if each.argument == "token" else f"{each.argument}_"
        names += [f"{before}client_id", f"{before}client_secret"]
    return tuple(f"{lead}_{name}".upper() for name in names)


@private
def _value(each: FromEnvironment, names: tuple[str, ...]) -> object:
    """None: it is not set; a password may be blank."""
    plain = environ.get(names[0])
    if plain or (plain == "" and each.argument.endswith("password")):
        return plain
    values = [environ.get(name) for name in names[1:]]
    return each.grant(*values) if each.grant is not None and all(values) else None
