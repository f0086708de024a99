"""What all builders share: reading, writing, comparing, copying.

A generated class brings its `__init__` and `to_json_text`, written out for speed, and a `Shape`,
which says the same as data. Everything else works from the shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import FrozenInstanceError
from typing import Any, ClassVar, NoReturn, TypeVar

from . import jsontext
from .conditions import Condition, meet
from .hints import spelt_alike
from .kinds import MISSING, Kind, wrong
from .problems import Path, Problem, ValidationError, shown
from .values import EMPTY, is_mapping, plain_items, same

_T = TypeVar("_T")


class Constant:
    """A key that always holds one value: filled in, never an argument."""

    __slots__ = ("value", "wire")

    def __init__(self, wire: str, value: Any) -> None:
        self.wire = wire
        self.value = value


class Member:
    """A declared key: `name` in Python, `wire` in JSON.

    Args:
        kind: what its value must be.
        required: whether the key is always there.
        absent: what the attribute holds while the key is not there.
        defaulted: `absent` is the document's default, so it counts as a value in Python; the
            builder's `omitted` then says whether the key was left out of the JSON.
    """

    __slots__ = ("absent", "defaulted", "kind", "name", "required", "sure", "wire")

    def __init__(
        self,
        name: str,
        wire: str,
        kind: Kind,
        *,
        required: bool = False,
        absent: Any = None,
        defaulted: bool = False,
    ) -> None:
        self.name = name
        self.wire = wire
        self.kind = kind
        self.sure: type | None = getattr(kind, "sure", None)
        self.required = required
        self.absent = absent
        self.defaulted = defaulted

    def is_written(self, builder: Any, value: Any) -> bool:
        """Whether the key is in the JSON."""
        if self.defaulted:
            return self.wire not in builder.omitted
        return self.required or value is not self.absent


class Shape:
    """A builder's keys as data. Making one connects it to its class.

    Args:
        builder: the class.
        parts: its keys, in the order in which they are written.
        extra: what undeclared keys must be, as one object; None when there must be none.
        conditions: what the whole must meet beside its keys.
    """

    __slots__ = (
        "_conditions",
        "_constants",
        "_defaulting",
        "_extra",
        "_names",
        "_parts",
        "builder",
        "members",
    )

    def __init__(
        self,
        builder: type[Builder],
        parts: Sequence[Member | Constant],
        *,
        extra: Kind | None = None,
        conditions: Sequence[Condition] = (),
    ) -> None:
        self.builder = builder
        self.members = tuple(part for part in parts if isinstance(part, Member))
        self._constants = [part for part in parts if isinstance(part, Constant)]
        self._parts = {part.wire: part for part in parts}
        self._extra = extra
        self._defaulting = issubclass(builder, DefaultingBuilder)
        self._conditions = tuple(conditions)
        own = ("extra",) if extra else ()
        self._names = (*(member.name for member in self.members), *own)
        builder.__shape__ = self
        for index, name in enumerate(self._names):
            setattr(builder, name, _attribute(index))
        # The dataclass's own say less.
        for method in ("__setattr__", "__delattr__"):
            setattr(builder, method, _refuse)

    def check(self, *values: Any) -> tuple[Any, ...]:
        """Look closely at the constructor's arguments, given in the order of the attributes.

        Returns what to keep. Raises ValidationError, listing every problem.
        """
        problems: list[Problem] = []
        # `extra`, the last value, has no member.
        kept = [
            (
                value
                if value.__class__ is member.sure
                or (value is member.absent and not member.required)
                else member.kind.check(value, (member.wire,), problems, False)
            )
            for member, value in zip(self.members, values, strict=False)
        ]
        if self._extra is not None:
            extra = values[-1]
            kept.append(extra if extra is EMPTY else self._check_extra(extra, problems))
        if problems:
            self.fail(problems)
        return tuple(kept)

    def _check_extra(self, extra: Any, problems: list[Problem]) -> Any:
        if self._extra is None or not is_mapping(extra):
            return wrong("a mapping of undeclared keys", extra, ("extra",), problems)
        for key, value in extra.items():
            if isinstance(key, str) and str.__str__(key) in self._parts:
                expected = "no declared key in extra"
                problems.append(Problem((key,), expected, shown(value)))
        return self._extra.check(extra, (), problems, False)

    def finish(self, builder: Builder, path: Path = ()) -> None:
        """Put the finished object to the conditions on the whole."""
        problems: list[Problem] = []
        meet(self._conditions, self.dump(builder), path, problems)
        if problems:
            self.fail(problems)

    def fail(self, problems: list[Problem]) -> NoReturn:
        """Raise the one error that lists every problem."""
        raise ValidationError(self.builder.__name__, problems)

    @staticmethod
    def set_omitted(builder: Builder, omitted: frozenset[str]) -> None:
        """Say which keys with a default stay out of the JSON."""
        object.__setattr__(builder, "omitted", omitted)

    def read(
        self,
        data: Any,
        path: Path = (),
        found: Sequence[Problem] = (),
        into: Any = None,
    ) -> Any:
        """A builder from JSON with wire names.

        Args:
            path: leads to it.
            found: what is wrong already.
            into: a subclass of the builder, to make one of those.
        """
        problems = list(found)
        if not is_mapping(data):
            wrong("an object", data, path, problems)
            self.fail(problems)
        values: list[Any] = []
        omitted: list[str] = []
        known = self._check_constants(data, path, problems)
        for member in self.members:
            wire = member.wire
            value = data.get(wire, MISSING)
            if value.__class__ is member.sure:
                known += 1
                values.append(value)
            elif value is not MISSING:
                known += 1
                values.append(member.kind.check(value, (*path, wire), problems, True))
            elif member.required:
                self._report_missing(member, data, path, problems)
            else:
                omitted.append(wire)
                values.append(member.absent)
        extra: Any = EMPTY
        if len(data) != known:
            if any(key.__class__ is not str for key in data):
                more: list[Problem] = []
                return self.read(plain_items(data, path, more), path, more, into)
            extra = self._read_extra(data, path, problems)
        if problems:
            self.fail(problems)
        if self._extra is not None:
            values.append(extra)
        builder = object.__new__(into or self.builder)
        set_values(builder, tuple(values))
        if self._defaulting:
            self.set_omitted(builder, frozenset(omitted))
        if self._conditions:
            self.finish(builder, path)
        return builder

    def _check_constants(
        self, data: Mapping[str, Any], path: Path, problems: list[Problem]
    ) -> int:
        """How many of the constants are there."""
        found = 0
        for constant in self._constants:
            value = data.get(constant.wire, MISSING)
            found += value is not MISSING
            if not same(value, constant.value):
                wrong(repr(constant.value), value, (*path, constant.wire), problems)
        return found

    def _report_missing(
        self,
        member: Member,
        data: Mapping[Any, Any],
        path: Path,
        problems: list[Problem],
    ) -> None:
        found: list[Problem] = []
        member.kind.check(MISSING, (*path, member.wire), found, True)
        undeclared = (key for key in data if key not in self._parts)
        near = spelt_alike(member.wire, undeclared)
        hint = "" if near is None else f"; there is {shown(near)}"
        problems += [Problem(p.keys, p.expected, p.got + hint) for p in found]

    def _read_extra(
        self, data: Mapping[str, Any], path: Path, problems: list[Problem]
    ) -> Any:
        extra = {key: value for key, value in data.items() if key not in self._parts}
        if self._extra is not None:
            return self._extra.check(extra, path, problems, True)
        for key, value in extra.items():
            wrong("no such key", value, (*path, key), problems)
        return EMPTY

    def dump(self, builder: Builder) -> dict[str, Any]:
        """The JSON object of a builder."""
        data: dict[str, Any] = {}
        values = iter(builder.__values__)
        for part in self._parts.values():
            if isinstance(part, Constant):
                data[part.wire] = part.value
            else:
                value = next(values)
                if part.is_written(builder, value):
                    data[part.wire] = part.kind.dump(value)
        data.update(self.dump_extra(next(values, EMPTY)))
        return data

    def text(self, index: int, value: Any) -> str:
        """The JSON text of one member's value, by its place among the members."""
        return jsontext.dumps(self.members[index].kind.dump(value))

    def dump_extra(self, extra: Any) -> dict[str, Any]:
        """The undeclared keys as plain JSON."""
        dumped: dict[str, Any] = (
            self._extra.dump(extra) if self._extra is not None else {}
        )
        return dumped

    def values(self, builder: Builder) -> dict[str, Any]:
        """What the constructor would take to make the same builder."""
        return dict(zip(self._names, builder.__values__, strict=True))


class Builder:
    """An immutable object of the document: a value that exists is valid.

    The values of its attributes, in their order, are one tuple: setting that once costs a fraction
    of what setting each slot of a frozen class does. See `set_values`.
    """

    __slots__ = ("__values__",)
    __shape__: ClassVar[Shape]
    __values__: tuple[Any, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values under their wire names; a copy that is yours to change."""
        return self.__shape__.dump(self)

    def to_json_text(self) -> str:
        """Compact JSON text."""
        return jsontext.dumps(self.to_dict())

    def to_json(self) -> bytes:
        """Compact JSON in UTF-8: what is sent."""
        return jsontext.to_bytes(self.to_json_text())

    @classmethod
    def from_dict(cls: Callable[..., _T], data: Mapping[str, Any]) -> _T:
        """The builder for JSON values under their wire names; undeclared keys become `extra`.

        Raises:
            ValidationError: listing everything the document does not allow.
        """
        built: _T = _shape(cls).read(data, into=cls)
        return built

    @classmethod
    def from_json(cls: Callable[..., _T], data: bytes | str) -> _T:
        """The builder for JSON text with wire names; undeclared keys become `extra`.

        Raises:
            ValidationError: not JSON, or not what the document allows.
        """
        shape = _shape(cls)
        built: _T = shape.read(parse_json(data, shape.builder.__name__), into=cls)
        return built

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__ or not isinstance(other, Builder):
            return NotImplemented
        return self.__values__ == other.__values__

    def __hash__(self) -> int:
        return hash((self.__class__, self.__values__))

    def __repr__(self) -> str:
        given = [
            f"{member.name}={value!r}"
            for member, value in zip(
                self.__shape__.members, self.__values__, strict=False
            )
            if member.required or value is not member.absent
        ]
        extra = getattr(self, "extra", None)
        if extra:
            given.append(f"extra={extra!r}")
        return f"{self.__class__.__name__}({', '.join(given)})"

    def __copy__(self) -> Builder:
        return self

    def __deepcopy__(self, memo: object) -> Builder:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        omitted = getattr(self, "omitted", None)
        return _rebuild, (self.__class__, self.__shape__.values(self), omitted)


set_values: Callable[[Builder, tuple[Any, ...]], None] = vars(Builder)[
    "__values__"
].__set__
"""Give a new builder the values of its attributes, `extra` last."""


def _attribute(index: int) -> property:
    def get(self: Builder) -> Any:
        return self.__values__[index]

    return property(get)


class DefaultingBuilder(Builder):
    """A builder with keys that have a default.

    `omitted` holds the wire names that were absent from the JSON it was read from: they stay
    absent when it is written again, while the attributes read as the defaults.
    """

    __slots__ = ("omitted",)
    omitted: frozenset[str]


class EventBuilder(Builder):
    """A builder of an event."""

    __slots__ = ()


def _shape(builder: Any) -> Shape:
    # Python 3.10 has no Self; the class as a callable says the same to type checkers.
    shape: Shape = builder.__shape__
    return shape


def parse_json(data: bytes | str, subject: str) -> Any:
    """JSON text for a builder, its faults told as problems."""
    try:
        return jsontext.loads(data)
    except (ValueError, TypeError) as error:
        problem = Problem((), "JSON text in UTF-8", f"something else: {error}")
        raise ValidationError(subject, [problem]) from None


def _refuse(self: object, name: object, value: object = None) -> NoReturn:
    what = shown(name)
    raise FrozenInstanceError(f"cannot set or delete {what}: use dataclasses.replace")


def _rebuild(
    builder: type[Builder], values: Mapping[str, Any], omitted: frozenset[str] | None
) -> Builder:
    built = builder(**values)
    if omitted is not None:
        builder.__shape__.set_omitted(built, omitted)
    return built
