"""What a builder is made of, as data: its keys, what they hold, what the whole must meet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NoReturn

from ..kinds.base import MISSING, REQUIRED, Condition, Kind, wrong
from ..values import UNSET
from ..values.frozen import is_mapping, plain_items, too_deep
from ..values.problems import Path, Problem, ValidationError, shown, spelt_alike


class Constant:
    """A key that always holds one value: filled in, never an argument."""

    __slots__ = ("value", "wire")

    def __init__(self, wire: str, value: Any) -> None:
        self.wire = wire
        self.value = value


class Member:
    """A declared key.

    Attributes:
        name: in Python.
        wire: in JSON.
        kind: what its value must be.
        required: whether the key is always there.
        default: what the attribute holds while the key is not there; MISSING for nothing.
        filled_in: `default` is the document's, so it counts as a value in Python; the builder's
            `omitted` then says whether the key was left out of the JSON.
    """

    __slots__ = ("default", "filled_in", "kind", "name", "required", "wire")

    def __init__(
        self,
        name: str,
        default: Any,
        kind: Kind,
        wire: str | None = None,
        required: str = "",
    ) -> None:
        self.name = name
        self.wire = name if wire is None else wire
        self.kind = kind
        self.default = default
        self.required = default is MISSING or required == REQUIRED
        own = default is None or default is UNSET
        self.filled_in = not self.required and not own


class Shape:
    """A builder's keys as data.

    Args:
        builder: the class.
        parts: its keys, in the order in which they are written.
        extra: what undeclared keys must be, as one object; None when there must be none.
        conditions: what the whole must meet beside its keys.
    """

    read: Callable[[Any, Path, Any], Any]
    """The builder from JSON with wire names, the path that leads to it, and the class to make:
    its own or a subclass."""
    receive: Callable[[Any, Path, Any], Any]
    """The same from an answer: see `ANSWER`."""

    def __init__(
        self,
        builder: type[Any],
        parts: Sequence[Member | Constant],
        extra: Kind | None,
        conditions: Sequence[Condition],
    ) -> None:
        self.builder = builder
        self.parts = parts
        self.members = [part for part in parts if isinstance(part, Member)]
        self.constants = [part for part in parts if isinstance(part, Constant)]
        self.declared = frozenset(part.wire for part in parts)
        self.extra = extra
        self.conditions = conditions
        self.defaulting = any(member.filled_in for member in self.members)
        self.names = [member.name for member in self.members]
        self.names += [] if extra is None else ["extra"]

    def fail(self, problems: Sequence[Problem]) -> NoReturn:
        """Raise the one error that lists every problem."""
        raise ValidationError(self.builder.__name__, problems)

    @staticmethod
    def check_extra(kind: Kind, extra: Any, problems: list[Problem]) -> Any:
        """What to keep of undeclared keys that are not given as a dict."""
        if is_mapping(extra):
            return kind.check(extra, (), problems, False)
        return wrong("a mapping of undeclared keys", extra, ("extra",), problems)

    def refuse_declared(
        self, extra: Mapping[Any, Any], before: int, problems: list[Problem]
    ) -> None:
        """Say, before what else is wrong in `extra`, which keys have a place of their own."""
        problems[before:before] = [
            Problem((key,), "no declared key in extra", shown(value))
            for key, value in extra.items()
            if isinstance(key, str) and str.__str__(key) in self.declared
        ]

    def finish(self, builder: Any, path: Path) -> None:
        """Put the finished object to the conditions on the whole."""
        problems: list[Problem] = []
        data = self.builder.to_dict(builder)  # not what a subclass makes of it
        for condition in self.conditions:
            condition(data, path, problems)
        if problems:
            self.fail(problems)

    def read_other(
        self, read: Callable[..., Any], data: Any, path: Path, into: Any
    ) -> Any:
        """What is no plain dict with plain texts as keys, made one and read."""
        problems: list[Problem] = []
        if not is_mapping(data):
            wrong("an object", data, path, problems)
        elif not too_deep(path, problems):
            plain = plain_items(data, path, problems)
            try:
                built = read(plain, path, into)
                if not problems:
                    return built
            except ValidationError as error:
                problems += error.problems
        return self.fail(problems)

    @staticmethod
    def refuse(
        undeclared: Mapping[str, Any], path: Path, problems: list[Problem]
    ) -> None:
        """Say of keys that the document allows no others."""
        for key, value in undeclared.items():
            wrong("no such key", value, (*path, key), problems)

    def report_missing(
        self,
        member: Member,
        data: Mapping[str, Any],
        path: Path,
        problems: list[Problem],
    ) -> None:
        """Say that a required key is not there, and which one may be meant by another."""
        found: list[Problem] = []
        member.kind.check(MISSING, (*path, member.wire), found, True)
        undeclared = (key for key in data if key not in self.declared)
        near = spelt_alike(member.wire, undeclared)
        hint = "" if near is None else f"; there is {shown(near)}"
        problems += [Problem(p.keys, p.expected, p.got + hint) for p in found]

    @staticmethod
    def set_omitted(builder: Any, omitted: Iterable[str]) -> None:
        """Say which keys with a default stay out of the JSON."""
        object.__setattr__(builder, "omitted", frozenset(omitted))
