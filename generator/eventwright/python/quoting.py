"""Text into Python source. Nothing from a document reaches generated code by another way.

Every function gives source that is data and nothing else, whatever the text is: a literal, the
inside of a docstring, the rest of a comment line, a piece of an f-string.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ..text.exactnumbers import ExactNumber
from ..text.jsonvalues import Json

_WIDTH = 84
_QUOTES = re.compile(r'"(?="|\Z)')
_LIST_ITEM = re.compile(r"\s*(?:[-*+|>#]|\d+[.)])")


def literal(value: Json | tuple[Any, ...]) -> str:
    """A Python literal equal to a JSON value or a tuple of them; ASCII but for printable text.

    A number that no float holds is made by the runtime, which is `_t` where kinds are written.

    >>> literal('a"b\\n'), literal([1, None, True]), literal(((1,), (2, 3)))
    ('\\'a"b\\\\n\\'', '[1, None, True]', '((1,), (2, 3))')
    """
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_string(k)}: {literal(v)}' for k, v in value.items())}}}"
    if value is None or isinstance(value, int):
        return repr(value)
    if isinstance(value, ExactNumber):
        return f"_t.number({_string(value.text)})"
    if isinstance(value, float) and math.isfinite(value):
        return repr(value).replace("e+", "e")  # as Black writes it
    raise TypeError(f"not a JSON value: {type(value).__name__}")


def comment(text: str) -> str:
    """Text for the rest of a comment line: control and other unprintable characters escaped."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


@lru_cache(maxsize=4096)  # both clients say the same of an operation
def docstring(text: str, indent: str = "    ") -> str:
    """The inside of a triple-quoted string: wrapped, indented, unable to end it early."""
    first, *rest = text.strip().expandtabs().splitlines() or [""]
    paragraphs = [first, *textwrap.dedent("\n".join(rest)).split("\n")]
    lines = [line for paragraph in paragraphs for line in _wrapped(paragraph, indent)]
    safe = [comment(line.rstrip()).replace("\\", "\\\\") for line in lines]
    whole = "\n".join(f"{indent}{line}" if line else "" for line in safe).strip()
    # No two bare quotes in a row and none at the end: three can never meet.
    return _QUOTES.sub(r'\\"', whole)


_QUOTED = re.compile(r"""[rbf]*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")


@lru_cache(maxsize=4096)  # of a class they are asked for several times
def identifiers(source: str) -> frozenset[str]:
    """The names that source of ours refers to, those in its texts and after a dot aside.

    >>> sorted(identifiers('Literal["Any"] | _t.Map'))
    ['Literal', '_t']
    """
    return frozenset(re.findall(r"(?<![.\w])\w+", _QUOTED.sub("", source)))


def _string(text: str) -> str:
    quote = _quote(text)
    if text.isprintable() and quote not in text and "\\" not in text:
        return f"{quote}{text}{quote}"
    return f"{quote}{''.join(_character(c, quote) for c in text)}{quote}"


def _quote(text: str) -> str:
    """The quote that needs fewer backslashes, as Black chooses."""
    return "'" if text.count('"') > text.count("'") else '"'


def _character(c: str, quote: str) -> str:
    if c in (quote, "\\"):
        return "\\" + c
    return c if c.isprintable() else _escaped(c)


def _escaped(c: str) -> str:
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(c)
    if short:
        return short
    code = ord(c)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _wrapped(line: str, indent: str) -> Iterator[str]:
    width = _WIDTH - len(indent)
    plain = line.rstrip()
    if len(plain) <= width or plain.lstrip().startswith("|"):
        yield plain
        return
    hanging = "  " if _LIST_ITEM.match(plain) else ""
    yield from textwrap.wrap(
        plain,
        width,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _fragment(text: str, quote: str) -> str:
    """Inside a string between such quotes: ASCII, and no quote that ends it."""
    escaped = text.replace("\\", "\\\\").replace(quote, "\\" + quote)
    return "".join(c if " " <= c <= "~" else _escaped(c) for c in escaped)
