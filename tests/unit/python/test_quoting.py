"""Source made of text holds that text, and nothing runs."""

from __future__ import annotations

import ast
import doctest
import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventwright.python import quoting

_SPECIAL = st.sampled_from([*"\"'\\{}#\n\r\t\x00\x85\u2028\u202e\ufeff\ud800N a", '"""', "'''"])
_TEXT = st.lists(_SPECIAL | st.text(max_size=2), max_size=12).map("".join)
_LEAF = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
_JSON = st.recursive(
    _LEAF | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=5,
)


def is_visible(source: str) -> bool:
    return all(c.isprintable() or c == "\n" for c in source)


@given(_JSON)
def test_a_literal_is_the_value(value: Any) -> None:
    source = quoting.literal(value)
    assert is_visible(source)
    assert "\n" not in source
    assert repr(ast.literal_eval(source)) == repr(value)


@pytest.mark.parametrize("value", [b"", {1}, (object(),), object(), float("nan"), float("inf")])
def test_only_json_is_a_literal(value: Any) -> None:
    with pytest.raises(TypeError):
        quoting.literal(value)


@given(_TEXT)
def test_a_docstring_is_one_string(text: str) -> None:
    source = f'def f():\n    """{quoting.docstring(text)}"""\n    x = 1\n'
    assert is_visible(source)
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    first, second = function.body
    assert isinstance(first, ast.Expr)
    assert isinstance(first.value, ast.Constant)
    assert isinstance(second, ast.Assign)


@pytest.mark.parametrize(
    "text", ['"', '""', '"""', '""""', 'a"', '"a', "\\", '\\"', 'a\\"""', "a 'b' \"c\" d"]
)
def test_a_docstring_keeps_its_text(text: str) -> None:
    assert ast.literal_eval(f'"""{quoting.docstring(text)}"""') == text


@given(_TEXT)
def test_a_comment_is_one_line(text: str) -> None:
    source = f"# {quoting.comment(text)}\nx = 1\n"
    assert is_visible(source)
    assert [type(node) for node in ast.parse(source).body] == [ast.Assign]


_PIECES = st.lists(
    st.tuples(_TEXT, st.sampled_from(["", "self.x", "f(self.y)"]), _TEXT), min_size=1
)


@given(_PIECES)
def test_an_f_string_holds_our_expressions_alone(pieces: list[quoting.Piece]) -> None:
    parts = _parts(quoting.fstring(*pieces))
    said = [
        [before, f"{{{expression}}}" if expression else "", after]
        for before, expression, after in pieces
    ]
    assert "".join(parts) == "".join(itertools.chain.from_iterable(said))
    expressions = [f"{{{expression}}}" for _, expression, _ in pieces if expression]
    assert [part for part in parts if part in expressions][: len(expressions)] == expressions


@given(_PIECES, st.integers(0, 200))
def test_f_strings_say_the_same_on_one_line_or_many(
    pieces: list[quoting.Piece], width: int
) -> None:
    lines = quoting.fstrings(pieces, width)
    assert len(lines) in (1, len(pieces))
    assert _parts(" ".join(lines)) == _parts(quoting.fstring(*pieces))


def test_f_strings_are_one_where_they_fit() -> None:
    pieces = [("{a:", "self.a", ""), (",b:1", "", "")]
    assert quoting.fstrings(pieces, 22) == ('f"{{a:{self.a},b:1"',)
    assert quoting.fstrings(pieces, 21) == ('f"{{a:{self.a}"', '",b:1"')
    assert quoting.fstrings([], 21) == ()


def _parts(source: str) -> list[str]:
    """The parts of an f-string; an expression in braces."""
    tree = ast.parse(source, mode="eval").body
    values = tree.values if isinstance(tree, ast.JoinedStr) else [tree]
    return [
        f"{{{ast.unparse(part.value)}}}"
        if isinstance(part, ast.FormattedValue)
        else ast.literal_eval(part)
        for part in values
    ]


@given(_JSON)
def test_json_text(value: Any) -> None:
    text = quoting.json_text(value)
    assert text.isascii()
    assert json.loads(text) == json.loads(json.dumps(value))


def test_long_lines_are_wrapped_and_tables_are_not() -> None:
    wrapped = quoting.docstring("word " * 40).splitlines()
    assert len(wrapped) > 1
    assert max(map(len, wrapped)) <= 100
    table = "| " + "x" * 150 + " |"
    assert quoting.docstring(table) == table


def test_doctests() -> None:
    assert doctest.testmod(quoting).failed == 0
