"""What is laid out without Black is what Black makes of it: statements at random."""

from __future__ import annotations

import string
from random import Random

import black
import black.mode
import pytest
from black.parsing import InvalidInput

from eventwright.python import formatting
from eventwright.python.formatting import format_source
from eventwright.python.layout import LINE_LENGTH, laid_out

_MODE = black.Mode(target_versions={black.mode.TargetVersion.PY310}, line_length=LINE_LENGTH)


LONG = "n" * 50


def by_black(source: str) -> str:
    return black.format_str(source, mode=_MODE)


class Statements:
    """Python statements like those of templates, names and numbers of parts at random."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def statement(self, indent: str) -> str:
        """One, on one line or on several."""
        name, kind = self._name(), self._random.randrange(10)
        if kind < 2:
            parameters = self._listed([self._parameter(n) for n in range(self._some(1, 6))], indent)
            return f"{indent}{self._of('', 'async ')}def {name}({parameters}) -> {self._type(2)}:"
        if kind == 2:
            arguments = self._listed([self._value(1) for _ in range(self._some(1, 5))], indent)
            return f"{indent}{self._of('return ', 'return await ', '')}self.{name}({arguments})"
        if kind == 3:
            names = ", ".join(self._name() for _ in range(self._some(1, 6)))
            return f"{indent}from .{name} import {names}"
        if kind == 4:
            return f"{indent}class {name}({self._name()}):"
        if kind == 8:
            value = self._of(f"tuple[{name}, ...] = get_args({name})", "TypeAlias = Literal[1, 2]")
            return f"{indent}{self._name()}: {value}"
        if kind == 9:
            return f"{indent}{name}: {self._type()}"
        annotation = f": {self._type()}" if kind < 7 else ""
        return f"{indent}{name}{annotation} = {self._value()}"

    def _some(self, least: int, most: int) -> int:
        return self._random.randint(least, most)

    def _of(self, *choices: str) -> str:
        return self._random.choice(choices)

    def _name(self) -> str:
        length = self._random.choice((1, 2, 5, 8, 12, 20, 33, 60))
        return "n" + "".join(self._random.choices(string.ascii_lowercase, k=length))

    def _listed(self, items: list[str], indent: str) -> str:
        layout = self._some(0, 2)
        if layout == 0:
            return ", ".join(items)
        if layout == 1:
            return "\n" + "".join(f"{indent}    {item},\n" for item in items) + indent
        return f"\n{indent}    {', '.join(items)}\n{indent}"

    def _parameter(self, number: int) -> str:
        first = self._of("*, ", "") if number == 0 else ""
        default = self._of("None", "0", self._value(2))
        return f"{first}{self._name()}{number}: {self._type()} = {default}"

    def _type(self, depth: int = 0) -> str:
        kind = self._some(0, 9)
        if kind < 4 or depth > 2:
            return self._name().title()
        if kind == 4:
            return f"Literal[{', '.join(self._text() for _ in range(self._some(1, 6)))}]"
        if kind < 7:
            return self._of("Sequence[%s]", "Mapping[str, %s]") % self._type(depth + 1)
        return " | ".join(self._type(depth + 1) for _ in range(self._some(2, 3)))

    def _text(self) -> str:
        return self._of(f'"{self._name()}"', f'"é{self._name()}"', f"'{self._name()}\"'")

    def _value(self, depth: int = 0) -> str:
        kind = self._some(0, 14)
        if kind < 4 or depth > 3:
            return self._of("None", "UNSET", "-1", "2.5", self._text(), self._name().upper())
        values = [self._value(depth + 1) for _ in range(self._some(0, 4))]
        inner = ", ".join(values)
        if kind < 8:
            end = "," * (bool(values) and self._some(0, 9) == 0)
            named = ", ".join(self._of("", f"{self._name()}=") + each for each in values)
            return f"{self._of('', 't.')}{self._name()}({named}{end})"
        if kind == 8:
            return f"[{inner}]"
        if kind == 9:
            return f"({inner}{',' * (len(values) == 1)})"
        if kind == 10:
            return "{" + ", ".join(f"{self._text()}: {each}" for each in values) + "}"
        if kind == 11 and depth:
            return f"{self._name()} if {self._name()} is None else {self._value(depth + 1)}"
        if kind == 12:
            return f"t.Lazy(lambda: {self._name()}({inner}))"
        return f"{self._name()} {self._of('or', '+', '|')} {self._value(depth + 1)}"


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(n, marks=pytest.mark.heavy) for n in range(1, 12))]
)
def test_statements_at_random(seed: int) -> None:
    statements, compared = Statements(seed), 0
    for number in range(250):
        depth = number % 3
        statement = statements.statement("    " * depth)
        try:
            wanted = formatting._by_black(statement, depth)
        except InvalidInput:  # a positional argument after one with a name, and the like
            continue
        found = laid_out(statement, depth, formatting._item_by_black)
        compared += found is not None
        assert found in (wanted, None)
    assert compared > 120


@pytest.mark.parametrize(
    "statement",
    [
        f"x = 1 if {LONG} else {LONG}",
        f"x = ({LONG}{LONG})",
        f"assert {LONG}, {LONG}",
        f"del {LONG}, {LONG}",
        f"a, b = {LONG}, {LONG}",
    ],
)
def test_what_is_left_to_black(statement: str) -> None:
    assert laid_out(statement, 0, formatting._item_by_black) is None
    assert format_source(statement) == by_black(statement)


def test_an_item_is_left_to_black_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = formatting._by_black

    def record(statement: str, depth: int) -> str:
        asked.append(statement)
        return real(statement, depth)

    monkeypatch.setattr(formatting, "_by_black", record)
    item = f"{'a' * 40} or {'b' * 60}"
    source = f"f(\n    1,\n    {item},\n)\n"
    assert format_source(source) == by_black(source)
    assert asked == [f"_(\n{item},\n)"]
