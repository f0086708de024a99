"""Keys that are filled in where an event lacks them: a new id, the time of the call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from inspect import iscoroutinefunction
from types import MappingProxyType
from typing import Any, Final, cast

from ..builders.base import Builder, EventBuilder
from ..builders.shapes import Member, Shape
from ..kinds.base import JSON, Kind
from ..values.jsontext import dumps, to_bytes
from ..values.problems import Problem, ValidationError
from ..values.timestamps import UTC, format_datetime
from ..values.uuids import uuid_text

Maker = Callable[[], object]
_MAKERS: Final[Mapping[str, Maker]] = {
    "uuid": uuid_text,
    "now": lambda: format_datetime(datetime.now(UTC)),
}
_NOTHING: Final = "none"


class Fill:
    """What is filled in, by wire names."""

    def __init__(
        self,
        every: Mapping[str, str],
        some: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
        instead: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        """
        Args:
            every: for each event: "uuid", "now", or "none".
            some: for events of some classes, by their names; it wins.
            instead: what is filled in instead: a function that makes it, one of those words, or
                another value; None: nothing.
        """
        self._every, self._some, self._instead = every, some, instead
        self._keys: dict[type, tuple[_Key, ...]] = {}

    def instead(self, given: object) -> Fill | None:
        """The same with what a caller wants instead; False: nothing is filled in.

        Raises:
            TypeError: neither a mapping nor False, or a function that must be awaited.
            ValueError: a key that is not filled in at all.
        """
        if given is None or given is False:
            return self if given is None else None
        if not isinstance(given, Mapping):
            came = type(given).__name__
            raise TypeError(f"fill must be a mapping of keys, or False, not {came}")
        chosen = cast("Mapping[str, object]", given)
        known = {*self._every, *(key for keys in self._some.values() for key in keys)}
        for key in chosen:
            if key not in known:
                listed = ", ".join(sorted(known))
                raise ValueError(f"{key!r} is not filled in: the keys are {listed}")
            if iscoroutinefunction(chosen[key]):
                raise TypeError(
                    f"what fills in {key!r} must be a function that returns the value, not async"
                )
        return Fill(self._every, self._some, chosen)

    def body(self, event: Builder) -> bytes:
        """The JSON of a builder, with what its events lack."""
        if not isinstance(event, EventBuilder):
            data = event.to_dict()
            self.within(event, data)
            return to_bytes(dumps(data))
        keys = self._keys.get(event.__class__) or self._of(event)
        text = event.to_json_text()
        for key in keys:
            if key.lacks(event):
                comma = "," if len(text) > len("{}") else ""
                text = f"{text[:-1]}{comma}{key.lead}{key.text()}}}"
        return to_bytes(text)

    def within(self, value: object, data: Any) -> None:
        """Fill in what the events lack that `value` is or holds; `data`: its JSON."""
        if isinstance(value, EventBuilder):
            data.update(
                (key.wire, key.value()) for key in self._of(value) if key.lacks(value)
            )
            return
        for each, inner in _held(value, data):
            self.within(each, inner)

    def _of(self, event: EventBuilder) -> tuple[_Key, ...]:
        keys = self._keys.get(event.__class__)
        if keys is None:
            keys = self._keys[event.__class__] = tuple(self._made(event.__shape__))
        return keys

    def _made(self, shape: Shape) -> Iterator[_Key]:
        said = {**self._every, **self._some.get(shape.builder.__name__, {})}
        members = {member.wire: member for member in shape.members}
        for wire, name in said.items():
            member = members.get(wire)
            always = member.required if member else wire in shape.declared
            if name == _NOTHING or always or not (member or shape.extra):
                continue
            if wire not in self._instead:
                yield _Key(shape, wire, member, _MAKERS[name])
            elif self._instead[wire] not in (None, _NOTHING):
                yield _instead(shape, wire, member, self._instead[wire])


class _Key:
    """A key that events of a class may lack."""

    def __init__(
        self, shape: Shape, wire: str, member: Member | None, make: Maker
    ) -> None:
        self.wire, self._member, self._make = wire, member, make
        self._shape = shape
        self.lead = f"{dumps(wire)}:"
        self._index = shape.names.index(member.name if member else "extra")

    def lacks(self, event: Any) -> bool:
        """Whether an event has no such key."""
        value = event.__values__[self._index]
        if self._member is None:
            return self.wire not in value
        if self._member.filled_in:
            return self.wire in event.omitted
        return value is self._member.default

    def value(self) -> Any:
        """A new value, as JSON has it."""
        return self._make()

    def text(self) -> str:
        """A new value as JSON text."""
        return f'"{self._make()}"'  # of characters that need no escape


class _Other(_Key):
    """One that the caller fills in.

    `came`: how the values come, see `Kind.check`.
    """

    def __init__(
        self, shape: Shape, wire: str, member: Member | None, make: Maker, came: int
    ) -> None:
        super().__init__(shape, wire, member, make)
        self._came = came

    def value(self) -> Any:
        made, problems = self._make(), list[Problem]()
        kind: Kind | None = self._member.kind if self._member else self._shape.extra
        assert kind is not None
        whole: Any = made if self._member else {self.wire: made}
        path = (self.wire,) if self._member else ()
        kept = kind.check(whole, path, problems, self._came)
        if problems:
            raise ValidationError(f"fill of {self._shape.builder.__name__}", problems)
        dumped = kind.dump(kept)
        return dumped if self._member else dumped[self.wire]

    def text(self) -> str:
        return dumps(self.value())


def _instead(shape: Shape, wire: str, member: Member | None, given: object) -> _Other:
    """A key with what the caller gives for it."""
    # Those words mean what the configuration means by them.
    if isinstance(given, str) and given in _MAKERS:
        return _Other(shape, wire, member, _MAKERS[given], JSON)
    make = cast("Maker", given) if callable(given) else lambda: given
    return _Other(shape, wire, member, make, 0)


def _held(value: object, data: Any) -> Iterator[tuple[object, Any]]:
    """What a value holds that may hold events, each with its JSON."""
    if isinstance(value, (list, tuple)):
        yield from zip(cast("list[object]", value), data, strict=True)
    elif isinstance(value, Mapping):
        held = cast("Mapping[str, object]", value)
        yield from ((each, data[key]) for key, each in held.items())
    elif isinstance(value, Builder):
        for member, each in zip(
            value.__shape__.members, value.__values__, strict=False
        ):
            if member.wire in data:
                yield each, data[member.wire]
