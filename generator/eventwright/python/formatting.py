"""Python source as Black writes it, in a fraction of Black's time.

The templates write what Black would: this holds for short statements, whatever the document says.
How a statement is broken that is too long for a line, or joined where it was broken for a name
that turned out to be short, no template can foresee: these statements are given to Black, one by
one. That the whole is what Black makes of it is held by tests, for every document they have.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from .brackets import Where
from .layout import INDENT, LINE_LENGTH, fits, laid_out

if TYPE_CHECKING:
    from black import Mode

_DOCSTRING = '"""'
_TOKENS = re.compile(
    r"[^\"'#()\[\]{}\n]*+("
    r'"""(?:[^"\\]++|\\.|"(?!""))*+"""'
    r'|"(?:[^"\\\n]++|\\.)*+"'
    r"|'(?:[^'\\\n]++|\\.)*+'"
    r"|#[^\n]*"
    r"|[(\[{]"
    r"|[)\]}]"
    r"|\n)",
    re.DOTALL,
)
"""What decides where a statement ends: strings, comments, brackets and ends of lines. What is in
front of it is passed over in one step."""

Statement = str
"""One or more whole lines without the last line's end: a statement, a header, a blank line."""


def format_source(text: str) -> str:
    """Source of a template, as Black writes it."""
    return "\n".join(_spaced(map(_formatted, _statements(text)))) + "\n"


def format_any(text: str) -> str:
    """Any source, as Black writes it: for templates of which nothing is known."""
    from black import format_str

    return format_str(text, mode=_mode())


def _spaced(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Without the blank lines that Black takes out: of a run of them, two are left, in a block one.

    None is left where a file begins or ends.
    """
    blank = 0
    first = True
    for statement in statements:
        if not statement:
            blank += 1
            continue
        if not first:
            yield from [""] * min(blank, 1 if statement.startswith(" ") else 2)
        yield statement
        blank, first = 0, False


def _statements(text: str) -> Iterator[Statement]:
    """The text cut at the ends of the lines that are in no bracket and no string."""
    start = depth = 0
    for token in _TOKENS.finditer(text):
        first = token[1][0]
        if first in "([{":
            depth += 1
        elif first in ")]}":
            depth -= 1
        elif first == "\n" and not depth:
            yield text[start : token.start(1)]
            start = token.end()
    if start < len(text):
        yield text[start:]


def _formatted(statement: Statement) -> Statement:
    code = statement.lstrip()
    if code.startswith(_DOCSTRING):
        return _padded(statement)
    if code.startswith("#") or not _doubtful(statement):
        return statement.rstrip()
    depth = (len(statement) - len(code)) // len(INDENT)
    laid = laid_out(statement, depth, _item_by_black)
    return _by_black(statement, depth) if laid is None else laid


def _padded(docstring: Statement) -> Statement:
    """A quote of the text's own is held apart from the quotes around it."""
    opened = re.sub(r'^( *""")"', r'\1 "', docstring)
    return re.sub(r'\\""""$', r'\\" """', opened)


def _doubtful(statement: Statement) -> bool:
    """Whether Black may write it otherwise: a long line, or brackets that would fit into one."""
    first, *rest = statement.split("\n")
    lines = (first, *rest)
    return not all(map(fits, lines)) or (bool(rest) and not _stays_open(lines))


def _stays_open(lines: tuple[str, ...]) -> bool:
    """Whether each bracket that closes on a line of its own follows a comma."""
    return all(
        before.endswith(",")
        for before, line in itertools.pairwise(lines)
        if line.lstrip().startswith((")", "]", "}"))
    )


_AROUND: dict[Where, tuple[str, str]] = {
    "argument": ("_(", ")"),
    "parameter": ("def _(", "): ..."),
    "element": ("[", "]"),
    "entry": ("{", "}"),
}
"""What has items of that kind."""


@lru_cache(maxsize=4096)
def _item_by_black(item: str, depth: int, where: Where) -> list[str]:
    """The lines of an item on a line of its own, a comma after it."""
    first, last = _AROUND[where]
    statement = f"{INDENT * (depth - 1)}{first}\n{item},\n{last}"
    return _by_black(statement, depth - 1).split("\n")[1:-1]


@lru_cache(maxsize=4096)
def _by_black(statement: Statement, depth: int) -> Statement:
    """Clients have statements in common: each is given to Black once."""
    from black import format_str

    headers = "".join(f"{INDENT * level}if _:\n" for level in range(depth))
    body = f"\n{INDENT * (depth + 1)}pass" if statement.endswith(":") else ""
    text = format_str(f"{headers}{statement}{body}\n", mode=_mode())
    return text.removeprefix(headers).strip("\n").removesuffix(body)


@cache
def _mode() -> Mode:
    import black
    from black.mode import TargetVersion

    return black.Mode(target_versions={TargetVersion.PY310}, line_length=LINE_LENGTH)
