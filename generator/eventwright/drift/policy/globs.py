"""Patterns of people: `*` and `?` stand for any characters, everything else for itself."""

from __future__ import annotations

import re
from functools import cache


def fits(pattern: str, text: str) -> bool:
    """Whether the whole text is as the pattern says.

    >>> fits("items[].*", "items[].name"), fits("*", ""), fits("a?", "a")
    (True, True, False)
    """
    return pattern == text or _compiled(pattern).fullmatch(text) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # Not fnmatch: brackets are steps into arrays.
    parts = {"*": ".*", "?": "."}
    text = "".join(parts.get(c, re.escape(c)) for c in re.sub(r"\*+", "*", pattern))
    return re.compile(text, re.DOTALL)
