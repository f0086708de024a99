"""Kinds: what values a place takes. Each checks, and turns Python values into JSON ones.

`check(value, path, problems, wire)` returns the value as an event keeps it and adds what is wrong
to `problems`. `wire` says how the value came: 0 as Python's; JSON, where date-times are text and
objects are dicts; or ANSWER, JSON of which only what a type needs is asked.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable, Mapping, Sequence
from types import CodeType, FunctionType
from typing import Any, Final, TypeAlias

from ..values.frozen import EMPTY, freeze, same, set_values, thaw
from ..values.jsontext import dumps, quote
from ..values.numbers import whole
from ..values.problems import Path, Problem, ValidationError, conversion, shown

Piece: TypeAlias = "tuple[str, str, str]"


class Kind:
    """What a place takes.

    The last four say how a compiled method does it: they give source in which `name` is the
    variable that holds the value, and `code.use` the name of anything else.
    """

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        """The value as it is kept; what is wrong with it is added to `problems`."""
        raise NotImplementedError

    def dump(self, value: Any) -> Any:
        """A kept value as plain JSON."""
        return value

    def objects(self) -> tuple[type[Any] | None, ...]:
        """The builders of the objects that it takes; None among them: objects with any keys."""
        return ()

    def doubt(self, name: str, code: Code) -> str:
        """The condition under which `check` must look at a value; "" for always."""
        return ""

    def look(self, name: str, path: str, code: Code, wire: int) -> list[str]:
        """Lines in which `name` becomes what `check` makes of it; problems go to `Problems`."""
        check = code.use(self.check, "Check")
        return [f"{name} = {check}({name}, {path}, Problems, {wire})"]

    def plain(self, name: str, code: Code) -> str:
        """An expression for what `dump` makes of a value."""
        return f"{code.use(self.dump, 'Dump')}({name})"

    def text(self, name: str, code: Code) -> Piece:
        """JSON text, an expression, JSON text: what is written of a value."""
        return "", f"Dumps({self.plain(name, code)})", ""


class Unchanged(Kind):
    """A kind whose values are kept as they are written."""

    def plain(self, name: str, code: Code) -> str:
        return name


JSON: Final = 1
ANSWER: Final = 2
"""A server may be newer than the document, and a client must survive that: bounds, patterns and
conditions do not count, undeclared keys are kept, and so are values that an enum does not have."""

Condition: TypeAlias = Callable[[Any, Path, "list[Problem]"], None]
"""Looks at plain JSON; adds a problem when it is not met."""


MISSING: Any = object()
"""Stands for a required key that is not there, so that it is reported like any problem."""
REQUIRED = "required"
"""Says of a key with a default that it is in all JSON."""


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
    kind.check(value, (), problems, JSON)
    return not problems


class Code:
    """Source under way: its lines, and the values that they refer to.

    Attributes never start with a capital letter, so such names are free: some values have one
    everywhere, and those of `names` here.
    """

    def __init__(self, others: Mapping[str, Any] = EMPTY, /, **names: Any) -> None:
        self._lines: list[str] = []
        self._names = {**others, **_EVERYWHERE, **names}
        self._known: dict[int, str] = {}

    def add(self, indent: int, *lines: str) -> None:
        """Write lines of the function."""
        self._lines += [f"{'    ' * (indent + 1)}{line}" for line in lines]

    def add_if(self, condition: str, lines: Sequence[str], indent: int) -> None:
        """Write lines under a condition; "" for always."""
        if condition:
            self.add(indent, f"if {condition}:")
        self.add(indent + 1 if condition else indent, *lines)

    def use(self, value: Any, meaning: str) -> str:
        """The name under which a value can be referred to; it starts with `meaning`."""
        name = self._known.setdefault(id(value), f"{meaning}{len(self._known)}")
        self._names[name] = value
        return name

    def made(self, builder: Any, name: str, arguments: str) -> Callable[..., Any]:
        """The method of a class, whose values are its globals: closures take longer to call."""
        owner = f"{builder.__qualname__}.{name}"
        filename = f"<eventwright {builder.__module__}.{owner}>"
        head = ["def make():", f"    def {name}({arguments}):"]
        source = "\n".join([*head, *self._lines, f"    return {name}", ""])
        lines = source.splitlines(keepends=True)
        linecache.cache[filename] = (len(source), None, lines, filename)
        constants = compile(source, filename, "exec").co_consts
        make = next(each for each in constants if isinstance(each, CodeType))
        self._names["__name__"] = builder.__module__
        function: Any = FunctionType(make, self._names)()
        function.__qualname__ = owner
        made: Callable[..., Any] = function
        return made


_EVERYWHERE: dict[str, Any] = {
    "Type": type,
    "Len": len,
    "Str": str,
    "Int": int,
    "Bool": bool,
    "Dict": dict,
    "Missing": MISSING,
    "Report": wrong,
    "Invalid": ValidationError,
    "Same": same,
    "Dumps": dumps,
    "Quote": quote,
    "Empty": EMPTY,
    "New": object.__new__,
    "Set": set_values,
}


class AnyValue(Kind):
    """Every JSON value."""

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        if value is MISSING:
            return wrong("a value", value, path, problems)
        return freeze(value, path, problems)

    def dump(self, value: Any) -> Any:
        return thaw(value)

    def objects(self) -> tuple[type[Any] | None, ...]:
        return (None,)

    def text(self, name: str, code: Code) -> Piece:
        return "", f"Dumps({name})", ""


ANY: Kind = AnyValue()
"""What stands where nothing is said."""


class Never(Unchanged):
    """No value: the key must not be there."""

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        return wrong("no such key", value, path, problems)


class Null(Unchanged):
    """null."""

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        return None if value is None else wrong("null", value, path, problems)


class Boolean(Unchanged):
    """true or false."""

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        return (
            value
            if isinstance(value, bool)
            else wrong("true or false", value, path, problems)
        )

    def doubt(self, name: str, code: Code) -> str:
        return f"Type({name}) is not Bool"

    def text(self, name: str, code: Code) -> Piece:
        true, false = code.use("true", "Text"), code.use("false", "Text")
        return "", f"{true} if {name} else {false}", ""


class Unrecognized(str):
    """A text in an answer that is none of those the document lists."""

    __slots__ = ()


class Enum(Kind):
    """One of fixed values."""

    def __init__(self, *values: Any) -> None:
        self._values = values
        self._texts = dict.fromkeys(v for v in values if v.__class__ is str)
        self._expected = ("" if len(values) == 1 else "one of ") + ", ".join(
            map(repr, values)
        )

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        if value.__class__ is str and value in self._texts:
            return value
        for allowed in self._values:
            if same(allowed, value):
                return freeze(allowed, path, problems)
        if wire == ANSWER and any(_alike(value, allowed) for allowed in self._values):
            kept = freeze(_as_listed(value, self._values), path, problems)
            return Unrecognized(kept) if isinstance(kept, str) else kept
        return wrong(self._expected, value, path, problems, tuple(self._texts))

    def dump(self, value: Any) -> Any:
        return thaw(value)

    def doubt(self, name: str, code: Code) -> str:
        if len(self._texts) < len(self._values):
            return ""
        texts = code.use(frozenset(self._texts), "Texts")
        return f"Type({name}) is not Str or {name} not in {texts}"

    def plain(self, name: str, code: Code) -> str:
        own = len(self._texts) == len(self._values)
        return name if own else super().plain(name, code)

    def text(self, name: str, code: Code) -> Piece:
        if len(self._texts) < len(self._values):
            return super().text(name, code)
        return "", f"Quote({name})", ""


def _alike(value: Any, allowed: Any) -> bool:
    """Whether a value has the type of one that an enum lists; a float may be any number, and an
    integer 3.0."""
    if isinstance(allowed, float):
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if isinstance(value, float):
        return allowed.__class__ is int and whole(value) is not None
    return value.__class__ is allowed.__class__


def _as_listed(value: Any, values: Sequence[Any]) -> Any:
    """3.0 as 3, where an enum has no fractions."""
    if isinstance(value, float) and not any(isinstance(each, float) for each in values):
        return whole(value)
    return value


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
