"""Source made of text holds that text, and nothing runs."""

from __future__ import annotations

import ast
import doctest
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


@given(_TEXT)
def test_what_a_text_says_is_no_name(text: str) -> None:
    source = f"Mapping[{quoting.literal(text)}, _t.Map({quoting.literal([text])})]"
    assert quoting.identifiers(source) == {"Mapping", "_t"}


def test_long_lines_are_wrapped_and_tables_are_not() -> None:
    wrapped = quoting.docstring("word " * 40).splitlines()
    assert len(wrapped) > 1
    assert max(map(len, wrapped)) <= 100
    table = "| " + "x" * 150 + " |"
    assert quoting.docstring(table) == table


def test_doctests() -> None:
    assert doctest.testmod(quoting).failed == 0
