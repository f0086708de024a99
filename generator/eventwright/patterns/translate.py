"""Patterns of ECMA-262 as Python runs them, or why it must not.

A pattern of a document is text from a stranger: it may be no regular expression, have what Python
has not, or keep a backtracking matcher busy for years. One that is `Unchecked` is never run on
anything, and what it would say is unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from .cost import cost
from .faults import Inexpressible, PatternSyntaxError, TooLarge
from .reader import read
from .writer import write

Fault: TypeAlias = Literal["inexpressible", "exponential", "syntax"]


@dataclass(frozen=True, slots=True)
class Checked:
    """A pattern that is run: the source for `re.search`, which finds it in every text that is too
    long to be searched."""

    source: str
    limit: int | None = None
    """The length of the longest text that is searched, in characters."""


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A pattern that is not run, and why."""

    fault: Fault
    reason: str


Pattern: TypeAlias = Checked | Unchecked


@lru_cache(maxsize=4096)
def examine(pattern: str) -> Pattern:
    """What becomes of a document's pattern.

    >>> examine(r"^\\d+$")
    Checked(source='^[0-9]+\\\\Z', limit=None)
    >>> examine("^(a+)+$").fault
    'exponential'
    """
    try:
        tree = read(pattern)
        source = write(tree)
    except PatternSyntaxError as error:
        return Unchecked("syntax", str(error))
    except Inexpressible as error:
        return Unchecked("inexpressible", str(error))
    try:
        found = cost(tree)
    except TooLarge:
        reason = "it is too large to tell whether it can take exponential time"
        return Unchecked("exponential", reason)
    if found is None:
        return Unchecked("exponential", "it can take exponential time")
    if found.limit is None:
        return Checked(source)
    return Checked(f"(?s:.{{{found.limit + 1}}})|{source}", found.limit)


def matches(pattern: str, text: str) -> bool | None:
    """Whether a text has a pattern in it; None where that is not looked at."""
    found = examine(pattern)
    if isinstance(found, Unchecked) or (found.limit is not None and len(text) > found.limit):
        return None
    return re.search(found.source, text) is not None
