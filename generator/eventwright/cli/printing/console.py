"""Printing: results on stdout, diagnostics on stderr, safe for every terminal and encoding."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from typing import TextIO

_STYLES = {"bold": "1", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


def prepare() -> None:
    """Let no character make printing fail: what the encoding lacks comes out as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def out(text: str = "") -> None:
    """A line of the result."""
    print(text, file=sys.stdout)


def write(text: str) -> None:
    """A result that ends its own lines."""
    sys.stdout.write(text)


def err(text: str) -> None:
    """A line about the run. What was printed before comes first, even through a pipe."""
    sys.stdout.flush()
    print(text, file=sys.stderr, flush=True)


def has_colour(stream: TextIO) -> bool:
    """On a terminal, unless NO_COLOR is set or the terminal is dumb."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint(text: str, style: str) -> str:
    """`text` for stdout in bold, red, green, yellow or cyan, where colours are wanted."""
    return painter(sys.stdout)(text, style)


def painter(stream: TextIO) -> Callable[[str, str], str]:
    """What paints a text for a stream, or leaves it as it is where colours are not wanted."""
    if not has_colour(stream):
        return lambda text, style: text
    return lambda text, style: f"\x1b[{_STYLES[style]}m{text}\x1b[0m"
