"""What all builders share: reading, writing, comparing, copying.

A generated class declares its keys and no more. Its methods are compiled from that when they are
first used: see `compiling`.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import FrozenInstanceError, field
from functools import partial
from types import FunctionType
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypeVar

from ..kinds.base import MISSING, Condition, Kind
from ..values import jsontext
from ..values.frozen import EMPTY, Record, set_values
from ..values.problems import Problem, ValidationError, shown
from . import compiling
from .shapes import Constant, Member, Shape

if TYPE_CHECKING:
    from inspect import Signature

_T = TypeVar("_T")

_BASES: set[type] = set()


class _WhenUsed:
    """The shape of a class, made when it is first asked for."""

    def __get__(self, instance: object, owner: type[Builder]) -> Shape:
        builder = _declared(owner)
        builder.__shape__ = shape = _shape(builder)
        return shape


class _Signature:
    """The signature of a constructor, for editors and `help`: compiled when it is asked for."""

    def __get__(self, instance: object, owner: type[Builder]) -> Signature:
        from inspect import signature

        constructor: Any = owner.__init__
        if constructor is Builder.__init__:
            constructor = _compile(owner, "__init__")
        found = signature(constructor)
        return found.replace(parameters=list(found.parameters.values())[1:])


class Builder(Record):
    """An immutable object of the document: a value that exists is valid.

    `extra`, where a class has it, holds the keys that the document does not declare.
    """

    __slots__ = ()
    __shape__: ClassVar[Shape]
    __constructor__: ClassVar[FunctionType]
    """What the class says of its constructor: arguments, and the module it stands in."""
    __conditions__: ClassVar[Sequence[Condition]] = ()
    """What the whole must meet beside its keys."""

    if not TYPE_CHECKING:
        __shape__ = _WhenUsed()
        __signature__ = _Signature()

        def __init_subclass__(cls) -> None:
            if _BASES.isdisjoint(cls.__bases__) or "__init__" not in vars(cls):
                return
            # What a generated class says of its constructor is for those who read it.
            cls.__constructor__ = cls.__init__
            del cls.__init__
            # Under `python -OO` there is none, and dataclasses would make one of the signature.
            cls.__doc__ = cls.__doc__ or cls.__name__
            if "extra" in cls.__annotations__:
                cls.extra = field(default_factory=lambda: EMPTY)

        def __init__(self, *args: Any, **given: Any) -> None:
            _compile(self.__class__, "__init__")(self, *args, **given)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values under their wire names; a copy that is yours to change."""
        made: dict[str, Any] = _compile(self.__class__, "to_dict")(self)
        return made

    def to_json_text(self) -> str:
        """Compact JSON text."""
        text: str = _compile(self.__class__, "to_json_text")(self)
        return text

    def to_json(self) -> bytes:
        """Compact JSON in UTF-8: what is sent."""
        return jsontext.to_bytes(self.to_json_text())

    @classmethod
    def from_dict(cls: Callable[..., _T], data: Mapping[str, Any]) -> _T:
        """The builder for JSON values under their wire names; undeclared keys become `extra`.

        Raises:
            ValidationError: listing everything the document does not allow.
        """
        # Python 3.10 has no Self; a callable says the same to type checkers.
        builder: Any = cls
        built: _T = builder.__shape__.read(data, (), cls)
        return built

    @classmethod
    def from_json(cls: Callable[..., _T], data: bytes | str) -> _T:
        """The builder for JSON text with wire names; undeclared keys become `extra`.

        Raises:
            ValidationError: not JSON, or not what the document allows.
        """
        builder: Any = cls
        shape: Shape = builder.__shape__
        try:
            read = jsontext.loads(data)
        except (ValueError, TypeError) as error:
            name = shape.builder.__name__
            raise ValidationError(name, [not_json(error)]) from None
        built: _T = shape.read(read, (), cls)
        return built

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__ or not isinstance(other, Builder):
            return NotImplemented
        return self.__values__ == other.__values__

    def __hash__(self) -> int:
        return hash((self.__class__, self.__values__))

    def __repr__(self) -> str:
        members = zip(self.__shape__.members, self.__values__, strict=False)
        given = [
            f"{member.name}={value!r}"
            for member, value in members
            if member.required or value is not member.default
        ]
        extra = getattr(self, "extra", None)
        if extra:
            given.append(f"extra={extra!r}")
        return f"{self.__class__.__name__}({', '.join(given)})"

    def __reduce__(self) -> tuple[Any, ...]:
        values = dict(zip(self.__shape__.names, self.__values__, strict=True))
        return _rebuild, (self.__class__, values, getattr(self, "omitted", None))


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


_BASES.update((Builder, DefaultingBuilder, EventBuilder))


def _declared(builder: type) -> Any:
    """The generated class: a program may have made subclasses of it."""
    for each in builder.__mro__:
        if not _BASES.isdisjoint(each.__bases__) and each not in _BASES:
            return each
    raise AttributeError(f"{builder.__name__} declares no keys")


def _shape(builder: type[Builder]) -> Shape:
    """What a generated class declares."""
    hints = _hints(builder)
    declared = vars(builder)["__dataclass_fields__"]
    parts: list[Member | Constant] = []
    extra: Kind | None = None
    for name, each in declared.items():
        if typing.get_origin(hints[name]) is ClassVar:
            (inner,) = typing.get_args(hints[name])
            wire = getattr(inner, "__metadata__", (name,))[0]
            parts.append(Constant(wire, each.default))
        elif name == "extra":
            (extra,) = hints[name].__metadata__
        else:
            default = MISSING if each.default is dataclasses.MISSING else each.default
            parts.append(Member(name, default, *hints[name].__metadata__))
    # What is always written comes first: its commas need no thought at run time.
    parts.sort(key=lambda part: isinstance(part, Member) and not part.required)
    shape = Shape(builder, parts, extra, builder.__conditions__)
    shape.read = partial(compiling.first_read, shape)
    shape.receive = partial(compiling.first_receive, shape)
    for index, name in enumerate(shape.names):
        setattr(builder, name, _attribute(index))
    # The dataclass's own say less.
    for method in ("__setattr__", "__delattr__"):
        setattr(builder, method, _refuse)
    return shape


def _hints(builder: type[Builder]) -> dict[str, Any]:
    """Its own annotations, evaluated where they were written: functions in them too."""
    own = type(builder.__name__, (), {"__annotations__": builder.__annotations__})
    module = builder.__constructor__.__globals__
    return typing.get_type_hints(own, module, {}, include_extras=True)


def _attribute(index: int) -> property:
    def get(self: Builder) -> Any:
        return self.__values__[index]

    return property(get)


def _compile(builder: type[Builder], name: str) -> Callable[..., Any]:
    """The method of a generated class, which gets it when it is first asked for."""
    shape = builder.__shape__
    function: Callable[..., Any] | None = vars(shape.builder).get(name)
    if function is None:
        function = compiling.METHODS[name](shape)
        setattr(shape.builder, name, function)
    return function


def not_json(error: Exception) -> Problem:
    """What is wrong with text that `loads` refuses."""
    return Problem((), "JSON text in UTF-8", f"something else: {error}")


def _refuse(self: object, name: object, value: object = None) -> NoReturn:
    what = shown(name)
    raise FrozenInstanceError(f"cannot set or delete {what}: use dataclasses.replace")


def _rebuild(
    builder: type[Builder], values: Mapping[str, Any], omitted: frozenset[str] | None
) -> Builder:
    shape = builder.__shape__
    if [*values] == shape.names:  # it is what it was, that of an answer too
        built: Builder = object.__new__(builder)
        set_values(built, tuple(values.values()))
    else:  # of another version of the package
        built = builder(**values)
    if omitted is not None:
        shape.set_omitted(built, omitted)
    return built
