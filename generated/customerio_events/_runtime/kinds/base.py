"""Kinds: what values a place takes. Each checks, and turns Python values into JSON ones.

`check(value, path, problems, wire)` returns the value as an event keeps it and adds what is wrong
to `problems`. With `wire` the value came as JSON: date-times are text then, objects are dicts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeAlias

from ..values.frozen import freeze, identity, is_list, same, thaw, too_deep
from ..values.hints import conversion
from ..values.jsontext import dumps, quote
from ..values.problems import Path, Problem, shown
from .code import Code

Piece: TypeAlias = "tuple[str, str, str]"


class Kind:
    """What a place takes.

    The last four say how a compiled method does it: they give source in which `name` is the
    variable that holds the value, and `code.use` the name of anything else.
    """

    def check(self, value: Any, path: Path, problems: list[Problem], wire: bool) -> Any:
        """The value as it is kept; what is wrong with it is added to `problems`."""
        raise NotImplementedError

    def dump(self, value: Any) -> Any:
        """A kept value as plain JSON."""
        return value

    def doubt(self, name: str, code: Code) -> str:
        """The condition under which `check` must look at a value; "" for always."""
        return ""

    def look(self, name: str, path: str, code: Code, wire: bool) -> list[str]:
        """Lines in which `name` becomes what `check` makes of it; problems go to `Problems`."""
        check = code.use(self.check, "Check")
        return [f"{name} = {check}({name}, {path}, Problems, {wire})"]

    def plain(self, name: str, code: Code) -> str:
        """An expression for what `dump` makes of a value."""
        return f"{code.use(self.dump, 'Dump')}({name})"

    def text(self, name: str, code: Code) -> Piece:
        """JSON text, an expression, JSON text: what is written of a value."""
        return "", f"{code.use(dumps, 'Dumps')}({self.plain(name, code)})", ""


class Unchanged(Kind):
    """A kind whose values are kept as they are written."""

    def plain(self, name: str, code: Code) -> str:
        return name


class Condition(Protocol):
    """Looks at plain JSON; adds a problem when it is not met."""

    def __call__(self, value: Any, path: Path, problems: list[Problem]) -> None: ...


class _Missing:
    """Stands for a required key that is not there, so that it is reported like any problem."""


MISSING = _Missing()


def wrong(
    expected: str,
    value: object,
    path: Path,
    problems: list[Problem],
    choices: tuple[str, ...] = (),
) -> Any:
    """Add the problem that a value is not what was expected, or none of `choices`."""
    if value is MISSING:
        got = "nothing (it is required)"
    else:
        got = shown(value) + conversion(expected, value)
    problems.append(
        Problem(path, expected, got, choices if isinstance(value, str) else ())
    )
    return None


def accepts(kind: Kind, value: object) -> bool:
    """Whether a JSON value is of a kind."""
    problems: list[Problem] = []
    kind.check(value, (), problems, True)
    return not problems


class AnyValue(Kind):
    """Every JSON value."""

    def check(self, value: Any, path: Path, problems: list[Problem], wire: bool) -> Any:
        if value is MISSING:
            return wrong("a value", value, path, problems)
        return freeze(value, path, problems)

    def dump(self, value: Any) -> Any:
        return thaw(value)

    def text(self, name: str, code: Code) -> Piece:
        return "", f"{code.use(dumps, 'Dumps')}({name})", ""


ANY: Kind = AnyValue()
"""What stands where nothing is said."""


class Never(Unchanged):
    """No value: the key must not be there."""

    def check(self, value: Any, path: Path, problems: list[Problem], wire: bool) -> Any:
        return wrong("no such key", value, path, problems)


class Null(Kind):
    """null."""

    def check(self, value: Any, path: Path, problems: list[Problem], wire: bool) -> Any:
        return None if value is None else wrong("null", value, path, problems)

    def dump(self, value: Any) -> Any:
        return None


class Boolean(Unchanged):
    """true or false."""

    def check(self, value: Any, path: Path, problems: list[Problem], wire: bool) -> Any:
        return (
            value
            if isinstance(value, bool)
            else wrong("true or false", value, path, problems)
        )

    def doubt(self, name: str, code: Code) -> str:
        return f"Type({name}) is not {code.use(bool, 'Bool')}"

    def text(self, name: str, code: Code) -> Piece:
        true, false = code.use("true", "TrueText"), code.use("false", "FalseText")
        return "", f"{true} if {name} else {false}", ""


class Enum(Kind):
    """One of fixed values."""

    def __init__(self, *values: Any) -> None:
        self._values = values
        self._texts = dict.fromkeys(v for v in values if v.__class__ is str)
        self._expected = ("" if len(values) == 1 else "one of ") + ", ".join(
            map(repr, values)
        )

    def check(self, value: Any, path: Path, problems: list[Problem], wire: bool) -> Any:
        if value.__class__ is str and value in self._texts:
            return value
        for allowed in self._values:
            if same(allowed, value):
                return freeze(allowed, path, problems)
        return wrong(self._expected, value, path, problems, tuple(self._texts))

    def dump(self, value: Any) -> Any:
        return thaw(value)

    def doubt(self, name: str, code: Code) -> str:
        if len(self._texts) < len(self._values):
            return ""
        texts = code.use(frozenset(self._texts), "Texts")
        return f"Type({name}) is not {code.use(str, 'Str')} or {name} not in {texts}"

    def plain(self, name: str, code: Code) -> str:
        own = len(self._texts) == len(self._values)
        return name if own else super().plain(name, code)

    def text(self, name: str, code: Code) -> Piece:
        if len(self._texts) < len(self._values):
            return super().text(name, code)
        return "", f"{code.use(quote, 'Quote')}({name})", ""


class Nullable(Kind):
    """null, or a value of another kind."""

    def __init__(self, inner: Kind) -> None:
        self._inner = inner

    def check(self, value: Any, path: Path, problems: list[Problem], wire: bool) -> Any:
        return None if value is None else self._inner.check(value, path, problems, wire)

    def dump(self, value: Any) -> Any:
        return None if value is None else self._inner.dump(value)

    def doubt(self, name: str, code: Code) -> str:
        inner = self._inner.doubt(name, code)
        return f"{name} is not None and ({inner})" if inner else f"{name} is not None"

    def plain(self, name: str, code: Code) -> str:
        return f"None if {name} is None else {self._inner.plain(name, code)}"

    def text(self, name: str, code: Code) -> Piece:
        before, expression, after = self._inner.text(name, code)
        if before or after:
            return super().text(name, code)
        null = code.use("null", "Null")
        return "", f"{null} if {name} is None else {expression}", ""


class Array(Kind):
    """A list, kept as a tuple."""

    def __init__(
        self,
        items: Kind,
        *,
        prefix: Sequence[Kind] = (),
        min_items: int = 0,
        max_items: int | None = None,
        unique: bool = False,
    ) -> None:
        self._items = items
        self._prefix = tuple(prefix)
        self._min = min_items
        self._max = max_items
        self._unique = unique

    def check(self, value: Any, path: Path, problems: list[Problem], wire: bool) -> Any:
        if not is_list(value):
            return wrong("a list", value, path, problems)
        if too_deep(path, problems):
            return None
        before = len(problems)
        kept = tuple(
            self._kind(i).check(item, (*path, i), problems, wire)
            for i, item in enumerate(value)
        )
        if len(kept) < self._min:
            wrong(f"at least {count(self._min, 'item')}", value, path, problems)
        if self._max is not None and len(kept) > self._max:
            wrong(f"at most {count(self._max, 'item')}", value, path, problems)
        if self._unique and len(problems) == before and _repeats(self.dump(kept)):
            wrong("items that differ from each other", value, path, problems)
        return kept

    def dump(self, value: Any) -> Any:
        return [self._kind(index).dump(item) for index, item in enumerate(value)]

    def _kind(self, index: int) -> Kind:
        return self._prefix[index] if index < len(self._prefix) else self._items


class Lazy(Kind):
    """A kind made on first use, for schemas that contain themselves."""

    def __init__(self, make: Callable[[], Kind]) -> None:
        self._make = make
        self._kind: Kind | None = None

    def _made(self) -> Kind:
        if self._kind is None:
            self._kind = self._make()
        return self._kind

    def check(self, value: Any, path: Path, problems: list[Problem], wire: bool) -> Any:
        return self._made().check(value, path, problems, wire)

    def dump(self, value: Any) -> Any:
        return self._made().dump(value)

    def doubt(self, name: str, code: Code) -> str:
        return self._made().doubt(name, code)

    def plain(self, name: str, code: Code) -> str:
        return self._made().plain(name, code)

    def text(self, name: str, code: Code) -> Piece:
        return self._made().text(name, code)


def _repeats(items: list[Any]) -> bool:
    return len(set(map(identity, items))) < len(items)


def check_size(
    size: int, least: int, most: int | None, path: Path, problems: list[Problem]
) -> None:
    """`minProperties` and `maxProperties`."""
    if size < least:
        problems.append(Problem(path, f"at least {count(least, 'key')}", str(size)))
    if most is not None and size > most:
        problems.append(Problem(path, f"at most {count(most, 'key')}", str(size)))


def count(number: int, noun: str) -> str:
    """`1 item`, `2 items`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
