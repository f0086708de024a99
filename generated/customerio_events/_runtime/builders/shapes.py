"""What a builder is made of, as data: its keys, what they hold, what the whole must meet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NoReturn

from ..kinds.base import MISSING, Condition, Kind, wrong
from ..values.frozen import EMPTY, is_mapping, plain_items, same, set_values
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
        wire: str,
        kind: Kind,
        default: Any,
        *,
        required: bool,
        filled_in: bool,
    ) -> None:
        self.name = name
        self.wire = wire
        self.kind = kind
        self.default = default
        self.required = required
        self.filled_in = filled_in


class Shape:
    """A builder's keys as data.

    Args:
        builder: the class.
        parts: its keys, in the order in which they are written.
        extra: what undeclared keys must be, as one object; None when there must be none.
        conditions: what the whole must meet beside its keys.
    """

    def __init__(
        self,
        builder: type[Any],
        parts: Sequence[Member | Constant],
        extra: Kind | None,
        conditions: Sequence[Condition],
    ) -> None:
        self.builder = builder
        self.parts = tuple(parts)
        self.members = tuple(part for part in parts if isinstance(part, Member))
        self.declared = frozenset(part.wire for part in parts)
        self.extra = extra
        self.conditions = tuple(conditions)
        self.defaulting = any(member.filled_in for member in self.members)
        self.constants = [part for part in parts if isinstance(part, Constant)]
        self.read_quickly: Callable[[Any, Path, Any], Any] = _never
        """The builder from data, path and class; None where it takes a closer look."""
        own = ("extra",) if extra else ()
        self.names = (*(member.name for member in self.members), *own)

    def fail(self, problems: Sequence[Problem]) -> NoReturn:
        """Raise the one error that lists every problem."""
        raise ValidationError(self.builder.__name__, problems)

    def check_extra(self, extra: Any, problems: list[Problem]) -> Any:
        """What to keep of the undeclared keys that a constructor was given."""
        if self.extra is None or not (extra.__class__ is dict or is_mapping(extra)):
            return wrong("a mapping of undeclared keys", extra, ("extra",), problems)
        before = len(problems)
        kept = self.extra.check(extra, (), problems, False)
        if not self.declared.isdisjoint(kept):
            problems[before:before] = [
                Problem((key,), "no declared key in extra", shown(value))
                for key, value in extra.items()
                if isinstance(key, str) and str.__str__(key) in self.declared
            ]
        return kept

    def finish(self, builder: Any, path: Path = ()) -> None:
        """Put the finished object to the conditions on the whole."""
        problems: list[Problem] = []
        data = self.builder.to_dict(builder)  # not what a subclass makes of it
        for condition in self.conditions:
            condition(data, path, problems)
        if problems:
            self.fail(problems)

    def read(self, data: Any, path: Path = (), into: Any = None) -> Any:
        """A builder from JSON with wire names.

        Args:
            path: leads to it.
            into: a subclass of the builder, to make one of those.
        """
        built = self.read_quickly(data, path, into or self.builder)
        return built if built is not None else self._read(data, path, into)

    def _read(self, data: Any, path: Path, into: Any) -> Any:
        """The same, finding everything that is wrong."""
        problems: list[Problem] = []
        if not is_mapping(data):
            wrong("an object", data, path, problems)
            self.fail(problems)
        if any(key.__class__ is not str for key in data):
            data = plain_items(data, path, problems)
        self._check_constants(data, path, problems)
        values, omitted = self._read_members(data, path, problems)
        extra = self._read_extra(data, path, problems)
        if problems:
            self.fail(problems)
        values += () if self.extra is None else (extra,)
        builder = object.__new__(into or self.builder)
        set_values(builder, tuple(values))
        if self.defaulting:
            self.set_omitted(builder, omitted)
        if self.conditions:
            self.finish(builder, path)
        return builder

    def _check_constants(
        self, data: Mapping[str, Any], path: Path, problems: list[Problem]
    ) -> None:
        for constant in self.constants:
            value = data.get(constant.wire, MISSING)
            if not same(value, constant.value):
                wrong(repr(constant.value), value, (*path, constant.wire), problems)

    def _read_members(
        self, data: Mapping[str, Any], path: Path, problems: list[Problem]
    ) -> tuple[list[Any], list[str]]:
        """The values of the members, and the keys of those that are absent."""
        values: list[Any] = []
        omitted: list[str] = []
        for member in self.members:
            wire = member.wire
            value = data.get(wire, MISSING)
            if value is not MISSING:
                values.append(member.kind.check(value, (*path, wire), problems, True))
            elif member.required:
                self._report_missing(member, data, path, problems)
            else:
                omitted.append(wire)
                values.append(member.default)
        return values, omitted

    def _report_missing(
        self,
        member: Member,
        data: Mapping[Any, Any],
        path: Path,
        problems: list[Problem],
    ) -> None:
        found: list[Problem] = []
        member.kind.check(MISSING, (*path, member.wire), found, True)
        undeclared = (key for key in data if key not in self.declared)
        near = spelt_alike(member.wire, undeclared)
        hint = "" if near is None else f"; there is {shown(near)}"
        problems += [Problem(p.keys, p.expected, p.got + hint) for p in found]

    def _read_extra(
        self, data: Mapping[str, Any], path: Path, problems: list[Problem]
    ) -> Any:
        extra = {key: value for key, value in data.items() if key not in self.declared}
        if self.extra is not None:
            return self.extra.check(extra, path, problems, True) if extra else EMPTY
        for key, value in extra.items():
            wrong("no such key", value, (*path, key), problems)
        return EMPTY

    @staticmethod
    def set_omitted(builder: Any, omitted: Iterable[str]) -> None:
        """Say which keys with a default stay out of the JSON."""
        object.__setattr__(builder, "omitted", frozenset(omitted))

    def values(self, builder: Any) -> dict[str, Any]:
        """What the constructor would take to make the same builder."""
        return dict(zip(self.names, builder.__values__, strict=True))


def _never(data: Any, path: Path, into: Any) -> None:
    """Nothing is read quickly."""
